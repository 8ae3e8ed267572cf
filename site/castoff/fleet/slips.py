"""Times that are most often a slip of the pen: a charter in years to come, one of more than a day, a day gone by."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from castoff.fleet.model import Status
from castoff.fleet.places import Places
from castoff.problems import Severity
from castoff.reading.forms import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from castoff.fleet.charter import Charter
    from castoff.fleet.model import Booking
    from castoff.fleet.sources import Sources
    from castoff.problems import Problem
    from castoff.reading.reader import Document

_FAR: Final = timedelta(days=2 * 366)
"""From now on: nobody sells a charter sooner."""
_LONG: Final = timedelta(hours=24)


def slips(sources: Sources, bookings: Iterable[Booking], *, as_of: datetime | None) -> list[Problem]:
    """Return a warning for each charter that starts in years or takes days: it may be meant, so it is said once.

    `as_of` is in the operator's zone; None on an example site, whose clock stands still in some year.
    """
    far, problems = None if as_of is None else as_of.replace(tzinfo=None) + _FAR, []
    for booking in bookings:
        if far is not None and booking.starts > far:
            words = f"this charter starts in more than two years, in {booking.starts.year}"
            problems.append(_slip(sources, booking, "starts", words=words, rule="far-ahead", hint="check the year"))
        if booking.duration > _LONG:
            words = f"this charter takes {in_words(booking.duration)}, which is more than a day"
            hint = "check the duration: `3h` are three hours"
            problems.append(_slip(sources, booking, "duration", words=words, rule="long-charter", hint=hint))
    return problems


def gone_by(charter: Charter, document: Document, *, today: date) -> list[Problem]:
    """Return a warning where a charter whose day has passed still waits to be agreed on."""
    status = charter.booking.status
    if status.public or late_from(charter).date() > today:
        return []
    words = f"this {status.value} waits for a day that has passed"
    hint = "correct the day, confirm or cancel it, or remove the file"
    return [document.problem("status", words=words, rule="day-gone-by", hint=hint, severity=Severity.WARNING)]


def late_from(charter: Charter) -> datetime:
    """Return the midnight after a charter: from then on, it waits in vain."""
    return datetime.combine(charter.ends.date() + timedelta(days=1), time(), charter.ends.tzinfo)


def wrong_cancelling_day(charter: Charter, document: Document, *, today: date | None) -> list[Problem]:
    """Return a warning where a charter is cancelled on a day yet to come, after its own, or years before.

    `today` is None on an example site, whose clock stands still: there a day is as good as another.
    """
    if charter.booking.cancelled is None or charter.booking.status is not Status.CANCELLED:
        return []
    on = charter.booking.cancelled.on
    if on > charter.ends.date():
        words = f"`{on}` is after the charter, which would have ended on {charter.ends.date()}"
    elif today is None:
        return []
    elif on > today:
        words = f"`{on}` is yet to come, and the charter is cancelled already"
    elif on < charter.starts.date() - _FAR:
        words = f"`{on}` is more than two years before the charter"
    else:
        return []
    hint = "write the day on which it was cancelled"
    return [document.problem("cancelled", "on", words=words, rule="unlikely-day", hint=hint, severity=Severity.WARNING)]


def _slip(sources: Sources, booking: Booking, field: str, *, words: str, rule: str, hint: str) -> Problem:
    places = Places(sources.bookings)  # anew for each, so that no file is kept
    return places.problem(booking.id, field, words=words, rule=rule, hint=hint, severity=Severity.WARNING)
