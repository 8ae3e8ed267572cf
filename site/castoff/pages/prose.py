"""Content as pages show it, made once a build and shared by every view that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus

from markupsafe import Markup

from castoff.pages import wording
from castoff.pages.palette import palette
from castoff.pages.views import CaptainView, ChecklistView, DockView, ItemView, SiteView, SnippetView, VesselView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.fleet.charters import Fleet
    from castoff.fleet.content import Checklist, CrewMember, Dock, Snippet, Vessel
    from castoff.fleet.settings import Brand

MARK: Final = "mark.svg"
"""The theme's own sign, where an operator has no logo."""
_BRING: Final = "what-to-bring"
_ORDER: Final = ("weather", "safety", "faq")
"""Snippets that every guest page ends with, in this order; an operator's others come before the questions."""


class Prose:
    """Vessels, docks, captains and checklists of one fleet as views, by the id of their file."""

    def __init__(self, fleet: Fleet) -> None:
        self.vessels: Mapping[str, VesselView] = {key: _vessel(vessel) for key, vessel in fleet.vessels.items()}
        self.docks: Mapping[str, DockView] = {key: _dock(dock) for key, dock in fleet.docks.items()}
        self.captains: Mapping[str, CaptainView] = {key: _captain(member) for key, member in fleet.crew.items()}
        self.checklists: Mapping[str, tuple[ChecklistView, ...]] = {
            key: tuple(_checklist(fleet.checklists[name]) for name in vessel.checklists)
            for key, vessel in fleet.vessels.items()
        }


NOBODY: Final = CaptainView("", None, Markup(""))
"""The captain of a charter that is over, once their file is gone."""


def site_view(brand: Brand, snippets: Mapping[str, Snippet], *, address: str) -> SiteView:
    """Return what is the same on every page; `address` is the guest site's."""
    bring = snippets.get(_BRING)
    return SiteView(
        address=address,
        brand=brand.name,
        phone=brand.phone,
        phone_link=brand.phone and wording.dialled(brand.phone),
        text_link=brand.text and wording.dialled(brand.text),
        email=brand.email,
        logo=brand.logo or MARK,
        theme_light=palette(brand.colour).light.brand,
        theme_dark=palette(brand.colour).dark.paper,
        bring=None if bring is None else _snippet(bring),
        snippets=tuple(_snippet(snippets[key]) for key in sorted(snippets, key=_place) if key != _BRING),
    )


def _place(snippet: str) -> tuple[int, str]:
    if snippet in _ORDER[:-1]:
        return (_ORDER.index(snippet), snippet)
    return (len(_ORDER) if snippet == _ORDER[-1] else len(_ORDER) - 1, snippet)


def _snippet(snippet: Snippet) -> SnippetView:
    return SnippetView(snippet.id, snippet.title, _markup(snippet.body_html))


def _vessel(vessel: Vessel) -> VesselView:
    return VesselView(vessel.name, vessel.photo, _markup(vessel.body_html))


def _dock(dock: Dock) -> DockView:
    where = f"{dock.location.lat},{dock.location.lon}" if dock.location else f"{dock.name}, {dock.address}"
    return DockView(
        name=dock.name,
        address=dock.address,
        slip=dock.slip,
        gate=dock.gate,
        parking=dock.parking,
        # Google's universal address opens the maps program on either kind of phone, and a web page elsewhere.
        directions=f"https://www.google.com/maps/dir/?api=1&destination={quote_plus(where)}",
        forecast=dock.forecast,
        tides=dock.tide_station
        and f"https://tidesandcurrents.noaa.gov/noaatidepredictions.html?id={quote_plus(dock.tide_station)}",
        photo=dock.photo,
        body=_markup(dock.body_html),
    )


def _captain(member: CrewMember) -> CaptainView:
    return CaptainView(wording.first_name(member.name), member.photo, _markup(member.body_html))


def _checklist(checklist: Checklist) -> ChecklistView:
    items = tuple(ItemView(f"{checklist.id}.{item.id}", _markup(item.html)) for item in checklist.items)
    return ChecklistView(checklist.id, checklist.title, items)


def _markup(html: str) -> Markup:
    # The Markdown reader escaped whatever HTML stood in the operator's file, so this is ours.
    return Markup(html)  # noqa: S704
