"""JSON documents: written in one canonical form, read field by field, refused with the place that is wrong."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

_WORDS: Final[dict[type, str]] = {
    str: "a string",
    int: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}


class DocumentError(ValueError):
    """Say which field of which document is not what the contract asks for."""


def canonical(value: Any) -> str:
    """Return `value` as JSON with sorted keys, no spaces, and a newline at the end: equal values, equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical form of `value`, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def parse(text: str | bytes, *, name: str, formats: tuple[int, ...] = (1,)) -> Fields:
    """Return the fields of the document `text`; raise DocumentError unless it is an object of a known format."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise DocumentError(f"{name} is not JSON: {error}") from error
    fields = Fields(value, name)
    found = fields.integer("format")
    if found not in formats:
        raise DocumentError(f"{name} has format {found}; this castoff reads {', '.join(map(str, formats))}")
    return fields


class Fields:
    """Read the fields of one JSON object by kind; `place` names the object in errors."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise DocumentError(f"{place} must be an object")
        self.value: dict[str, Any] = value
        self.place = place

    def text(self, name: str) -> str:
        """Return a string."""
        return self._kind(name, str)

    def optional_text(self, name: str) -> str | None:
        """Return a string, or None where the field is null or absent."""
        return None if self.value.get(name) is None else self.text(name)

    def instant(self, name: str) -> str:
        """Return an ISO 8601 instant with its offset, as it is written."""
        text = self.text(name)
        try:
            offset = datetime.fromisoformat(text).utcoffset()
        except ValueError:
            offset = None
        if offset is None:
            raise DocumentError(f"{self.place}.{name} must be an instant with its offset")
        return text

    def integer(self, name: str) -> int:
        """Return a whole number."""
        value = self.value.get(name)
        if isinstance(value, bool):
            raise DocumentError(f"{self.place}.{name} must be a number")
        return self._kind(name, int)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        return self._kind(name, bool)

    def number(self, name: str) -> float:
        """Return a number, whole or not."""
        value = self.value.get(name)
        return value if isinstance(value, float) else float(self.integer(name))

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object as it stands."""
        return self._kind(name, dict)

    def optional_mapping(self, name: str) -> dict[str, Any] | None:
        """Return an object as it stands, or None where the field is null or absent."""
        return None if self.value.get(name) is None else self.mapping(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings."""
        values = self._kind(name, list)
        if not all(isinstance(value, str) for value in values):
            raise DocumentError(f"{self.place}.{name} must hold strings")
        return tuple(values)

    def objects(self, name: str) -> list[Fields]:
        """Return the fields of each object in a list."""
        values = self._kind(name, list)
        return [Fields(value, f"{self.place}.{name}[{index}]") for index, value in enumerate(values)]

    def named(self, name: str) -> Mapping[str, Fields]:
        """Return the fields of each object in an object, by its name."""
        values = self.mapping(name)
        return {key: Fields(value, f"{self.place}.{name}.{key}") for key, value in values.items()}

    def named_texts(self, name: str) -> dict[str, str]:
        """Return an object whose values are strings."""
        values = self.mapping(name)
        if not all(isinstance(value, str) for value in values.values()):
            raise DocumentError(f"{self.place}.{name} must hold strings")
        return values

    def named_integers(self, name: str) -> dict[str, int]:
        """Return an object whose values are whole numbers."""
        values = Fields(self.mapping(name), f"{self.place}.{name}")
        return {key: values.integer(key) for key in values.value}

    def _kind(self, name: str, kind: type[T]) -> T:
        value = self.value.get(name)
        if not isinstance(value, kind):
            raise DocumentError(f"{self.place}.{name} must be {_WORDS[kind]}")
        return value
