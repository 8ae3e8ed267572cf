"""The calendar as an iCalendar file (RFC 5545), for the operator's own calendar program. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from castoff.contract.calendar import Event, Status, calendar_text
from lambdas.dashboard.entry import Entry, status_of
from lambdas.dashboard.paging import ROOM, wire_size

_HOST: Final = "calendar.castoff.invalid"
"""Sets ids apart from those of other programs (RFC 7986, 5.3): the service does not know by which name it is asked."""
_OWN: Final = (
    ("X-WR-CALNAME", "Charters"),
    ("NAME", "Charters"),
    # Both say how often to ask: RFC 7986 what newer programs read, and what older ones do. Else some ask once a week.
    ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
    ("X-PUBLISHED-TTL", "PT1H"),
)


def whole_feed(entries: Sequence[Entry], *, more: str | None) -> str:
    """Return the file of as many entries as an answer has room for; one that is cut says so on the day of the cut.

    `more` is the place of the first entry that is left out already.
    """
    shown = len(entries)
    while True:
        cut = entries[shown].place if shown < len(entries) else more
        text = feed(entries[:shown], ends=date.fromisoformat(cut.partition("#")[0]) if cut else None)
        size = wire_size(text)
        if size <= ROOM:
            return text
        shown = min(shown - 1, shown * ROOM // size)


def feed(entries: Iterable[Entry], *, ends: date | None = None) -> str:
    """Return the file: one event per entry, whose UID stays the same as long as its booking lives.

    With `ends`, one more says that later charters are elsewhere.
    """
    last = [_cut(ends)] if ends else []
    return calendar_text("dashboard", [*map(_event, entries), *last], properties=_OWN)


def _event(entry: Entry) -> Event:
    facts = entry.facts
    starts, ends = _times(facts)
    status = status_of(facts)
    summary = facts.get("title") or facts["event_type"]
    if status is Status.CANCELLED:
        summary = f"Cancelled: {summary}"
    elif entry.conflicts:
        summary = f"Conflict: {summary}"
    return Event(
        uid=f"{facts['booking_id']}-ops@{_HOST}",
        sequence=entry.revision - 1,
        stamp=entry.updated,
        starts=starts,
        ends=ends,
        summary=summary,
        status=status,
        description="\n".join(_description(facts, entry.conflicts)),
        location=facts.get("dock", ""),
        url=facts.get("guest_page"),
    )


def _cut(day: date) -> Event:
    return Event(
        uid=f"cut@{_HOST}",
        sequence=0,
        stamp=datetime.combine(day, time(), UTC),
        starts=day,
        ends=day + timedelta(days=1),
        summary="More charters follow: this calendar ends here",
        description="The feed holds no more entries. The dashboard has them all.",
    )


def _times(facts: Mapping[str, Any]) -> tuple[datetime | date, datetime | date]:
    """Return when an entry is: instants with their offset, which are written in UTC, or the whole day."""
    if "starts" in facts and "ends" in facts:
        return datetime.fromisoformat(facts["starts"]), datetime.fromisoformat(facts["ends"])
    day = date.fromisoformat(facts["date"])
    return day, day + timedelta(days=1)


def _description(facts: Mapping[str, Any], conflicts: Sequence[str]) -> Iterator[str]:
    """Name people and numbers, never money: a feed is copied to every device that reads it."""
    if conflicts:
        yield f"Conflict: the vessel is booked for {', '.join(conflicts)} at the same time"
    yield f"Booking: {facts['booking_id']}"
    for name, words in (("vessel", "Vessel"), ("captain", "Captain"), ("guest_count", "Guests"), ("source", "Source")):
        if name in facts:
            yield f"{words}: {facts[name]}"
    if facts.get("crew"):
        yield f"Crew: {', '.join(facts['crew'])}"
    for name, words in (("guest_page", "Guest page"), ("crew_page", "Crew page")):
        if name in facts:
            yield f"{words}: {facts[name]}"
