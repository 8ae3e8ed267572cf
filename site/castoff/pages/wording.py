"""How days, times, spans and names are said to people; tables, not a locale: every machine says the same."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_HOUR: Final = 60
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_SIZES: Final = {1000**3: "GB", 1000**2: "MB", 1000: "KB", 1: "bytes"}
_TITLES: Final = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "sir", "capt", "captain", "rev"])
_PARTICLES: Final = frozenset(["van", "von", "de", "der", "del", "della", "di", "da", "dos", "du", "la", "le", "st."])
_FIRST_NAME: Final = re.compile(r"[^\W\d_][^\W\d_'\u2019-]*(?:['\u2019-][^\W\d_]+)*")


def day(moment: date) -> str:
    """Return `Thursday, May 30`."""
    return f"{_WEEKDAYS[moment.weekday()]}, {_MONTHS[moment.month - 1]} {moment.day}"


def day_and_year(moment: date) -> str:
    """Return `Thursday, May 30, 2024`, for a date that stands alone: the next season is sold in this one."""
    return f"{day(moment)}, {moment.year}"


def month(moment: date) -> str:
    """Return `May 2024`."""
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def clock(moment: datetime) -> str:
    """Return `9 AM`, `8:45 AM` or `noon`; nobody agrees on what 12 PM is."""
    hour, minute = moment.hour, moment.minute
    if minute == 0 and hour % 12 == 0:
        return "noon" if hour else "midnight"
    half = "AM" if hour < 12 else "PM"  # noqa: PLR2004 - the clock has twelve hours
    twelve = hour % 12 or 12
    return f"{twelve}:{minute:02} {half}" if minute else f"{twelve} {half}"


def clock_from(moment: datetime, first: date) -> str:
    """Return `1 AM`, or `1 AM on Friday` where that is another day than `first`, whose own end is just `midnight`.

    In the hour that comes twice when clocks go back, the zone tells which one is meant.
    """
    said = f"{clock(moment)} ({moment.tzname()})" if _comes_twice(moment) else clock(moment)
    on = moment.date()
    if on == first or (on - first == _DAY and not (moment.hour or moment.minute)):
        return said
    return f"{said} on {_WEEKDAYS[on.weekday()] if abs(on - first) < _WEEK else day(on)}"


def moment(instant: datetime, *, within: int) -> str:
    """Return `9 PM on Wednesday, May 29`, or `the start of Thursday, May 30`: `midnight` could be either end of a day.

    The year is said where it is not the one that everything around is `within`. In the hour that comes twice when
    clocks go back, the zone tells which one is meant.
    """
    on = day(instant) if instant.year == within else day_and_year(instant)
    twice = _comes_twice(instant)
    if not (instant.hour or instant.minute or twice):
        return f"the start of {on}"
    which = f" ({instant.tzname()})" if twice else ""
    return f"{clock(instant)}{which} on {on}"


@lru_cache(maxsize=4)
def size(count: int) -> str:
    """Return `25 MB`, as phones count: a thousand bytes are a kilobyte."""
    unit = next(unit for unit in _SIZES if count % unit == 0)
    return f"{count // unit} {_SIZES[unit]}"


def span(length: timedelta) -> str:
    """Return `3 hours`, `2½ hours`, `45 minutes` or `1 hour 20 minutes`."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, _HOUR)
    if hours and minutes == _HOUR // 2:
        return f"{hours}½ hours"
    parts = [counted(hours, "hour")] if hours else []
    if minutes or not hours:
        parts.append(counted(minutes, "minute"))
    return " ".join(parts)


def counted(count: int, noun: str) -> str:
    """Return `1 guest` or `6 guests`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def short_name(name: str) -> str:
    """Return first name and initial, all that a page shows of a guest; empty where no first name is to be made out.

    Titles go, and `Rivera, Dana` is turned round. Whatever else stands in the field, a surname, a mail address, a
    remark, stays at home.
    """
    before, _, behind = name.partition(",")
    surname = before.split()
    if surname and behind.strip()[:1].isupper() and (len(surname) == 1 or surname[0].lower() in _PARTICLES):
        name = f"{behind} {surname[-1]}"
    words = name.split()
    while words and words[0].lower().rstrip(".") in _TITLES:
        words = words[1:] if len(words) > 2 else []  # noqa: PLR2004 - behind a title, a name alone is a surname
    if not words or "@" in words[0] or words[0].lower() == "the":
        return ""
    first = _FIRST_NAME.match(words[0]) if words else None
    if first is None:
        return ""
    last = words[-1][0] if len(words) > 1 else ""
    return f"{first[0]} {last.upper()}." if last.isalpha() else first[0]


def first_name(name: str) -> str:
    """Return the first name of someone who sails with us."""
    return name.split(maxsplit=1)[0]


def dialled(phone: str) -> str:
    """Return a phone number as `tel:` and `sms:` links want it: digits, and the plus if it has one."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


def _comes_twice(moment: datetime) -> bool:
    return moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()
