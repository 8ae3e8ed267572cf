"""The example site of this repository, laid out in memory: what tests of projection, pages and layouts stand on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from castoff.fleet.charters import load_project
from castoff.fleet.model import Booking
from castoff.fleet.settings import addresses
from castoff.fleet.sources import read_sources
from castoff.pages.assets import make_assets, pictures_used
from castoff.pages.board import board
from castoff.pages.keys import charter_pages, site_pages
from castoff.pages.projection import Projection, Projector
from castoff.pages.prose import site_view
from castoff.pages.render import Renderer
from castoff.pages.theme import Theme, load_theme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from castoff.fleet.carry import Carry
    from castoff.fleet.charter import Charter
    from castoff.fleet.charters import Fleet

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def example() -> Fleet:
    """Return the fleet of the example site."""
    fleet, problems = load_project(ROOT)
    if fleet is None:
        raise AssertionError("\n".join(map(str, problems)))
    return fleet


def charter_of(fleet: Fleet, booking: str) -> Charter:
    """Return one charter."""
    return next(charter for charter in fleet.charters if charter.id == booking)


def with_booking(charter: Charter, **fields: Any) -> Charter:
    """Return the charter with some of its booking's fields replaced by other values, times and names left alone."""
    return replace(charter, booking=Booking.model_construct(**{**dict(charter.booking), **fields}))


def moved(charter: Charter, *, hours: int) -> Charter:
    """Return the charter some hours later, by the wall clock."""
    later = timedelta(hours=hours)
    return replace(
        charter,
        starts=charter.starts + later,
        ends=charter.ends + later,
        boards=charter.boards + later,
        calls=charter.calls + later,
    )


def with_charters(fleet: Fleet, *charters: Charter) -> Fleet:
    """Return the fleet with these charters instead of its own."""
    return replace(fleet, charters=charters)


def instant(fleet: Fleet) -> datetime:
    """Return the instant at which the example's clock stands still."""
    standing = fleet.settings.standing_clock
    if standing is None:
        raise AssertionError("the example's clock runs")
    return standing


def projector(fleet: Fleet, *, as_of: datetime | None = None) -> Projector:
    """Return what projects the fleet for production."""
    sites = addresses(fleet.settings.targets["production"])
    return Projector(fleet, addresses=sites, as_of=as_of or instant(fleet))


def projected(
    fleet: Fleet, *, as_of: datetime | None = None, prior: Mapping[str, Carry] | None = None
) -> dict[str, Projection]:
    """Return what the audiences see of each public charter."""
    project = projector(fleet, as_of=as_of).project
    return {
        charter.id: project(charter, (prior or {}).get(charter.id))
        for charter in fleet.charters
        if charter.booking.status.public
    }


def renderer(fleet: Fleet, theme: Theme | None = None) -> Renderer:
    """Return what renders the fleet's pages."""
    theme = theme or load_theme(ROOT)
    brand = fleet.settings.brand
    assets = make_assets(theme, read_sources(ROOT).pictures, brand=brand, used=pictures_used(fleet))
    sites = addresses(fleet.settings.targets["production"])
    return Renderer(theme, assets=assets, site=site_view(brand, fleet.snippets, address=sites.guest))


def rendered(
    fleet: Fleet, *, as_of: datetime | None = None, prior: Mapping[str, Carry] | None = None
) -> dict[str, bytes]:
    """Return every page of the fleet, assets aside, by site and key."""
    views = projected(fleet, as_of=as_of, prior=prior)
    rows = {booking: projection.carry.board for booking, projection in views.items()}
    sites = addresses(fleet.settings.targets["production"])
    pages = [page for projection in views.values() for page in charter_pages(projection)]
    sheets = board(rows, as_of=as_of or instant(fleet)).sheets
    pages += site_pages({sheet.key: sheet.view(sites) for sheet in sheets})
    render = renderer(fleet).render
    return {f"{page.site.value}/{page.key}": render(page) for page in pages}


@lru_cache(maxsize=1)
def example_pages() -> Mapping[str, bytes]:
    """Return every page of the example, assets aside, by site and key."""
    return rendered(example())
