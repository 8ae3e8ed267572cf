"""One view per audience of every charter: guest, crew, crew call, calendar. The only module that sees money.

Each value is made by naming what goes in, so that a new field of a booking reaches nobody until someone lets it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from castoff.contract.keys import address_of, crew_name
from castoff.contract.money import hold_back
from castoff.fleet.carry import BoardRow, Carry, Facts, carried, earlier_slugs
from castoff.fleet.model import Status
from castoff.pages import wording
from castoff.pages.appointments import Appointments, digest_of
from castoff.pages.facts import facts_of
from castoff.pages.payloads import calendar_entry, crew_call
from castoff.pages.phase import course_of
from castoff.pages.prose import NOBODY, Prose
from castoff.pages.times import charter_times, moved, sun_view
from castoff.pages.uploads import photos_view
from castoff.pages.views import CancelledView, CrewMemberView, CrewView, GuestView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from castoff.contract.calendar import Event
    from castoff.fleet.charter import Charter
    from castoff.fleet.charters import Fleet
    from castoff.fleet.model import Booking
    from castoff.fleet.settings import Addresses, Settings
    from castoff.pages.phase import CharterPhase, Course, Standing
    from castoff.pages.views import PhotosView


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A line that spoke of money and reached no audience: the field, and the line within it, from 1.

    Its words are not repeated here, since problems are printed where crew may read them.
    """

    booking: str
    field: str
    line: int


@dataclass(frozen=True, slots=True)
class Projection:
    """Everything that the world is to see of one charter; None where an audience is to see nothing.

    `event` is the body of the crew call: that of a charter which has ended stays what it was, and whether a first
    call still makes sense is the publisher's to judge by the charter's end.
    """

    booking: str
    aliases: tuple[str, ...]
    standing: Standing
    next_change: datetime | None
    guest: GuestView
    crew: CrewView
    guest_calendar: Event
    crew_calendar: Event
    event: Mapping[str, Any] | None
    calendar: Mapping[str, Any]
    facts: Mapping[str, str]
    carry: Carry
    held: tuple[HeldBack, ...]
    lost: tuple[str, ...]
    """Earlier slugs that are another booking's by now, and lead to its page."""

    @property
    def slugs(self) -> tuple[str, ...]:
        """Names that go on to the guest page: aliases, then what it was called when it was published before."""
        return (*self.aliases, *self.carry.board.former)


def private_finance(booking: Booking, settings: Settings) -> dict[str, str] | None:
    """Return the money that settings let through to the calendar, as exact decimal text; None where they do not.

    It goes into `build/private.json` and nowhere else.
    """
    if booking.finance is None or not settings.dashboard.finance or not booking.status.public:
        return None
    amounts = booking.finance.model_dump(exclude_none=True)
    return {name: str(amount) for name, amount in sorted(amounts.items())}


