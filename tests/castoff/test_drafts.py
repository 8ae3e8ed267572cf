"""Drafts: a file as a person would have written it, which reads back as what was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from support.example import example

from castoff.drafts import draft, problems_so_far, problems_with, scalar
from castoff.fleet.booking import parse_booking
from castoff.fleet.model import Booking
from castoff.fleet.sources import read_sources

ROOT = Path(__file__).resolve().parents[2]
SAID = {
    "vessel": "jada",
    "starts": "2024-05-31 09:00",
    "duration": "3h",
    "dock": "sheraton-marina",
    "captain": "captain-001",
    "crew": ("crew-001", "crew-002"),
    "count": "6",
    "lead": "Dana R.",
    "source": "direct",
    "status": "confirmed",
}
WHOLE = """\
# yaml-language-server: $schema=../schema/booking.json
id: k4m7qtx
slug: danas-party-k4m7qtx
source: direct
status: confirmed
vessel: jada
dock: sheraton-marina
starts: 2024-05-31 09:00
duration: 3h
boarding: 20m
crew_call: 1h 30m
captain: captain-001
crew: [crew-001, crew-002]
guests:
  count: 6
  lead: Dana R.
waiver: https://waiver.example.com/k4m7qtx
requests: 'a cake: with candles, please'
notes: |
  Cake is in the galley icebox.

  Candles are in the chart drawer.
"""


def test_a_file_is_as_a_person_would_have_written_it() -> None:
    """The schema first, fields in the design's order, times without quotes, and quotes where YAML needs them."""
    more = {
        "notes": "Cake is in the galley icebox.\n\nCandles are in the chart drawer.",
        "requests": "a cake: with candles, please",
        "waiver": "https://waiver.example.com/k4m7qtx",
        "slug": "danas-party-k4m7qtx",
        "crew_call": "1h 30m",
        "boarding": "20m",
    }

    assert draft("k4m7qtx", SAID | more).text == WHOLE


def test_only_what_was_said_is_written() -> None:
    """No field is there without a value, and an answer of nothing is none."""
    text = draft("k4m7qtx", SAID | {"crew": (), "requests": ""}).text

    assert "crew" not in text.replace("crew_call", "")
    assert "requests" not in text
    assert "null" not in text


