"""What a build warns of once it knows everything: money held back, links that lead elsewhere, charters long past."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from castoff.fleet.model import Status
from castoff.fleet.sources import booking_path
from castoff.pages import wording
from castoff.problems import Problem, Severity
from castoff.reading.reader import read

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import datetime

    from castoff.fleet.charters import Fleet
    from castoff.fleet.sources import Sources
    from castoff.pages.projection import HeldBack
    from castoff.reading.reader import Document

_FEW: Final = 3
"""Charters long past that are each a slip of the pen; more of them are an operator's history."""


def held_back(sources: Sources, held: Iterable[HeldBack]) -> list[Problem]:
    """Return a warning for each line that spoke of money; its words are not repeated, since crew may read this."""
    problems: list[Problem] = []
    for line in held:
        words = f"line {line.line} of `{line.field}` speaks of money, and nobody gets to see it"
        hint = "take it out; figures belong under `finance`"
        problems.append(_warning(sources, line.booking, line.field, words=words, rule="money-held-back", hint=hint))
    return problems


def lost_slugs(sources: Sources, lost: Mapping[str, Sequence[str]], *, names: Mapping[str, str]) -> list[Problem]:
    """Return a warning for each former slug of a booking that another one has by now: old links lead to its page."""
    problems: list[Problem] = []
    for booking, slugs in lost.items():
        for slug in slugs:
            words = f"`{slug}` led to the page of {booking_path(booking)}, whose guests may still have that link"
            hint = "choose another name, unless they may see this page"
            field = _field_that_says(sources, names[slug], slug)
            problems.append(_warning(sources, names[slug], field, words=words, rule="former-slug", hint=hint))
    return problems


def long_past(sources: Sources, fleet: Fleet, *, known: Container[str], as_of: datetime) -> list[Problem]:
    """Return a warning for each charter that would have no page any more, where that may be a slip: a wrong year.

    `known` are bookings that were published before. A few are each named; of more, only the first, with their number.
    """
    stays = fleet.settings.retention.pages
    past = [
        charter
        for charter in fleet.charters
        if charter.booking.status in (Status.HOLD, Status.CONFIRMED)
        and charter.ends.timestamp() + stays.total_seconds() <= as_of.timestamp()
        and charter.id not in known
    ]
    others = "" if len(past) <= _FEW else f", and {len(past) - 1:,} more like it"
    return [
        _warning(
            sources,
            charter.id,
            "starts",
            words=f"this charter was over on {wording.day(charter.ends)}, {charter.ends.year}, and has no page any more"
            + others,
            rule="long-past",
            hint="check the year",
        )
        for charter in islice(past, 1 if others else None)
    ]


def _field_that_says(sources: Sources, booking: str, name: str) -> str:
    """Return the field by which a booking has a name: its slug, one of its aliases, or its id."""
    document = _document(sources, booking)
    values = {} if document is None else document.fields.values
    if values.get("slug") == name:
        return "slug"
    return "aliases" if name in values.get("aliases", ()) else "id"


def _warning(sources: Sources, booking: str, field: str, *, words: str, rule: str, hint: str) -> Problem:
    path, document = booking_path(booking), _document(sources, booking)
    place = (1, 1) if document is None else document.place_of_key(field)
    return Problem(path, *place, words, rule, hint, Severity.WARNING)


def _document(sources: Sources, booking: str) -> Document | None:
    return read(sources.bookings[booking].decode("utf-8-sig"), booking_path(booking))[0]
