"""Work for two processes: a forked child takes half, and gives its answer back through a pipe."""

from __future__ import annotations

import os
import pickle
import threading
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")

FEWEST: Final = 300
"""Items below which a child hardly saves what it costs: forking, and copying what it made through the pipe."""


class WorkerError(RuntimeError):
    """Say that the child ended without an answer."""


def in_halves(work: Callable[[Sequence[T]], R], items: Sequence[T], *, fewest: int = FEWEST) -> list[R]:
    """Return what `work` makes of the items, in order: in one answer, or in two that two processes made at a time.

    Raises what `work` raises, the first half's before the second's.
    """
    if len(items) < fewest or not _may_fork():
        return [work(items)]
    middle = len(items) // 2
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(writing, work, items[middle:])
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            first = work(items[:middle])
            answer = pipe.read()
    finally:
        os.waitpid(child, 0)
    if not answer:
        raise WorkerError("the second process ended without an answer")
    second, error = pickle.loads(answer)  # noqa: S301 - our own child wrote it
    if error is not None:
        raise error
    return [first, second]


def _may_fork() -> bool:
    """Tell whether a child would be of use, and safe: one forked beside threads may find a lock held for ever."""
    return hasattr(os, "fork") and threading.active_count() == 1 and (os.cpu_count() or 1) > 1


def _answer(pipe: int, work: Callable[[Sequence[T]], Any], items: Sequence[T]) -> NoReturn:
    """Do the child's half and end at once, without what the parent has registered for its own end."""
    try:
        try:
            answer = pickle.dumps((work(items), None), protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - the parent raises it
            answer = pickle.dumps((None, error), protocol=pickle.HIGHEST_PROTOCOL)
        with os.fdopen(pipe, "wb") as writing:
            writing.write(answer)
    finally:
        os._exit(0)
