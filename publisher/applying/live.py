"""What must be live before anybody is sent a link to it: whose pages those are, and that they are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.contract.facts import is_told
from castoff.contract.keys import page_at
from castoff.contract.plan import CancelEvent, CreateEvent, Put, UpdateEvent
from publisher.applying.steps import Step
from publisher.errors import PublishError
from publisher.planning.diff import is_over

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from castoff.contract.plan import Plan
    from castoff.contract.release import Release
    from castoff.contract.state import State
    from publisher.applying.hands import Hands
    from publisher.ports import Web

LIVE_SECONDS: Final = 60.0
"""How long a page may take to be seen once its invalidation is complete, and every page was looked at once."""

REMEMBERED_SECONDS: Final = 3.0
"""After which a new page that is not seen is taken for one that the distribution remembers as missing."""

_LOOKS: Final = 8
"""Looks at a time, and seconds in between that double: a site is asked no more than by a few guests."""
_LONGEST_PAUSE: Final = 4.0


def linked(plan: Plan, release: Release, state: State) -> frozenset[str]:
    """Return the bookings whose crew are mailed, or of which a guest is about to be sent a link: new, or another."""
    called = {
        action.booking
        for action in plan.actions
        if isinstance(action, CreateEvent | UpdateEvent | CancelEvent) and action.mails
    }
    told = {key for key in plan.about if key in release.bookings and _is_told(key, plan, release, state)}
    return frozenset(called | told)


def _is_told(key: str, plan: Plan, release: Release, state: State) -> bool:
    booking, about, known = release.bookings[key], plan.about[key], state.bookings.get(key)
    if known is None or not known.since:
        return not is_over(booking.ends, release.as_of)
    return is_told(known.status, booking.status, about.changes)


def pages_to_see(plan: Plan, release: Release, bookings: frozenset[str]) -> dict[str, str]:
    """Return the URL of each page that is written for these bookings and can be seen by everyone, by its path.

    A crew page behind its gate cannot: for it stand the object's digest and the completed invalidation.
    """
    written = {action.subject for action in plan.actions if isinstance(action, Put)}
    urls = {}
    for key in sorted(bookings & release.bookings.keys()):
        booking = release.bookings[key]
        for url in (booking.guest_url, *(() if release.gated else (booking.crew_url,))):
            if page_at(url) in written:
                urls[page_at(url)] = url
    return urls


def see_live(pages: Mapping[str, bytes], web: Web, hands: Hands, *, late: Callable[[], None]) -> None:
    """Wait until each URL shows these bytes; `late` is called once where one does not for REMEMBERED_SECONDS.

    Raises PublishError after LIVE_SECONDS.
    """
    left = dict(pages)
    pause, said = 0.1, False

    def look(url: str) -> None:
        if web.fetch(url) == pages[url]:
            del left[url]

    hands.each(Step.LIVE, sorted(left), look, threads=_LOOKS)
    started = looked = hands.clock.monotonic()
    while left:
        if looked - started > LIVE_SECONDS:
            more = f", and {len(left) - 1:,} more," if len(left) > 1 else ""
            status, _ = web.ask(min(left))
            answered = "" if status == 200 else f"; it is answered {status}"  # noqa: PLR2004 - HTTP's OK
            words = f"for the page {min(left)}{more} to show what was written, in vain{answered}"
            raise PublishError(
                f"waited {LIVE_SECONDS:.0f} s {words}",
                hint="no crew was called; check the distribution's origin and function, then publish again",
            )
        if hands.clock.monotonic() - started > REMEMBERED_SECONDS and not said:
            said = True
            late()
            started = hands.clock.monotonic()
        hands.rest(pause)
        pause = min(_LONGEST_PAUSE, pause * 2)
        looked = hands.clock.monotonic()
        hands.each(Step.LIVE, sorted(left), look, threads=_LOOKS)
