"""The calendar as an iCalendar file (RFC 5545), for the operator's own calendar program. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from castoff.contract.calendar import Event, Status, calendar_text
from lambdas.dashboard.entry import Entry

_STATUSES: Final = {"hold": Status.TENTATIVE, "cancelled": Status.CANCELLED}
_HOST: Final = "calendar.castoff.invalid"
"""Sets ids apart from those of other programs (RFC 7986, 5.3): the service does not know by which name it is asked."""
_OWN: Final = (
    ("X-WR-CALNAME", "Charters"),
    ("NAME", "Charters"),
    # Both say how often to ask: RFC 7986 what newer programs read, and what older ones do. Else some ask once a week.
    ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
    ("X-PUBLISHED-TTL", "PT1H"),
)


def feed(entries: Iterable[Entry]) -> str:
    """Return the file: one event per entry, whose UID stays the same as long as its booking lives."""
    return calendar_text("dashboard", map(_event, entries), properties=_OWN)


def _event(entry: Entry) -> Event:
    facts = entry.facts
    starts, ends = _times(facts)
    status = _STATUSES.get(facts.get("status", ""), Status.CONFIRMED)
    summary = facts.get("title") or facts["event_type"]
    return Event(
        uid=f"{facts['booking_id']}-ops@{_HOST}",
        sequence=entry.revision - 1,
        stamp=entry.updated,
        starts=starts,
        ends=ends,
        summary=f"Cancelled: {summary}" if status is Status.CANCELLED else summary,
        status=status,
        description="\n".join(_description(facts)),
        location=facts.get("dock", ""),
        url=facts.get("guest_page"),
    )


def _times(facts: Mapping[str, Any]) -> tuple[datetime | date, datetime | date]:
    """Return when an entry is: instants with their offset, which are written in UTC, or the whole day."""
    if "starts" in facts and "ends" in facts:
        return datetime.fromisoformat(facts["starts"]), datetime.fromisoformat(facts["ends"])
    day = date.fromisoformat(facts["date"])
    return day, day + timedelta(days=1)


def _description(facts: Mapping[str, Any]) -> Iterator[str]:
    """Name people and numbers, never money: a feed is copied to every device that reads it."""
    yield f"Booking: {facts['booking_id']}"
    for name, words in (("vessel", "Vessel"), ("captain", "Captain"), ("guest_count", "Guests"), ("source", "Source")):
        if name in facts:
            yield f"{words}: {facts[name]}"
    if facts.get("crew"):
        yield f"Crew: {', '.join(facts['crew'])}"
    for name, words in (("guest_page", "Guest page"), ("crew_page", "Crew page")):
        if name in facts:
            yield f"{words}: {facts[name]}"
