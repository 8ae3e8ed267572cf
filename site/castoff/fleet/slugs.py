"""Addresses of guest pages: each booking claims its id, its slug and its aliases, and none of them may be another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from castoff.fleet.sources import booking_path

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from castoff.fleet.carry import BoardRow
    from castoff.problems import Problem
    from castoff.reading.reader import Document

    Steps = tuple[str | int, ...]


def default_slug(vessel: str, booking: str) -> str:
    """Return the slug of a booking that names none: hard to guess, since its id is drawn."""
    return f"{vessel}-guest-{booking}"


def claims(
    documents: Iterable[tuple[str, Document]], *, ids: Iterable[str], reused: Mapping[str, BoardRow]
) -> tuple[dict[str, str], list[Problem]]:
    """Return whose each name is, and a problem for each slug or alias that is claimed already.

    Ids go first, then slugs, then aliases. `documents` are the bookings by id; plain values are looked at, so that
    broken ones are seen in the same run. `reused` are those that were in order before and were not read again.
    """
    claimed = {booking: booking for booking in ids}
    claimed.update((row.slug, booking) for booking, row in reused.items())
    claimed.update((alias, booking) for booking, row in reused.items() for alias in row.aliases)
    problems: list[Problem] = []
    aliased: list[tuple[str, Document]] = []
    for booking, document in documents:
        slug = _slug(document, booking)
        if isinstance(slug, str) and (slug in claimed or claimed.setdefault(slug, booking) != booking):
            problems.append(_taken(document, ("slug",), f"slug `{slug}`", claimed[slug]))
        if _aliases(document):
            aliased.append((booking, document))
    for booking, document in aliased:
        for index, alias in enumerate(_aliases(document)):
            if isinstance(alias, str) and alias:
                if alias in claimed:
                    problems.append(_taken(document, ("aliases", index), f"alias `{alias}`", claimed[alias]))
                claimed.setdefault(alias, booking)
    return claimed, problems


def lost_to(
    documents: Iterable[tuple[str, Document]], *, ids: Container[str], reused: Mapping[str, BoardRow]
) -> set[str]:
    """Return the bookings of `reused` of whose former slugs another now has one, so that theirs leads here no more."""
    former = {name: booking for booking, row in reused.items() for name in row.former}
    if not former:
        return set()
    named = {
        name
        for booking, document in documents
        for name in (_slug(document, booking), *_aliases(document))
        if isinstance(name, str)
    }
    return {booking for name, booking in former.items() if name in named or name in ids}


def _slug(document: Document, booking: str) -> Any:
    values = document.fields.values
    return values.get("slug") or default_slug(values.get("vessel", ""), booking)


def _aliases(document: Document) -> list[Any]:
    values = document.fields.values.get("aliases")
    return values if isinstance(values, list) else []


def _taken(document: Document, steps: Steps, what: str, owner: str) -> Problem:
    path = booking_path(owner)
    words = f"{what} is taken by {'this booking itself' if path == document.path else path}"
    return document.problem(*steps, words=words, rule="taken-slug", hint="choose another, or remove it")
