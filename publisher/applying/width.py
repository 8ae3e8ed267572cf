"""How many requests may be under way: more while each waits for the way, fewer once they wait for each other."""

from __future__ import annotations

from math import inf
from typing import Final

FEW: Final = 8
"""With how many it begins, and the fewest: near by they take all that one process can give."""

_MORE: Final = 3
"""By how many each quick answer widens it: 256 are under way after three times the way."""

_QUICK: Final = 2.0
"""How many times the quickest answer one may take and still be quick; what takes longer waited for others."""

_LATE: Final = 1.0
"""Seconds after which an answer is late."""


class Width:
    """Between FEW and `most`: three more for a quick answer, one fewer for any other, half as many for a late one.

    S3 takes thousands a second, so that with forty milliseconds to it hundreds have to be under way. Near by, more
    would only wait for each other; and on a laptop's uplink until the last gives up.
    """

    def __init__(self, most: int) -> None:
        self._fewest = min(FEW, most)
        self._most = most
        self._quickest = inf
        self.now = self._fewest

    def took(self, seconds: float) -> None:
        """Take notice of an answer."""
        self._quickest = min(self._quickest, seconds)
        if seconds > _LATE:
            wanted = self.now // 2
        elif seconds <= _QUICK * self._quickest:
            wanted = self.now + _MORE
        else:
            wanted = self.now - 1
        self.now = max(self._fewest, min(self._most, wanted))
