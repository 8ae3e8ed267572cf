"""The hands of an apply: effects done some at a time, under the lease, until all are done or no more may begin."""

from __future__ import annotations

from contextlib import closing
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

from publisher.applying.pile import Pile
from publisher.applying.stopping import heed
from publisher.applying.width import Width
from publisher.errors import PublishError
from publisher.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from publisher.fence.lease import Lease, NoLease
    from publisher.ports import Clock, Doing, Progress, Stop

    T = TypeVar("T")

HOPELESS: Final = 5
"""Calls of a service that fail one after another: the next would fail, too, each after its own patience."""

_NAP: Final = 0.25
"""Seconds of waiting between two looks at the lease, and at who asks to stop."""

_TICK: Final = 0.02
"""Seconds between two looks at the lease, and two words on how far it is."""


class Hands:
    """Has effects done, some at a time; meanwhile the lease is renewed, and whoever asks to stop is heard."""

    def __init__(self, lease: Lease | NoLease, clock: Clock, *, stop: Stop, progress: Progress) -> None:
        self._lease = lease
        self._stop = stop
        self._progress = progress
        self.clock = clock

    def each(
        self,
        step: str,
        work: Iterable[T],
        effect: Callable[[T], None],
        *,
        threads: int,
        size: Callable[[T], int] = lambda _: 0,
    ) -> None:
        """Do `effect` for each, in threads; after the first failure none begins, and it is raised with how many more.

        `size` is in bytes, for progress alone.
        """
        self.each_by(step, work, Threads(effect, threads), width=Width(threads), size=size)

    def each_by(
        self, step: str, work: Iterable[T], doing: Doing[T, object], *, width: Width, size: Callable[[T], int]
    ) -> None:
        """Have each done as `each` does, as many at a time as `width` says."""
        raise_first(self._all(step, list(work), doing, width=width, size=size, bearable=1).failed)

    def each_apart(self, step: str, work: Iterable[T], effect: Callable[[T], None], *, threads: int) -> Pile[T]:
        """Do `effect` for each, whichever of the others fail, and return what became of them; see HOPELESS."""
        doing = Threads(effect, threads)
        return self._all(step, list(work), doing, width=Width(threads), size=lambda _: 0, bearable=HOPELESS)

    def until(self, words: str, done: Callable[[], bool], *, seconds: float, hint: str) -> None:
        """Wait until `done`, asked more and more seldom; raise PublishError after so many seconds."""
        started = self.clock.monotonic()
        pause = 0.05
        while not done():
            if self.clock.monotonic() - started > seconds:
                raise PublishError(f"waited {seconds:.0f} s for the {words}, in vain", hint=hint)
            self._progress.step(f"waiting for the {words}")
            self.rest(pause)
            pause = min(2.0, pause * 1.5)

    def rest(self, seconds: float) -> None:
        """Wait, and keep the lease meanwhile, however short it is."""
        awake = self.clock.monotonic() + seconds
        while (left := awake - self.clock.monotonic()) > 0:
            self.clock.sleep(min(left, _NAP))
            self._lease.renew()

    def check(self) -> None:
        """Raise LeaseLostError or StoppedError where no effect may begin."""
        heed(self._stop)
        self._lease.check()

    def _all(
        self,
        step: str,
        work: list[T],
        doing: Doing[T, object],
        *,
        width: Width,
        size: Callable[[T], int],
        bearable: int,
    ) -> Pile[T]:
        pile, whole, looked = Pile(work, bearable=bearable, size=size), sum(map(size, work)), -inf
        with closing(doing):
            while pile.busy or (pile.is_open and not self._stop.asked()):
                if perf_counter() - looked >= _TICK:
                    looked = perf_counter()
                    self._progress.step(step, done=pile.done, total=len(work), sent=pile.sent, size=whole)
                    self._lease.renew()
                while pile.is_open and pile.busy < width.now and not self._stop.asked():
                    self._begin(pile, doing)
                if pile.busy:
                    for end in doing.ended(_TICK):
                        if isinstance(end.came, BaseException):
                            pile.count(end.piece, end.came)
                        else:
                            pile.count(end.piece, None)
                            width.took(end.seconds)
        if pile.fatal is not None:
            raise pile.fatal
        if pile.has_left and not pile.failed:
            heed(self._stop)
        if work and not pile.has_left:
            self._progress.step(step, done=len(work), total=len(work), sent=whole, size=whole)
        return pile

    def _begin(self, pile: Pile[T], doing: Doing[T, object]) -> None:
        """Begin with the next piece, if the lease holds at this moment."""
        piece = pile.take()
        try:
            self.check()
            doing.begin(piece)
        except Exception as error:  # noqa: BLE001 - whatever it is, what is under way ends before it is raised
            pile.count(piece, error)


def raise_first(failed: list[PublishError]) -> None:
    """Raise the first failure, where there is one, with how many more there were."""
    if not failed:
        return
    first, more = failed[0], len(failed) - 1
    if more:
        first.words = f"{first.words}; {more:,} more call{'' if more == 1 else 's'} failed"
    raise first
