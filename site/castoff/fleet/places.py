"""Where things stand in bookings' files: a file is read again only for what was found in it, so that none is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.fleet.sources import booking_path
from castoff.problems import Problem, Severity
from castoff.reading.reader import decode, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.reading.reader import Document

    Steps = tuple[str | int, ...]


class Places:
    """The files of bookings, by id, and what was read of them so far."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self._bodies = bodies
        self._documents: dict[str, Document | None] = {}

    def of(self, booking: str, *steps: str | int) -> tuple[int, int]:
        """Return line and column of a value, or of the last thing on the way to it that there is."""
        document = self.document(booking)
        return (1, 1) if document is None else document.place_of(*steps)

    def text_of(self, booking: str, *steps: str | int) -> str:
        """Return path, line and column of a value, as an editor takes them."""
        line, column = self.of(booking, *steps)
        return f"{booking_path(booking)}:{line}:{column}"

    def problem(
        self,
        booking: str,
        *steps: str | int,
        words: str,
        rule: str,
        hint: str,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """Return a problem with a value."""
        return Problem(booking_path(booking), *self.of(booking, *steps), words, rule, hint, severity)

    def document(self, booking: str) -> Document | None:
        """Return a booking's file as it is now, or None where that cannot be read any more."""
        if booking not in self._documents:
            text = decode(self._bodies.get(booking, b""), booking_path(booking))
            self._documents[booking] = read(text, booking_path(booking))[0] if isinstance(text, str) else None
        return self._documents[booking]
