"""What was most likely meant: spoken times, dates, numbers and fields in the form that is asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.fleet.model import Booking
from castoff.fleet.settings import Settings
from castoff.reading.conversion import convert
from castoff.reading.forms import FormError, parse_duration, parse_moment
from castoff.reading.meant import meant_clock, meant_count, meant_day, meant_length
from castoff.reading.reader import read


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("3 hours", 3),
        ("1 hour 30 minutes", 1.5),
        ("2 hrs and 15 min", 2.25),
        ("1.5h", 1.5),
        ("1,5 h", 1.5),
        ("PT3H", 3),
        ("2:30", 2.5),
        ("2 days", 48),
        ("90", None),
        ("all day", None),
        ("0 hours", None),
    ],
)
def test_a_length_is_told_from_how_people_say_it(text: str, hours: float | None) -> None:
    """Hours, minutes and days in words, in ISO 8601 and as a clock has them; a bare number may be either."""
    assert meant_length(text) == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5/30/2024", date(2024, 5, 30)),
        ("3/4/2024", None),
        ("2024/5/3", date(2024, 5, 3)),
        ("30.5.2024", date(2024, 5, 30)),
        ("May 30, 2024", date(2024, 5, 30)),
        ("30th may 2024", date(2024, 5, 30)),
        ("13/30/2024", None),
        ("31.2.2024", None),
        ("6/15/24", date(2024, 6, 15)),
        ("30.5.24", date(2024, 5, 30)),
        ("6/1/24", None),
        ("May 30 10 am", None),
    ],
)
def test_a_day_is_told_unless_it_could_be_another(text: str, day: date | None) -> None:
    """The third of April and the fourth of March are written alike, and no guess is better than a wrong one."""
    assert meant_day(text) == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9am", "09:00"),
        ("12 am", "00:00"),
        ("12:30 PM", "12:30"),
        ("9.30 p.m.", "21:30"),
        ("5/30/2024 9:00", "09:00"),
        ("2024-05-30T09:00:00Z", "09:00"),
        ("13 pm", None),
        ("25:00", None),
        ("5/30/2024", None),
        ("10.00", "10:00"),
        ("10h30", "10:30"),
        ("30.05.2024", None),
        ("1.50 hours", None),
    ],
)
def test_a_time_of_day_is_told_in_twenty_four_hours(text: str, clock: str | None) -> None:
    """Noon and midnight are those of a clock's face; what no clock shows is no time."""
    assert meant_clock(text) == clock


@pytest.mark.parametrize(
    ("text", "count"), [("six", 6), ("6 guests", 6), ("6.0", 6), ("0", None), ("-3", None), ("6.5", None)]
)
def test_a_count_is_told_in_digits(text: str, count: int | None) -> None:
    """Words, units and decimals that say nothing are left out."""
    assert meant_count(text) == count


@given(st.text(max_size=80))
def test_a_hint_never_fails_whatever_is_typed(text: str) -> None:
    """Whoever reads a hint has made a mistake already."""
    for guess in (meant_length, meant_day, meant_clock, meant_count):
        guess(text)


@given(st.sampled_from([parse_duration, parse_moment]), st.text(alphabet="0123456789:-/. hmapTZ", max_size=20))
def test_a_hint_for_a_value_is_a_value_itself(parse: object, text: str) -> None:
    """What a hint says to write is taken, with a day and an hour where it leaves them open."""
    try:
        parse(text)  # type: ignore[operator] # functions of several answers
    except FormError as error:
        for written in (error.hint or "").split("`")[1::2]:
            parse(written.replace("YYYY-MM-DD", "2024-05-30").replace("HH:MM", "09:00"))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kind", "text", "hint"),
    [
        (Booking, "crewCall: 1h", "did you mean `crew_call`?"),
        (Booking, "crew-call: 1h", "did you mean `crew_call`?"),
        (Booking, "alias: x", "did you mean `aliases`?"),
        (Booking, "boat: lark", "did you mean `vessel`?"),
        (Booking, "start_time: x", "did you mean `starts`?"),
        (Booking, "count: 4", "write it as `count` beneath `guests`"),
        (Booking, "guest_name: Dana", "write it as `lead` beneath `guests`"),
        (Booking, "price: 1", "write it as `revenue` beneath `finance`"),
        (Booking, "guests: {vessel: lark}", "move it out: `vessel` begins at the left margin"),
        (Booking, "guests: {pax: 4}", "did you mean `count`?"),
        (Settings, "color: x", "write it as `colour` beneath `brand`"),
        (Settings, "max_size: 1 MB", "write it as `max_size` beneath `uploads`"),
        (Settings, "brand: {tz: x}", "move it out: `timezone` begins at the left margin"),
    ],
)
def test_an_unknown_field_is_led_to_the_one_that_is_meant(kind: type[Booking], text: str, hint: str) -> None:
    """Other spellings, other words and other places are told apart."""
    document, _ = read(text, "a.yaml")
    assert document is not None

    _, problems = convert(document, kind)

    assert [problem.hint for problem in problems if problem.rule == "unknown-field"] == [hint]
