"""The gate: before a page for the crew alone is written, somebody without a cookie is turned away from its site."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from castoff.contract.keys import page_at
from castoff.contract.plan import Put
from castoff.contract.release import Site
from publisher.errors import PublishError

if TYPE_CHECKING:
    from castoff.contract.plan import Plan
    from castoff.contract.release import Release
    from publisher.ports import Web

_BOARD: Final = f"{Site.OPS.value}/ops/"


def doors(plan: Plan, release: Release, *, board: str) -> dict[str, str]:
    """Return by which pages to ask, with the path of each one's login: one a site on which a plan writes such pages.

    Crew pages ask for a login where the release says so; the board, seen at `board`, always does.
    """
    written = {action.subject for action in plan.actions if isinstance(action, Put)}
    crew = (booking for booking in release.bookings.values() if release.gated and page_at(booking.crew_url) in written)
    found = {booking.crew_url: f"/crew/{booking.id}" for booking in islice(crew, 1)}
    if any(path.startswith(_BOARD) for path in written):
        found[board] = "/crew/ops"
    return found


def check_gate(url: str, login: str, web: Web) -> None:
    """Ask for a page as a stranger; raise PublishError unless that leads to the login.

    The function answers before the bucket is asked, so a page that is not there yet leads there, too.
    """
    status, leads_to = web.ask(url)
    if urlsplit(leads_to).path == login:
        return
    raise PublishError(
        f"{url} is answered {status} and does not lead to the login: no crew page was written",
        hint="`castoff setup` puts castoff's function there, `castoff doctor` says more; then publish again",
    )
