"""Outlines: what cross-checks know of a booking, whether its file was read, is broken, or was published before."""

from __future__ import annotations

import marshal
from dataclasses import replace
from pathlib import Path

import pytest

from castoff.fleet.carry import BoardRow
from castoff.fleet.charters import load_project
from castoff.fleet.outlines import Outline, outline_of, outline_of_row
from castoff.reading.reader import read

BASE = Path(__file__).resolve().parents[2] / "invalid/_base"
TEN = 1_717_261_200
"""2024-06-01 10:00 at the dock, in seconds since 1970."""
ROW = BoardRow(
    status="confirmed",
    slug="sunset",
    aliases=("old-sunset",),
    former=("older-sunset",),
    vessel="Lark",
    vessel_id="lark",
    captain="Maya Torres",
    captain_id="maya",
    crew_ids=("leo",),
    dock="The Pier",
    lead="Dana R.",
    guests=4,
    boards="2024-06-01T09:45:00-07:00",
    calls="2024-06-01T09:00:00-07:00",
    starts="2024-06-01T10:00:00-07:00",
    ends="2024-06-01T13:00:00-07:00",
)


def test_a_booking_in_order_is_outlined_whole() -> None:
    """Names by their ids, instants in seconds: fit to go through a pipe, and told apart from none."""
    fleet, _ = load_project(BASE)
    assert fleet is not None

    [outline] = fleet.outlines

    named = ("lark-guest-a7kq4wt", (), "lark", "pier", "maya", ("leo",))
    assert outline == ("a7kq4wt", True, True, *named, TEN - 900, TEN - 3600, TEN, TEN + 3 * 3600)
    assert Outline._make(marshal.loads(marshal.dumps(tuple(outline)))) == outline  # noqa: S302 - made a line above


def test_a_broken_booking_still_has_its_names() -> None:
    """A slug that is taken is told of in the same run as what is wrong beside it; what is no text is no name."""
    document, _ = read("slug: [a]\naliases: [b, {c: d}]\nvessel: {}\ncrew: leo\ncaptain: maya\n", "x.yaml")
    assert document is not None

    outline = outline_of("a7kq4wt", document, None)

    assert outline == ("a7kq4wt", True, False, "", ("b", ""), "", "", "maya", (), 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("status", "keeps"), [("confirmed", True), ("hold", True), ("draft", False), ("cancelled", False)]
)
def test_a_booking_that_is_not_read_again_is_outlined_from_its_line_on_the_board(status: str, *, keeps: bool) -> None:
    """It keeps vessel and people while it is to take place, and guests board when they did."""
    row = replace(ROW, status=status)

    outline = outline_of_row("a7kq4wt", row)

    instants = (TEN - 900, TEN - 3600, TEN, TEN + 3 * 3600) if keeps else (0, 0, 0, 0)
    named = ("sunset", ("old-sunset",), "lark", "", "maya", ("leo",))
    assert outline == ("a7kq4wt", False, keeps, *named, *instants)


def test_captain_and_crew_are_people_once_each() -> None:
    """Whoever stands twice is told of elsewhere."""
    outline = outline_of_row("a7kq4wt", ROW)._replace(crew=("leo", "maya", "leo"))

    assert outline.people == ("maya", "leo")
