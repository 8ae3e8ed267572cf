"""Calendar files (RFC 5545): events in, text out; folded, escaped, each zone explained, the same bytes every time.

Whoever writes a calendar writes it here: the guest's and the crew's file, the operator's feed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from castoff.contract.timezones import local, time_zone_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_END: Final = "\r\n"
_OCTETS: Final = 75
"""A line's length without its end, RFC 5545 section 3.1."""
_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
"""Whatever else some program takes for the end of a line."""
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no text may hold (RFC 5545 section 3.1), or should: controls, half characters, what turns writing round."""
_URI: Final = ":/?#[]@!$&'()*+,;=%~"
"""What a URI keeps as it stands (RFC 3986), letters, digits and `-._` aside."""
_ADDRESS: Final = "@!$'*+/=^`{|}~"
"""What a mail address keeps in a `mailto:` (RFC 6068): neither `?` nor `&`, behind which a header could be set."""


class Status(StrEnum):
    """Whether an event takes place."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


class Method(StrEnum):
    """What a file asks a calendar program to do (RFC 5546); each wants an organizer in every event."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. A program that has one of this `uid` takes the one of the higher `sequence`, or the later `stamp`.

    `starts` and `ends` are aware, or both days, the last one exclusive. Instants in a ZoneInfo are written in it,
    others in UTC. Organizer and attendee are name and mail address, coordinates are degrees north and east, alarms
    ring so long before the start.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime | date
    ends: datetime | date
    summary: str
    status: Status = Status.CONFIRMED
    description: str = ""
    location: str = ""
    url: str | None = None
    coordinates: tuple[float, float] | None = None
    organizer: tuple[str, str] | None = None
    alarms: tuple[timedelta, ...] = ()
    attendee: tuple[str, str] | None = None


def calendar_text(
    program: str, events: Iterable[Event], *, method: Method | None = None, properties: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the text of a file, lines ended by CR LF; `properties` are more of the calendar's own, as they stand."""
    parts: list[str] = []
    years: dict[ZoneInfo, tuple[int, int]] = {}
    for event in events:
        zone = _zone(event)
        parts.append(_event(event, zone))
        if zone is not None:
            first, last = years.get(zone, (event.starts.year, event.ends.year))
            years[zone] = (min(first, event.starts.year), max(last, event.ends.year))
    zones = "".join([_time_zone(zone, first, last) for zone, (first, last) in years.items()])
    own = "".join([f"{fold(f'{name}:{value}')}\r\n" for name, value in properties])
    asks = f"METHOD:{method}\r\n" if method else ""
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//castoff//{program}//EN\r\nCALSCALE:GREGORIAN\r\n{asks}{own}"
        f"{zones}{''.join(parts)}END:VCALENDAR\r\n"
    )


def fold(line: str) -> str:
    """Return the line folded at 75 octets, never within a character (RFC 5545 section 3.1)."""
    if len(line) <= _OCTETS and line.isascii():
        return line
    octets = line.encode()
    parts, at, room = [], 0, _OCTETS
    while len(octets) - at > room:
        cut = at + room
        while octets[cut] & 0xC0 == 0x80:  # noqa: PLR2004 - within a character of UTF-8
            cut -= 1
        parts.append(octets[at:cut])
        at, room = cut, _OCTETS - 1  # the space that begins a continued line counts
    return b"\r\n ".join([*parts, octets[at:]]).decode()


