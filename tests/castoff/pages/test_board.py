"""The board through time: what is on it, when that changes, and that it says nothing that turns false in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.example import example, instant, projected, renderer

from castoff.fleet.carry import BoardRow
from castoff.fleet.settings import addresses
from castoff.pages.board import KEPT, board
from castoff.pages.keys import BOARD, site_pages
from castoff.reading.zones import later, zone

if TYPE_CHECKING:
    from collections.abc import Mapping

SECOND = timedelta(seconds=1)
SITES = addresses(example().settings.targets["production"])


def rows() -> dict[str, BoardRow]:
    """Return the lines of the example's published bookings."""
    return {booking: projection.carry.board for booking, projection in projected(example()).items()}


def season(*charters: str) -> dict[str, BoardRow]:
    """Return the lines of charters late on these days, in San Diego; those with an `x` are cancelled."""
    row, found = rows()["w6ygn2c"], dict[str, BoardRow]()
    for number, said in enumerate(charters):
        day, status = said.rstrip("x"), "cancelled" if said.endswith("x") else "confirmed"
        starts, ends = f"{day}T23:00:00-07:00", f"{day}T23:30:00-07:00"
        found[f"b{number}"] = replace(row, status=status, starts=starts, ends=ends, calls=starts)
    return found


def bodies(of: Mapping[str, BoardRow], as_of: datetime) -> dict[str, bytes]:
    """Return the pages of a board as they are written at an instant, by their keys."""
    views = {sheet.key: sheet.view(SITES) for sheet in board(of, as_of=as_of).sheets}
    return {page.key: renderer(example()).render(page) for page in site_pages(views) if page.key in views}


def at_noon(day: str) -> datetime:
    """Return noon of a day in San Diego."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=zone("America/Los_Angeles"))


PAGES: list[tuple[str, str, tuple[str, ...], dict[str, int]]] = [
    ("nothing is booked", "2024-05-28", (), {"index": 0}),
    ("this month and the next", "2024-05-28", ("2024-05-28", "2024-06-01", "2024-06-30"), {"index": 3}),
    ("the month after that", "2024-05-28", ("2024-06-30", "2024-07-01"), {"index": 1, "2024-07": 1}),
    ("its first day, and last", "2024-05-28", ("2024-07-01", "2024-07-31"), {"index": 0, "2024-07": 2}),
    ("the month has turned", "2024-06-01", ("2024-06-30", "2024-07-01"), {"index": 2}),
    ("a month without charters", "2024-05-28", ("2024-07-04", "2024-09-01"), {"index": 0, "2024-07": 1, "2024-09": 1}),
    ("the year turns ahead", "2024-11-30", ("2024-12-31", "2025-01-01"), {"index": 1, "2025-01": 1}),
    ("the year has turned", "2024-12-01", ("2024-12-31", "2025-01-01"), {"index": 2}),
    ("the last of a long month", "2025-01-31", ("2025-02-28", "2025-03-01"), {"index": 1, "2025-03": 1}),
    (
        "the same month of two years",
        "2024-01-15",
        ("2024-05-01", "2025-05-01"),
        {"index": 0, "2024-05": 1, "2025-05": 1},
    ),
    ("cancelled ones are told of", "2024-05-28", ("2024-05-30x", "2024-08-02x"), {"index": 1, "2024-08": 1}),
    ("over for six days", "2024-05-28", ("2024-05-22",), {"index": 1}),
    ("over for eight", "2024-05-28", ("2024-05-20",), {"index": 0}),
    ("last month's, over for a day", "2024-06-01", ("2024-05-31",), {"index": 1}),
]


@pytest.mark.parametrize(("description", "day", "charters", "pages"), PAGES)
def test_each_charter_is_on_one_page(
    description: str, day: str, charters: tuple[str, ...], pages: dict[str, int]
) -> None:
    """The board goes to the end of next month; each later month that has charters has a page."""
    found = board(season(*charters), as_of=at_noon(day)).sheets

    shown = {sheet.key: sum(len(shown.entries) for shown in sheet.view(SITES).days) for sheet in found}
    assert shown == {f"ops/{name}.html": count for name, count in pages.items()}, description


def test_months_lead_to_one_another() -> None:
    """The board tells each month's charters, without those that are cancelled; each month knows those beside it."""
    charters = ("2024-05-30", "2024-05-31x", "2024-07-04", "2024-07-05", "2024-07-06x", "2024-09-01", "2025-01-01x")

    first, *months = (sheet.view(SITES) for sheet in board(season(*charters), as_of=at_noon("2024-05-28")).sheets)

    assert (first.month, first.charters, first.before) == ("", "1 charter", None)
    assert [(ahead.page.month, ahead.page.address, ahead.charters) for ahead in first.ahead] == [
        ("July 2024", "/ops/2024-07.html", "2 charters"),
        ("September 2024", "/ops/2024-09.html", "1 charter"),
        ("January 2025", "/ops/2025-01.html", "0 charters"),
    ]
    assert first.after == first.ahead[0].page
    july, september, january = (ahead.page for ahead in first.ahead)
    assert [(view.month, view.charters, view.before, view.after) for view in months] == [
        ("July 2024", "2 charters", None, september),
        ("September 2024", "1 charter", july, january),
        ("January 2025", "0 charters", september, None),
    ]
    assert {(view.ahead, view.board) for view in months} == {((), "/ops/index.html")}


