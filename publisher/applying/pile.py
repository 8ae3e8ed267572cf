"""A pile of work: it knows which pieces are under way, how each ended, and whether another may begin."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from publisher.errors import ConflictError, LeaseLostError, PublishError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

_FINAL = (ConflictError, LeaseLostError, StoppedError)
"""What concerns the whole publish, and not the one call that met it."""


class Pile(Generic[T]):
    """Pieces in order; after `bearable` failures one after another none may begin any more.

    `busy` counts what is under way, `failed` are the failures of single calls, `fatal` is what ended it all, `size` is
    in bytes.
    """

    def __init__(self, work: Sequence[T], *, bearable: int, size: Callable[[T], int]) -> None:
        self._left = deque(work)
        self._size = size
        self._bearable = bearable
        self._in_a_row = 0
        self.busy = 0
        self.done = 0
        self.sent = 0
        self.failed: list[PublishError] = []
        self.fatal: BaseException | None = None

    @property
    def has_left(self) -> bool:
        """Whether there are pieces that nobody took."""
        return bool(self._left)

    @property
    def is_open(self) -> bool:
        """Whether another piece may begin."""
        return bool(self._left) and self._in_a_row < self._bearable and self.fatal is None

    @property
    def is_hopeless(self) -> bool:
        """Whether it ended with as many failures one after another as are bearable."""
        return self._in_a_row >= self._bearable

    def take(self) -> T:
        """Return the next piece, which is under way from now on; there is one where it is open."""
        self.busy += 1
        return self._left.popleft()

    def count(self, piece: T, error: BaseException | None) -> None:
        """Note how a piece ended."""
        self.busy -= 1
        self.done += 1
        self.sent += self._size(piece)
        if error is None:
            self._in_a_row = 0 if self._bearable > 1 else self._in_a_row
            return
        self._in_a_row += 1
        if isinstance(error, PublishError) and not isinstance(error, _FINAL):
            self.failed.append(error)
        elif self.fatal is None:
            self.fatal = error
