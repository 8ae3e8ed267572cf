"""A time zone as calendar files explain it (VTIMEZONE, RFC 5545 section 3.6.5): each change of its clocks by itself.

A rule for all years is what programs get wrong, and what a parliament abolishes; a change that is spelled out is one
that any reader can follow, whether it knows the zone or not.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_SECOND: Final = timedelta(seconds=1)
_NONE: Final = timedelta(0)


def time_zone_lines(zone: ZoneInfo, first: int, last: int) -> Iterator[str]:
    """Yield the lines that explain a zone's clocks in these years and in the one before."""
    start, end = datetime(first - 1, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 2, tzinfo=UTC)
    changes = list(_clock_changes(zone, start, end))
    # Where winter is the deviation (Ireland, Morocco), the other half of the year is what everybody calls summer time.
    winters = any((instant.astimezone(zone).dst() or _NONE) < _NONE for instant in (start, *changes))
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    yield from _observance(start, start, zone, winters=winters)
    for instant in changes:
        yield from _observance(instant - _SECOND, instant, zone, winters=winters)
    yield "END:VTIMEZONE"


def local(moment: datetime) -> str:
    """Return the wall clock of a moment as calendar files write it."""
    return f"{moment.year:04}{moment.month:02}{moment.day:02}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def _observance(before: datetime, onset: datetime, zone: ZoneInfo, *, winters: bool) -> Iterator[str]:
    """Yield what holds from an instant on; its local time is told by the clock of just before."""
    was, now = _offset(before, zone), _offset(onset, zone)
    saving = onset.astimezone(zone).dst() or _NONE
    kind = "DAYLIGHT" if saving > _NONE or (winters and saving == _NONE) else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{local(onset + was)}"
    yield f"TZOFFSETFROM:{_signed(was)}"
    yield f"TZOFFSETTO:{_signed(now)}"
    yield f"TZNAME:{onset.astimezone(zone).tzname() or zone.key}"
    yield f"END:{kind}"


def _clock_changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants, to the second, at which the zone's offset changes."""
    day = start
    while day < end:
        later = day + timedelta(days=1)
        if _offset(day, zone) != _offset(later, zone):
            yield _change_between(zone, day, later)
        day = later


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > _SECOND:
        middle = (before + (after - before) // 2).replace(microsecond=0)
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or _NONE


def _signed(offset: timedelta) -> str:
    minutes, seconds = divmod(abs(int(offset.total_seconds())), 60)
    whole = f"{'-' if offset < _NONE else '+'}{minutes // 60:02}{minutes % 60:02}"
    return f"{whole}{seconds:02}" if seconds else whole
