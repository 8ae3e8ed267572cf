"""Being asked to stop: heard between two effects and during every wait, never in the middle of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.errors import StoppedError

if TYPE_CHECKING:
    from publisher.ports import Clock, Stop


class Never:
    """Nobody asks."""

    def asked(self) -> bool:
        """Tell whether somebody asked."""
        return False


class AttentiveClock:
    """A clock whose waits end with StoppedError where somebody asked to stop."""

    def __init__(self, clock: Clock, stop: Stop) -> None:
        self._clock = clock
        self._stop = stop

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Return seconds of a clock that never jumps."""
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait, unless asked to stop before or meanwhile."""
        heed(self._stop)
        self._clock.sleep(seconds)
        heed(self._stop)


def heed(stop: Stop) -> None:
    """Raise StoppedError where somebody asked to stop."""
    if stop.asked():
        raise StoppedError("stopped, as asked", hint="run `castoff publish` again: it does what is left")
