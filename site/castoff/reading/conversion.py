"""From fields to records: Pydantic converts, and each of its errors becomes a Problem with place, words and hint."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from castoff.problems import Problem, nearest
from castoff.reading import kinds
from castoff.reading.comments import lost_to_comments
from castoff.reading.forms import FormError, shortened
from castoff.reading.limits import SHOWN
from castoff.reading.meant_fields import all_of, meant_field, record_in
from castoff.reading.signs import odd_sign
from castoff.reading.texts import plain_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from castoff.reading.reader import Document

R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")

_NOBODY: Final = frozenset({"none", "no", "nobody", "nothing", "n/a", "na", "nil", "-"})
"""What people write where there is nobody and nothing."""
_CROWDED: Final = re.compile(r"-[^\s-]")
_LISTS: Final = frozenset({"tuple_type", "list_type"})
_OF_FREE_TEXT: Final = frozenset({"empty-value", "more-than-a-line", "odd-sign", "too-long", "unprintable"})
"""What free text is refused for, in which every sign may stand."""
_RECORDS: Final = frozenset({"model_type", "model_attributes_type", "dict_type"})


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a file says, None where there are problems; its fields and their places, for cross-checks; the problems."""

    value: T | None
    document: Document | None
    problems: list[Problem]


def convert(document: Document, kind: type[R]) -> tuple[R | None, list[Problem]]:
    """Return the record that a document's fields make, or every problem with them."""
    lost = list(lost_to_comments(document, kind))
    try:
        return kind.model_validate(document.fields.values), lost
    except ValidationError as error:
        problems = [_problem(document, kind, found) for found in error.errors(include_url=False)] + lost
    problems, meant = _indented(problems, document, kind), meant_by(problems)
    return None, [problem for problem in problems if not (problem.rule == "missing-field" and _field(problem) in meant)]


def meant_by(problems: list[Problem]) -> set[str]:
    """Return the fields that unknown ones were meant to be: they are not missing, then, and one problem is enough."""
    return {field for problem in problems if problem.rule == "unknown-field" for field in _fields_meant(problem)}


def odd_sign_in(document: Document, *steps: str | int, text: str) -> Problem | None:
    """Return the problem with a sign of a value that only looks like a plain one, at the place of that very sign."""
    odd = odd_sign(text)
    if odd is None:
        return None
    return Problem(document.path, *document.place_in(*steps, at=odd.at), odd.words, "odd-sign", odd.hint)


def with_more(problems: list[Problem], more: list[Problem]) -> list[Problem]:
    """Return what the reader found with what conversion adds; at one place the reader's word is enough."""
    places = {(problem.line, problem.column) for problem in problems}
    return problems + [problem for problem in more if (problem.line, problem.column) not in places]


def _indented(problems: list[Problem], document: Document, kind: type[BaseModel]) -> list[Problem]:
    """Return problems without those of fields that stand at the margin, beneath one that was to hold them."""
    moved: set[Problem] = set()
    empty: dict[Problem, str] = {}
    for name, value in document.fields.values.items():
        if value == "" and name in kind.model_fields and record_in(kind.model_fields[name].annotation):
            inner = [one for one in problems if one.rule == "unknown-field" and f"beneath `{name}`" in str(one.hint)]
            moved.update(inner)
            empty |= {one: name for one in problems if one.rule == "empty-value" and f"`{name}`" in one.words and inner}
    hint = "begin each line that belongs to it with two spaces"
    return [replace(one, hint=hint) if one in empty else one for one in problems if one not in moved]


def _field(missing: Problem) -> str:
    """Return the field that is missing."""
    return missing.words.split("`")[1]


def _fields_meant(unknown: Problem) -> list[str]:
    """Return the field that an unknown one was meant to be, by the hint."""
    hint = str(unknown.hint)
    return [] if hint.startswith("fields here") else hint.split("`")[1::2][:1]


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
        return _unknown_field(document, kind, steps)
    if found == "":
        commented = document.has_comment(*steps)
        hint = "what follows ` #` is a comment; quotes make it text" if commented else "write a value, or remove it"
        if document.style_of(*steps) in {"|", ">"}:
            hint = "begin each line of the text with two spaces"
        return _at_key(document, steps, f"{_subject(steps)} has no value", "empty-value", hint)
    words, rule, advice = (form.words, form.rule, form.hint) if isinstance(form, FormError) else _of_kind(kind, error)
    if isinstance(form, FormError) and form.at is not None:
        return Problem(document.path, *document.place_in(*steps, at=form.at), words, rule, advice)
    odd = odd_sign_in(document, *steps, text=found) if isinstance(found, str) and rule not in _OF_FREE_TEXT else None
    return odd or document.problem(*steps, words=words, rule=rule, hint=advice)


