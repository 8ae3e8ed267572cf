"""A batch of bookings, read: each file with what it names on the shelf, and no look at any other booking.

Whoever reads one keeps its charters; what other bookings must be held against goes on as outlines.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from castoff.fleet.booking import parse_booking, start_of
from castoff.fleet.charter import Charter
from castoff.fleet.content import who_left
from castoff.fleet.fitness import boards_before_crew, out_of_years, too_many_guests, wrong_roles
from castoff.fleet.outlines import default_slug, outline_of
from castoff.fleet.references import booking_references, with_names, without_who_left
from castoff.fleet.slips import gone_by, wrong_cancelling_day
from castoff.fleet.sources import booking_path
from castoff.problems import Problem
from castoff.reading.reader import decode
from castoff.reading.zones import later

if TYPE_CHECKING:
    from collections.abc import Iterable

    from castoff.fleet.model import Booking
    from castoff.fleet.outlines import Outline
    from castoff.fleet.shelf import Shelf
    from castoff.fleet.sources import Sources
    from castoff.reading.reader import Document


@dataclass(frozen=True, slots=True)
class Batch:
    """Some bookings: charters of those that are in order, outlines of all that have fields, and what is wrong."""

    charters: tuple[Charter, ...]
    outlines: tuple[Outline, ...]
    problems: tuple[Problem, ...]


def read_batch(bookings: Iterable[str], sources: Sources, shelf: Shelf, *, as_of: datetime | None = None) -> Batch:
    """Read some bookings by id; no file is kept longer than it takes to make a charter of it.

    A charter that is over at `as_of` is held against nothing that it names: that may have changed since it sailed.
    """
    reading = _Reading(shelf, as_of)
    for booking in bookings:
        reading.read(booking, sources.read(booking))
    return Batch(tuple(reading.charters), tuple(reading.outlines), tuple(reading.problems))


def joined(batches: Iterable[Batch]) -> Batch:
    """Return batches as one, in order of their bookings."""
    several = tuple(batches)
    return Batch(
        charters=tuple(sorted((one for batch in several for one in batch.charters), key=attrgetter("id"))),
        outlines=tuple(sorted(one for batch in several for one in batch.outlines)),
        problems=tuple(one for batch in several for one in batch.problems),
    )


class _Reading:
    """One reading of a batch: the problems of all its files are collected on the way."""

    def __init__(self, shelf: Shelf, as_of: datetime | None) -> None:
        self.charters: list[Charter] = []
        self.outlines: list[Outline] = []
        self.problems: list[Problem] = []
        self._shelf = shelf
        zone = None if shelf.settings is None else shelf.settings.zone
        self._today = None if as_of is None else as_of.astimezone(zone).date()
        self._over = 0.0 if as_of is None else as_of.timestamp()

    def read(self, name: str, body: bytes | Problem) -> None:
        """Read a file, or note why it cannot be read."""
        if isinstance(body, Problem):
            self.problems.append(body)
            return
        path = booking_path(name)
        text = decode(body, path)
        if isinstance(text, Problem):
            self.problems.append(text)
            return
        parsed = parse_booking(text, path)
        if parsed.document is None:
            self.problems += parsed.problems
            return
        self.problems += with_names(parsed.problems, parsed.document, self._shelf.names)
        references = booking_references(parsed.document, self._shelf.names)
        if references and self._is_over(parsed.value, parsed.document):
            references = [without_who_left(one) for one in references]
        self.problems += references
        if parsed.value is not None:
            parsed.value.model_fields_set.clear()  # which takes a kilobyte, and which nobody asks for
        charter = self._charter(parsed.value, parsed.document, body)
        if charter is not None:
            self.charters.append(charter)
        self.outlines.append(outline_of(name, parsed.document, charter))

    def _is_over(self, booking: Booking | None, document: Document) -> bool:
        """Tell whether a charter is over, so that who sailed may have left since."""
        settings = self._shelf.settings
        starts = None if settings is None else start_of(document, settings.zone)
        return (
            booking is not None
            and isinstance(starts, datetime)
            and later(starts, booking.duration).timestamp() <= self._over
        )

    def _charter(self, booking: Booking | None, document: Document, body: bytes) -> Charter | None:
        """Return the charter of a booking, or None where it, or something that it names, is missing or in disorder."""
        shelf = self._shelf
        if shelf.settings is None:
            return None
        starts = start_of(document, shelf.settings.zone)
        if isinstance(starts, Problem):
            self.problems.append(starts)
            return None
        if booking is None or starts is None:
            return None
        vessel, dock = shelf.vessels.get(booking.vessel), shelf.docks.get(booking.dock)
        captain = shelf.crew.get(booking.captain)
        crew = tuple(shelf.crew[member] for member in booking.crew if member in shelf.crew)
        if vessel is None or dock is None:
            return None
        if captain is None or len(crew) < len(booking.crew):
            if not self._is_over(booking, document):
                return None
            captain = captain or who_left(booking.captain)
        charter = Charter(
            booking=booking,
            slug=booking.slug or default_slug(booking.vessel, booking.id),
            vessel=vessel,
            dock=dock,
            captain=captain,
            crew=crew,
            starts=starts,
            ends=later(starts, booking.duration),
            boards=later(starts, -(vessel.boarding if booking.boarding is None else booking.boarding)),
            calls=later(starts, -(vessel.crew_call if booking.crew_call is None else booking.crew_call)),
            file=hashlib.sha256(body).digest(),
        )
        self.problems += out_of_years(document, charter.boards, charter.calls, charter.ends)
        if charter.ends.timestamp() > self._over:
            self.problems += too_many_guests(charter, document, licence=shelf.settings.checks.licence)
            self.problems += wrong_roles(charter, document)
            self.problems += boards_before_crew(charter, document)
        if self._today is not None:
            self.problems += gone_by(charter, document, today=self._today)
            stands_still = shelf.settings.standing_clock is not None
            self.problems += wrong_cancelling_day(charter, document, today=None if stands_still else self._today)
        return charter
