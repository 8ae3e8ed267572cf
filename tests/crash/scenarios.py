"""What a publish dies over, and what is done before the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from crash.versions import NOWHERE, Version

_SAILS: Final = Version()
_OFF: Final = Version("cancelled")


class FollowUp(Enum):
    """What is committed after a publish died."""

    AGAIN = "again"
    EDITED = "edited"
    UNDONE = "undone"
    CANCELLED = "cancelled"
    DRAFT = "draft"
    KILLED = "killed"
    """Nothing is, and the publisher that takes over dies as well: where is read off the log of a take-over."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A booking is `before`, published in peace, and `change` when the publisher dies.

    In a `renewal` nothing is edited: a night passes, and the form on its pages has to be signed anew.
    """

    name: str
    before: Version
    change: Version
    edited: Version
    cancelled: Version
    draft: Version
    renewal: bool = False
    twice: bool = False
    """Whether it is asked, too, what becomes of it where the one that takes over dies."""

    @property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """What is asked to follow."""
        return tuple(follow_up for follow_up in FollowUp if self.twice or follow_up is not FollowUp.KILLED)

    def then(self, follow_up: FollowUp) -> Version:
        """Return what the booking is in the end."""
        match follow_up:
            case FollowUp.AGAIN | FollowUp.KILLED:
                return self.change
            case FollowUp.EDITED:
                return self.edited
            case FollowUp.UNDONE:  # of a renewal nothing was edited, so it is the booking that is undone
                return NOWHERE if self.renewal else self.before
            case FollowUp.CANCELLED:
                return self.cancelled
            case FollowUp.DRAFT:
                return self.draft


def _scenario(name: str, before: Version, change: Version, *, renewal: bool = False, twice: bool = False) -> Scenario:
    here = change if change.status else before
    edited = replace(here, hour=16)
    cancelled = replace(here, status="cancelled", why="illness")
    return Scenario(name, before, change, edited, cancelled, replace(here, status="draft"), renewal, twice)


BOOKING: Final = _scenario("booking", NOWHERE, _SAILS, twice=True)
TIME: Final = _scenario("time", _SAILS, replace(_SAILS, hour=14))
CREW: Final = _scenario("crew", replace(_SAILS, crew="old-{}"), replace(_SAILS, crew="new-{}"), twice=True)
CANCELLATION: Final = _scenario("cancellation", _SAILS, _OFF)
REMOVAL: Final = _scenario("removal", _SAILS, NOWHERE, twice=True)
RENEWAL: Final = _scenario("renewal", _SAILS, _SAILS, renewal=True)

SCENARIOS: Final = (RENEWAL, BOOKING, TIME, CREW, CANCELLATION, REMOVAL)
"""All of them; the one in which time passes stands first, since its bookings would be touched by every later night."""
