"""The pages of a release: what there is to render, and at which key it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from castoff.contract.calendar import Event
from castoff.contract.keys import calendar_key, crew_name, page_key
from castoff.contract.release import Site
from castoff.contract.tickets import Audience
from castoff.pages.phase import CharterPhase
from castoff.pages.uploads import photos_slot
from castoff.pages.views import BoardView, CrewView, ForwardView, GuestView, PlainView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from castoff.contract.slots import Slot
    from castoff.pages.projection import Projection

View: TypeAlias = GuestView | CrewView | ForwardView | BoardView | PlainView | Event

PUBLIC: Final = "max-age=0, must-revalidate, s-maxage=86400, stale-if-error=86400"
"""The edge keeps a page for a day and is told when it changes; a browser asks every time."""
PRIVATE: Final = "no-store"
HTML: Final = "text/html; charset=utf-8"
CALENDAR: Final = "text/calendar; charset=utf-8"
BOARD: Final = "ops/index.html"
"""The board itself; the months further ahead have pages beside it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its template and what it shows; a calendar file has no template."""

    site: Site
    key: str
    template: str | None
    view: View
    cache_control: str
    content_type: str = HTML
    booking: str | None = None
    slots: tuple[Slot, ...] = ()


def charter_pages(projection: Projection) -> tuple[Page, ...]:
    """Return the pages of one public charter; none once it is retired."""
    if projection.guest.phase is CharterPhase.RETIRED:
        return ()
    booking, slug = projection.booking, projection.guest.slug
    theirs = crew_name(booking)
    forward = ForwardView(link=f"/{page_key(slug)}", address=projection.guest.address)
    photos = projection.guest.photos
    guest, crew = photos_slot(booking, Audience.GUEST, photos), photos_slot(booking, Audience.CREW, photos)
    pages = {
        page.key: page
        for page in (
            _page(page_key(slug), "guest.html", projection.guest, booking, PUBLIC, guest),
            _page(calendar_key(slug), None, projection.guest_calendar, booking, PUBLIC),
            _page(page_key(theirs), "crew.html", projection.crew, booking, PRIVATE, crew),
            _page(calendar_key(theirs), None, projection.crew_calendar, booking, PRIVATE),
        )
    }
    for key in map(page_key, (booking, *projection.slugs)):
        pages.setdefault(key, _page(key, "forward.html", forward, booking, PUBLIC))
    return tuple(pages.values())


def board_of_month(month: date) -> str:
    """Return the key of the board of a month."""
    return f"ops/{month:%Y-%m}.html"


def site_pages(boards: Mapping[str, BoardView]) -> tuple[Page, ...]:
    """Return the pages of no booking: the board's, by key, and on both sites what follows an upload or an error."""
    plain = {"castoff/404.html": ("404.html", "Not found"), "castoff/thanks.html": ("thanks.html", "Thank you")}
    return (
        *(Page(Site.OPS, key, "ops.html", view, PRIVATE) for key, view in boards.items()),
        *(
            Page(site, key, template, PlainView(title), PUBLIC)
            for site in Site
            for key, (template, title) in plain.items()
        ),
    )


def _page(  # noqa: PLR0917 - the fields of a page, in their order
    key: str,
    template: str | None,
    view: View,
    booking: str,
    cache_control: str,
    slots: tuple[Slot, ...] = (),
) -> Page:
    content_type = CALENDAR if template is None else HTML
    return Page(Site.GUEST, key, template, view, cache_control, content_type, booking, slots)