BOOKED = ("2024-05-30", "2024-07-04", "2024-07-05", "2024-09-01")

CHANGED: list[tuple[str, dict[int, str | None], str, set[str]]] = [
    # what is done to which of those, and the day on which it is looked at; whose pages are others than on May 28
    ("nothing", {}, "2024-05-28", set()),
    ("another day", {}, "2024-05-29", {"index"}),
    ("a near one moves", {0: "2024-05-31"}, "2024-05-28", {"index"}),
    ("a far one moves", {1: "2024-07-06"}, "2024-05-28", {"2024-07"}),
    ("a far one is cancelled", {1: "2024-07-04x"}, "2024-05-28", {"index", "2024-07"}),
    ("one goes to another month", {1: "2024-09-04"}, "2024-05-28", {"index", "2024-07", "2024-09"}),
    ("a month is empty", {3: None}, "2024-05-28", {"index", "2024-07", "2024-09"}),
    ("a month begins between others", {0: "2024-08-09"}, "2024-05-28", {"index", "2024-07", "2024-08", "2024-09"}),
    ("July comes near", {}, "2024-06-01", {"index", "2024-07", "2024-09"}),
]


@pytest.mark.parametrize(("description", "done", "day", "others"), CHANGED)
def test_a_page_is_another_where_its_source_is(
    description: str, done: dict[int, str | None], day: str, others: set[str]
) -> None:
    """Its own lines make a page, and on the board the day; a digest of them tells whether it has to be made anew."""
    charters = [done.get(number, charter) for number, charter in enumerate(BOOKED)]
    first, then = season(*BOOKED), season(*(charter for charter in charters if charter))
    at = [(first, at_noon("2024-05-28")), (then, at_noon(day))]

    pages = [bodies(rows, as_of) for rows, as_of in at]
    sources = [{sheet.key: sheet.source for sheet in board(rows, as_of=as_of).sheets} for rows, as_of in at]

    assert unlike(*pages) == {f"ops/{name}.html" for name in others}, description
    assert unlike(*sources) == unlike(*pages)


