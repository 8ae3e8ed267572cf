"""Which bookings need not be read again: proven by the digest of what they were rendered from, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from castoff.contract.document import DocumentError, Fields
from castoff.fleet.carry import BoardRow, Carry
from castoff.pages.phase import phase_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.state import PublishedBooking
    from castoff.fleet.settings import Settings
    from castoff.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Reused:
    """A booking whose pages are those of the published state: the digest they share, and its line on the board."""

    input: str
    row: BoardRow


@dataclass(frozen=True, slots=True)
class _Times:
    """All that a phase depends on."""

    starts: datetime
    ends: datetime


def carry_of(booking: str, published: PublishedBooking) -> Carry | None:
    """Return what the last build handed on about a booking; None where it was another castoff's, in another form."""
    try:
        return Carry.from_json(Fields(published.carry, f"carry of {booking}"))
    except DocumentError:
        return None


def reusable(
    booking: str, published: PublishedBooking, *, settings: Settings, inputs: Inputs, as_of: datetime
) -> Reused | None:
    """Return a booking as reused where its inputs are still those that it was published from."""
    try:
        row = BoardRow.from_json(Fields(published.carry.get("board"), f"carry of {booking}"))
    except DocumentError:
        return None
    times = _Times(_instant(row.starts, settings), _instant(row.ends, settings))
    phase = phase_at(times, settings, as_of)
    digest = inputs.digest(booking, phase=phase, carry=published.carry)
    return Reused(digest, row) if digest == published.input else None


def all_reusable(
    bookings: Mapping[str, bytes],
    prior: Mapping[str, PublishedBooking],
    *,
    settings: Settings,
    inputs: Inputs,
    as_of: datetime,
) -> dict[str, Reused]:
    """Return every booking that may be reused, by id."""
    found = {
        booking: reusable(booking, prior[booking], settings=settings, inputs=inputs, as_of=as_of)
        for booking in bookings
        if booking in prior
    }
    return {booking: reused for booking, reused in found.items() if reused is not None}


def _instant(text: str, settings: Settings) -> datetime:
    """Return an instant in the operator's zone: phases begin at midnight there."""
    return datetime.fromisoformat(text).astimezone(settings.zone)
