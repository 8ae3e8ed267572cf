"""A charter as an appointment: the guest's from boarding on, the crew's from their call on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from castoff.contract.calendar import Event, Status

if TYPE_CHECKING:
    from castoff.fleet.carry import Carry, Facts
    from castoff.fleet.charter import Charter
    from castoff.fleet.settings import Settings
    from castoff.pages.views import GuestView

_GUEST: Final = (timedelta(days=1), timedelta(hours=2))
"""When a guest is reminded, before boarding: to pack, and to leave."""
_CREW: Final = (timedelta(hours=12), timedelta(hours=1))
"""When the crew is, before their call: the evening or the morning before, and to leave."""


class Appointment(NamedTuple):
    """An event but for its revision, which depends on what it says; the fields are those of an event, in its order."""

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    status: Status
    description: str
    location: str
    url: str
    coordinates: tuple[float, float] | None
    organizer: tuple[str, str] | None
    alarms: tuple[timedelta, ...]

    def revised(self, carry: Carry) -> Event:
        """Return the event of a revision, with the stamp that goes with it."""
        return Event(self.uid, carry.revision, _stamp(carry), *self[1:])


@dataclass(frozen=True, slots=True)
class Appointments:
    """Make the appointments of one site's charters; `host` makes their ids unique in the world."""

    settings: Settings
    host: str

    def guest(self, charter: Charter, view: GuestView) -> Appointment:
        """Return what a guest keeps: be at the dock when boarding begins."""
        times = view.times
        lines = (
            f"Be at the dock by {times.boards}. We cast off at {times.starts} and are back at {times.ends}.",
            f"Directions: {view.dock.directions}",
            f"Everything else: {view.address}",
        )
        return self._of(charter, "guest", charter.boards, f"Sailing on {view.vessel.name}", lines, view.address)

    def crew(self, charter: Charter, view: GuestView, *, crew_page: str) -> Appointment:
        """Return what the crew keeps: be aboard when the call is."""
        times = view.times
        lines = (
            f"Call {times.calls}, guests board {times.boards}, start {times.starts}, back {times.ends}.",
            f"{view.guests}{charter.captain.name and f', captain {charter.captain.name}'}.",
            f"Crew page: {crew_page}",
        )
        return self._of(charter, "crew", charter.calls, f"{view.vessel.name}, {view.guests}", lines, crew_page)

    def _of(  # noqa: PLR0917 - the two callers above are all there will be
        self, charter: Charter, audience: str, starts: datetime, summary: str, lines: tuple[str, ...], page: str
    ) -> Appointment:
        place, brand, cancelled = charter.dock.location, self.settings.brand, charter.cancelled
        return Appointment(
            uid=f"{charter.id}-{audience}@{self.host}",
            starts=starts,
            ends=charter.ends,
            summary=f"Cancelled: {summary}" if cancelled else summary,
            status=Status.CANCELLED if cancelled else Status.CONFIRMED,
            description="\n".join(("This charter is cancelled.", lines[-1]) if cancelled else lines),
            location=f"{charter.dock.name}, {charter.dock.address}",
            url=page,
            coordinates=None if place is None else (place.lat, place.lon),
            organizer=None if brand.email is None else (brand.name, brand.email),
            alarms=() if cancelled else _GUEST if audience == "guest" else _CREW,
        )


def digest_of(guest: Appointment, crew: Appointment, facts: Facts) -> str:
    """Return a short digest, in hex, of all that a charter's appointments say: another one is another revision."""
    # The facts have the times as text already, and place and organizer are the same in both: this is done for every
    # booking of a season.
    said = (
        *(facts.status, facts.boards, facts.calls, facts.ends, str(guest.ends.tzinfo), _ALARMS),
        *(guest.uid, guest.summary, guest.description, guest.url),
        *(crew.uid, crew.summary, crew.description, crew.url),
        *(guest.location, f"{guest.coordinates} {guest.organizer}"),
    )
    return blake2b("\0".join(said).encode(errors="surrogatepass"), digest_size=8).hexdigest()


_ALARMS: Final = str((_GUEST, _CREW))


def _stamp(carry: Carry) -> datetime:
    # DTSTAMP says when an entry was last revised. The clock is no input of a page, so it counts revisions instead,
    # from the first minute of the year that was first told: the same booking has the same bytes, and a later revision
    # the later stamp, wherever the charter moves to.
    return datetime(int(carry.first.starts[:4]), 1, 1, tzinfo=UTC) + timedelta(minutes=carry.revision)
