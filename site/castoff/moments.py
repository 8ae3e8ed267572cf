"""Days and times as people type them: a few forms that can be taken in one way only, and what was understood."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from castoff.pages.wording import clock
from castoff.pages.wording import day as named_day
from castoff.reading.forms import parse_moment

_CLOCK: Final = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))? ?(?P<half>am|pm)?"
_DAYS: Final = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})\.? (?P<name>[a-z]{3,9})\.?,?(?: (?P<year>\d{4}),?)?",
    r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2}),?(?: (?P<year>\d{4}),?)?",
    r"(?P<relative>today|tomorrow)",
)
_FORMS: Final = tuple(re.compile(f"{day} {_CLOCK}", re.ASCII) for day in _DAYS)
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_LEAP: Final = 8
"""Years until a day comes again at the latest: the end of February around 2100."""


def moment_in(text: str, *, now: datetime) -> str:
    """Return a day and a time in the form that files have, `2024-05-30 09:00`; as it was where it is in none of ours.

    `30 May 9:00`, `May 30 9am` and either with a year; `tomorrow 9:00`. A day without a year is the next one from
    `now`, which is the wall clock at the dock.
    """
    plain = " ".join(text.lower().split())
    for form in _FORMS:
        found = form.fullmatch(plain)
        if found is not None:
            day, hour = _day(found.groupdict(), now.date()), _hour(found)
            if day is not None and hour is not None:
                return f"{day} {hour}"
    return text


def in_words(starts: str) -> str:
    """Return a moment in the form that files have as `Thursday, May 30, 2024, 9 AM`."""
    moment = parse_moment(starts)
    return f"{named_day(moment)}, {moment.year}, {clock(moment)}"


def is_past(starts: str, now: datetime) -> bool:
    """Tell whether a moment in the form that files have, by the wall clock in the zone of `now`, lies before it."""
    return parse_moment(starts).replace(tzinfo=now.tzinfo) < now


def _day(parts: dict[str, str | None], today: date) -> date | None:
    if parts.get("relative"):
        return today + timedelta(days=parts["relative"] == "tomorrow")
    name, month = parts.get("name"), int(parts.get("month") or 0)
    if name:
        month = next((number for number, long in enumerate(_MONTHS, start=1) if long.startswith(name)), 0)
    years = [int(parts["year"])] if parts["year"] else range(today.year, today.year + _LEAP + 1)
    days = (_on(year, month, int(parts["day"] or 0)) for year in years)
    return next((day for day in days if day is not None and (parts["year"] or day >= today)), None)


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _hour(found: re.Match[str]) -> str | None:
    """Return `09:00`; a bare number is no time, and neither is `13pm`."""
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the clock has twelve hours
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif not found["minute"]:
        return None
    return f"{hour:02}:{minute:02}"
