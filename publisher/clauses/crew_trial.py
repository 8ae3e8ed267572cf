"""One run of the contract against a ShipCaptainCrew: its one event, in 2099, and how that is taken away again."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from publisher.clauses.reply import Asks, answered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from publisher.clauses.reply import Reply

NAME: Final = "ShipCaptainCrew"
DOCK: Final = "a castoff contract test, not a charter"

_NOTES: Final = "castoff contract test, nobody sails\nRevenue: $840.75"


@dataclass(slots=True)
class CrewTrial:
    """One run against one service: the booking that it is about, and what is known of its event.

    `serial` rises as a publisher's does; `made` has every event that was answered to a wish of this run; with
    `members`, a crew member is made and let go as well.
    """

    ask: Asks
    booking: str
    serial: int
    now: datetime
    members: bool = False
    asked: bool = False
    event: str = ""
    made: set[str] = field(default_factory=set)
    before: Mapping[str, Any] = field(default_factory=dict)
    mails: frozenset[str] | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The event: in 2099, and nobody is to be told of it."""
        return {
            "event_name": "castoff contract test",
            "booking_id": self.booking,
            "captain_id": "",
            "crew_ids": [],
            "date": "2099-06-01T09:00:00-07:00",
            "duration_hours": 3,
            "call_time": "2099-06-01T08:00:00-07:00",
            "dock": DOCK,
            "guest_count": 0,
            "notes": _NOTES,
            "crew_page": f"https://example.com/g/{self.booking}-crew",
        }

    @property
    def member(self) -> str:
        """The crew member of this run."""
        return f"{self.booking}-member"

    def create(self, **other: Any) -> Reply:
        """Ask for the event, always with the same Idempotency-Key."""
        body, self.asked = self.body | other, True
        reply = self.ask("POST", "/event", body, serial=self.serial, request=f"event:{self.booking}")
        event = (reply.value or {}).get("event_id") if reply.well else None
        if isinstance(event, str) and event and self.is_own(reply.value or {}):
            self.made.add(event)
        return reply

    def is_own(self, event: Mapping[str, Any]) -> bool:
        """Tell whether an answer about an event says no other booking than this run's."""
        return bool(event.get("booking_id", self.booking) == self.booking)

    def listed(self, *, serial: int | None = None) -> list[Mapping[str, Any]]:
        """Return the events that it has of the booking."""
        reply = self.ask("GET", f"/events?booking_id={quote(self.booking)}", serial=serial)
        return reply.items("events", expected="200 with a list `events`")

    def stands(self) -> Mapping[str, Any]:
        """Return the event as it stands."""
        return self.ask("GET", self._path).object(expected="200 with the event")

    def change(self, changes: Mapping[str, Any], *, serial: int) -> Reply:
        """Send changed fields."""
        return self.ask("PATCH", self._path, changes, serial=serial)

    def cancel(self) -> Reply:
        """Cancel the event."""
        return self.ask("DELETE", self._path, serial=self.serial)

    def mailed(self) -> frozenset[str] | None:
        """Return the mails that it knows of the booking, None where it tells nothing about mail."""
        reply = self.ask("GET", f"/mail?booking_id={quote(self.booking)}")
        mails = (reply.value or {}).get("mails") if reply.well else None
        return None if not isinstance(mails, list) else frozenset(str(mail) for mail in mails)

    @property
    def _path(self) -> str:
        return f"/events/{quote(self.event)}"


def tidy(trial: CrewTrial) -> Iterator[str]:
    """Cancel what the run made and nothing else, and yield what could not be taken away again, in words."""
    if not trial.asked:
        return
    reply = answered(lambda: trial.ask("GET", f"/events?booking_id={quote(trial.booking)}"))
    found = (reply.value or {}).get("events") if reply.well else None
    listed = [event for event in found if isinstance(event, dict)] if isinstance(found, list) else None
    if listed is None and not trial.made:
        yield f"an event of booking `{trial.booking}` may be left: {NAME} does not list it ({reply})"
    ours = trial.made | {str(one.get("event_id")) for one in listed or () if one.get("booking_id") == trial.booking}
    for event in sorted(ours):
        gone = _gone(trial, f"/events/{quote(event)}")
        if not gone.well and gone.status != HTTPStatus.NOT_FOUND:
            yield f"event `{event}` of booking `{trial.booking}` is not cancelled: {gone}"
    others = [event for event in listed or () if str(event.get("event_id")) not in ours]
    if others:
        yield f"{NAME} lists {len(others)} more for booking `{trial.booking}` that do not name it: left as they are"
    if trial.members:
        gone = _gone(trial, f"/crew-members/{quote(trial.member)}")
        if not gone.well and gone.status != HTTPStatus.NOT_FOUND:
            yield f"crew member `{trial.member}` is not gone: {gone}"


def _gone(trial: CrewTrial, path: str) -> Reply:
    return answered(lambda: trial.ask("DELETE", path, serial=trial.serial))
