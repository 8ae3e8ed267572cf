"""Days and times as they are typed: what is taken, what is left to be refused, and what was understood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.moments import in_words, is_past, moment_in
from castoff.reading.zones import zone

AT = zone("America/Los_Angeles")
NOW = datetime(2024, 5, 28, 12, tzinfo=AT)

TAKEN = [
    ("as files have it", "2024-05-30 09:00", "2024-05-30 09:00"),
    ("without a nought", "2024-5-30 9:00", "2024-05-30 09:00"),
    ("the day first", "30 May 9:00", "2024-05-30 09:00"),
    ("the month first", "May 30 9:00", "2024-05-30 09:00"),
    ("the month in full", "30 december 17:30", "2024-12-30 17:30"),
    ("the month cut short", "sept. 4 17:30", "2024-09-04 17:30"),
    ("with a year", "30 May 2025, 9:00", "2025-05-30 09:00"),
    ("with a year, the month first", "May 30, 2025 9:00", "2025-05-30 09:00"),
    ("today", "today 17:30", "2024-05-28 17:30"),
    ("today, earlier", "28 May 8:00", "2024-05-28 08:00"),
    ("tomorrow", "Tomorrow  9am", "2024-05-29 09:00"),
    ("a day that is past this year", "27 May 9:00", "2025-05-27 09:00"),
    ("a day that not every year has", "29 Feb 9:00", "2028-02-29 09:00"),
    ("in the afternoon", "30 May 2:30 pm", "2024-05-30 14:30"),
    ("at noon", "30 May 12pm", "2024-05-30 12:00"),
    ("at midnight", "30 May 12 AM", "2024-05-30 00:00"),
]
LEFT = [
    ("no hour", "30 May"),
    ("a bare number for an hour", "30 May 9"),
    ("an hour that no clock has", "30 May 13pm"),
    ("a day that no year has", "31 June 9:00"),
    ("a day of that year which it lacks", "29 Feb 2025 9:00"),
    ("two months that begin so", "ju 3 9:00"),
    ("another language", "30 Mai 9:00"),
    ("a day of the week", "friday 9:00"),
    ("which number is the month", "5/30 9:00"),
    ("year nought", "0000-05-30 9:00"),
    ("digits of another script", "٣٠ May 9:00"),
    ("nothing", ""),
]


@pytest.mark.parametrize(("description", "text", "moment"), TAKEN, ids=[row[0] for row in TAKEN])
def test_a_form_that_can_be_taken_in_one_way_is_taken(description: str, text: str, moment: str) -> None:
    """The wall clock at the dock, in the form that files have; without a year, the next such day."""
    assert moment_in(text, now=NOW) == moment, description


@pytest.mark.parametrize(("description", "text"), LEFT, ids=[row[0] for row in LEFT])
def test_what_could_mean_something_else_is_left_as_it_is(description: str, text: str) -> None:
    """It is refused with the words of `castoff check`, rather than guessed."""
    assert moment_in(text, now=NOW) == text, description


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    """Whatever is typed, it is a moment or stays what it was."""
    moment = moment_in(text, now=NOW)

    assert moment == text or len(moment) == len("2024-05-30 09:00")


def test_what_was_understood_is_said_with_its_year() -> None:
    """The day of the week shows a slip in the date before it is written."""
    assert in_words("2024-05-30 09:00") == "Thursday, May 30, 2024, 9 AM"


def test_past_is_by_the_clock_at_the_dock() -> None:
    """Wherever the machine stands."""
    now = datetime(2024, 5, 28, 19, tzinfo=UTC).astimezone(AT)

    assert is_past("2024-05-28 11:59", now)
    assert not is_past("2024-05-28 12:00", now)
