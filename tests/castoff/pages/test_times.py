"""What has moved since people were first told, in sentences."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from castoff.fleet.carry import Facts
from castoff.pages.times import moved

FIRST = Facts(
    status="confirmed",
    starts="2024-05-30T10:00:00-07:00",
    ends="2024-05-30T13:00:00-07:00",
    boards="2024-05-30T09:45:00-07:00",
    calls="2024-05-30T09:00:00-07:00",
    dock="Shelter Island",
    vessel="Jada",
)
NIGHT = replace(FIRST, starts="2024-05-30T22:00:00-07:00", ends="2024-05-31T01:00:00-07:00")
AUTUMN = replace(FIRST, starts="2024-11-02T22:00:00-07:00", ends="2024-11-03T01:30:00-07:00")
LATE = "2024-05-30T00:30:00-07:00"

SENTENCES = [
    ("nothing", FIRST, FIRST, ()),
    ("what guests need not know", FIRST, replace(FIRST, calls="2024-05-30T08:00:00-07:00", status="hold"), ()),
    (
        "boarding alone",
        FIRST,
        replace(FIRST, boards="2024-05-30T09:00:00-07:00"),
        ("Boarding has changed: now 9 AM, was 9:45 AM.",),
    ),
    (
        "the start, and boarding with it",
        FIRST,
        replace(FIRST, starts="2024-05-30T11:00:00-07:00", boards="2024-05-30T10:45:00-07:00"),
        ("Boarding has changed: now 10:45 AM, was 9:45 AM.", "The start has changed: now 11 AM, was 10 AM."),
    ),
    (
        "the day, at the same hours",
        FIRST,
        replace(
            FIRST,
            starts="2024-06-01T10:00:00-07:00",
            ends="2024-06-01T13:00:00-07:00",
            boards="2024-06-01T09:45:00-07:00",
        ),
        ("The day has changed: now Saturday, June 1, 2024, was Thursday, May 30, 2024.",),
    ),
    (
        "the day of a charter over midnight",
        NIGHT,
        replace(
            NIGHT,
            starts="2024-05-31T22:00:00-07:00",
            ends="2024-06-01T01:00:00-07:00",
            boards="2024-05-31T09:45:00-07:00",
        ),
        ("The day has changed: now Friday, May 31, 2024, was Thursday, May 30, 2024.",),
    ),
    (
        "a day at sea more, back at the same hour",
        FIRST,
        replace(FIRST, ends="2024-05-31T13:00:00-07:00"),
        ("The end has changed: now 1 PM on Friday, was 1 PM.",),
    ),
    (
        "the end, in the hour that comes twice",
        AUTUMN,
        replace(AUTUMN, ends="2024-11-03T01:30:00-08:00"),
        ("The end has changed: now 1:30 AM (PST) on Sunday, was 1:30 AM (PDT) on Sunday.",),
    ),
    (
        "the day into winter, by the same clock",
        FIRST,
        replace(
            FIRST,
            starts="2024-12-30T10:00:00-08:00",
            ends="2024-12-30T13:00:00-08:00",
            boards="2024-12-30T09:45:00-08:00",
        ),
        ("The day has changed: now Monday, December 30, 2024, was Thursday, May 30, 2024.",),
    ),
    (
        "boarding on the evening before",
        replace(FIRST, starts=LATE, boards="2024-05-30T00:15:00-07:00"),
        replace(FIRST, starts=LATE, boards="2024-05-29T23:45:00-07:00"),
        ("Boarding has changed: now 11:45 PM on Wednesday, was 12:15 AM.",),
    ),
    (
        "the dock",
        FIRST,
        replace(FIRST, dock="Harbor Steps"),
        ("The dock has changed: now Harbor Steps, was Shelter Island.",),
    ),
]


@pytest.mark.parametrize(("description", "first", "now", "said"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_what_has_moved_is_said(description: str, first: Facts, now: Facts, said: tuple[str, ...]) -> None:
    """A sentence for each thing that a guest has to know anew, and none that says the same twice."""
    assert moved(first, now, ZoneInfo("America/Los_Angeles")) == said, description
