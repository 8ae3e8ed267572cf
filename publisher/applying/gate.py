"""The gate: before a page for the crew alone is written, somebody without a cookie is turned away from one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from castoff.contract.plan import Put
from publisher.errors import PublishError

if TYPE_CHECKING:
    from castoff.contract.plan import Plan
    from castoff.contract.release import Booking, Release
    from publisher.ports import Web


def gated_booking(plan: Plan, release: Release) -> Booking | None:
    """Return a booking whose crew page a plan writes, where those ask for a login; the one by which to ask."""
    if not release.gated:
        return None
    written = {action.subject for action in plan.actions if isinstance(action, Put)}
    for booking in release.bookings.values():
        if page_at(booking.crew_url) in written:
            return booking
    return None


def check_gate(booking: Booking, web: Web) -> None:
    """Ask for a crew page as a stranger; raise PublishError unless that leads to the login.

    The function answers before the bucket is asked, so a page that is not there yet leads there, too.
    """
    status, leads_to = web.ask(booking.crew_url)
    if urlsplit(leads_to).path == f"/crew/{booking.id}":
        return
    raise PublishError(
        f"{booking.crew_url} is answered {status} and does not lead to the login: no crew page was written",
        hint="`castoff setup` puts castoff's function there, `castoff doctor` says more; then publish again",
    )


def page_at(url: str) -> str:
    """Return the path in a release of the page that is seen at a guest site's URL."""
    return f"guest{urlsplit(url).path}.html"