class Projector:
    """Project the charters of one fleet for one pair of sites, at one instant."""

    def __init__(self, fleet: Fleet, *, addresses: Addresses, as_of: datetime) -> None:
        self._settings = fleet.settings
        self._names = fleet.names
        self._addresses = addresses
        self._as_of = as_of
        self._prose = Prose(fleet)
        host = addresses.guest.partition("://")[2].partition(":")[0]
        self._appointments = Appointments(fleet.settings, host)

    def project(self, charter: Charter, prior: Carry | None = None, *, as_of: datetime | None = None) -> Projection:
        """Return what each audience sees of a public charter, given what the last build handed on.

        `as_of` is an instant other than the build's own.
        """
        booking = charter.booking
        held: list[HeldBack] = []
        requests = _without_money(booking.requests, "requests", booking.id, held)
        notes = _without_money(booking.notes, "notes", booking.id, held)
        lead = wording.short_name(booking.guests.lead)
        facts = _facts(charter)
        lost = () if prior is None else tuple(name for name in earlier_slugs(prior) if self._is_lost(name, booking.id))
        course, as_of = course_of(charter, self._settings), as_of or self._as_of
        standing = course.standing(as_of)
        photos = photos_view(course, standing.photos, year=charter.starts.year, limit=self._settings.uploads.max_size)
        changes = () if prior is None else moved(prior.first, facts, self._settings.zone)
        guest = self._guest(charter, facts, changes, course, standing.charter, lead, requests, photos)
        page = address_of(crew_name(booking.id), site=self._addresses.guest)
        for_guests = self._appointments.guest(charter, guest)
        for_crew = self._appointments.crew(charter, guest, crew_page=page)
        row, calendar = _board_row(charter, facts, lead), digest_of(for_guests, for_crew, facts)
        carry = carried(facts, row, prior, calendar=calendar, lost=lost)
        return Projection(
            booking=booking.id,
            aliases=booking.aliases,
            standing=standing,
            next_change=course.next_change(as_of),
            guest=guest,
            crew=self._crew(charter, guest, notes),
            guest_calendar=for_guests.revised(carry),
            crew_calendar=for_crew.revised(carry),
            event=None
            if booking.status is Status.CANCELLED
            else crew_call(charter, facts, notes=notes, crew_page=page),
            calendar=calendar_entry(charter, facts, lead=lead, guest_page=guest.address, crew_page=page),
            facts=facts_of(charter, requests=requests, notes=notes),
            carry=carry,
            held=tuple(held),
            lost=lost,
        )

    def _is_lost(self, name: str, booking: str) -> bool:
        return self._names.get(name, booking) != booking

    def _guest(  # noqa: PLR0917 - the one caller above has worked them out
        self,
        charter: Charter,
        facts: Facts,
        changes: tuple[str, ...],
        course: Course,
        phase: CharterPhase,
        lead: str,
        requests: str | None,
        photos: PhotosView,
    ) -> GuestView:
        booking = charter.booking
        return GuestView(
            slug=charter.slug,
            address=address_of(charter.slug, site=self._addresses.guest),
            phase=phase,
            cancelled=_cancelled(booking),
            lead=lead,
            guests=wording.counted(booking.guests.count, "guest"),
            times=charter_times(charter, facts, course),
            changes=changes,
            sun=sun_view(charter, course),
            vessel=self._prose.vessels[booking.vessel],
            dock=self._prose.docks[booking.dock],
            captain=self._prose.captains.get(booking.captain, NOBODY),
            waiver=booking.waiver,
            requests=requests,
            photos=photos,
        )

    def _crew(self, charter: Charter, guest: GuestView, notes: str | None) -> CrewView:
        captain = charter.captain
        return CrewView(
            id=charter.id,
            guest_address=guest.address,
            phase=guest.phase,
            cancelled=guest.cancelled and replace(guest.cancelled, words=None),
            lead=guest.lead,
            guests=guest.guests,
            allergies=wording.listed(charter.booking.guests.allergies),
            times=guest.times,
            changes=guest.changes,
            sun=guest.sun,
            vessel=guest.vessel,
            dock=guest.dock,
            crew=tuple(CrewMemberView(member.name, member.role.value) for member in charter.crew),
            captain=captain.name,
            captain_phone=captain.phone,
            captain_phone_link=captain.phone and wording.dialled(captain.phone),
            requests=guest.requests,
            notes=notes,
            photos=guest.photos,
            checklists=self._prose.checklists[charter.booking.vessel],
        )


def _without_money(text: str | None, field: str, booking: str, held: list[HeldBack]) -> str | None:
    if text is None:
        return None
    kept = hold_back(text)
    held.extend(HeldBack(booking, field, line.line) for line in kept.lines)
    return kept.text.strip() or None


def _facts(charter: Charter) -> Facts:
    return Facts(
        status=charter.booking.status.value,
        starts=charter.starts.isoformat(),
        ends=charter.ends.isoformat(),
        boards=charter.boards.isoformat(),
        calls=charter.calls.isoformat(),
        dock=charter.dock.name,
        vessel=charter.vessel.name,
    )


def waiting_row(charter: Charter) -> BoardRow:
    """Return what others must be held against of a charter that is on no board; whose it is, it does not say."""
    return _board_row(charter, _facts(charter), "")


def _board_row(charter: Charter, facts: Facts, lead: str) -> BoardRow:
    booking = charter.booking
    return BoardRow(
        status=booking.status.value,
        slug=charter.slug,
        vessel=charter.vessel.name,
        vessel_id=charter.vessel.id,
        captain=charter.captain.name,
        captain_id=charter.captain.id,
        aliases=booking.aliases,
        former=(),
        crew_ids=booking.crew,
        dock=charter.dock.name,
        lead=lead,
        guests=booking.guests.count,
        boards=facts.boards,
        calls=facts.calls,
        starts=facts.starts,
        ends=facts.ends,
    )


def _cancelled(booking: Booking) -> CancelledView | None:
    if booking.status is not Status.CANCELLED:
        return None
    cancelled = booking.cancelled
    if cancelled is None:
        return CancelledView(why=None, day=None, words=None)
    return CancelledView(why=cancelled.why, day=wording.day_and_year(cancelled.on), words=cancelled.words)
