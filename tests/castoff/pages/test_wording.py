"""Days, times and spans as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from castoff.pages import wording
from castoff.reading.zones import zone


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
    ("instant", "said"),
    [
        ("2024-05-30T04:00", "9 PM on Wednesday, May 29"),
        ("2024-06-13T19:00", "noon on Thursday, June 13"),
        ("2024-05-31T07:00", "the start of Friday, May 31"),
        ("2025-01-01T07:59", "11:59 PM on Tuesday, December 31"),
        ("2025-01-01T20:00", "noon on Wednesday, January 1, 2025"),
        ("2024-11-03T07:00", "the start of Sunday, November 3"),
        ("2024-11-03T08:30", "1:30 AM (PDT) on Sunday, November 3"),
        ("2024-11-03T09:30", "1:30 AM (PST) on Sunday, November 3"),
        ("2024-11-03T10:00", "2 AM on Sunday, November 3"),
        ("2024-03-10T10:00", "3 AM on Sunday, March 10"),
    ],
)
def test_a_moment_is_said_so_that_there_is_one(instant: str, said: str) -> None:
    """By its day; midnight as the start of one, and the hour that comes twice with its zone."""
    moment = datetime.fromisoformat(instant).replace(tzinfo=UTC).astimezone(zone("America/Los_Angeles"))

    assert wording.moment(moment, within=2024) == said


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2024-05-30T09:00", "9 AM"),
        ("2024-05-31T00:00", "midnight"),
        ("2024-05-31T00:30", "12:30 AM on Friday"),
        ("2024-05-29T23:45", "11:45 PM on Wednesday"),
        ("2024-06-01T00:00", "midnight on Saturday"),
        ("2024-06-06T09:00", "9 AM on Thursday, June 6"),
        ("2024-11-03T01:30", "1:30 AM (PDT) on Sunday, November 3"),
    ],
)
def test_a_time_on_another_day_says_which(instant: str, said: str) -> None:
    """A charter over midnight ends on a named day, a midnight is the end of its day, and a week on needs the date."""
    moment = datetime.fromisoformat(instant).replace(tzinfo=zone("America/Los_Angeles"))

    assert wording.clock_from(moment, datetime(2024, 5, 30, tzinfo=UTC).date()) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (25_000_000, "25 MB"),
        (1_000_000_000, "1 GB"),
        (1_500_000, "1500 KB"),
        (800_000, "800 KB"),
        (1_001, "1001 bytes"),
    ],
)
def test_a_size_is_said_as_settings_have_it(count: int, said: str) -> None:
    """In the largest unit that it has a whole number of."""
    assert wording.size(count) == said


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


@pytest.mark.parametrize(
    ("lead", "shown"),
    [
        ("Dana Rivera", "Dana R."),
        ("Dana", "Dana"),
        ("Dr. Dana Rivera", "Dana R."),
        ("Capt Prof. Dana M. Rivera", "Dana R."),
        ("Rivera, Dana", "Dana R."),
        ("Rivera, Dana M.", "Dana R."),
        ("Rivera, Dr. Dana", "Dana R."),
        ("van Rivera, Dana", "Dana R."),
        ("Rivera, Dana and Tom", "Dana R."),
        ("Dana, party of 6", "Dana"),
        ("Mr. Rivera", ""),
        ("The Rivera family", ""),
        ("dana@example.com", ""),
        ("+1 619 555 0142", ""),
        ("4 guests", ""),
        ("Dr.", ""),
    ],
)
def test_no_surname_is_taken_for_a_first_name(lead: str, shown: str) -> None:
    """Whatever an operator writes for a name, a page that anyone with its link can read has no more than this."""
    assert wording.short_name(lead) == shown
