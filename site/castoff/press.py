"""The press: charters in; their pages, and what the release says of each booking, into a part of a sink."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from castoff.contract import release as contract
from castoff.contract.keys import address_of, crew_name
from castoff.contract.release import File, Site, file_digest
from castoff.fleet.slips import late_from
from castoff.pages.assets import CACHE_CONTROL, make_assets, pictures_used
from castoff.pages.keys import charter_pages
from castoff.pages.phase import course_of
from castoff.pages.projection import Projector, private_finance, waiting_row
from castoff.pages.prose import site_view
from castoff.pages.render import Renderer
from castoff.reuse import carry_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from castoff.fleet.carry import BoardRow
    from castoff.fleet.charter import Charter
    from castoff.fleet.charters import Fleet
    from castoff.fleet.sources import Sources
    from castoff.pages.assets import Asset
    from castoff.pages.keys import Page
    from castoff.pages.phase import Standing
    from castoff.pages.projection import HeldBack, Projection
    from castoff.pages.theme import Theme
    from castoff.settled import Settled
    from castoff.sinks import Part
    from castoff.wishes import Wishes


@dataclass(slots=True)
class Printed:
    """What the press tells of the charters that it has printed, by booking; pages are in the sink by then."""

    rows: dict[str, BoardRow] = field(default_factory=dict)
    stands: dict[str, tuple[Standing, str | None]] = field(default_factory=dict)
    """How each stands by the clock, and until when."""
    waiting: dict[str, tuple[BoardRow, str]] = field(default_factory=dict)
    """Drafts and holds, which have no pages: what others must be held against, and when they are late, ISO 8601."""
    private: dict[str, Mapping[str, str]] = field(default_factory=dict)
    held: list[HeldBack] = field(default_factory=list)
    lost: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Earlier slugs that are another booking's by now, by the booking whose guests still have them."""

    def extend(self, other: Printed) -> None:
        """Add what another press printed."""
        self.rows |= other.rows
        self.stands |= other.stands
        self.waiting |= other.waiting
        self.private |= other.private
        self.held += other.held
        self.lost |= other.lost


class Press:
    """Everything that is set up once a process: what charters are projected with, rendered with and digested with."""

    def __init__(self, fleet: Fleet, sources: Sources, theme: Theme, *, settled: Settled, wishes: Wishes) -> None:
        brand = fleet.settings.brand
        self._settings = fleet.settings
        self._settled = settled
        self._prior = wishes.prior
        self._assets = make_assets(theme, sources.pictures, brand=brand, used=pictures_used(fleet))
        self._projector = Projector(fleet, addresses=settled.addresses, as_of=settled.as_of)
        site = site_view(brand, fleet.snippets, address=settled.addresses.guest)
        self._renderer = Renderer(theme, assets=self._assets, site=site, cache=wishes.cache)

    def print_charters(self, charters: Iterable[Charter], part: Part) -> Printed:
        """Print the charters that are seen outside, in order; raise ProblemsError where a layout is at fault."""
        printed = Printed()
        for charter in charters:
            if not charter.booking.status.public:
                printed.waiting[charter.id] = (waiting_row(charter), late_from(charter).isoformat())
                continue
            prior = self._prior.get(charter.id)
            projection = self._projector.project(charter, None if prior is None else carry_of(charter.id, prior))
            self.print_pages(charter_pages(projection), part)
            booking = self._booking(charter, projection)
            part.book(booking)
            printed.rows[charter.id] = projection.carry.board
            printed.stands[charter.id] = (projection.standing, booking.next)
            money = private_finance(charter.booking, self._settings)
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
        for instant in course_of(charter, self._settings).one_of_each():
            for page in charter_pages(self._projector.project(charter, as_of=instant)):
                self._renderer.render(page)

    def print_pages(self, pages: Iterable[Page], part: Part) -> None:
        """Print pages, of a charter or of none."""
        for page in pages:
            body = self._renderer.render(page)
            digest = file_digest(
                body, content_type=page.content_type, cache_control=page.cache_control, slots=page.slots
            )
            part.put(
                File(
                    page.site,
                    page.key,
                    digest,
                    len(body),
                    page.content_type,
                    page.cache_control,
                    page.booking,
                    page.slots,
                ),
                body,
            )

    def print_assets(self, part: Part) -> None:
        """Print styles, scripts and pictures for both sites."""
        for asset in self._assets.values():
            digest = file_digest(asset.body, content_type=asset.content_type, cache_control=CACHE_CONTROL)
            for site in Site:
                part.put(_file(site, asset, digest), asset.body)

    def _booking(self, charter: Charter, projection: Projection) -> contract.Booking:
        carry = projection.carry.to_json()
        change = projection.next_change
        return contract.Booking(
            id=charter.id,
            status=charter.booking.status.value,
            input=self._settled.inputs.digest(charter.file, standing=projection.standing, carry=carry),
            ends=charter.ends.isoformat(),
            next=None if change is None else change.isoformat(),
            guest_url=projection.guest.address,
            crew_url=address_of(crew_name(charter.id), site=self._settled.addresses.guest),
            event=projection.event,
            calendar=projection.calendar,
            facts=projection.facts,
            carry=carry,
        )


def _file(site: Site, asset: Asset, digest: str) -> File:
    return File(site, asset.key, digest, len(asset.body), asset.content_type, CACHE_CONTROL)
