"""Every place where an operator writes a value, found in the models themselves, and a whole project to put one into."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from pydantic import BaseModel

from castoff.fleet.booking import parse_booking
from castoff.fleet.content import (
    ChecklistFields,
    CrewMemberFields,
    DockFields,
    SnippetFields,
    VesselFields,
    parse_checklist,
    parse_crew_member,
    parse_dock,
    parse_snippet,
    parse_vessel,
)
from castoff.fleet.model import Booking
from castoff.fleet.settings import Settings, parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from castoff.problems import Problem

Fields = dict[str, Any]

BODY: Final = "(body)"
"""The text beneath the fields of a content file."""


@dataclass(frozen=True, eq=False)
class File:
    """One file of a project: its model, who reads it, and what stands in it where nothing is wrong."""

    path: str
    model: type[BaseModel]
    parse: Callable[[str, str], Any]
    fields: Fields
    body: str | None = None

    def text(self, *, put: Fields | None = None, body: str | None = None) -> str:
        """Return the file as it is written, with other fields or another body."""
        written = written_as_yaml(put or self.fields)
        if self.body is None:
            return written
        return f"---\n{written}---\n{self.body if body is None else body}\n"


@dataclass(frozen=True, eq=False)
class Place:
    """One field of one file, or its body."""

    file: File
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file.path}: {'.'.join(self.steps)}"

    def text(self, value: str) -> str:
        """Return the file with a value at this place."""
        return self.file.text(body=value) if self.steps == (BODY,) else self.file.text(put=self.put(value))

    def put(self, value: str, fields: Fields | None = None) -> Fields:
        """Return the file's fields, or those given, with a value at this place."""
        fields = deepcopy(self.file.fields if fields is None else fields)
        here = fields
        *above, last = self.steps
        for step in above:
            here = here.setdefault(step, {})
        here[last] = [value] if isinstance(here.get(last), list) or _is_list(self._annotation()) else value
        return fields

    def problems(self, value: str) -> list[Problem]:
        """Return what is said of the file with a value at this place."""
        found: list[Problem] = self.file.parse(self.text(value), self.file.path).problems
        return found

    def _annotation(self) -> Any:
        model: Any = self.file.model
        annotation: Any = None
        for step in self.steps:
            annotation = model.model_fields[step].annotation if step in model.model_fields else annotation
            model = _record(annotation) or model
        return annotation


FILES: Final = (
    File(
        "castoff.yaml",
        Settings,
        parse_settings,
        {
            "brand": {"name": "Harbor Sails", "phone": "+1 619 555 0142", "email": "sail@example.com"},
            "timezone": "America/Los_Angeles",
        },
    ),
    File(
        "bookings/a7kq4wt.yaml",
        Booking,
        parse_booking,
        {
            "id": "a7kq4wt",
            "source": "direct",
            "status": "confirmed",
            "vessel": "lark",
            "dock": "pier",
            "starts": "2024-06-01 10:00",
            "duration": "3h",
            "captain": "maya",
            "crew": ["leo"],
            "guests": {"count": "4", "lead": "Dana R."},
        },
    ),
    File(
        "bookings/b8mr5xv.yaml",
        Booking,
        parse_booking,
        {
            "id": "b8mr5xv",
            "source": "direct",
            "status": "cancelled",
            "vessel": "lark",
            "dock": "pier",
            "starts": "2024-06-02 10:00",
            "duration": "3h",
            "captain": "maya",
            "guests": {"count": "4", "lead": "Elena M."},
            "cancelled": {"on": "2024-05-28", "why": "weather"},
        },
    ),
    File("content/vessels/lark.md", VesselFields, parse_vessel, {"name": "Lark", "capacity": "6"}, "A boat."),
    File("content/docks/pier.md", DockFields, parse_dock, {"name": "Pier", "address": "1 Harbor Way"}, "On foot."),
    File(
        "content/crew/maya.md",
        CrewMemberFields,
        parse_crew_member,
        {"name": "Maya T.", "role": "captain", "email": "maya@example.com"},
        "Grew up on boats.",
    ),
    File(
        "content/crew/leo.md",
        CrewMemberFields,
        parse_crew_member,
        {"name": "Leo B.", "role": "crew", "email": "leo@example.com"},
        "",
    ),
    File(
        "content/checklists/departure.md",
        ChecklistFields,
        parse_checklist,
        {"title": "Before casting off", "phase": "prepare"},
        "- [ ] Fuel above half {#fuel}",
    ),
    File("content/guest/safety.md", SnippetFields, parse_snippet, {"title": "Safety"}, "Hold on."),
)


def places() -> Iterator[Place]:
    """Yield every place of every file: each field that its model has, however deep, and each body."""
    for file in FILES:
        for steps in _leaves(file.model):
            yield Place(file, steps)
        if file.body is not None:
            yield Place(file, (BODY,))


def lay_out(root: Path, values: dict[Place, str]) -> None:
    """Write the project with each of these values at its place."""
    for file in FILES:
        fields, body = deepcopy(file.fields), file.body
        if file.path.startswith("content/vessels"):
            fields["checklists"] = ["departure"]
        for place, value in values.items():
            if place.file is file and place.steps == (BODY,):
                body = value
            elif place.file is file:
                fields = place.put(value, fields)
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text(put=fields, body=body), "utf-8", newline="")


def written_as_yaml(fields: Fields, indent: str = "") -> str:
    """Return fields as YAML, every value in quotes."""
    lines = []
    for name, value in fields.items():
        if isinstance(value, dict):
            lines.append(f"{indent}{name}:\n{written_as_yaml(value, indent + '  ')}")
        elif isinstance(value, list):
            lines.append(f"{indent}{name}: [{', '.join(map(quoted, value))}]\n")
        else:
            lines.append(f"{indent}{name}: {quoted(value)}\n")
    return "".join(lines)


def quoted(text: str) -> str:
    """Return a text in double quotes, whatever YAML cannot hold as it is written as an escape."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    code = ord(sign)
    if (sign.isprintable() and code < 0xFFFE) or 0x10000 <= code < 0x10FFFE:
        return sign
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _leaves(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        record = _record(annotation)
        if record is None:
            yield (*above, name)
        elif get_origin(annotation) is dict:  # by names of the operator's own, as targets are
            yield from _leaves(record, (*above, name, "local"))
        else:
            yield from _leaves(record, (*above, name))


def _record(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_record, get_args(annotation))), None)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in {tuple, list} or any(map(_is_list, get_args(annotation)))
