"""A charter: one booking with everything that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from castoff.fleet.model import Status

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.fleet.content import CrewMember, Dock, Vessel
    from castoff.fleet.model import Booking


@dataclass(frozen=True, slots=True)
class Charter:
    """One booking with everything that it names: instants are aware, in the operator's zone.

    `file` is the SHA-256 of the bytes that it was read from.
    """

    booking: Booking
    slug: str
    vessel: Vessel
    dock: Dock
    captain: CrewMember
    crew: tuple[CrewMember, ...]
    starts: datetime
    ends: datetime
    boards: datetime
    calls: datetime
    file: bytes

    @property
    def id(self) -> str:
        """The booking's id."""
        return self.booking.id

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.booking.status is Status.CANCELLED
