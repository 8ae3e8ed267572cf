"""The press: charters in, their pages as bytes, with what the release says of each booking."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from castoff.contract import release as contract
from castoff.contract.release import file_digest
from castoff.pages.keys import charter_pages
from castoff.pages.phase import course_of
from castoff.pages.projection import Projector, private_finance
from castoff.reuse import carry_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from castoff.contract.release import Site
    from castoff.contract.slots import Slot
    from castoff.contract.state import PublishedBooking
    from castoff.fleet.carry import BoardRow
    from castoff.fleet.charters import Charter
    from castoff.fleet.settings import Settings
    from castoff.inputs import Inputs
    from castoff.pages.keys import Page
    from castoff.pages.projection import HeldBack, Projection
    from castoff.pages.render import Renderer

    Sheet = tuple[Site, str, str, int, str, str, str | None, tuple[Slot, ...]]
    """The fields of a release's file, in their order: plain, since a child process hands over five a booking."""


@dataclass(slots=True)
class Printed:
    """What came off the press; `sheets` and `bodies` are side by side."""

    sheets: list[Sheet] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    bookings: dict[str, contract.Booking] = field(default_factory=dict)
    rows: dict[str, BoardRow] = field(default_factory=dict)
    private: dict[str, Mapping[str, str]] = field(default_factory=dict)
    held: list[HeldBack] = field(default_factory=list)
    lost: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Earlier slugs that are another booking's by now, by the booking whose guests still have them."""

    def add(self, page: Page, body: bytes) -> None:
        """Add a page."""
        self.add_file(page.site, page.key, body, page.content_type, page.cache_control, page.booking, page.slots)

    def add_file(  # noqa: PLR0917 - the fields of a file, in their order
        self,
        site: Site,
        key: str,
        body: bytes,
        content_type: str,
        cache_control: str,
        booking: str | None = None,
        slots: tuple[Slot, ...] = (),
    ) -> None:
        """Add a file of any kind."""
        digest = file_digest(body, content_type=content_type, cache_control=cache_control, slots=slots)
        self.sheets.append((site, key, digest, len(body), content_type, cache_control, booking, slots))
        self.bodies.append(body)

    def extend(self, other: Printed) -> None:
        """Add what another press printed."""
        self.sheets += other.sheets
        self.bodies += other.bodies
        self.bookings |= other.bookings
        self.rows |= other.rows
        self.private |= other.private
        self.held += other.held
        self.lost |= other.lost


@dataclass(frozen=True, slots=True)
class Press:
    """Everything that is set up once a build: what charters are projected with, rendered with and digested with."""

    settings: Settings
    projector: Projector
    renderer: Renderer
    inputs: Inputs
    prior: Mapping[str, PublishedBooking]
    as_of: datetime
    guest: str

    def print_charters(self, charters: Sequence[Charter]) -> Printed:
        """Return what these charters come to; raise ProblemsError where a layout is at fault."""
        printed = Printed()
        for charter in charters:
            prior = self.prior.get(charter.id)
            projection = self.projector.project(charter, None if prior is None else carry_of(charter.id, prior))
            for page in charter_pages(projection):
                printed.add(page, self.renderer.render(page))
            printed.bookings[charter.id] = self._booking(charter, projection)
            printed.rows[charter.id] = projection.carry.board
            money = private_finance(charter.booking, self.settings)
            if money is not None:
                printed.private[charter.id] = money
            printed.held += projection.held
            if projection.lost:
                printed.lost[charter.id] = projection.lost
        return printed

    def rehearse(self, charter: Charter) -> None:
        """Render a charter as it will stand from phase to phase; raise ProblemsError where a layout is at fault.

        What a layout says on the day alone would else be found wrong on the day, by a publish at night.
        """
        for instant in course_of(charter, self.settings).one_of_each():
            for page in charter_pages(self.projector.project(charter, as_of=instant)):
                self.renderer.render(page)

    def print_pages(self, pages: Iterable[Page]) -> Printed:
        """Return pages that belong to no charter."""
        printed = Printed()
        for page in pages:
            printed.add(page, self.renderer.render(page))
        return printed

    def _booking(self, charter: Charter, projection: Projection) -> contract.Booking:
        carry = projection.carry.to_json()
        change = projection.next_change
        return contract.Booking(
            id=charter.id,
            status=charter.booking.status.value,
            input=self.inputs.digest(charter.id, standing=projection.standing, carry=carry),
            ends=charter.ends.isoformat(),
            next=None if change is None else change.isoformat(),
            guest_url=projection.guest.address,
            crew_url=f"{self.guest}/g/{charter.id}-crew",
            event=projection.event,
            calendar=projection.calendar,
            carry=carry,
        )
