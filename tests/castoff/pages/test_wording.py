"""Days, times and spans as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from castoff.pages import wording


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "midnight"),
        (0, 30, "12:30 AM"),
        (8, 45, "8:45 AM"),
        (9, 0, "9 AM"),
        (12, 0, "noon"),
        (12, 5, "12:05 PM"),
        (15, 0, "3 PM"),
        (23, 59, "11:59 PM"),
    ],
)
def test_a_time_is_said_as_on_a_clock_with_twelve_hours(hour: int, minute: int, said: str) -> None:
    """Twelve hours, no needless zeros, and noon and midnight by name."""
    assert wording.clock(datetime(2024, 5, 30, hour, minute, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (45, "45 minutes"),
        (60, "1 hour"),
        (80, "1 hour 20 minutes"),
        (150, "2½ hours"),
        (180, "3 hours"),
        (90, "1½ hours"),
        (30, "30 minutes"),
    ],
)
def test_a_span_is_said_in_hours(minutes: int, said: str) -> None:
    """Whole and half hours are said as such, everything else with its minutes."""
    assert wording.span(timedelta(minutes=minutes)) == said


def test_a_day_is_said_with_its_weekday() -> None:
    """A day has its weekday and month in words, whatever language the machine speaks."""
    assert wording.day(datetime(2024, 2, 29, tzinfo=UTC)) == "Thursday, February 29"


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["nuts"], "nuts"), (["nuts", "bees"], "nuts and bees"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_is_said_in_a_sentence(words: list[str], said: str) -> None:
    """The last of several is joined by a word."""
    assert wording.listed(words) == said


@pytest.mark.parametrize(
    ("written", "dialled"), [("+1 619 555 0142", "+16195550142"), ("(619) 555-0142", "6195550142")]
)
def test_a_phone_is_dialled_by_its_digits(written: str, dialled: str) -> None:
    """A link holds digits and the leading plus, however the number is written."""
    assert wording.dialled(written) == dialled
