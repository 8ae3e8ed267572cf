"""What there is to say of the fields in an operator's files, read from the models that read them: words, form, default.

A docstring stands under each field, each kind of value and each word of a closed set. They are read from the source
where a schema or a reference is made, and only there: keeping them at run time would cost every command 20 ms.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum
from functools import lru_cache
from itertools import pairwise
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from castoff.reading import kinds
from castoff.reading.forms import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_A_DAY: Final = timedelta(days=1)
_A_MEGABYTE: Final = 1_000_000


class Shape(StrEnum):
    """How many values a field holds."""

    ONE = "one"
    LIST = "list"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One field: what it is for, the kind, record or closed set that it holds, and whether it must be there.

    `kind` is the name of one of castoff.reading.kinds; `default` is as the operator would write it, and as JSON has it.
    """

    name: str
    words: str
    shape: Shape
    kind: str | None
    record: type[BaseModel] | None
    choices: type[StrEnum] | None
    required: bool
    default: Any


def fields_of(model: type[BaseModel]) -> tuple[FieldWords, ...]:
    """Return the fields of a model in the order in which they stand; raise ValueError for one that says nothing."""
    hints, words = get_type_hints(model, include_extras=True), words_of(model)
    silent = [name for name in model.model_fields if name not in words]
    if silent:
        raise ValueError(f"{model.__name__}: no docstring stands under {', '.join(silent)}")
    return tuple(_field(model, name, hints[name], words[name]) for name in model.model_fields)


def records_of(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """Return the model and every record within it, each once, in the order in which they are met."""
    within = (record for field in fields_of(model) if field.record is not None for record in records_of(field.record))
    return tuple(dict.fromkeys((model, *within)))


def choices_of(choices: type[StrEnum]) -> dict[str, str]:
    """Return what each word of a closed set means; raise ValueError for one that says nothing."""
    words = words_of(choices)
    silent = [member.name for member in choices if member.name not in words]
    if silent:
        raise ValueError(f"{choices.__name__}: no docstring stands under {', '.join(silent)}")
    return {member.value: words[member.name] for member in choices}


def words_of(kind: type) -> dict[str, str]:
    """Return the docstrings under the fields of a class, those of its bases included."""
    found: dict[str, str] = {}
    for part in reversed(kind.__mro__):
        if part.__module__.startswith("castoff."):
            body = ast.parse(inspect.getsource(part)).body[0]
            found |= _documented(body.body if isinstance(body, ast.ClassDef) else ())
    return found


@lru_cache(maxsize=1)
def kind_words() -> Mapping[str, str]:
    """Return what each kind of value looks like, in Markdown, by its name."""
    found = _documented(ast.parse(inspect.getsource(kinds)).body)
    return {name: words for name, words in found.items() if not name.startswith("_")}


def kind_schema(name: str) -> dict[str, Any]:
    """Return what editors may check of a kind of value."""
    found = next(part for part in vars(kinds)[name].__metadata__ if hasattr(part, "json_schema"))
    return dict(found.json_schema)


def _field(model: type[BaseModel], name: str, hint: Any, words: str) -> FieldWords:
    field = model.model_fields[name]
    shape, item = _item(hint)
    kind = next((kind for kind, alias in vars(kinds).items() if alias is item), None)
    found = item if isinstance(item, type) else None
    return FieldWords(
        name=name,
        words=words,
        shape=shape,
        kind=kind,
        record=found if found is not None and issubclass(found, BaseModel) else None,
        choices=found if found is not None and issubclass(found, StrEnum) else None,
        required=field.is_required(),
        default=None if field.is_required() else _as_written(kind, field.get_default(call_default_factory=True)),
    )


def _item(hint: Any) -> tuple[Shape, Any]:
    """Return how many values a field holds, and what each of them is."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        return Shape.LIST, inner[0]
    if origin is dict:
        return Shape.MAPPING, inner[1]
    if NoneType in inner:
        return _item(next(part for part in inner if part is not NoneType))
    return Shape.ONE, hint


def _as_written(kind: str | None, value: Any) -> Any:
    """Return a default as it would stand in the file; None for none at all, and for records, whose fields say it."""
    match value:
        case timedelta():
            ending = {"BeforeStart": " before start", "AfterEnd": " after end"}.get(str(kind), "")
            days = bool(ending) and value >= _A_DAY and not value % _A_DAY
            return f"{value.days}d{ending}" if days else f"{in_words(value)}{ending}"
        case int() if kind == "Size":
            return f"{value // _A_MEGABYTE} MB"
        case Enum():
            return value.value
        case tuple():
            return list(value)
        case BaseModel() | dict():
            return None
        case _:
            return value


def _documented(body: Sequence[ast.stmt]) -> dict[str, str]:
    """Return the docstrings that stand under assignments, by the name that is assigned to."""
    found: dict[str, str] = {}
    for assigned, words in pairwise(body):
        target = assigned.targets[0] if isinstance(assigned, ast.Assign) else getattr(assigned, "target", None)
        if isinstance(target, ast.Name) and isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant):
            found[target.id] = inspect.cleandoc(str(words.value.value))
    return found
