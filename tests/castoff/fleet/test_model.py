"""Bookings and the forms of their values: strict about form, and clear about what is wrong with one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.fleet.booking import parse_booking
from castoff.fleet.model import Booking, Status
from castoff.reading import forms, texts
from castoff.reading.forms import FormError

ROOT = Path(__file__).resolve().parents[3]
BOOKING = (ROOT / "tests/invalid/_base/bookings/a7kq4wt.yaml").read_text(encoding="utf-8")
PATH = "bookings/a7kq4wt.yaml"


def booking_of(text: str) -> Booking:
    """Return the booking of a text that is in order."""
    parsed = parse_booking(text, PATH)
    assert parsed.problems == []
    assert parsed.value is not None
    return parsed.value


def test_the_design_s_own_booking_is_read_whole() -> None:
    """Every field of a full booking has the value that its text says."""
    text = (ROOT / "bookings/xhqgmdh.yaml").read_text(encoding="utf-8")

    booking = parse_booking(text, "bookings/xhqgmdh.yaml").value

    assert booking is not None
    assert booking.model_dump() == {
        "id": "xhqgmdh",
        "slug": "boatsetter-may30",
        "aliases": ("jada-may30",),
        "source": "boatsetter",
        "status": Status.CONFIRMED,
        "vessel": "jada",
        "dock": "sheraton-marina",
        "starts": datetime(2024, 5, 30, 9, 0),  # noqa: DTZ001 - the wall clock
        "duration": timedelta(hours=3),
        "boarding": timedelta(minutes=15),
        "crew_call": timedelta(hours=1),
        "captain": "captain-001",
        "crew": ("crew-001", "crew-002"),
        "guests": {"count": 6, "lead": "Dana R.", "allergies": ("shellfish",)},
        "waiver": "https://waiver.example.com/xhqgmdh",
        "requests": "one guest uses a cane, please help at the gangway",
        "notes": "Guest count: 6, Dock: Sheraton Marina\n",
        "cancelled": None,
        "finance": {
            "revenue": Decimal("840.75"),
            "captain_fee": Decimal("150.00"),
            "crew_cost": Decimal("250.00"),
            "net_to_captain": Decimal("289.41"),
        },
    }


def test_an_id_of_digits_alone_is_an_id() -> None:
    """Nothing that looks like a number becomes one."""
    text = BOOKING.replace("a7kq4wt", "0123456")

    assert parse_booking(text, "bookings/0123456.yaml").problems == []


def test_a_cancelled_booking_says_when_and_why() -> None:
    """The words to the guest are free to leave out."""
    text = BOOKING.replace("confirmed", "cancelled") + "cancelled: {on: 2024-05-28, why: weather}\n"

    cancelled = booking_of(text).cancelled

    assert cancelled is not None
    assert (cancelled.on, cancelled.why, cancelled.words) == (date(2024, 5, 28), "weather", None)


def test_a_booking_cannot_be_changed() -> None:
    """Data that flows is frozen."""
    with pytest.raises(ValueError, match="frozen"):
        booking_of(BOOKING).id = "other"  # type: ignore[misc] # what the test is about


@pytest.mark.parametrize(
    ("text", "minutes"), [("3h", 180), ("90m", 90), ("1h30m", 90), ("1h 30m", 90), ("0m", 0), ("100h", 6000)]
)
def test_a_duration_is_hours_and_minutes(text: str, minutes: int) -> None:
    """All four forms, and nothing else, are durations."""
    assert forms.parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["", "3", "3 h", "3hours", "h", "30m1h", "1h ", " 1h", "1.5h", "-1h", "1h  30m", "٣h", "1d"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    """Digits of other scripts, signs and fractions included."""
    with pytest.raises(FormError):
        forms.parse_duration(text)


@given(st.integers(0, 59_000))
def test_a_duration_in_words_is_read_back_as_itself(minutes: int) -> None:
    """What castoff writes, castoff reads."""
    length = timedelta(minutes=minutes)

    assert forms.parse_duration(forms.in_words(length)) == length


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (forms.parse_moment, "2024-02-30 09:00"),
        (forms.parse_moment, "2024-05-30 24:00"),
        (forms.parse_moment, "2024-05-30 9:00"),
        (forms.parse_moment, "9999-12-31 23:59"),
        (forms.parse_moment, "٢٠٢٤-05-30 09:00"),
        (forms.parse_day, "2024-5-3"),
        (forms.parse_day, "2024-W22-4"),
        (forms.parse_day, "20240530"),
        (forms.parse_count, "0"),
        (forms.parse_count, "-1"),
        (forms.parse_count, "6.0"),
        (forms.parse_count, "²"),
        (forms.parse_count, "10000"),
        (forms.parse_answer, "True"),
        (forms.parse_answer, "on"),
        (forms.parse_amount, "1,000.00"),
        (forms.parse_amount, "1.005"),
        (forms.parse_amount, "NaN"),
        (forms.parse_latitude, "32° N"),
        (forms.parse_latitude, "90.1"),
        (forms.parse_latitude, "-117.23"),
        (forms.parse_longitude, "32,7254"),
        (forms.parse_longitude, "180.1"),
        (forms.parse_size, "25MiB"),
        (forms.parse_size, "0 MB"),
        (forms.parse_before_start, "12h"),
        (forms.parse_after_end, "14d before start"),
        (texts.parse_slug, "Sunset"),
        (texts.parse_slug, "sunset--trip"),
        (texts.parse_slug, "../etc"),
        (texts.parse_slug, "sunset-crew"),
        (texts.parse_slug, "presign"),
        (texts.parse_slug, "x" * 81),
        (texts.parse_booking_id, "abcdef"),
        (texts.parse_line, "two\nlines"),
        (texts.parse_text, " \n"),
        (texts.parse_web_address, "javascript:alert(1)"),
        (texts.parse_web_address, "https://user:word@example.com"),
        (texts.parse_web_address, 'https://example.com/"onload'),
        (texts.parse_mail_address, "sail@example.com\nBcc: x@example.com"),
        (texts.parse_mail_address, "sail@localhost"),
        (texts.parse_phone, "call us"),
        (texts.parse_colour, "red;}"),
        (texts.parse_file_name, "../logo.svg"),
        (texts.parse_file_name, "/etc/passwd"),
        (texts.parse_domain, "https://example.com"),
        (texts.parse_bucket, "Bucket"),
        (texts.parse_distribution, "e1example"),
        (texts.parse_state_address, "state-bucket"),
        (texts.parse_secret_reference, "hunter2"),
        (texts.parse_secret_reference, "env:HUNTER 2"),
        (texts.parse_secret_reference, "ssm:/castoff/scc#service_key"),
        (texts.parse_secret_reference, "secretsmanager:scc:service_key"),
        (texts.parse_region, "Oregon"),
        (texts.parse_region, "us-west-2a"),
        (texts.parse_profile, "two words"),
        (texts.parse_role, "castoff-publisher"),
        (texts.parse_role, "arn:aws:iam::111122223333:user/castoff"),
        (texts.parse_endpoint, "http://s3.example.com"),
        (texts.parse_endpoint, "https://s3.example.com/bucket"),
        (texts.parse_endpoint, "http://127.0.0.1.example.com"),
        (texts.parse_timezone, "PST"),
        (texts.parse_timezone, "EST"),
        (texts.parse_timezone, "../America/Los_Angeles"),
    ],
)
def test_what_is_not_of_the_form_is_refused_with_a_hint(parse: object, text: str) -> None:
    """Each form says what it wants instead; none lets a near miss through."""
    with pytest.raises(FormError) as refused:
        parse(text)  # type: ignore[operator] # functions of several answers

    assert refused.value.hint


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (forms.parse_amount, "$840.75"),
        (texts.parse_secret_reference, "hunter2"),
        (texts.parse_web_address, "https://me:hunter2@x.example"),
    ],
)
def test_money_and_secrets_are_not_repeated_when_they_are_refused(parse: object, text: str) -> None:
    """Problems are printed where others read them."""
    with pytest.raises(FormError) as refused:
        parse(text)  # type: ignore[operator] # functions of several answers

    assert not any(secret in refused.value.words for secret in ("840", "hunter2"))


@given(
    st.lists(st.sampled_from([*BOOKING.splitlines(keepends=True), *"[]{}:,#'\"|\t\x00\x85\u2028&*!<- "]), max_size=30)
)
def test_no_booking_is_too_broken_to_be_told_about(pieces: list[str]) -> None:
    """Whatever stands in a file, it is a booking or there is a problem within it, and never a traceback."""
    parsed = parse_booking("".join(pieces), PATH)

    assert (parsed.value is None) == bool(parsed.problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in parsed.problems)


@pytest.mark.parametrize(("crew", "rules"), [(20, []), (21, ["too-many-crew"])])
def test_a_crew_is_as_many_as_can_be_called(crew: int, rules: list[str]) -> None:
    """ShipCaptainCrew calls twenty beside the captain."""
    names = ", ".join(f"crew-{number:03}" for number in range(crew))

    problems = parse_booking(BOOKING.replace("[leo]", f"[{names}]"), PATH).problems

    assert [problem.rule for problem in problems] == rules


def test_a_field_like_no_other_is_answered_with_those_there_are() -> None:
    """The hint is the list itself where it is short, and points at nothing that is elsewhere."""
    problems = parse_booking(
        BOOKING.replace("  count:", "  xylophone: low\n  count:") + "xylophone: low\n", PATH
    ).problems

    assert [problem.hint for problem in problems] == [
        "fields here are `count`, `lead` and `allergies`",
        "remove it, or see the reference for the fields that there are",
    ]


@pytest.mark.parametrize(
    ("was", "written", "told"),
    [
        ("  count: 4", "  xylophone: low", ["3: missing field `count`", "3: unknown field `xylophone`"]),
        ("captain: maya", "capta\u0456n: maya", ["1: missing field `captain`", "6: a Cyrillic letter stands here"]),
        ("crew: [leo]", 'crew: [leo, ""]', ["13: an item of `crew` has no value"]),
    ],
)
def test_each_problem_is_told_at_its_column(was: str, written: str, told: list[str]) -> None:
    """A list of fields names none that was meant, and a sign in a field's name has a place within it."""
    assert was in BOOKING

    problems = parse_booking(BOOKING.replace(was, written), PATH).problems

    assert sorted(f"{problem.column}: {problem.words}" for problem in problems) == told


@pytest.mark.parametrize(
    ("number", "hint"),
    [("12", "write `12h` for hours, `12m` for minutes"), ("13", "write `13m` for minutes, `13h` for hours")],
)
def test_a_bare_number_is_rather_hours_up_to_twelve(number: str, hint: str) -> None:
    """The likelier one comes first."""
    with pytest.raises(FormError) as refused:
        forms.parse_duration(number)

    assert refused.value.hint == hint


@pytest.mark.parametrize(("text", "meant"), [("yes", True), ("true", True), ("no", False), ("false", False)])
def test_an_answer_is_what_it_says(text: str, meant: bool) -> None:  # noqa: FBT001 - a row of the table
    """Two words for each."""
    assert forms.parse_answer(text) is meant
