"""Choices as a terminal offers them: listed with numbers, and taken by number, id or the beginning of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.reading.forms import FormError, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LISTED: Final = 20
"""Choices that are shown; of more, one types the beginning."""


def listing(choices: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each choice, by number: its id and what it is called."""
    width = max(map(len, choices), default=0)
    for number, (key, name) in enumerate(choices.items(), start=1):
        if number > _LISTED:
            yield f"      and {len(choices) - _LISTED} more: type how one begins"
            return
        yield f"  {number:>2}  {key:<{width}}  {name}".rstrip()


def chosen(text: str, choices: Mapping[str, str]) -> str:
    """Return the id that is meant by an id, a number or the beginning of either name; as typed where none begins so.

    Raises FormError for a number that is not in the list, and for a beginning that several have.
    """
    if text in choices:
        return text
    if text.isascii() and text.isdigit():
        if 1 <= int(text) <= len(choices):
            return [*choices][int(text) - 1]
        raise FormError(f"there is no {shortened(text)} in the list", rule="unclear", hint=f"type 1 to {len(choices)}")
    begun = [
        key for key, name in choices.items() if any(one.casefold().startswith(text.casefold()) for one in (key, name))
    ]
    if len(begun) > 1:
        meant = " or ".join(f"`{key}`" for key in begun)
        raise FormError(f"`{shortened(text)}` may be {meant}", rule="unclear", hint="type more of it, or its number")
    return begun[0] if begun else text


def several(text: str, choices: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids that are meant by a list with commas or, where nothing in it has a space, with spaces."""
    parts = text.split(",") if "," in text else [text]
    found = [chosen(part.strip(), choices) for part in parts if part.strip()]
    if len(found) == 1 and found[0] not in choices:
        found = [chosen(part, choices) for part in text.split()]
    return tuple(found)
