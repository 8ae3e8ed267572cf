"""The home page's list: what matters first stands first, and nothing that has a file is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from preview.running import BOOKING, edit
from preview.test_shown import made

from castoff.preview.agenda import agenda, next_page
from castoff.preview.bookings import Entry, entries
from castoff.preview.shown import Pages, Shown
from castoff.problems import Problem, Severity
from castoff.reading.zones import zone

if TYPE_CHECKING:
    from pathlib import Path

PACIFIC = zone("America/Los_Angeles")
NOON = datetime(2024, 5, 28, 12, tzinfo=PACIFIC)


def entry(booking: str, days: float | None, *, slug: str | None = "slug") -> Entry:
    """Return a booking that starts so many days from now and takes three hours."""
    starts = None if days is None else NOON + timedelta(days=days)
    return Entry(booking, "confirmed", starts=starts, ends=starts and starts + timedelta(hours=3), slug=slug)


def test_today_comes_first_and_what_is_over_last() -> None:
    """Ahead by day, past days backwards from yesterday, and on top what has no day, since it needs a hand."""
    found = agenda(
        [
            *(entry("past222", -9), entry("next111", 1), entry("today22", 0.1), entry("past111", -1)),
            *(entry("lost111", None), entry("today11", -0.2), entry("far1111", 300)),
        ],
        as_of=NOON,
    )

    assert [(day.name, [line.entry.id for line in day.lines]) for day in found.days] == [
        ("Without a day", ["lost111"]),
        ("Tuesday, May 28", ["today11", "today22"]),
        ("Wednesday, May 29", ["next111"]),
        ("Monday, March 24, 2025", ["far1111"]),
        ("Monday, May 27", ["past111"]),
        ("Sunday, May 19", ["past222"]),
    ]
    assert [day.today for day in found.days] == [False, True, False, False, False, False]
    assert [day.past for day in found.days] == [False, False, False, False, True, True]
    assert [line.time for line in found.days[1].lines] == ["7:12 AM", "2:24 PM"]


FIRST = [
    ("the next that is not over", [("over111", -1.0, "a"), ("soon111", 1.0, "b"), ("later11", 2.0, "c")], "soon111"),
    ("one that is under way", [("now1111", -0.1, "a"), ("soon111", 1.0, "b")], "now1111"),
    ("not a draft", [("draft11", 0.5, None), ("soon111", 1.0, "b")], "soon111"),
    ("the last one, when all are over", [("older11", -2.0, "a"), ("old1111", -1.0, "b")], "old1111"),
    ("a draft, when there is nothing else", [("draft11", 1.0, None)], "draft11"),
    ("one without a day, when there is nothing else", [("lost111", None, None)], "lost111"),
    ("nothing of nothing", [], None),
]


@pytest.mark.parametrize(("bookings", "expected"), [row[1:] for row in FIRST], ids=[row[0] for row in FIRST])
def test_what_is_shown_when_nothing_was_chosen(
    bookings: list[tuple[str, float | None, str | None]], expected: str | None
) -> None:
    """The home page begins with the booking that an operator most likely wants to see."""
    first = agenda([entry(booking, days, slug=slug) for booking, days, slug in bookings], as_of=NOON).first

    assert (first and first.id) == expected


def listed(shown: Shown, root: Path) -> dict[str, Entry]:
    """Return the entries of a project by id."""
    files = {path.stem: path.read_bytes() for path in (root / "bookings").glob("*.yaml")}
    return {found.id: found for found in entries(shown, files, zone=PACIFIC)}


def test_every_file_has_an_entry(project: Path) -> None:
    """Confirmed, cancelled, held, drafted or past reading: each booking is there with what is known of it."""
    (project / "bookings" / "aaaaaaa.yaml").write_bytes(b"\x00\xff rubbish")
    (project / "bookings" / "bbbbbbb.yaml").write_text(
        "id: bbbbbbb\nvessel: jada\nstarts: 2024-06-20 10:00\nfoo: bar\n"
    )
    found = listed(Shown(1, 1, made_without(project, "aaaaaaa", "bbbbbbb")), project)

    assert {found[key].status for key in found} == {"confirmed", "cancelled", "hold", "draft", "unreadable"}
    assert sorted(found) == sorted(path.stem for path in (project / "bookings").glob("*.yaml"))
    assert found["aaaaaaa"] == Entry("aaaaaaa", "unreadable")
    assert found["bbbbbbb"].vessel == "Jada"
    assert found["bbbbbbb"].starts == datetime(2024, 6, 20, 10, tzinfo=PACIFIC)
    assert found["xhqgmdh"].slug == "boatsetter-may30"
    held = next(one for one in found.values() if one.status == "hold")
    assert held.slug is None
    assert held.starts is not None


def made_without(project: Path, *bookings: str) -> Pages:
    """Build the project without these bookings, whose files come back."""
    kept = {booking: (project / "bookings" / f"{booking}.yaml").read_bytes() for booking in bookings}
    for booking in bookings:
        (project / "bookings" / f"{booking}.yaml").unlink()
    pages = made(project, None)
    for booking, content in kept.items():
        (project / "bookings" / f"{booking}.yaml").write_bytes(content)
    return pages


def test_problems_are_counted_where_they_are(project: Path) -> None:
    """An entry says how many errors and warnings its own file has."""
    problems = (
        Problem(BOOKING, 1, 1, "wrong", "rule"),
        Problem(BOOKING, 2, 1, "wrong", "rule"),
        Problem(BOOKING, 3, 1, "odd", "rule", severity=Severity.WARNING),
        Problem("castoff.yaml", 1, 1, "wrong", "rule"),
    )
    found = listed(Shown(1, 1, made(project, None), problems), project)

    assert (found["xhqgmdh"].errors, found["xhqgmdh"].warnings) == (2, 1)
    assert (found["c7rm4qx"].errors, found["c7rm4qx"].warnings) == (0, 0)


def test_a_charter_past_retention_has_no_pages(project: Path) -> None:
    """Its booking is still listed, without pages that would not be there."""
    edit(project, "castoff.yaml", "as_of: 2024-05-28 12:00", "as_of: 2025-05-28 12:00")
    found = listed(Shown(1, 1, made(project, None)), project)

    assert found["xhqgmdh"].slug is None
    assert found["xhqgmdh"].status == "confirmed"


def test_a_phone_is_sent_to_the_next_guest_page(project: Path) -> None:
    """The code in the terminal opens the page of the next charter."""
    assert next_page(Shown(1, 1, made(project, None))) == "/g/jada-guest-c7rm4qx"
    assert next_page(Shown(1, 0, None)) is None
