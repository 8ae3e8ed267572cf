"""Patience: how long an adapter waits for an answer and how often it asks again, the same towards everyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from publisher.ports import Clock

PASSES: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses of refusals that may pass by themselves."""

REFUSED: Final = "the connection was refused"
UNKNOWN_HOST: Final = "its name is not known"
BROKE: Final = "the connection broke"
UNTRUSTED: Final = "its certificate is not valid"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often, in seconds but for `tries`.

    `pause` is the wait before the second try and doubles with each; after `enough` no further try begins, so that a
    service that says nothing is asked twice, and not for a whole minute.
    """

    connect: float = 5.0
    read: float = 12.0
    tries: int = 5
    pause: float = 0.4
    enough: float = 20.0

    @property
    def silence(self) -> str:
        """Say that no answer came in time."""
        return f"nothing came within {self.read:g} s"

    @property
    def no_way(self) -> str:
        """Say that nobody could be reached in time."""
        return f"no connection within {self.connect:g} s"


class Tries:
    """The tries of one call, counted from the first on."""

    def __init__(self, patience: Patience, clock: Clock) -> None:
        self._patience = patience
        self._clock = clock
        self._started = clock.monotonic()
        self._made = 1

    def again(self) -> bool:
        """Wait and return True where it is worth another try, else False at once."""
        worn = self._clock.monotonic() - self._started > self._patience.enough
        if worn or self._made >= self._patience.tries:
            return False
        self._clock.sleep(self._patience.pause * 2 ** (self._made - 1))
        self._made += 1
        return True
