"""Doors: what a login opens, for whom, and for how long. One for each booking's crew page, one for the ops site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from castoff.contract.tickets import OPS
from lambdas.shipcaptaincrew.bodies import MemberRole
from lambdas.shipcaptaincrew.event import Event, Status
from lambdas.shipcaptaincrew.events import Events
from lambdas.shipcaptaincrew.members import Member, Members

_AFTER_CHARTER = timedelta(hours=36)
_OPS_STAYS = timedelta(days=14)


@dataclass(frozen=True)
class Door:
    """What lies behind a subject: a booking's event, or without one the ops site."""

    subject: str
    event: Event | None = None

    @property
    def path(self) -> str:
        """Where a browser goes once it is in."""
        return "/ops/" if self.event is None else urlsplit(self.event.crew_page).path

    @property
    def gives_links(self) -> bool:
        """Whether new links are to be had: not for a charter that is cancelled."""
        return self.event is None or self.event.status is Status.SCHEDULED

    def admits(self, member: Member) -> bool:
        """Tell whether a member belongs here."""
        if self.event is None:
            return member.role == MemberRole.OPS
        return member.member_id in self.event.member_ids

    def stays_open(self, now: datetime) -> datetime:
        """Return until when a login of this moment lasts: 36 hours after the charter, two weeks for ops."""
        if self.event is None:
            return now + _OPS_STAYS
        return max(self.event.ends, now) + _AFTER_CHARTER


class Doors:
    """The doors that there are."""

    def __init__(self, events: Events, members: Members) -> None:
        self._events = events
        self._members = members

    def find(self, subject: str) -> Door | None:
        """Return the door of a booking that has an event, or of the ops site; None where there is none."""
        if subject == OPS:
            return Door(OPS)
        events = self._events.of_booking(subject)
        return Door(subject, events[0]) if events else None

    def admit(self, subject: str, member: Member) -> bool:
        """Tell whether a member belongs behind a door, as it is at this moment."""
        door = self.find(subject)
        return door is not None and door.admits(member)

    def keepers(self, door: Door) -> Sequence[Member]:
        """Return the members who belong behind a door and have not left."""
        if door.event is None:
            return [member for member in self._members.ops() if door.admits(member)]
        found = (self._members.find(member_id) for member_id in door.event.member_ids)
        return [member for member in found if member is not None]