def _of_kind(kind: type[BaseModel], error: ErrorDetails) -> tuple[str, str, str | None]:
    """Return words, rule and hint for what Pydantic itself refuses: kinds and closed sets."""
    steps, why = error["loc"], error["type"]
    if why == "enum" and isinstance(error["input"], str):
        known = [word.strip("'") for word in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        meant = nearest(error["input"], known)
        hint = f"did you mean `{meant}`?" if meant else f"write {_one_of(known)}"
        return f"`{shortened(error['input'])}` is not {_one_of(known)}", "unknown-word", hint
    if why in _LISTS:
        return _of_list(kind, steps, error["input"])
    if why in _RECORDS:
        names = _fields_at(kind, steps)
        if why == "dict_type":
            beneath = "write each name with a colon, and its fields beneath"
            return f"{_subject(steps)} must hold names with fields", "wrong-kind", beneath
        fields = f"its {'field is' if len(names) == 1 else 'fields are'} {all_of(names)}" if names else None
        return f"{_subject(steps)} must hold fields", "wrong-kind", fields
    return f"{_subject(steps)} must be one plain value", "wrong-kind", "write one value behind the colon"


def _of_list(kind: type[BaseModel], steps: Sequence[str | int], found: Any) -> tuple[str, str, str]:
    """Return words, rule and hint for what must be a list; free text is not repeated, since it may be private."""
    words, hint = f"{_subject(steps)} must be a list", "write it like `[one, two]`"
    if isinstance(found, str) and found.strip().lower() in _NOBODY:
        hint = "remove the line"
    elif isinstance(found, str) and _CROWDED.match(found):
        words, hint = "a space is missing behind the hyphen", "write each item like `- one`"
    elif isinstance(found, str) and len(found) <= SHOWN and _is_of_names(kind, steps):
        names = [*filter(None, map(plain_name, re.split(r"[,;]", found)))]
        hint = f"write `[{', '.join(names)}]`" if names else hint
    return words, "wrong-kind", hint


def _is_of_names(kind: type[BaseModel], steps: Sequence[str | int]) -> bool:
    within, name = _record_at(kind, steps[:-1]), str(steps[-1])
    return within is not None and get_args(within.model_fields[name].annotation)[:1] in ((kinds.Name,), (kinds.Slug,))


def _at_key(document: Document, steps: Sequence[str | int], words: str, rule: str, hint: str | None) -> Problem:
    return Problem(document.path, *document.place_of_key(*steps), words, rule, hint)


def _subject(steps: Sequence[str | int]) -> str:
    """Return what the steps lead to, as the operator would call it."""
    names = [step for step in steps if isinstance(step, str)]
    return f"an item of `{names[-1]}`" if names and isinstance(steps[-1], int) else f"`{names[-1]}`"


def _unknown_field(document: Document, kind: type[BaseModel], steps: Sequence[str | int]) -> Problem:
    name, here = str(steps[-1]), steps[:-1]
    odd = odd_sign(name)
    if odd is not None:
        line, column = document.place_of_key(*steps)
        return Problem(document.path, line, column + odd.at, odd.words, "odd-sign", odd.hint)
    known, present = _fields_at(kind, here), _within(document.fields.values, here)
    hint = meant_field(name, known, kind, present=present, inside=bool(here))
    return _at_key(document, steps, f"unknown field `{shortened(name)}`", "unknown-field", hint)


def _fields_at(kind: type[BaseModel], steps: Sequence[str | int]) -> list[str]:
    """Return the names of the fields of the record that the steps lead to."""
    found = _record_at(kind, steps)
    return [] if found is None else list(found.model_fields)


def _record_at(kind: type[BaseModel], steps: Sequence[str | int]) -> type[BaseModel] | None:
    found: type[BaseModel] | None = kind
    for step in steps:
        if found is not None and step in found.model_fields:
            found = record_in(found.model_fields[str(step)].annotation)
    return found


def _within(values: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        values = values[step]
    return values


def _one_of(words: Sequence[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
