"""Every booking of the project as the home page lists it: what is published, what is not yet, what cannot be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.keys import address_of, page_at
from castoff.fleet.booking import parse_booking, start_of
from castoff.fleet.carry import row_of
from castoff.fleet.model import Status
from castoff.fleet.sources import booking_path
from castoff.pages.wording import counted, short_name
from castoff.problems import Problem, Severity
from castoff.reading.reader import decode
from castoff.reading.zones import later

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from castoff.fleet.carry import BoardRow
    from castoff.preview.shown import Shown
    from castoff.reading.reader import Document

UNREADABLE: Final = "unreadable"
"""The status of a booking whose file does not say which it is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking; without `slug` it has no pages, without `starts` no day."""

    id: str
    status: str
    vessel: str = ""
    lead: str = ""
    guests: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    slug: str | None = None
    errors: int = 0
    warnings: int = 0

    @property
    def path(self) -> str:
        """The booking's file in the project."""
        return booking_path(self.id)


def entries(shown: Shown, files: Mapping[str, bytes], *, zone: ZoneInfo) -> list[Entry]:
    """Return an entry for every booking that has pages, and for every file, by id, of those that have none."""
    published = shown.pages.bookings if shown.pages else {}
    rows = {key: row_of(booking.carry) for key, booking in published.items()}
    vessels = {row.vessel_id: row.vessel for row in rows.values()}
    found = [_published(key, row, shown) for key, row in rows.items()]
    for booking in files.keys() - rows.keys():
        entry = _unpublished(booking, files[booking], zone)
        found.append(replace(entry, vessel=vessels.get(entry.vessel, entry.vessel)))
    wrong = Counter((problem.path, problem.severity) for problem in shown.problems)
    return [_with_problems(entry, wrong) if wrong else entry for entry in found]


def _with_problems(entry: Entry, wrong: Counter[tuple[str, Severity]]) -> Entry:
    errors, warnings = wrong[entry.path, Severity.ERROR], wrong[entry.path, Severity.WARNING]
    return replace(entry, errors=errors, warnings=warnings) if errors or warnings else entry


def _published(booking: str, row: BoardRow, shown: Shown) -> Entry:
    there = shown.pages is not None and page_at(address_of(row.slug)) in shown.pages.files
    return Entry(
        id=booking,
        status=row.status,
        vessel=row.vessel,
        lead=row.lead,
        guests=counted(row.guests, "guest"),
        starts=datetime.fromisoformat(row.starts),
        ends=datetime.fromisoformat(row.ends),
        slug=row.slug if there else None,  # the pages of a charter long over are gone
    )


@lru_cache(maxsize=4096)
def _unpublished(booking: str, content: bytes, zone: ZoneInfo) -> Entry:
    """Return what a file says that has made no pages yet: a draft, a hold, or one that is being mended."""
    path = booking_path(booking)
    text = decode(content, path)
    if isinstance(text, Problem):
        return Entry(booking, UNREADABLE)
    parsed = parse_booking(text, path)
    if parsed.document is None:
        return Entry(booking, UNREADABLE)
    starts = start_of(parsed.document, zone)
    starts = starts if isinstance(starts, datetime) else None
    if parsed.value is None:
        return _half_read(booking, parsed.document, starts)
    guests = parsed.value.guests
    return Entry(
        id=booking,
        status=parsed.value.status.value,
        vessel=parsed.value.vessel,
        lead=short_name(guests.lead),
        guests=counted(guests.count, "guest"),
        starts=starts,
        ends=later(starts, parsed.value.duration) if starts else None,
    )


def _half_read(booking: str, document: Document, starts: datetime | None) -> Entry:
    def text(name: str) -> str:
        value: Any = document.fields.values.get(name)
        return value if isinstance(value, str) else ""

    status = text("status")
    return Entry(booking, status if status in set(Status) else UNREADABLE, text("vessel"), starts=starts)
