"""The hands of an apply: effects done some at a time, under the lease, until all are done or no more may begin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

from publisher.applying.pile import Pile
from publisher.applying.stopping import heed
from publisher.applying.width import Width
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

    from publisher.fence.lease import Lease, NoLease
    from publisher.ports import Clock, Progress, Stop

    T = TypeVar("T")

HOPELESS: Final = 5
"""Calls of a service that fail one after another: the next would fail, too, each after its own patience."""

_NAP: Final = 0.25
"""Seconds of waiting between two looks at the lease, and at who asks to stop."""

_TICK: Final = 0.02
"""Seconds between two looks at how it goes: at whether more threads are worth their while, and at the lease."""


class Hands:
    """Does effects in threads; between them the lease is renewed, and whoever asks to stop is heard."""

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
        """Do `effect` for each; after the first failure none begins, and it is raised with how many more failed.

        `size` is in bytes, for progress alone.
        """
        raise_first(self._each(step, list(work), effect, threads=threads, size=size, bearable=1).failed)

    def each_apart(self, step: str, work: Iterable[T], effect: Callable[[T], None], *, threads: int) -> Pile[T]:
        """Do `effect` for each, whichever of the others fail, and return what became of them; see HOPELESS."""
        return self._each(step, list(work), effect, threads=threads, size=lambda _: 0, bearable=HOPELESS)

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

    def _each(
        self,
        step: str,
        work: list[T],
        effect: Callable[[T], None],
        *,
        threads: int,
        size: Callable[[T], int],
        bearable: int,
    ) -> Pile[T]:
        pile = Pile(work, bearable=bearable, size=size)
        if not work:
            return pile
        whole, width = sum(map(size, work)), Width(threads)
        with ThreadPoolExecutor(min(threads, len(work))) as pool:
            busy: set[Future[None]] = set()
            try:
                while busy or (pile.is_open and not self._stop.asked()):
                    self._progress.step(step, done=pile.done, total=len(work), sent=pile.sent, size=whole)
                    while pile.is_open and len(busy) < width.now and not self._stop.asked():
                        busy.add(pool.submit(self._work, pile, effect, width))
                    width.busy = len(busy)
                    busy -= wait(busy, timeout=_TICK).done
                    self._lease.renew()
            except BaseException as error:
                pile.fatal = error  # the pool waits for its threads, and nobody keeps the lease for them any more
                raise
        if pile.fatal is not None:
            raise pile.fatal
        if pile.has_left and not pile.failed:
            heed(self._stop)
        if not pile.has_left:
            self._progress.step(step, done=len(work), total=len(work), sent=whole, size=whole)
        return pile

    def _work(self, pile: Pile[T], effect: Callable[[T], None], width: Width) -> None:
        """Take and do one piece after the other, until no more may begin: what is small is not worth a thread each."""
        while not self._stop.asked() and (piece := pile.take()) is not None:
            started = perf_counter()
            try:
                self.check()
                effect(piece)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the pile tells whoever waits for it
                pile.count(piece, error)
                return
            pile.count(piece, None)
            width.took(perf_counter() - started)
            if width.leave():
                return


def raise_first(failed: list[PublishError]) -> None:
    """Raise the first failure, where there is one, with how many more there were."""
    if not failed:
        return
    first, more = failed[0], len(failed) - 1
    if more:
        first.words = f"{first.words}; {more:,} more call{'' if more == 1 else 's'} failed"
    raise first
