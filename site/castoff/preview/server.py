"""The preview as it answers: who asks for what, a build that is true to the files, the page as the edge gives it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from castoff.contract.release import Site
from castoff.edge.messages import Response, notice
from castoff.preview.codes import code_picture
from castoff.preview.door import BOARD, Door
from castoff.preview.own_pages import PLACE, elsewhere, own_file, own_page
from castoff.preview.page import dressed
from castoff.preview.site import is_asset, sites
from castoff.preview.visitor import Visit, visit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.edge.edge import Edge
    from castoff.edge.messages import Request
    from castoff.fleet.settings import Addresses
    from castoff.preview.builder import Builder
    from castoff.preview.forms import Forms
    from castoff.preview.home import Home
    from castoff.preview.passes import Passes
    from castoff.preview.shown import Pages, Shown

PATIENCE: Final = 30.0
"""Seconds that a page waits for its build: a layout that never ends must not hold everything for ever."""

_ENTER: Final = "enter"
_CODE: Final = "code.svg"
_ABROAD: Final = frozenset({"mark.svg", "page.js", "plain.css", "problems.css"})
"""Our files that pages need on a phone."""


class Preview:
    """Answers every request, whatever its host.

    `code` is the edge function's, `addresses` where this preview is, `network` where phones find it, if they do.
    """

    def __init__(
        self,
        *,
        builder: Builder,
        home: Home,
        passes: Passes,
        forms: Forms,
        code: str,
        addresses: Addresses,
        network: str | None,
    ) -> None:
        self._builder = builder
        self._home = home
        self._passes = passes
        self._forms = forms
        self._code = code
        self._addresses = addresses
        self._network = network
        self._run = secrets.token_hex(4)
        self._edges: tuple[Pages, Mapping[Site, Edge]] | None = None

    def respond(self, request: Request) -> Response:
        """Answer a request; nothing of it is to be kept."""
        match visit_of(request.host, viewer=request.viewer):
            case Visit.HOME:
                response = self._at_home(request)
            case Visit.OPS:
                response = self._at_ops(request)
            case Visit.OUTSIDE:
                response = self._outside(request)
            case Visit.ASTRAY:
                response = notice(421, "No site here", f"This preview is at {self._addresses.guest}.")
        return response.with_headers(("cache-control", "no-store"))

    def known(self, shown: Shown) -> str:
        """Return what tells one state of what is shown from every other, in this process and the next."""
        return f"{self._run}.{shown.number}"

    def news(self, shown: Shown, visit: Visit) -> dict[str, str]:
        """Return what a page is told of a state; the words of files go to nobody outside."""
        told = shown.stopped and visit is not Visit.OUTSIDE
        return {
            "known": self.known(shown),
            "edition": self._edition(shown),
            "report": shown.report if told else "",
            "summary": shown.summary if told else "",
        }

    def _at_home(self, request: Request) -> Response:
        name = _own_name(request)
        if request.path == BOARD:
            return elsewhere(f"{self._addresses.ops}{PLACE}{_ENTER}?token={self._passes.token()}")
        if name == _CODE:
            return self._picture(request)
        if name is not None:
            return own_file(name, before=self._home.style() if name == "home.css" else "") or _nothing()
        if request.path != "/":
            return self._page(Site.GUEST, request)
        shown = self._builder.fresh(patience=PATIENCE)
        return self._busy() if shown is None else self._home.respond(request, shown, known=self.known(shown))

    def _at_ops(self, request: Request) -> Response:
        name = _own_name(request)
        if name == _ENTER:
            token = unquote(dict(request.parameters()).get("token", ""))
            if self._passes.spend(token):
                return elsewhere("/ops/", cookies=(self._passes.ops(),))
            words = "This link let someone in already, or waited for too long."
            link = f"{self._addresses.guest}{BOARD}"
            return own_page("plain.html", status=403, title="The board is shut", words=words, link=link, go="Open it")
        if name is not None:
            return own_file(name) or _nothing()
        return elsewhere("/ops/") if request.path == "/" else self._page(Site.OPS, request)

    def _outside(self, request: Request) -> Response:
        name = _own_name(request)
        if name is not None:
            return (own_file(name) if name in _ABROAD else None) or _nothing()
        return self._page(Site.GUEST, request)

    def _page(self, site: Site, request: Request) -> Response:
        """Answer as the edge does over a build that is true to the files, or over the last one that came to pages."""
        shown = self._builder.shown
        if not is_asset(shown.pages, request.path):
            fresh = self._builder.fresh(patience=PATIENCE)
            if fresh is None:
                return self._busy()
            shown = fresh
        if shown.pages is None:
            return self._without_pages(shown, request)
        response = self._edges_of(shown.pages)[site].respond(request)
        if not (response.header("content-type") or "").startswith("text/html"):
            return response
        return replace(response, body=dressed(response.body, edition=self._edition(shown)))

    def _edges_of(self, pages: Pages) -> Mapping[Site, Edge]:
        known = self._edges
        if known is None or known[0] is not pages:
            door = Door(self._addresses)
            edges = sites(pages, code=self._code, values=self._passes.values, forms=self._forms, login=door)
            known = self._edges = (pages, edges)
        return known[1]

    def _without_pages(self, shown: Shown, request: Request) -> Response:
        """Return the problems where there is no page to lay them over."""
        told = self.news(shown, visit_of(request.host, viewer=request.viewer))
        title = told["summary"] or "Nothing to show yet"
        words = "There is no page to show yet. This one goes on by itself as soon as there is."
        response = own_page("plain.html", status=503, title=title, words=words, report=told["report"])
        return replace(response, body=dressed(response.body, edition=told["edition"], known=told["known"]))

    def _busy(self) -> Response:
        words = f"Building takes longer than {PATIENCE:.0f} seconds. This page goes on by itself when it is done."
        response = own_page("plain.html", status=503, title="Still building", words=words)
        shown = self._builder.shown
        return replace(response, body=dressed(response.body, edition="", known=self.known(shown)))

    def _picture(self, request: Request) -> Response:
        """Return the code that opens a page on a phone, for pages that there are: no other text is drawn."""
        page = unquote(dict(request.parameters()).get("page", ""))
        pages = self._builder.shown.pages
        if self._network is None or pages is None or f"{Site.GUEST.value}{page}.html" not in pages.files:
            return _nothing()
        headers = (("content-type", "image/svg+xml"),)
        return Response(status=200, headers=headers, body=code_picture(f"{self._network}{page}"))

    def _edition(self, shown: Shown) -> str:
        return f"{self._run}.{shown.edition}"


def _own_name(request: Request) -> str | None:
    """Return the name of the file of ours that is asked for, None where none is."""
    return request.path.removeprefix(PLACE) if request.path.startswith(PLACE) else None


def _nothing() -> Response:
    return notice(404, "Nothing here", "The preview has no such file.")
