"""The calendar as an iCalendar file (RFC 5545), for the operator's own calendar program. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lambdas.dashboard.entry import Entry

_LONGEST_LINE = 75  # octets, without the line break (RFC 5545, 3.1)
_STATUSES = {"hold": "TENTATIVE", "cancelled": "CANCELLED"}


def feed(entries: Iterable[Entry]) -> str:
    """Return the file: one event per entry, whose UID stays the same as long as its booking lives."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//castoff//dashboard//EN", "CALSCALE:GREGORIAN"]
    lines.append("X-WR-CALNAME:Charters")
    for entry in entries:
        lines.extend(_event(entry))
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def fold(line: str) -> str:
    """Return a line folded so that no part of it exceeds 75 octets or splits a character."""
    parts: list[str] = []
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += octets
    return "\r\n".join([*parts, part])


def escape(text: str) -> str:
    """Return text as a TEXT value (RFC 5545, 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n")


def _event(entry: Entry) -> Iterator[str]:
    facts = entry.facts
    yield "BEGIN:VEVENT"
    yield f"UID:calendar-{facts['booking_id']}@castoff"
    yield f"SEQUENCE:{entry.revision - 1}"
    yield f"DTSTAMP:{_utc(entry.updated)}"
    yield from _times(facts)
    yield f"SUMMARY:{escape(facts.get('title') or facts['event_type'])}"
    yield f"STATUS:{_STATUSES.get(facts.get('status', ''), 'CONFIRMED')}"
    if "dock" in facts:
        yield f"LOCATION:{escape(facts['dock'])}"
    if description := "\n".join(_description(facts)):
        yield f"DESCRIPTION:{escape(description)}"
    if "crew_page" in facts:
        yield f"URL:{facts['crew_page']}"
    yield "END:VEVENT"


def _times(facts: Mapping[str, Any]) -> Iterator[str]:
    if "starts" in facts and "ends" in facts:
        yield f"DTSTART:{_utc(datetime.fromisoformat(facts['starts']))}"
        yield f"DTEND:{_utc(datetime.fromisoformat(facts['ends']))}"
        return
    day = date.fromisoformat(facts["date"])
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"


def _description(facts: Mapping[str, Any]) -> Iterator[str]:
    """Name people and numbers, never money: a feed is copied to every device that reads it."""
    yield f"Booking: {facts['booking_id']}"
    for name, words in (("vessel", "Vessel"), ("captain", "Captain"), ("guest_count", "Guests"), ("source", "Source")):
        if name in facts:
            yield f"{words}: {facts[name]}"
    if facts.get("crew"):
        yield f"Crew: {', '.join(facts['crew'])}"
    if "guest_page" in facts:
        yield f"Guest page: {facts['guest_page']}"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