def test_fields_stand_in_the_order_of_the_model() -> None:
    """The model has them as the design shows them, and every field of a draft is one of a booking."""
    said = {field: "x" for field in Booking.model_fields if field not in ("id", "guests")}
    lines = draft("k4m7qtx", said | {"count": "6", "lead": "Dana R."}).text.splitlines()[1:]

    assert [line.partition(":")[0] for line in lines if not line.startswith(" ")] == [*Booking.model_fields]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Dana R.", "Dana R."),
        ("one guest uses a cane, please help at the gangway", "one guest uses a cane, please help at the gangway"),
        ("O'Neill", "O'Neill"),
        ('a "small" dog', 'a "small" dog'),
        ("6", "6"),
        ("2024-05-30 09:00", "2024-05-30 09:00"),
        ("Chloé ⚓", "Chloé ⚓"),
        ("cake: please", "'cake: please'"),
        ("cabin #4", "'cabin #4'"),
        ("- a cake", "'- a cake'"),
        ("[a cake]", "'[a cake]'"),
        ("{a cake}", "'{a cake}'"),
        ("*a* cake", "'*a* cake'"),
        ("&c.", "'&c.'"),
        ("!", "'!'"),
        ("|", "'|'"),
        ("> 6", "'> 6'"),
        ("'quoted'", "'''quoted'''"),
        ('"quoted"', "'\"quoted\"'"),
        ("@home", "'@home'"),
        ("no", "'no'"),
        ("Yes", "'Yes'"),
        ("~", "'~'"),
        ("two\nlines", "|\n  two\n  lines"),
        (" \nindented first", '" \\nindented first"'),
        ("=", "'='"),
        ("a\x85b", '"a\\u0085b"'),
        ("bell \x07", '"bell \\u0007"'),
    ],
)
def test_quotes_stand_where_yaml_needs_them(text: str, written: str) -> None:
    """Nowhere else, since a person would leave them out."""
    assert scalar(text) == written


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(lambda text: text == text.strip())
)
def test_a_text_reads_back_as_itself_or_is_refused(text: str) -> None:
    """Whatever was typed, the file has it word for word, or is told of: it never says something else."""
    parsed = parse_booking(draft("k4m7qtx", SAID | {"requests": text}).text, "bookings/k4m7qtx.yaml")

    assert parsed.problems or (parsed.value is not None and (parsed.value.requests or "").rstrip("\n") == text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_another_yaml_reader_sees_text_where_it_is_text(text: str) -> None:
    """An editor's takes no name for false, nothing or a merge; the schema lets it be a number."""
    node = yaml.compose(scalar(text.strip() or "x"), yaml.SafeLoader)

    assert node.tag.rpartition(":")[2] in ("str", "int", "float", "timestamp")


def test_what_is_wrong_is_told_by_its_field() -> None:
    """A problem of the file leads back to the answer that it came from, a block of several lines too."""
    said = SAID | {"duration": "3 hours", "notes": "a\nb\x07", "count": "0"}
    drafted = draft("k4m7qtx", said)
    problems = problems_with(drafted, read_sources(ROOT), example())

    assert {drafted.field_of(problem) for problem in problems} <= {"duration", "notes", "count"}
    assert problems


def test_the_only_fields_told_of_are_those_that_were_said() -> None:
    """An interview is no list of what is missing still."""
    sources, fleet = read_sources(ROOT), example()

    assert problems_so_far({}, sources, fleet) == []
    assert [field for field, _ in problems_so_far({"vessel": "jadda"}, sources, fleet)] == ["vessel"]
    assert [field for field, _ in problems_so_far({"vessel": "jada", "count": "13"}, sources, fleet)] == ["count"]
    assert [field for field, _ in problems_so_far({"starts": "2024-03-10 02:30"}, sources, fleet)] == ["starts"]


def test_other_bookings_count_once_all_is_said() -> None:
    """Before that, a charter at the same time is no reason to stop; then it is told of here, whichever is earlier."""
    sources, fleet = read_sources(ROOT), example()
    for starts in ("2024-05-30 08:00", "2024-05-30 10:00"):
        said = SAID | {"starts": starts}
        drafted = draft("k4m7qtx", said)
        rules = {(drafted.field_of(found), found.rule) for found in problems_with(drafted, sources, fleet)}

        assert problems_so_far(said, sources, fleet) == []
        assert rules == {("vessel", "double-booked")}  # whose words name the people, too


@pytest.mark.parametrize(
    ("starts", "hint"),
    [
        ("2024-05-30 05:00", "end by 2024-05-30 07:30, or choose another vessel"),
        ("2024-05-30 13:00", "start no sooner than 2024-05-30 13:30, or choose another vessel"),
    ],
)
def test_a_charter_too_near_to_another_is_told_what_it_can_do(starts: str, hint: str) -> None:
    """The hint is for the one that is being written: before the other it has to end sooner, after it to start later."""
    said = SAID | {"starts": starts, "captain": "captain-002", "crew": ()}

    problems = problems_with(draft("k4m7qtx", said), read_sources(ROOT), example())

    assert [problem.hint for problem in problems] == [hint]


def test_a_project_without_any_vessel_is_no_reason_to_break() -> None:
    """What it lacks is told of; nothing is raised."""
    sources = replace(read_sources(ROOT), content={})
    fleet = replace(example(), vessels={}, docks={}, crew={}, charters=())

    assert [problem.rule for _, problem in problems_so_far({"vessel": "jada"}, sources, fleet)] == ["unknown-vessel"]
