"""What publishing a new booking would do, in an operator's words; from the release alone, so it needs no cloud."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from castoff.pages.wording import clock, day_and_year, listed
from publisher.planning.diff import is_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.contract.release import Booking, Release


def foretold(release: Release, booking: str, *, status: str) -> list[str]:
    """Return lines on the pages, crew call and calendar entry that a release makes of a booking not yet published."""
    wanted = release.bookings.get(booking)
    if wanted is None:
        return [f"publishing it would change nothing yet: a {status} leaves no trace"]
    pages = pages_of(release, booking)
    rows = [
        ("guest page", wanted.guest_url if pages else "none: it is gone by now, as castoff.yaml has it"),
        ("crew page", wanted.crew_url if pages else "none, likewise"),
        ("crew call", _crew_call(wanted) if calls_crew(release, booking) else "nobody: the charter is over"),
        ("calendar", _entry(wanted) if enters_calendar(release, booking) else "nothing: the charter is over"),
    ]
    return ["publishing it would make", *(f"  {what:<10}  {words}" for what, words in rows)]


def pages_of(release: Release, booking: str) -> Sequence[str]:
    """Return what a release has of a booking, by site and key."""
    return sorted(path for path, file in release.files.items() if file.booking == booking)


def calls_crew(release: Release, booking: str) -> bool:
    """Tell whether the crew of a booking not yet published would be called."""
    wanted = release.bookings.get(booking)
    return wanted is not None and wanted.event is not None and not is_over(wanted.ends, release.as_of)


def enters_calendar(release: Release, booking: str) -> bool:
    """Tell whether a booking not yet published would be entered in the calendar."""
    wanted = release.bookings.get(booking)
    return wanted is not None and wanted.calendar is not None and not is_over(wanted.ends, release.as_of)


def _crew_call(booking: Booking) -> str:
    event, entry = _plain(booking.event), _plain(booking.calendar)
    called = datetime.fromisoformat(event["call_time"])
    names = listed([entry["captain"], *entry["crew"]])
    return f"{names}, by mail: {clock(called)} on {day_and_year(called)}, {entry['dock']}"


def _entry(booking: Booking) -> str:
    entry = _plain(booking.calendar)
    starts, ends = datetime.fromisoformat(entry["starts"]), datetime.fromisoformat(entry["ends"])
    return f"{entry['title']}: {day_and_year(starts)}, {clock(starts)} to {clock(ends)}"


def _plain(payload: Any) -> dict[str, Any]:
    return dict(payload or {})
