"""A charter as an appointment: the guest's from boarding on, the crew's from their call on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from castoff.fleet.model import Status
from castoff.pages.views import CalendarView

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.fleet.charters import Charter
    from castoff.fleet.settings import Settings
    from castoff.pages.views import GuestView


@dataclass(frozen=True, slots=True)
class Appointments:
    """Make the appointments of one site's charters; `host` makes their ids unique in the world."""

    settings: Settings
    host: str

    def guest(self, charter: Charter, view: GuestView, *, revision: int) -> CalendarView:
        """Return what a guest keeps: be at the dock when boarding begins."""
        times = view.times
        lines = (
            f"Be at the dock by {times.boards}. We cast off at {times.starts} and are back at {times.ends}.",
            f"Directions: {view.dock.directions}",
            f"Everything else: {view.address}",
        )
        summary = f"Sailing on {view.vessel.name}"
        return self._entry(charter, "guest", charter.boards, revision, summary, lines, view.address)

    def crew(self, charter: Charter, view: GuestView, *, revision: int, crew_page: str) -> CalendarView:
        """Return what the crew keeps: be aboard when the call is."""
        times = view.times
        lines = (
            f"Call {times.calls}, guests board {times.boards}, start {times.starts}, back {times.ends}.",
            f"{view.guests}, captain {charter.captain.name}.",
            f"Crew page: {crew_page}",
        )
        summary = f"{view.vessel.name}, {view.guests}"
        return self._entry(charter, "crew", charter.calls, revision, summary, lines, crew_page)

    def _entry(  # noqa: PLR0917 - the two callers above are all there will be
        self,
        charter: Charter,
        audience: str,
        starts: datetime,
        revision: int,
        summary: str,
        lines: tuple[str, ...],
        page: str,
    ) -> CalendarView:
        place, brand = charter.dock.location, self.settings.brand
        cancelled = charter.booking.status is Status.CANCELLED
        return CalendarView(
            uid=f"{charter.id}-{audience}@{self.host}",
            sequence=revision,
            cancelled=cancelled,
            starts=starts,
            ends=charter.ends,
            zone=self.settings.timezone,
            summary=f"Cancelled: {summary}" if cancelled else summary,
            description="\n".join(("This charter is cancelled.", lines[-1]) if cancelled else lines),
            location=f"{charter.dock.name}, {charter.dock.address}",
            coordinates=None if place is None else (place.lat, place.lon),
            address=page,
            organizer=brand.name,
            organizer_email=brand.email,
        )