def escape(text: str) -> str:
    """Return text as a TEXT value (RFC 5545 section 3.3.11), without what no text may hold."""
    # One after another takes a fifth of what `str.translate` does; the backslash goes first, since the rest add some.
    text = plain(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\n", "\\n")


def plain(text: str) -> str:
    """Return text with one kind of line end, and without controls, half characters and what turns writing round."""
    return _UNFIT.sub("", _BREAKS.sub("\n", text)) if _UNFIT.search(text) else text


def _zone(event: Event) -> ZoneInfo | None:
    """Return the zone to write an event in; None for UTC, and where a wall clock shows the second of two like hours.

    A local time that comes twice is always the first of the two (RFC 5545 section 3.3.5).
    """
    starts, ends = event.starts, event.ends
    if not isinstance(starts, datetime) or not isinstance(ends, datetime) or starts.fold or ends.fold:
        return None
    zone = starts.tzinfo
    return zone if isinstance(zone, ZoneInfo) and zone is ends.tzinfo and zone.key not in {None, "UTC"} else None


def _event(event: Event, zone: ZoneInfo | None) -> str:
    place, summary = event.coordinates, escape(event.summary)
    cancelled = event.status is Status.CANCELLED
    return (
        f"BEGIN:VEVENT\r\n{fold(f'UID:{escape(event.uid)}')}\r\nSEQUENCE:{event.sequence}\r\n"
        f"DTSTAMP:{_utc(event.stamp)}\r\nDTSTART{_when(event.starts, zone)}\r\nDTEND{_when(event.ends, zone)}\r\n"
        f"{fold(f'SUMMARY:{summary}')}\r\n{_optional('DESCRIPTION', event.description)}"
        f"{_location(event.location)}{f'GEO:{place[0]:.6f};{place[1]:.6f}{_END}' if place else ''}"
        f"{_url(event.url) if event.url else ''}{_organizer(*event.organizer) if event.organizer else ''}"
        f"{_attendee(*event.attendee) if event.attendee else ''}"
        f"STATUS:{event.status.value}\r\nTRANSP:{'TRANSPARENT' if cancelled else 'OPAQUE'}\r\n"
        f"{''.join([_alarm(before, summary) for before in event.alarms])}END:VEVENT\r\n"
    )


def _when(moment: datetime | date, zone: ZoneInfo | None) -> str:
    """Return parameters and value of a time: a day, a wall clock in a zone that the file explains, or UTC."""
    if not isinstance(moment, datetime):
        return f";VALUE=DATE:{moment.year:04}{moment.month:02}{moment.day:02}"
    return f":{_utc(moment)}" if zone is None else f";TZID={zone.key}:{local(moment)}"


def _utc(instant: datetime) -> str:
    return f"{local(instant.astimezone(UTC))}Z"


def _optional(name: str, text: str) -> str:
    return f"{fold(f'{name}:{escape(text)}')}\r\n" if text else ""


@lru_cache(maxsize=256)
def _location(text: str) -> str:
    return _optional("LOCATION", text)


def _url(address: str) -> str:
    # An address is no text: nothing in it is escaped, so nothing may be in it that would have to be.
    written = address if address.isascii() and address.isprintable() and " " not in address else quote(address, _URI)
    return f"{fold(f'URL:{written}')}\r\n"


@lru_cache(maxsize=16)
def _organizer(name: str, email: str) -> str:
    return f"{fold(f'ORGANIZER;CN={_parameter(name)}:mailto:{quote(email, _ADDRESS)}')}\r\n"


def _attendee(name: str, email: str) -> str:
    """Return whom a mail calls: their answer goes to nobody's desk, so none is asked for."""
    asked = f"ATTENDEE;CN={_parameter(name)};ROLE=REQ-PARTICIPANT;RSVP=FALSE"
    return f"{fold(f'{asked}:mailto:{quote(email, _ADDRESS)}')}\r\n"


def _parameter(text: str) -> str:
    """Return a quoted parameter value: RFC 6868 says how quotes, line ends and its own sign are written in one."""
    written = plain(text).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{written}"'


def _alarm(before: timedelta, summary: str) -> str:
    said = fold(f"DESCRIPTION:{summary}")
    return f"BEGIN:VALARM\r\nACTION:DISPLAY\r\n{said}\r\nTRIGGER:{_trigger(before)}\r\nEND:VALARM\r\n"


@lru_cache(maxsize=64)
def _trigger(before: timedelta) -> str:
    """Return `-P1D`, `-PT2H` or `-PT90M`."""
    hours, minutes = divmod(int(before.total_seconds()) // 60, 60)
    if minutes:
        return f"-PT{60 * hours + minutes}M"
    return f"-PT{hours}H" if hours % 24 else f"-P{hours // 24}D"


@lru_cache(maxsize=64)
def _time_zone(zone: ZoneInfo, first: int, last: int) -> str:
    return "".join([f"{fold(line)}\r\n" for line in time_zone_lines(zone, first, last)])
