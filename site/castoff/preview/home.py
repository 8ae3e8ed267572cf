"""The home page: every booking, and the two pages of the chosen one as two phones show them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from castoff.contract.keys import address_of, crew_name
from castoff.contract.release import Site
from castoff.fleet.settings import settings_of
from castoff.fleet.sources import BOOKINGS, read_settings
from castoff.pages import wording
from castoff.pages.palette import palette, style
from castoff.pages.prose import MARK
from castoff.preview.agenda import agenda
from castoff.preview.bookings import entries
from castoff.preview.own_pages import own_page, own_part
from castoff.reading.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from castoff.edge.messages import Request, Response
    from castoff.fleet.settings import Settings
    from castoff.preview.agenda import Agenda
    from castoff.preview.bookings import Entry
    from castoff.preview.passes import Passes
    from castoff.preview.shown import Pages, Shown

_COLOUR: Final = "#0b4f6c"
_ID: Final = re.compile(r"[a-z0-9]{7}")


@dataclass(frozen=True, slots=True)
class _Phone:
    """A page as it is framed; `code` is the address of the picture that a phone's camera reads."""

    name: str
    address: str
    calendar: str
    code: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """The bookings of one state, and the list of them as the page has it: made once, since it is long."""

    shown: Shown
    agenda: Agenda
    markup: str


class Home:
    """Answers for the home page; `clock` gives the instant where no build has one, `network` the address for phones."""

    def __init__(self, root: Path, *, passes: Passes, clock: Callable[[], datetime], network: str | None) -> None:
        self._root = root
        self._passes = passes
        self._clock = clock
        self._network = network
        self._settings: Settings | None = None
        self._list: _List | None = None

    def style(self) -> str:
        """Return the brand's colours as the stylesheet's custom properties."""
        settings = self._read_settings()
        return style(palette(settings.brand.colour if settings else _COLOUR))

    def respond(self, request: Request, shown: Shown, *, known: str) -> Response:
        """Return the page, and with it the cookie of the crew page that it frames."""
        settings = self._read_settings()
        found = self._list_of(shown, settings)
        asked = dict(request.parameters()).get("booking", "")
        chosen = found.agenda.find(asked)
        missing = asked if chosen is None and _ID.fullmatch(asked) else None
        chosen = chosen or found.agenda.first
        as_of = found.agenda.as_of
        return own_page(
            "home.html",
            cookies=tuple(self._passes.crew(chosen.id, request.cookies())) if chosen and chosen.slug else (),
            brand=settings.brand.name if settings else "castoff",
            mark=_mark(shown.pages, settings),
            known=known,
            as_of=f"{wording.day(as_of)}, {wording.clock(as_of)}",
            still=shown.pages is not None and shown.pages.due is None,
            bookings=_with_chosen(found.markup, chosen),
            chosen=chosen,
            missing=missing,
            when=_when(chosen),
            pages=self._phones(chosen),
            shown=shown,
        )

    def _list_of(self, shown: Shown, settings: Settings | None) -> _List:
        if self._list is None or self._list.shown is not shown:
            at = settings.zone if settings else zone("UTC")
            as_of = shown.pages.as_of if shown.pages else self._clock().astimezone(at)
            known = shown.pages.bookings if shown.pages else {}
            found = agenda(entries(shown, _files(self._root / BOOKINGS, known), zone=at), as_of=as_of)
            self._list = _List(shown, found, str(own_part("list.html", days=found.days)))
        return self._list

    def _phones(self, chosen: Entry | None) -> tuple[_Phone, ...]:
        if chosen is None or chosen.slug is None:
            return ()
        guest, crew = address_of(chosen.slug), address_of(crew_name(chosen.id))
        code = f"/__castoff/code.svg?page={guest}" if self._network else None  # a crew page stays shut on a phone
        return (_Phone("Guest", guest, f"{guest}.ics", code), _Phone("Crew", crew, f"{crew}.ics", None))

    def _read_settings(self) -> Settings | None:
        """Return the settings as they stand, the last good ones where they are in disorder."""
        content, _ = read_settings(self._root)
        parsed = settings_of(content) if content is not None else None
        if parsed is not None and parsed.value is not None:
            self._settings = parsed.value
        return self._settings


def _files(folder: Path, known: Collection[str]) -> dict[str, bytes]:
    """Return the files of bookings that have no pages, by id."""
    found: dict[str, bytes] = {}
    with suppress(OSError):
        for file in folder.iterdir():
            booking = file.name.removesuffix(".yaml")
            if file.name.endswith(".yaml") and _ID.fullmatch(booking) and booking not in known:
                found[booking] = _content(file)
    return found


def _content(file: Path) -> bytes:
    """Return what a booking's file holds, nothing where it cannot be read: what is wrong with it is said elsewhere."""
    try:
        return file.read_bytes() if file.is_file() else b""
    except OSError:
        return b""


def _with_chosen(bookings: str, chosen: Entry | None) -> Markup:
    if chosen is not None:
        link = f'<a href="/?booking={chosen.id}"'
        bookings = bookings.replace(link, f'{link} aria-current="true"', 1)
    return Markup(bookings)  # noqa: S704 - our own template made it


def _mark(pages: Pages | None, settings: Settings | None) -> str | None:
    """Return the address of the brand's sign among the assets."""
    if pages is None:
        return None
    stem, _, suffix = ((settings and settings.brand.logo) or MARK).rpartition(".")
    wanted = re.compile(rf"{Site.GUEST.value}(/castoff/{re.escape(stem)}\.[0-9a-f]+\.{re.escape(suffix)})")
    return next((found[1] for path in pages.files if (found := wanted.fullmatch(path))), None)


def _when(chosen: Entry | None) -> str:
    if chosen is None or chosen.starts is None:
        return ""
    until = f" to {wording.clock(chosen.ends)}" if chosen.ends else ""
    return f"{wording.day(chosen.starts)}, {wording.clock(chosen.starts)}{until}"
