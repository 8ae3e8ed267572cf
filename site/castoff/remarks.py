"""What a build warns of once it knows everything: money held back, links that lead elsewhere, charters long past."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from castoff.contract.money import speaks_of_money
from castoff.fleet.model import Status
from castoff.fleet.sources import booking_path
from castoff.pages import wording
from castoff.problems import Problem, Severity
from castoff.reading.reader import decode, read
from castoff.reading.spans import stretches

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from castoff.fleet.carry import BoardRow
    from castoff.fleet.sources import Sources
    from castoff.pages.projection import HeldBack
    from castoff.reading.reader import Document
    from castoff.reading.spans import Stretch

_FEW: Final = 5
"""Charters long past that are each a slip of the pen; more of them are an operator's history."""


def held_back(sources: Sources, held: Iterable[HeldBack]) -> list[Problem]:
    """Return a warning for each line that spoke of money, at the very line of its file.

    Its words are not repeated, since crew may read this.
    """
    problems: list[Problem] = []
    for booking, lines in groupby(held, key=attrgetter("booking")):
        document = _document(sources, booking)
        problems += [_held_line(document, booking, line) for line in lines]
    return problems


def _held_line(document: Document | None, booking: str, held: HeldBack) -> Problem:
    """Return the warning for one line; of what is folded over several lines of its file, where it speaks of money."""
    lines = () if document is None else _lines_of(document, held.field)
    parts = lines[held.line - 1] if held.line <= len(lines) else ()
    told = next((part for part in parts if speaks_of_money(part.words)), parts[0] if parts else None)
    words, hint = f"this line of `{held.field}`", "take it out; figures belong under `finance`"
    if len(parts) > 1:
        words += f", which goes from line {parts[0].line} to {parts[-1].line},"
        hint = "take that out, or put it into a line of its own below `|`: the rest of this one is held back with it"
    place = (told.line, told.column) if told else (1, 1)
    words += " speaks of money, and nobody gets to see it"
    return Problem(booking_path(booking), *place, words, "money-held-back", hint, Severity.WARNING)


def _lines_of(document: Document, field: str) -> Sequence[tuple[Stretch, ...]]:
    """Return the lines of a field as they stand in a file now: it may have changed since the build began."""
    return stretches(document, field) if isinstance(document.fields.values.get(field), str) else ()


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


def long_past(
    sources: Sources, rows: Mapping[str, BoardRow], *, known: Container[str], stays: timedelta, as_of: datetime
) -> list[Problem]:
    """Return a warning for each charter that would have no page any more, where that may be a slip: a wrong year.

    `known` are bookings that were published before. A few are each named; of more, only the first, with their number.
    """
    ends = {key: row.ends for key, row in rows.items() if key not in known and row.status == Status.CONFIRMED}
    dated = ((key, datetime.fromisoformat(ends[key])) for key in sorted(ends))
    past = [(key, end) for key, end in dated if end + stays <= as_of]
    others = "" if len(past) <= _FEW else f", and {len(past) - 1:,} more like it"
    return [
        _warning(
            sources,
            booking,
            "starts",
            words=f"this charter was over on {wording.day_and_year(ends)}, and has no page any more{others}",
            rule="long-past",
            hint="check the year",
        )
        for booking, ends in islice(past, 1 if others else None)
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
    text = decode(sources.bookings[booking], booking_path(booking))
    return None if isinstance(text, Problem) else read(text, booking_path(booking))[0]
