"""The forms of times, lengths, counts and sizes: what is taken, and what is said of the rest."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from castoff.reading import forms
from castoff.reading.forms import FormError

if TYPE_CHECKING:
    from collections.abc import Callable

TAKEN = [
    ("hours and minutes", forms.parse_duration, "1h 30m", timedelta(minutes=90)),
    ("minutes alone", forms.parse_duration, "90m", timedelta(minutes=90)),
    ("none at all", forms.parse_duration, "0m", timedelta(0)),
    ("the shortest charter", forms.parse_charter_length, "6m", timedelta(minutes=6)),
    ("the earliest crew call", forms.parse_crew_call, "48h", timedelta(hours=48)),
    ("a wall clock", forms.parse_moment, "2024-05-30 09:00", datetime(2024, 5, 30, 9)),  # noqa: DTZ001 - it has no zone
    ("a day", forms.parse_day, "2024-05-28", date(2024, 5, 28)),
    ("a count", forms.parse_count, "6", 6),
    ("an answer of castoff's", forms.parse_answer, "yes", True),
    ("an answer of an editor's", forms.parse_answer, "false", False),
    ("an amount", forms.parse_amount, "840.75", Decimal("840.75")),
    ("degrees south", forms.parse_latitude, "-33.86", -33.86),
    ("a size", forms.parse_size, "25 MB", 25_000_000),
    ("days before", forms.parse_before_start, "2d before start", timedelta(days=2)),
    ("hours after", forms.parse_after_end, "36h after end", timedelta(hours=36)),
]
REFUSED = [
    ("a bare number", forms.parse_duration, "3", "`3` is not a duration", "write `3h` for hours, `3m` for minutes"),
    ("minutes without their unit", forms.parse_duration, "3h30", "`3h30` is not a duration", "write `3h 30m`"),
    ("no time at all", forms.parse_length, "0m", "`0m` is no time at all", "write at least `1m`"),
    (
        *("a time with a point", forms.parse_moment, "2024-06-01 10.00"),
        *("`2024-06-01 10.00` is not a date and a time", "write `2024-06-01 10:00`"),
    ),
    (
        *("a year of two digits", forms.parse_moment, "6/15/24 10:00"),
        *("`6/15/24 10:00` is not a date and a time", "write `2024-06-15 10:00`"),
    ),
    (
        *("day or month", forms.parse_moment, "6/1/24 10:00"),
        *("`6/1/24 10:00` is not a date and a time", "write date and time, as `YYYY-MM-DD 10:00`"),
    ),
    (
        *("a date alone", forms.parse_moment, "2024-06-01"),
        *("`2024-06-01` is a date without a time", "write date and time, as `2024-06-01 HH:MM`"),
    ),
    (
        *("a time alone", forms.parse_moment, "9am"),
        *("`9am` is a time without a date", "write date and time, as `YYYY-MM-DD 09:00`"),
    ),
    (
        *("part of a date", forms.parse_moment, "6/1 10:00"),
        *("`6/1 10:00` is not a date and a time", "write date and time, as `YYYY-MM-DD 10:00`"),
    ),
    (
        *("midnight by 24", forms.parse_moment, "2024-06-01 24:00"),
        *("`2024-06-01 24:00` is not in the calendar", "midnight is `00:00` of the next day"),
    ),
    ("a capital answer", forms.parse_answer, "True", "`True` is neither yes nor no", "write `yes`"),
    ("an answer of a switch", forms.parse_answer, "off", "`off` is neither yes nor no", "write `no`"),
    ("no answer", forms.parse_answer, "maybe", "`maybe` is neither yes nor no", "write `yes` or `no`"),
    ("a size in small letters", forms.parse_size, "25mb", "`25mb` is not a size", "write `25 MB`"),
    ("a size in short", forms.parse_size, "25M", "`25M` is not a size", "write `25 MB`"),
    ("a size beyond all", forms.parse_size, "1gb", "`1gb` is not a size", "write `100 MB` at most"),
    (
        *("hours in words", forms.parse_before_start, "12 hours before start"),
        *("`12 hours` is not a duration", "write `12h before start`"),
    ),
    (
        *("days without their point", forms.parse_after_end, "90d"),
        *("`90d` does not say `after end`", "write `90d after end`"),
    ),
    (
        *("the other way round", forms.parse_before_start, "1h after start"),
        *("`1h after start` does not say `before start`", "write it like `12h before start`"),
    ),
    (
        *("money, which is not repeated", forms.parse_amount, "$840.75"),
        *("this is not an amount of money", "write digits and at most a point, such as `840.75`"),
    ),
]


@pytest.mark.parametrize(("description", "parse", "text", "value"), TAKEN, ids=[row[0] for row in TAKEN])
def test_a_form_is_read(description: str, parse: Callable[[str], Any], text: str, value: object) -> None:
    """Each form gives its value."""
    assert parse(text) == value, description


@pytest.mark.parametrize(("description", "parse", "text", "words", "hint"), REFUSED, ids=[row[0] for row in REFUSED])
def test_another_is_told_what_was_meant(
    description: str, parse: Callable[[str], Any], text: str, words: str, hint: str
) -> None:
    """The hint has what can be told of the text, and invents no day, hour or length."""
    with pytest.raises(FormError) as error:
        parse(text)

    assert (error.value.words, error.value.hint) == (words, hint), description
