"""A clock for those who wait in vain: the machine's own, but a second of waiting takes thirty-three milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.ports import Clock


@dataclass(slots=True)
class Hurried:
    """The clock behind a port, hurried."""

    real: Clock
    ahead: float = 0.0

    def now(self) -> float:
        """Return seconds since 1970, which are the machine's."""
        return self.real.now()

    def monotonic(self) -> float:
        """Return seconds of a clock that waiting moves on."""
        return self.real.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        """Wait for a thirtieth of what is asked: a minute in vain still outlasts a site's patience of 1.6 s."""
        self.real.sleep(seconds / 30)
        self.ahead += seconds * 29 / 30
