"""How fast and how much is sent in one go: SES refuses who is too fast, and a Lambda has its seconds."""

from collections.abc import Callable
from typing import Final, Protocol

from lambdas.service.patience import seconds_left

_THROTTLED = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"})
MARGIN: Final = 2.0
"""Seconds that a tick keeps for what it has begun: to read and to note, not to send."""

_ENOUGH = 3  # refusals in a row: then it is the day's quota, or everybody's rate, and the next tick will see


class Pace(Protocol):
    """Something that is asked before each mail, and told how it went."""

    def ready(self) -> bool:
        """Wait as long as is right, and tell whether one more may be begun."""

    def heard(self, refusal: str | None) -> None:
        """Take note of SES's answer to a mail: the code of its refusal, or None."""


class Hurry:
    """The pace of a request: its own few mails at once, as long as there is time."""

    def ready(self) -> bool:
        """Tell whether there is time."""
        return seconds_left() > 0

    def heard(self, refusal: str | None) -> None:
        """Go on, whatever was answered: each of the few is tried."""


class Stroll:
    """The pace of a tick: so many mails at most, so far apart, farther after each throttling, and then no more."""

    def __init__(self, *, most: int, apart: float, pause: Callable[[float], None]) -> None:
        self._left = most
        self._apart = apart
        self._pause = pause
        self._throttled = 0
        self._begun = False

    def ready(self) -> bool:
        """Wait since the mail before, and tell whether one more may be begun."""
        if self._left <= 0 or self._throttled >= _ENOUGH or seconds_left() <= MARGIN + self._apart:
            return False
        if self._begun:
            self._pause(self._apart)
        self._begun = True
        self._left -= 1
        return True

    def heard(self, refusal: str | None) -> None:
        """Slow down when SES throttles."""
        if refusal in _THROTTLED:
            self._throttled += 1
            self._apart = max(1.0, 2 * self._apart)
        else:
            self._throttled = 0
