"""Calendar files: RFC 5545, one appointment each, with its time zone, escaped and folded, the same bytes every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from castoff.contract.slots import SERIAL_MARK
from castoff.reading.zones import zone as zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from castoff.pages.views import CalendarView

_OCTETS: Final = 75
"""A line's length without its end, RFC 5545 section 3.1."""


def calendar_file(view: CalendarView) -> str:
    """Return the text of the file, lines ended by CR LF."""
    first, last = sorted((view.starts.year, view.ends.year))
    head = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//castoff//charters//EN",
        "CALSCALE:GREGORIAN",
        # RFC 5546 asks for an organizer with every method, so without one there is none.
        *(["METHOD:PUBLISH"] if view.organizer_email else []),
        f"X-CASTOFF:{SERIAL_MARK}",
    )
    event = (
        "BEGIN:VEVENT",
        f"UID:{view.uid}",
        f"SEQUENCE:{view.sequence}",
        f"DTSTAMP:{_stamp(view)}",
        f"DTSTART;TZID={view.zone}:{_local(view.starts)}",
        f"DTEND;TZID={view.zone}:{_local(view.ends)}",
        f"SUMMARY:{_text(view.summary)}",
        f"DESCRIPTION:{_text(view.description)}",
        f"LOCATION:{_text(view.location)}",
        *([f"GEO:{view.coordinates[0]:.6f};{view.coordinates[1]:.6f}"] if view.coordinates else []),
        f"URL:{view.address}",
        *([f"ORGANIZER;CN={_parameter(view.organizer)}:mailto:{view.organizer_email}"] if view.organizer_email else []),
        f"STATUS:{'CANCELLED' if view.cancelled else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if view.cancelled else 'OPAQUE'}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return f"{_text_of(head)}{_time_zone(view.zone, first, last)}{_text_of(event)}"


def fold(line: str) -> str:
    """Return the line folded at 75 octets, never within a character (RFC 5545 section 3.1)."""
    if len(line) <= _OCTETS and line.isascii():
        return line
    if line.isascii():
        rest = range(_OCTETS, len(line), _OCTETS - 1)
        return "\r\n ".join([line[:_OCTETS], *(line[at : at + _OCTETS - 1] for at in rest)])
    parts, part, room = [], "", _OCTETS
    for sign in line:
        size = len(sign.encode())
        if size > room:
            parts.append(part)
            part, room = "", _OCTETS - 1  # the space that begins a continued line counts
        part += sign
        room -= size
    return "\r\n ".join([*parts, part])


def _text_of(lines: Iterable[str]) -> str:
    return "".join([f"{fold(line)}\r\n" for line in lines])


def _stamp(view: CalendarView) -> str:
    # DTSTAMP says when an entry was last revised. The clock is no input of a page, so it counts revisions instead,
    # from the year's first minute: the same booking has the same bytes, and a later revision the later stamp.
    return f"{_local(datetime(view.starts.year, 1, 1, tzinfo=UTC) + timedelta(minutes=view.sequence))}Z"


def _local(moment: datetime) -> str:
    return f"{moment.year:04}{moment.month:02}{moment.day:02}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def _text(text: str) -> str:
    # One after another takes a fifth of what `str.translate` does; the backslash goes first, since the rest add some.
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\n", "\\n").replace("\r", "")


@lru_cache(maxsize=16)
def _parameter(text: str) -> str:
    kept = "".join(sign for sign in text if sign.isprintable() and sign != '"')
    return f'"{kept}"'


@lru_cache(maxsize=16)
def _time_zone(name: str, first: int, last: int) -> str:
    """Return the VTIMEZONE that covers these years: each change of the clock by itself, without a rule to get wrong."""
    zone = zone_of(name)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    start = datetime(first - 1, 1, 1, tzinfo=UTC)
    offset = _offset(start, zone)
    lines += _observance(start.replace(tzinfo=None), offset, offset, _abbreviation(start, zone), summer=False)
    for instant in _clock_changes(zone, first - 1, last):
        before, after = _offset(instant - timedelta(seconds=1), zone), _offset(instant, zone)
        summer = bool(instant.astimezone(zone).dst())
        onset = (instant + before).replace(tzinfo=None)
        lines += _observance(onset, before, after, _abbreviation(instant, zone), summer=summer)
    return _text_of([*lines, "END:VTIMEZONE"])


def _observance(onset: datetime, before: timedelta, after: timedelta, name: str, *, summer: bool) -> list[str]:
    kind = "DAYLIGHT" if summer else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{_local(onset)}",
        f"TZOFFSETFROM:{_signed(before)}",
        f"TZOFFSETTO:{_signed(after)}",
        f"TZNAME:{name}",
        f"END:{kind}",
    ]


def _clock_changes(zone: ZoneInfo, first: int, last: int) -> Iterator[datetime]:
    """Yield the instants, to the second, at which the zone's offset changes in these years."""
    day = datetime(first, 1, 1, tzinfo=UTC)
    end = datetime(last + 1, 1, 1, tzinfo=UTC)
    while day < end:
        later = day + timedelta(days=1)
        if _offset(day, zone) != _offset(later, zone):
            yield _change_between(zone, day, later)
        day = later


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _abbreviation(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).tzname() or str(zone)


def _signed(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"
