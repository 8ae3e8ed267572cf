"""Addresses of guest pages: each booking claims its id, its slug and its aliases, and none of them may be another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.fleet.sources import booking_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from castoff.fleet.carry import BoardRow
    from castoff.problems import Problem
    from castoff.reading.reader import Document

    Steps = tuple[str | int, ...]


def default_slug(vessel: str, booking: str) -> str:
    """Return the slug of a booking that names none: hard to guess, since its id is drawn."""
    return f"{vessel}-guest-{booking}"


def collisions(
    documents: Iterable[tuple[str, Document]], *, ids: Iterable[str], reused: Mapping[str, BoardRow]
) -> list[Problem]:
    """Return a problem for each slug or alias that is claimed already: ids go first, then slugs, then aliases.

    `documents` are the bookings by id; plain values are looked at, so that broken ones are seen in the same run.
    `reused` are those that were in order before and were not read again.
    """
    claimed = {booking: booking for booking in ids}
    claimed.update((row.slug, booking) for booking, row in reused.items())
    claimed.update((alias, booking) for booking, row in reused.items() for alias in row.aliases)
    problems: list[Problem] = []
    aliased: list[tuple[str, Document]] = []
    for booking, document in documents:
        values = document.fields.values
        slug = values.get("slug") or default_slug(values.get("vessel", ""), booking)
        if isinstance(slug, str) and (slug in claimed or claimed.setdefault(slug, booking) != booking):
            problems.append(_taken(document, ("slug",), f"slug `{slug}`", claimed[slug]))
        if isinstance(values.get("aliases"), list):
            aliased.append((booking, document))
    for booking, document in aliased:
        for index, alias in enumerate(document.fields.values["aliases"]):
            if isinstance(alias, str) and alias:
                if alias in claimed:
                    problems.append(_taken(document, ("aliases", index), f"alias `{alias}`", claimed[alias]))
                claimed.setdefault(alias, booking)
    return problems


def _taken(document: Document, steps: Steps, what: str, owner: str) -> Problem:
    path = booking_path(owner)
    words = f"{what} is taken by {'this booking itself' if path == document.path else path}"
    return document.problem(*steps, words=words, rule="taken-slug", hint="choose another, or remove it")
