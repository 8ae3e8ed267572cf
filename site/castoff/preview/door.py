"""The door where ShipCaptainCrew's login would be: the preview lets people in by its home page alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from castoff.contract.tickets import OPS
from castoff.edge.messages import Response, notice
from castoff.preview.own_pages import own_page
from castoff.preview.visitor import Visit, visit_of

if TYPE_CHECKING:
    from castoff.edge.messages import Request
    from castoff.fleet.settings import Addresses

BOARD: Final = "/__castoff/board"
"""Where the operator is let through to the board."""

_LOGIN: Final = re.compile(r"/crew/(?P<subject>[a-z0-9]{1,64})")


class Door:
    """Answers for `/crew/*`, to which the gate sends whoever has no cookie, and for `/g/PRESIGN`."""

    def __init__(self, addresses: Addresses) -> None:
        self._home = addresses.guest

    def fetch(self, request: Request) -> Response:
        """Return the page that says how to get in; nobody is told whether there is such a booking."""
        found = _LOGIN.fullmatch(request.path)
        if found is None:
            return notice(404, "Nothing here", "The preview has no such address.")
        if visit_of(request.host, viewer=request.viewer) is Visit.OUTSIDE:
            words = "In the preview, crew pages open on the computer that it runs on, and nowhere else."
            return own_page("plain.html", title="This page is for the crew", words=words)
        if found["subject"] == OPS:
            words = "In the preview, the board opens from the home page."
            return own_page(
                "plain.html", title="The board is shut", words=words, link=f"{self._home}{BOARD}", go="Open it"
            )
        words = "In the preview, crew pages open from the home page."
        link = f"{self._home}/?booking={found['subject']}"
        return own_page(
            "plain.html", title="This page is for the crew", words=words, link=link, go="Open the home page"
        )