def unlike(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """Return the names under which two have not the same."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@pytest.mark.parametrize("field", BoardRow.__slots__)
def test_whatever_a_page_shows_is_in_its_source(field: str) -> None:
    """No field of a line changes a page and leaves its source; one that no page shows makes none anew."""
    row = season("2024-05-30")["b0"]
    other = {
        "status": "cancelled",
        "guests": 7,
        "calls": "2024-05-30T22:00:00-07:00",
        "starts": "2024-05-30T23:10:00-07:00",
    }
    other |= {"ends": "2024-05-30T23:50:00-07:00", "aliases": ("x",), "former": ("x",), "crew_ids": ("x",)}
    changed = replace(row, **{field: other.get(field, "other")})
    now = at_noon("2024-05-28")

    (before,), (after,) = (board({"b0": one}, as_of=now).sheets for one in (row, changed))

    assert (before.source == after.source) is (before.view(SITES) == after.view(SITES))


@pytest.mark.parametrize(
    ("description", "name", "now", "following"),
    [
        ("an ordinary day", "America/Los_Angeles", "2024-05-28T19:00", "2024-05-29T00:00:00-07:00"),
        ("the night of 25 hours", "America/Los_Angeles", "2024-11-03T07:30", "2024-11-04T00:00:00-08:00"),
        ("the night of 23 hours", "America/Los_Angeles", "2024-03-10T09:00", "2024-03-11T00:00:00-07:00"),
        ("midnight is skipped", "America/Havana", "2024-03-10T04:30", "2024-03-10T01:00:00-04:00"),
        ("the end of a year", "Asia/Kolkata", "2024-12-31T18:00", "2025-01-01T00:00:00+05:30"),
        ("the leap day", "America/Los_Angeles", "2024-02-29T07:30", "2024-02-29T00:00:00-08:00"),
    ],
)
def test_a_day_turns_when_clocks_say_so(description: str, name: str, now: str, following: str) -> None:
    """However many hours a night has, the board is due when the operator's clocks begin the next day."""
    as_of = datetime.fromisoformat(now).replace(tzinfo=UTC).astimezone(zone(name))

    assert board({}, as_of=as_of).next_turn.isoformat() == following, description


def test_a_charter_drops_off_at_its_second() -> None:
    """A week after it ended, to the second, the board is due, and the line is gone."""
    row = rows()["w6ygn2c"]
    drops = later(datetime.fromisoformat(row.ends).astimezone(zone("America/Los_Angeles")), KEPT)

    due = board(rows(), as_of=later(drops, -timedelta(minutes=5))).next_turn

    assert due == drops
    shown = [bodies(rows(), moment)[BOARD] for moment in (later(drops, -SECOND), drops)]
    assert [b"w6ygn2c" in body for body in shown] == [True, False]


def test_a_week_has_as_many_hours_as_it_has() -> None:
    """Over the night clocks go back, a line stays seven times twenty-four hours, and not an hour less."""
    ends = datetime(2024, 10, 30, 21, tzinfo=UTC)
    row = replace(rows()["w6ygn2c"], starts="2024-10-30T11:00:00-07:00", ends=ends.isoformat())
    drops = (ends + KEPT).astimezone(zone("America/Los_Angeles"))

    shown = [board({"w": row}, as_of=moment).sheets[0].lines for moment in (later(drops, -SECOND), drops)]

    assert [len(lines) for lines in shown] == [1, 0]


@given(minutes=st.integers(-120 * 24 * 60, 40 * 24 * 60), share=st.floats(0, 1))
def test_the_board_stays_the_same_from_one_turn_to_the_next(minutes: int, share: float) -> None:
    """All pages are byte by byte those of the instant before, and the board itself is another at its turn."""
    as_of = later(instant(example()), timedelta(minutes=minutes))
    due = board(rows(), as_of=as_of).next_turn
    between = later(as_of, (due.astimezone(UTC) - SECOND - as_of.astimezone(UTC)) * share)

    before = bodies(rows(), as_of)

    assert bodies(rows(), between) == before
    assert board(rows(), as_of=between).next_turn == due
    assert bodies(rows(), due)[BOARD] != before[BOARD]


def test_a_day_is_called_today_by_no_page_alone() -> None:
    """The word stands in an attribute, for a script to say while it is true: the page lies there past midnight."""
    text = bodies(rows(), instant(example()))[BOARD].decode()

    assert text.count('data-says="today"') == 6
    assert "today" not in text.replace('data-says="today"', "")
