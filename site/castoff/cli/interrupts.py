"""Ctrl-C, as a publish hears it: at the first, what is under way is finished and written down; the second ends it."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from castoff.cli.terminal import fail
from publisher.applying.stopping import heed
from publisher.errors import StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from castoff.cli.terminal import Progress

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_HEARD: Final = b"\nstopping: what is under way is finished, and nothing else begins; once more stops at once\n"
_NOTHING_BEGUN: Final = "nothing had begun, so nothing was changed"
_AT_ONCE: Final = (
    b"\nstopped at once: the next publish reads back what was done; from another machine, once the lease has run out\n"
)
_ONLY_LOOKED: Final = "nothing was changed: it only looks"
_LOOK_AT_ONCE: Final = b"\nstopped at once; nothing was changed: it only looks\n"


class Interrupts:
    """Whether somebody asked to stop, by Ctrl-C or SIGTERM; see `heard`."""

    def __init__(self, farewell: bytes = _AT_ONCE) -> None:
        self._farewell = farewell
        self._number: int | None = None
        self._at_once = False

    def asked(self) -> bool:
        """Tell whether somebody asked."""
        return self._number is not None

    @property
    def code(self) -> int:
        """The exit code of who was stopped by that signal."""
        return 128 + (self._number or signal.SIGINT)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let the first stop this block, which has no effect to finish, where it stands; it may have come before."""
        before, self._at_once = self._at_once, True
        try:
            heed(self)
            yield
        finally:
            self._at_once = before

    def hear(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal. What is said goes past Python's buffers, which may be in use at this very moment."""
        if self._at_once:
            if number == signal.SIGINT:
                raise KeyboardInterrupt
            raise SystemExit(128 + number)
        if self._number is not None:
            os.write(2, self._farewell)
            os._exit(128 + number)  # sys.exit would wait for every request under way
        self._number = number
        os.write(2, _HEARD)


@contextmanager
def heard(progress: Progress, *, only_looks: bool = False) -> Iterator[Interrupts]:
    """Hear Ctrl-C and SIGTERM during a block; a publish that stopped for it says how far it came, and ends with 130."""
    interrupts = Interrupts(_LOOK_AT_ONCE if only_looks else _AT_ONCE)
    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, interrupts.hear) for number in _SIGNALS} if main else {}
    try:
        yield interrupts
    except StoppedError as error:
        progress.clear()
        hint = _ONLY_LOOKED if only_looks else error.hint if error.so_far else _NOTHING_BEGUN
        fail(error.words, so_far=error.so_far, hint=hint, code=interrupts.code)
    finally:
        for number, taken in before.items():
            signal.signal(number, taken)
