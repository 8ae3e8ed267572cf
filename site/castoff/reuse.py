"""Which bookings need not be read again: proven by the digest of what they were rendered from, never guessed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from castoff.contract.document import DocumentError, Fields
from castoff.fleet.carry import Carry, boards_of, carried, row_of
from castoff.fleet.model import Status
from castoff.pages.phase import UploadPhase, course_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.state import PublishedBooking
    from castoff.fleet.carry import BoardRow
    from castoff.fleet.settings import Settings
    from castoff.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Reused:
    """A booking whose pages are those of the published state: the digest they share, and its line on the board.

    `next` is the next instant at which they change, where the release must say so: what is kept in a folder has a line
    of its own there.
    """

    input: str
    row: BoardRow
    next: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Times:
    """All that a standing depends on."""

    boards: datetime
    starts: datetime
    ends: datetime
    cancelled: bool


def carry_of(booking: str, published: PublishedBooking) -> Carry | None:
    """Return what the last build handed on about a booking; None where it was another castoff's, in another form."""
    try:
        return Carry.from_json(Fields(published.carry, f"carry of {booking}"))
    except DocumentError:
        return None


def reusable(
    body: bytes, published: PublishedBooking, *, settings: Settings, inputs: Inputs, as_of: datetime, bodies: bool
) -> Reused | None:
    """Return a booking with that file as reused where its inputs are still those that it was published from.

    One whose pages have a form is none, unless its `bodies` are at hand as they were built: the form may have to
    change, and only a body that is there can be filled anew.
    """
    carry = published.carry
    try:
        row = row_of(carry)
        course = course_of(_times(row, boards_of(carry), settings), settings)
        standing = course.standing(as_of)
        if standing.photos is UploadPhase.OPEN and not bodies:
            return None
        digest = inputs.digest(hashlib.sha256(body).digest(), standing=standing, carry=carry)
    except ValueError:  # a DocumentError is one, and so is what another castoff's instants raise
        return None
    return Reused(digest, row, course.next_change(as_of)) if digest == published.input else None


def all_reusable(
    bookings: Mapping[str, bytes],
    kept: Mapping[str, PublishedBooking],
    *,
    prior: Mapping[str, PublishedBooking],
    settings: Settings,
    inputs: Inputs,
    as_of: datetime,
) -> dict[str, Reused]:
    """Return every booking of `kept` that may be reused, by id; `prior` is what carries are built upon."""
    found = {
        booking: reusable(
            bookings[booking], kept[booking], settings=settings, inputs=inputs, as_of=as_of, bodies=kept is not prior
        )
        for booking in bookings
        if booking in kept and (kept is prior or _follows(booking, kept[booking], prior.get(booking)))
    }
    return {booking: reused for booking, reused in found.items() if reused is not None}


def _follows(booking: str, kept: PublishedBooking, prior: PublishedBooking | None) -> bool:
    """Tell whether building on `prior` hands on again what the kept build did: it may stand on an older one."""
    if prior is None:
        said = kept.carry  # never published: told at once, since a preview asks it of every booking in every build
        former = (said.get("board") or {}).get("former")
        return said.get("revision") == 0 and said.get("first") == said.get("facts") and not former
    carry, before = carry_of(booking, kept), carry_of(booking, prior)
    return carry is not None and carried(carry.facts, carry.board, before, calendar=carry.calendar) == carry


def _times(row: BoardRow, boards: str, settings: Settings) -> _Times:
    """Return a booking's times; boarding in the operator's zone, since phases begin at midnight there."""
    return _Times(
        boards=datetime.fromisoformat(boards).astimezone(settings.zone),
        starts=datetime.fromisoformat(row.starts),
        ends=datetime.fromisoformat(row.ends),
        cancelled=row.status == Status.CANCELLED,
    )
