"""What cross-checks know of a booking: plain values that a process can hand to another, whatever the file is like."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from castoff.fleet.model import Status

if TYPE_CHECKING:
    from castoff.fleet.carry import BoardRow
    from castoff.fleet.charter import Charter
    from castoff.reading.reader import Document


class Outline(NamedTuple):
    """One booking: names are empty where the file has no text in their place, instants in seconds since 1970.

    `read` says that the file was read in this run; `keeps` that vessel and people are kept by it, at these instants,
    which are nought otherwise. Of a booking that is not read again only the slug, not the dock, is known by its id.
    """

    booking: str
    read: bool
    keeps: bool
    slug: str
    aliases: tuple[str, ...]
    vessel: str
    dock: str
    captain: str
    crew: tuple[str, ...]
    boards: int = 0
    calls: int = 0
    starts: int = 0
    ends: int = 0

    @property
    def people(self) -> tuple[str, ...]:
        """Captain and crew, each once."""
        return tuple(dict.fromkeys((self.captain, *self.crew)))


def default_slug(vessel: str, booking: str) -> str:
    """Return the slug of a booking that names none: hard to guess, since its id is drawn."""
    return f"{vessel}-guest-{booking}"


def takes_part(status: Status) -> bool:
    """Tell whether a booking of that status keeps vessel and crew for itself."""
    return status in (Status.HOLD, Status.CONFIRMED)


def outline_of(booking: str, document: Document, charter: Charter | None) -> Outline:
    """Return the outline of a booking by its file's name; without a charter it is in no order, and keeps nothing.

    Plain values are looked at, so that what is wrong among bookings is seen in the run in which one of them is broken.
    """
    values = document.fields.values
    vessel = _text(values.get("vessel"))
    named = (
        _text(values.get("slug") or default_slug(vessel, booking)),
        _texts(values.get("aliases")),
        vessel,
        _text(values.get("dock")),
        _text(values.get("captain")),
        _texts(values.get("crew")),
    )
    if charter is None or not takes_part(charter.booking.status):
        return Outline(booking, True, False, *named)  # noqa: FBT003 - fields in their order, ten thousand times
    instants = (charter.boards, charter.calls, charter.starts, charter.ends)
    return Outline(booking, True, True, *named, *(int(instant.timestamp()) for instant in instants))  # noqa: FBT003


def outline_of_row(booking: str, row: BoardRow) -> Outline:
    """Return the outline of a booking that is not read again, by its line on the board."""
    names = (row.slug, row.aliases, row.vessel_id, "", row.captain_id, row.crew_ids)
    if not takes_part(Status(row.status)):
        return Outline(booking, False, False, *names)  # noqa: FBT003 - as above
    instants = (datetime.fromisoformat(one) for one in (row.boards, row.calls, row.starts, row.ends))
    return Outline(booking, False, True, *names, *(int(one.timestamp()) for one in instants))  # noqa: FBT003 - as above


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: Any) -> tuple[str, ...]:
    """Return a list's texts, each at its place."""
    return tuple(_text(value) for value in values) if isinstance(values, list) else ()
