"""A call after a while, made by the main thread in between: no second thread, since a build forks only without one."""

from __future__ import annotations

import atexit
import signal
import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def after(seconds: float, call: Callable[[], None]) -> None:
    """Have `call` made after so many seconds, in place of what was to be called before; nothing beside the main thread.

    No child inherits it (setitimer(2)), and whatever waits goes on waiting (PEP 475). A call that comes in the middle
    of a writing to the same terminal, or to one that is gone, is no call.
    """

    def ring(_number: int, _frame: object) -> None:
        with suppress(RuntimeError, OSError):  # io's "reentrant call", among others
            call()

    if threading.current_thread() is threading.main_thread():
        _end_with_the_program()
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)


@cache
def _end_with_the_program() -> None:
    """Have no alarm ring once Python has taken its handler away: that would end the program as if it was killed."""
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
