"""The home page's list as a value: today and what comes, then what is over, and above all what has no day."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from castoff.contract.keys import address_of
from castoff.pages import wording
from castoff.preview.bookings import entries
from castoff.reading.zones import zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from castoff.preview.bookings import Entry
    from castoff.preview.shown import Shown


@dataclass(frozen=True, slots=True)
class Line:
    """One booking in the list, in words."""

    entry: Entry
    time: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its bookings; `name` is said in full, with the year where it is another than this one."""

    name: str
    today: bool
    past: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The days in the order in which they matter at an instant."""

    as_of: datetime
    days: tuple[Day, ...]

    def find(self, booking: str) -> Entry | None:
        """Return a booking."""
        return next((line.entry for day in self.days for line in day.lines if line.entry.id == booking), None)

    @property
    def first(self) -> Entry | None:
        """The booking to show when none was chosen: the next that is not over, else any that has pages, else any."""
        found = [line.entry for day in self.days for line in day.lines]
        paged = [entry for entry in found if entry.slug]
        ahead = [entry for entry in paged if entry.ends and entry.ends > self.as_of]
        return next(iter((*ahead, *paged, *found)), None)


def agenda(found: Sequence[Entry], *, as_of: datetime) -> Agenda:
    """Return the agenda of these bookings at an instant."""
    dated = sorted(((entry.starts, entry.id, entry) for entry in found if entry.starts), key=itemgetter(0, 1))
    lost = sorted((entry for entry in found if entry.starts is None), key=attrgetter("id"))
    days = [
        _day(day, [Line(entry, wording.clock(starts)) for starts, _, entry in lines], as_of=as_of)
        for day, lines in groupby(dated, key=lambda line: line[0].date())
    ]
    ahead, past = [day for day in days if not day.past], [day for day in days if day.past]
    undated = Day("Without a day", today=False, past=False, lines=tuple(Line(entry, "") for entry in lost))
    return Agenda(as_of, (*((undated,) if lost else ()), *ahead, *reversed(past)))


def next_page(shown: Shown) -> str | None:
    """Return the path of the guest page that a preview begins with."""
    if shown.pages is None:
        return None
    first = agenda(entries(shown, {}, zone=zone("UTC")), as_of=shown.pages.as_of).first
    return address_of(first.slug) if first and first.slug else None


def _day(day: date, lines: Sequence[Line], *, as_of: datetime) -> Day:
    name = wording.day(day) if day.year == as_of.year else f"{wording.day(day)}, {day.year}"
    return Day(name, day == as_of.date(), day < as_of.date(), tuple(lines))
