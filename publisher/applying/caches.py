"""The caches: which paths the distributions are asked to forget, in which batches, and when that is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.contract.document import digest
from castoff.contract.plan import Delete, Invalidate, Put, Reason
from publisher.errors import BusyError
from publisher.planning.paths import batches

if TYPE_CHECKING:
    from castoff.contract.plan import Plan
    from castoff.contract.release import Release, Site
    from publisher.applying.hands import Hands
    from publisher.ports import Distributions

INVALIDATION_SECONDS: Final = 600.0
"""How long to wait for an invalidation; CloudFront usually takes under two minutes."""

BUSY_SECONDS: Final = 900.0
"""How long to wait until CloudFront takes one more, with as many in progress as it allows."""


def sites_to_wait_for(plan: Plan, release: Release, linked: frozenset[str]) -> frozenset[Site]:
    """Return the sites whose caches have to have forgotten before the publish goes on.

    That is where a page is written anew behind a link that is about to be sent, where something vanishes, and where
    headers change, as they do when a page is no longer for everyone. A page of no such booking may be seen as it was
    for a minute more.
    """
    sites = set()
    for action in plan.actions:
        match action:
            case Delete():
                sites.add(action.site)
            case Put(reason=reason) if reason is not Reason.NEW and not release.files[action.subject].immutable:
                if reason is Reason.HEADERS_CHANGED or action.booking in linked:
                    sites.add(action.site)
            case _:
                pass
    return frozenset(sites)


class Caches:
    """The caches of a target; each request's reference is of this serial and its own paths, so that none is made twice.

    CloudFront answers the same reference and paths with the invalidation that it has made of them already.
    """

    def __init__(self, distributions: Distributions, hands: Hands, *, serial: int) -> None:
        self._distributions = distributions
        self._hands = hands
        self._serial = serial

    def forget(self, actions: list[Invalidate], *, wait_for: frozenset[Site]) -> None:
        """Have each site's paths forgotten: accepted by all, and completed by those that are waited for.

        All sites are asked before any is waited for; what is too much at once is asked in turn.
        """
        left = {action.site: batches(action.paths) for action in actions}
        while left:
            asked = [(site, self._ask(site, paths[0])) for site, paths in left.items()]
            left = {site: paths[1:] for site, paths in left.items() if paths[1:]}
            pending = [(site, made) for site, made in asked if site in left or site in wait_for]
            if pending:
                self._complete(pending)

    def _ask(self, site: Site, paths: tuple[str, ...]) -> str:
        """Return the id of an invalidation, asked for until CloudFront has room for it."""
        reference = f"castoff-{self._serial}-{site.value}-{digest(list(paths))[:16]}"
        made: list[str] = []

        def accepted() -> bool:
            self._hands.check()
            try:
                made.append(self._distributions.invalidate(site, paths, reference=reference))
            except BusyError:
                return False
            return True

        self._hands.until(
            f"{site.value} distribution to finish earlier invalidations",
            accepted,
            seconds=BUSY_SECONDS,
            hint="find what else has that distribution forget its pages, then publish again",
        )
        return made[0]

    def _complete(self, pending: list[tuple[Site, str]]) -> None:
        left = list(pending)

        def completed() -> bool:
            while left and self._distributions.completed(*left[0]):
                del left[0]
            return not left

        self._hands.until(
            f"invalidation of {' and '.join(dict.fromkeys(site.value for site, _ in pending))}",
            completed,
            seconds=INVALIDATION_SECONDS,
            hint="run `castoff publish` again once CloudFront answers",
        )
