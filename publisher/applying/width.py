"""How many requests may be under way at once: more where each waits for the way, fewer where a narrow line is full."""

from __future__ import annotations

from typing import Final

FEW: Final = 8
"""With how many it begins: near by they take all that one process can give, and more would only be in its way."""

_MORE: Final = 3
"""By how many each answer widens it, where it did not come at once: 256 are under way after three times the way."""

_AT_ONCE: Final = 0.010
_SOON: Final = 1.0


class Width:
    """Between FEW and `most`: more for each answer that came soon and not at once, half as many for a late one.

    S3 takes thousands a second, so that with forty milliseconds to it hundreds have to be under way. Near by, more
    would only wait for each other; and on a laptop's uplink until the last gives up. `busy` is how many there are.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.now = min(FEW, most)
        self.busy = 0

    def leave(self) -> bool:
        """Tell one of those under way whether it is one too many."""
        too_many = self.busy > self.now
        self.busy -= too_many
        return too_many

    def took(self, seconds: float) -> None:
        """Take notice of an answer."""
        if seconds > _SOON:
            self.now = max(min(FEW, self._most), self.now // 2)
        elif seconds > _AT_ONCE:
            self.now = min(self._most, self.now + _MORE)
