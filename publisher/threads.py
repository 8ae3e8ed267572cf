"""Effects in threads: begun one by one, and told of as they end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, Generic, TypeVar

from publisher.ports import End

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
R = TypeVar("R")


class Threads(Generic[T, R]):
    """One effect for many pieces, each in one of at most so many threads."""

    def __init__(self, effect: Callable[[T], R], most: int) -> None:
        self._effect = effect
        self._pool = ThreadPoolExecutor(most)
        self._ends: SimpleQueue[End[T, R]] = SimpleQueue()

    def begin(self, piece: T) -> None:
        """Do the effect for a piece as soon as a thread is free."""
        self._pool.submit(self._do, piece)

    def ended(self, seconds: float) -> list[End[T, R]]:
        """Return which have ended since the last look, as soon as one has, or so many seconds after."""
        try:
            found = [self._ends.get(timeout=seconds)] if seconds else [self._ends.get_nowait()]
        except Empty:
            return []
        while not self._ends.empty():
            found.append(self._ends.get_nowait())
        return found

    def close(self) -> None:
        """Wait for those that are under way, and begin none that waits for a thread."""
        self._pool.shutdown(cancel_futures=True)

    def _do(self, piece: T) -> None:
        started = perf_counter()
        try:
            came: R | BaseException = self._effect(piece)
        except BaseException as error:  # noqa: BLE001 - whatever it is, whoever waits is told
            came = error
        self._ends.put(End(piece, came, perf_counter() - started))
