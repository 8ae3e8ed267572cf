"""Apply a plan: in the order in which it is safe, each effect under the lease, what was confirmed written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from castoff.contract.plan import Delete, Invalidate, Put, Reason
from publisher.applying.caches import Caches, sites_to_wait_for
from publisher.applying.gate import check_gate, doors
from publisher.applying.hands import Hands
from publisher.applying.live import linked, pages_to_see, see_live
from publisher.applying.outcome import Outcome
from publisher.applying.pages import Pages
from publisher.applying.services import Services, calls_at_once
from publisher.applying.steps import Step
from publisher.applying.stopping import AttentiveClock
from publisher.applying.width import Width
from publisher.planning.paths import fold_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.plan import Plan
    from castoff.contract.state import PublishedFile
    from publisher.fence.lease import Lease
    from publisher.folder import ReleaseFolder
    from publisher.ports import Progress, Stop, World

MOST: Final = 256
"""Writes under way to S3 at most, which takes thousands a second; see Width."""

_DELETES: Final = 32
"""Deletes at once, by botocore, which keeps as many connections."""


class Applier:
    """Applies one plan to the world; `outcome` is true at every moment, `before` is what stood where it was planned."""

    def __init__(
        self,
        plan: Plan,
        folder: ReleaseFolder,
        world: World,
        *,
        lease: Lease,
        before: Mapping[str, PublishedFile],
        stop: Stop,
        progress: Progress,
        example: bool,
    ) -> None:
        state = lease.state
        self._plan = plan
        self._release = folder.release
        self._web = world.web
        self._doors = doors(plan, folder.release, board=world.board)
        self._progress = progress
        self._linked = linked(plan, folder.release, state)
        self._to_see = pages_to_see(plan, folder.release, self._linked)
        self.outcome = Outcome()
        self._hands = Hands(lease, AttentiveClock(world.clock, stop), stop=stop, progress=progress)
        self._pages = Pages(
            folder, world, self.outcome, before=before, serial=state.serial, kept=self._to_see.keys(), example=example
        )
        self._caches = Caches(world.distributions, self._hands, serial=state.serial)
        self._services = Services(plan, folder, world, self._hands, self.outcome, state=state)

    def run(self) -> None:
        """Apply every action, or raise PublishError.

        Up to where all pages are live, the first failure stops what has not begun. From then on bookings are
        independent: the first failure is raised once everything else is done.
        """
        self._ask_at_the_gate()
        self._services.introduce()
        self._put()
        self._hands.each(Step.REMOVING, self._pages.left_of(self._of(Delete)), self._pages.delete, threads=_DELETES)
        self._forget()
        self._see_live()
        self.outcome.live = True
        self._services.tell()

    def _of(self, kind: type[Any]) -> list[Any]:
        return [action for action in self._plan.actions if isinstance(action, kind)]

    def _ask_at_the_gate(self) -> None:
        for url, login in self._doors.items():
            self._progress.step(Step.GATE)
            self._hands.check()
            check_gate(url, login, self._web)

    def _put(self) -> None:
        """Write assets before the pages that need them, and last what asks ShipCaptainCrew for a form."""
        files, puts = self._release.files, self._of(Put)
        pages = [put for put in puts if not files[put.subject].immutable]
        forms = [put for put in pages if files[put.subject].slots]
        width = Width(MOST)
        for step, work in (
            (Step.ASSETS, [put for put in puts if files[put.subject].immutable]),
            (Step.PAGES, [put for put in pages if not files[put.subject].slots]),
        ):
            self._hands.each_by(step, work, self._pages.writes(), width=width, size=_size)
        self._hands.each(Step.FORMS, forms, self._pages.put, threads=calls_at_once(forms), size=_size)

    def _forget(self) -> None:
        actions = self._of(Invalidate)
        if actions:
            self._progress.step(Step.CACHES)
            self._caches.forget(actions, wait_for=sites_to_wait_for(self._plan, self._release, self._linked))

    def _see_live(self) -> None:
        bodies = {url: self._pages.filled[path] for path, url in self._to_see.items()}
        see_live(bodies, self._web, self._hands, late=self._forget_new)

    def _forget_new(self) -> None:
        """Have new pages forgotten, too: this distribution remembers that there were none."""
        new = [put for put in self._of(Put) if put.reason is Reason.NEW and put.subject in self._to_see]
        actions = [
            Invalidate(site, fold_paths(put.key for put in new if put.site is site), Reason.PAGES_CHANGED)
            for site in sorted({put.site for put in new})
        ]
        self._caches.forget(actions, wait_for=frozenset(action.site for action in actions))


def _size(put: Put) -> int:
    return put.size
