"""The times of a charter as people read them, and what has moved since they were first told."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from castoff.pages import wording
from castoff.pages.sun import evening, sunrise
from castoff.pages.views import SunView, TimesView

if TYPE_CHECKING:
    from datetime import date, timedelta, tzinfo

    from castoff.fleet.carry import Facts
    from castoff.fleet.charter import Charter
    from castoff.pages.phase import Course

_NOON: Final = 12
_KNOWN: Final = 4096
"""Days at docks that are kept: every booking asks for one, and many ask for the same."""


def charter_times(charter: Charter, facts: Facts, course: Course) -> TimesView:
    """Return the charter's times in words and for machines."""
    day = charter.starts.date()
    return TimesView(
        day=wording.day_and_year(day),
        calls=wording.clock_from(charter.calls, day),
        boards=wording.clock_from(charter.boards, day),
        starts=wording.clock(charter.starts),
        ends=wording.clock_from(charter.ends, day),
        span=wording.span(charter.booking.duration),
        today_iso=course.shown(course.today).isoformat(),
        calls_iso=facts.calls,
        boards_iso=facts.boards,
        starts_iso=facts.starts,
        ends_iso=facts.ends,
    )


def sun_view(charter: Charter, course: Course) -> tuple[SunView, ...]:
    """Return what the sun does on the day of a charter: nothing where nobody has said where its dock is."""
    place, zone = charter.dock.location, charter.starts.tzinfo
    if place is None or not isinstance(zone, ZoneInfo):
        return ()
    day, last = charter.starts.date(), charter.ends.date()
    turns = _evening(place.lat, place.lon, day, zone)
    told = tuple(turn.told[course.starts <= turn.instant < course.ends] for turn in turns)
    if charter.calls.hour >= _NOON and charter.calls.date() == last:
        return told
    rises = _sunrise(place.lat, place.lon, last, zone, day)
    if rises is None or not charter.calls.timestamp() < rises.instant < course.ends:
        return told  # for most charters it is long past when the crew comes
    return (rises.told[course.starts <= rises.instant], *told)


class _Turn(NamedTuple):
    """Something that the sun does: when, in seconds since the epoch, and as told outside a charter and within."""

    instant: float
    told: tuple[SunView, SunView]


@lru_cache(maxsize=_KNOWN)
def _evening(lat: float, lon: float, day: date, zone: ZoneInfo) -> tuple[_Turn, ...]:
    found = evening(lat, lon, day, zone)
    turns = (("Sunset", found.sunset), ("Last light", found.dark))
    told = tuple(_turn(name, instant, day) for name, instant in turns if instant is not None)
    if found.sunset is not None:
        return told
    always = SunView("Sun", "does not set that day" if found.up else "does not rise that day", "", during=False)
    return (_Turn(-inf, (always, always)), *told)


@lru_cache(maxsize=_KNOWN)
def _sunrise(lat: float, lon: float, last: date, zone: ZoneInfo, day: date) -> _Turn | None:
    found = sunrise(lat, lon, last, zone)
    return None if found is None else _turn("Sunrise", found, day)


def _turn(name: str, instant: datetime, day: date) -> _Turn:
    said, iso = wording.clock_from(instant, day), instant.isoformat()
    return _Turn(instant.timestamp(), (SunView(name, said, iso, during=False), SunView(name, said, iso, during=True)))


def moved(first: Facts, facts: Facts, zone: tzinfo | None) -> tuple[str, ...]:
    """Return a sentence for each fact that is no longer what people were first told; what follows its day does not.

    `zone` is the operator's, for the hour that comes twice.
    """
    if first == facts:
        return ()
    was, now = _Told.of(first, zone), _Told.of(facts, zone)
    day, before = now.starts.date(), was.starts.date()
    sentences: list[str] = []
    if before != day:
        sentences.append(_sentence("The day", wording.day_and_year(day), wording.day_and_year(before)))
    for what, then, old in (
        ("Boarding", now.boards, was.boards),
        ("The start", now.starts, was.starts),
        ("The end", now.ends, was.ends),
    ):
        if _by_the_clock(then, day) != _by_the_clock(old, before):
            sentences.append(_sentence(what, wording.clock_from(then, day), wording.clock_from(old, before)))
    if first.dock != facts.dock:
        sentences.append(_sentence("The dock", facts.dock, first.dock))
    return tuple(sentences)


class _Told(NamedTuple):
    """The instants that guests go by, as they were told them."""

    boards: datetime
    starts: datetime
    ends: datetime

    @classmethod
    def of(cls, facts: Facts, zone: tzinfo | None) -> _Told:
        """Read them, each by the clock that was told: the zone alone knows whether that comes twice."""
        return cls(*(_in_zone(datetime.fromisoformat(one), zone) for one in (facts.boards, facts.starts, facts.ends)))


def _in_zone(told: datetime, zone: tzinfo | None) -> datetime:
    found = told.astimezone(zone)
    return found if found.utcoffset() == told.utcoffset() else told  # settings named another zone by then


def _by_the_clock(instant: datetime, day: date) -> tuple[timedelta, str]:
    """Return how many days after the charter's own an instant is, and what clocks show."""
    return instant.date() - day, wording.clock_from(instant, instant.date())


def _sentence(what: str, now: str, was: str) -> str:
    return f"{what} has changed: now {now}, was {was}."
