"""What was most likely meant: spoken times, dates and numbers in the form that a field takes, for a problem's hint."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_HOURS: Final = r"(?P<hours>\d{1,3}(?:[.,]\d{1,2})?) ?h(?:(?:ou)?rs?)?\.?"
_MINUTES: Final = r"(?P<minutes>\d{1,4}) ?m(?:in(?:ute)?s?)?\.?"
_LENGTHS: Final = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"(?:{_HOURS})?(?:,? ?(?:and )?)(?:{_MINUTES})?",
        r"pt(?:(?P<hours>\d{1,3})h)?(?:(?P<minutes>\d{1,4})m)?",
        r"(?P<hours>\d{1,2}):(?P<minutes>\d{2})(?::00)?",
        r"(?P<hours>\d{1,3}) ?h ?(?P<minutes>\d{2})",
        r"(?P<days>\d|[1-3]\d) ?d(?:ays?)?",
    )
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_YEAR: Final = r"(?P<year>\d{4}|(?<=[/.])\d{2})(?![\d:.])"
"""In full, or its last two digits right behind the month: elsewhere they may be an hour."""
_CENTURY: Final = 2000
_DATES: Final = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        rf"(?<![\d/])(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/{_YEAR}",
        rf"(?<![\d.])(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?{_YEAR}",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? {_MONTH},? {_YEAR}",
    )
)
_CLOCKS: Final = (
    re.compile(r"(?<![\d:/.-])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))? ?(?P<half>[ap])\.?m\b", re.ASCII),
    re.compile(r"(?<![\d:/.-])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<half>)(?!\d)", re.ASCII),
    re.compile(r"(?<![\d:/.-])(?P<hour>\d{1,2})[.h](?P<minute>\d{2})(?P<half>)(?![\d./-]|\s*[a-z])", re.ASCII),
)
_AMBIGUOUS: Final = 12
"""Days up to this one may be months: 3/4/2024 is another day on either side of the Atlantic."""
_ANSWERS: Final = {"yes": ("yes", "y", "true", "on", "1"), "no": ("no", "n", "false", "off", "0")}
_NUMBERS: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def meant_length(text: str) -> timedelta | None:
    """Return the length of time that a text speaks of: `3 hours`, `PT3H`, `1.5h`, `2:30`, `2 days`."""
    found = next(filter(None, (form.fullmatch(text.strip().lower()) for form in _LENGTHS)), None)
    parts = (
        {} if found is None else {name: float(part.replace(",", ".")) for name, part in found.groupdict("0").items()}
    )
    return timedelta(**parts) if any(parts.values()) else None


def meant_day(text: str) -> date | None:
    """Return the day that a text speaks of, unless it could be another: `5/30/24`, `30.5.2024`, `May 30, 2024`."""
    found = next(filter(None, (form.search(text.lower()) for form in _DATES)), None)
    if found is None:
        return None
    parts = found.groupdict()
    month = _MONTHS.index(parts["name"]) + 1 if parts.get("name") else int(parts["month"])
    if "/" in found[0] and not found[0].startswith(parts["year"]) and int(parts["day"]) <= _AMBIGUOUS:
        return None
    year = int(parts["year"]) + (_CENTURY if len(parts["year"]) == len("24") else 0)
    try:
        return date(year, month, int(parts["day"]))
    except ValueError:
        return None


def meant_clock(text: str) -> str | None:
    """Return the time of day that a text speaks of, such as `21:30` for `9.30 pm`."""
    found = next(filter(None, (form.search(text.lower()) for form in _CLOCKS)), None)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0) if 1 <= hour <= 12 else 24  # noqa: PLR2004 - a clock's face
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a day's hours, an hour's minutes


def without_day(text: str) -> str:
    """Return the text without the day that it speaks of, or could, in which a time of day is looked for."""
    found = next(filter(None, (form.search(text.lower()) for form in _DATES)), None)
    return text if found is None else f"{text[: found.start()]} {text[found.end() :]}"


def meant_degrees(text: str) -> str | None:
    """Return the degrees that a text speaks of: `32,7254`, `117.2254° W`."""
    found = re.fullmatch(r"(-?)(\d{1,3}[.,]\d{1,8})\s*°?\s*([nsew]?)", text.strip().lower(), re.ASCII)
    if found is None:
        return None
    sign = "-" if found[1] or (found[3] and found[3] in "sw") else ""
    return sign + found[2].replace(",", ".")


def meant_size(text: str) -> str | None:
    """Return the size that a text speaks of: `25 MB` for `25mb`, `25M`, `25 megabytes`."""
    found = re.fullmatch(r"0*([1-9]\d{0,4}) ?([kmg])(?:i?b|(?:ilo|ega|iga)bytes?)?", text.strip().lower(), re.ASCII)
    return f"{found[1]} {found[2].upper()}B" if found else None


def meant_answer(text: str) -> str | None:
    """Return the yes or no that a text speaks of: `True`, `on`, `N`."""
    word = text.strip().lower()
    return next((answer for answer, words in _ANSWERS.items() if word in words), None)


def meant_count(text: str) -> int | None:
    """Return the number that a text speaks of: `six`, `6 guests`, `6.0`."""
    word = text.strip().lower()
    if word in _NUMBERS:
        return _NUMBERS.index(word) + 1
    found = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?(?: ?[a-z]+)?", word, re.ASCII)
    return int(found[1]) or None if found else None
