"""Readers of calendar files that share nothing with their writer: two libraries, and one that knows no time zones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ical.event import Event as SecondEvent
    from icalendar.cal import Event as FirstEvent


def first_events(text: str) -> list[FirstEvent]:
    """Return the events that the `icalendar` library reads; its complaints are errors."""
    calendar: Any = Calendar.from_ical(text)
    assert not [fault for part in calendar.walk() for fault in part.errors]
    events: list[FirstEvent] = calendar.walk("VEVENT")
    return events


def second_events(text: str) -> list[SecondEvent]:
    """Return the events that the `ical` library reads."""
    return list(IcsCalendarStream.calendar_from_ics(text).events)


def lines_of(text: str) -> list[str]:
    """Return the lines of a file, unfolded."""
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


@dataclass(frozen=True)
class _Observance:
    """From an instant on, clocks show this offset."""

    since: datetime
    offset: timedelta


def instants_by_the_file_alone(text: str) -> list[tuple[datetime, datetime]]:
    """Return when the events start and end by what the file itself says of its zones, as RFC 5545 section 3.6.5 has it.

    A local time is the first instant at which the file's observances make clocks show it.
    """
    lines = lines_of(text)
    zones = dict(_zones(lines))
    starts = [_instant(line, zones) for line in lines if line.startswith("DTSTART") and _in_event(line, lines)]
    ends = [_instant(line, zones) for line in lines if line.startswith("DTEND")]
    return list(zip(starts, ends, strict=True))


def _in_event(line: str, lines: list[str]) -> bool:
    at = lines.index(line)
    return next(found for found in reversed(lines[:at]) if found.startswith("BEGIN:")) == "BEGIN:VEVENT"


def _zones(lines: list[str]) -> Iterator[tuple[str, list[_Observance]]]:
    while "BEGIN:VTIMEZONE" in lines:
        at, end = lines.index("BEGIN:VTIMEZONE"), lines.index("END:VTIMEZONE")
        name = next(line for line in lines[at:end] if line.startswith("TZID:")).removeprefix("TZID:")
        yield name, sorted(_observances(lines[at:end]), key=lambda found: found.since)
        lines = lines[end + 1 :]


def _observances(lines: list[str]) -> Iterator[_Observance]:
    fields: dict[str, str] = {}
    for line in lines[2:]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            fields = {}
        elif name == "END":
            onset = datetime.strptime(fields["DTSTART"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            yield _Observance(onset - _offset(fields["TZOFFSETFROM"]), _offset(fields["TZOFFSETTO"]))
        else:
            fields[name] = value


def _offset(text: str) -> timedelta:
    parts = [int(text[at : at + 2]) for at in range(1, len(text), 2)]
    length = timedelta(hours=parts[0], minutes=parts[1], seconds=sum(parts[2:]))
    return -length if text[0] == "-" else length


def _instant(line: str, zones: dict[str, list[_Observance]]) -> datetime:
    name, _, value = line.partition(":")
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    wall = datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    observances = zones[name.partition(";TZID=")[2]]
    for observance, following in zip(observances, [*observances[1:], None], strict=True):
        instant = wall - observance.offset
        if observance.since <= instant and (following is None or instant < following.since):
            return instant.astimezone(timezone(observance.offset)).astimezone(UTC)
    raise AssertionError(f"no observance of the file holds at {line}")
