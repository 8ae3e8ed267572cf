"""From fields to records: Pydantic converts, and each of its errors becomes a Problem with place, words and hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from castoff.problems import Problem, nearest
from castoff.reading.forms import FormError, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

    from castoff.reading.reader import Document

R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")

_LISTS: Final = frozenset({"tuple_type", "list_type"})
_RECORDS: Final = frozenset({"model_type", "model_attributes_type", "dict_type"})


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a file says, None where there are problems; its fields and their places, for cross-checks; the problems."""

    value: T | None
    document: Document | None
    problems: list[Problem]


def convert(document: Document, kind: type[R]) -> tuple[R | None, list[Problem]]:
    """Return the record that a document's fields make, or every problem with them."""
    try:
        return kind.model_validate(document.fields.values), []
    except ValidationError as error:
        problems = [_problem(document, kind, found) for found in error.errors(include_url=False)]
    meant = {problem.hint for problem in problems if problem.rule == "unknown-field"}
    return None, [problem for problem in problems if not (problem.rule == "missing-field" and _meant(problem) in meant)]


def with_more(problems: list[Problem], more: list[Problem]) -> list[Problem]:
    """Return what the reader found with what conversion adds; at one place the reader's word is enough."""
    places = {(problem.line, problem.column) for problem in problems}
    return problems + [problem for problem in more if (problem.line, problem.column) not in places]


def _meant(missing: Problem) -> str:
    """Return the hint that an unknown field has if it is the missing one, misspelt: one problem is enough for both."""
    return missing.words.replace("missing field", "did you mean") + "?"


def _problem(document: Document, kind: type[BaseModel], error: ErrorDetails) -> Problem:
    steps: tuple[str | int, ...] = error["loc"]
    form: Any = error.get("ctx", {}).get("error")
    found, why = error["input"], error["type"]
    if steps and steps[-1] == "[key]":  # Pydantic's own mark for the key of a mapping, not for its value
        return _at_key(document, steps[:-1], form.words, form.rule, form.hint)
    if why == "missing":
        return document.problem(
            *steps[:-1], words=f"missing field `{steps[-1]}`", rule="missing-field", hint=f"write `{steps[-1]}: …`"
        )
    if why == "extra_forbidden":
        hint = _known_hint(str(steps[-1]), kind, steps[:-1], present=_within(document.fields.values, steps[:-1]))
        return _at_key(document, steps, f"unknown field `{shortened(str(steps[-1]))}`", "unknown-field", hint)
    if found == "":
        commented = document.has_comment(*steps)
        hint = "what follows ` #` is a comment; quotes make it text" if commented else "write a value, or remove it"
        return _at_key(document, steps, f"{_subject(steps)} has no value", "empty-value", hint)
    if isinstance(form, FormError):
        return document.problem(*steps, words=form.words, rule=form.rule, hint=form.hint)
    words, rule, advice = _of_kind(kind, error)
    return document.problem(*steps, words=words, rule=rule, hint=advice)


def _of_kind(kind: type[BaseModel], error: ErrorDetails) -> tuple[str, str, str | None]:
    """Return words, rule and hint for what Pydantic itself refuses: kinds and closed sets."""
    steps, why = error["loc"], error["type"]
    if why == "enum" and isinstance(error["input"], str):
        known = [word.strip("'") for word in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        meant = nearest(error["input"], known)
        hint = f"did you mean `{meant}`?" if meant else f"write {_one_of(known)}"
        return f"`{shortened(error['input'])}` is not {_one_of(known)}", "unknown-word", hint
    if why in _LISTS:
        return f"{_subject(steps)} must be a list", "wrong-kind", "write it like `[one, two]`"
    if why in _RECORDS:
        names = _fields_at(kind, steps)
        return (
            f"{_subject(steps)} must hold fields",
            "wrong-kind",
            f"its fields are {_all_of(names)}" if names else None,
        )
    return f"{_subject(steps)} must be one plain value", "wrong-kind", None


def _at_key(document: Document, steps: Sequence[str | int], words: str, rule: str, hint: str | None) -> Problem:
    return Problem(document.path, *document.place_of_key(*steps), words, rule, hint)


def _subject(steps: Sequence[str | int]) -> str:
    """Return what the steps lead to, as the operator would call it."""
    names = [step for step in steps if isinstance(step, str)]
    return f"an item of `{names[-1]}`" if names and isinstance(steps[-1], int) else f"`{names[-1]}`"


def _known_hint(
    name: str, kind: type[BaseModel], steps: Sequence[str | int], *, present: Mapping[str, Any]
) -> str | None:
    known = _fields_at(kind, steps)
    meant = nearest(name, [field for field in known if field not in present]) or nearest(name, known)
    if meant:
        return f"did you mean `{meant}`?"
    return f"fields here are {_all_of(known)}"


def _fields_at(kind: type[BaseModel], steps: Sequence[str | int]) -> list[str]:
    """Return the names of the fields of the record that the steps lead to."""
    found: type[BaseModel] | None = kind
    for step in steps:
        if found is not None and step in found.model_fields:
            found = _record_in(found.model_fields[str(step)].annotation)
    return [] if found is None else list(found.model_fields)


def _record_in(annotation: Any) -> type[BaseModel] | None:
    """Return the record within `Record`, `Record | None` or `dict[str, Record]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_record_in, get_args(annotation))), None)


def _within(values: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        values = values[step]
    return values


def _one_of(words: Sequence[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _all_of(words: Sequence[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
