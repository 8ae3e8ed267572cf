"""A crew call as a calendar file: all mails of one event speak of one entry, in the order of their revisions. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from castoff.contract.calendar import Event as Entry
from castoff.contract.calendar import Method, Status, calendar_text
from lambdas.shipcaptaincrew.calls import Call, Kind, day_words, time_words

_METHODS = {
    Kind.INVITED: Method.REQUEST,
    Kind.CHANGED: Method.REQUEST,
    Kind.REINSTATED: Method.REQUEST,
    Kind.REMINDER: Method.REQUEST,
    Kind.CANCELLED: Method.CANCEL,
    Kind.RELEASED: Method.CANCEL,
}
_FAREWELLS = {Kind.CANCELLED: "Cancelled: ", Kind.RELEASED: "Released: "}
_HOST: Final = "crew.castoff.invalid"
"""Sets ids apart from those of other programs, for good: the pages' host may change, and an entry stays the same."""


@dataclass(frozen=True)
class Invitation:
    """A calendar file, and what it asks a calendar program to do (RFC 5546)."""

    method: Method
    text: str


def invitation(
    call: Call, *, revision: int, reader: tuple[str, str], sender: tuple[str, str], zone: ZoneInfo, now: datetime
) -> Invitation | None:
    """Return the file of a call from `sender` to `reader`; None for a mail that brings nothing for a calendar.

    `revision` is the event's that the mail tells: who is not needed reads older facts, under the newer number.
    """
    method = _METHODS.get(call.kind)
    if method is None:
        return None
    event = call.event
    name, address = sender
    calls, starts = time_words(event.call_time, zone), time_words(event.date, zone)
    entry = Entry(
        uid=f"{event.event_id}@{_HOST}",
        sequence=revision,
        stamp=now,
        starts=event.call_time.astimezone(zone),
        ends=event.ends.astimezone(zone),
        summary=f"{_FAREWELLS.get(call.kind, '')}{event.event_name}, {call.role}",
        status=Status.CANCELLED if method is Method.CANCEL else Status.CONFIRMED,
        description=f"{day_words(event.call_time, zone)}: crew call {calls}, start {starts}.",
        location=event.dock,
        # The page and never the link: a calendar is shown to others, and keeps what it was given.
        url=event.crew_page,
        organizer=(name or address, address),
        attendee=reader,
    )
    return Invitation(method, calendar_text("crew", [entry], method=method))
