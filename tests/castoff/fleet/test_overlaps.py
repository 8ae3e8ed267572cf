"""How a clash is told: at the later charter, or at the one that was read, with what can be done there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from castoff.fleet.outlines import Outline
from castoff.fleet.overlaps import overlaps
from castoff.fleet.places import Places
from castoff.reading.zones import zone

AT = zone("America/Los_Angeles")
FILES = dict.fromkeys(("a", "b"), b"vessel: lark\ncaptain: maya\ncrew: [leo, ana]\n")
BEFORE, AFTER = "bookings/a.yaml:2:10", "bookings/b.yaml:2:10"
CALLED = "called at 2024-06-01 12:30"
UNDER_WAY = "under way until 2024-06-01 13:00"


def charter(booking: str, starts: str, **other: Any) -> Outline:
    """Return a charter of three hours with a call an hour before."""
    start = int(datetime.fromisoformat(f"2024-06-01 {starts}").replace(tzinfo=AT).timestamp())
    instants = {"boards": start - 900, "calls": start - 3600, "starts": start, "ends": start + 3 * 3600}
    named = {"slug": booking, "aliases": (), "vessel": "lark", "dock": "pier", "captain": "maya", "crew": ()}
    return Outline(**{"booking": booking, "read": True, "keeps": True} | named | instants | other)


@pytest.mark.parametrize(
    ("description", "read", "rest", "vessels", "told"),
    [
        (
            "called to another vessel: the later one was read",
            {"a": False},
            0,
            ("lark", "dory"),
            (
                f"{AFTER}: `maya` is {CALLED}, and {UNDER_WAY}: {BEFORE}"
                " [double-booked]\n  hint: start no sooner than 2024-06-01 14:00, or choose another captain"
            ),
        ),
        (
            "called to another vessel: the earlier one was read",
            {"b": False},
            0,
            ("lark", "dory"),
            (
                f"{BEFORE}: `maya` is {UNDER_WAY}, and {CALLED}: {AFTER}"
                " [double-booked]\n  hint: end by 2024-06-01 12:30, or choose another captain"
            ),
        ),
        (
            "called while aboard: the later one was read",
            {"a": False},
            0,
            ("lark", "lark"),
            (
                f"{AFTER}: warning: `maya` is {CALLED}, and {UNDER_WAY}: {BEFORE}"
                " [called-too-soon]\n  hint: call them no sooner: `crew_call: 30m`"
            ),
        ),
        (
            "called while aboard: the earlier one was read",
            {"b": False},
            0,
            ("lark", "lark"),
            (
                f"{BEFORE}: warning: `maya` is {UNDER_WAY}, and {CALLED}: {AFTER}"
                " [called-too-soon]\n  hint: end by 2024-06-01 12:30"
            ),
        ),
        (
            "the vessel's rest says it already",
            {},
            45,
            ("lark", "lark"),
            (
                "bookings/b.yaml:1:9: `lark` has 30m between this charter and bookings/a.yaml:1:9, and needs 45m"
                " [short-turnaround]\n  hint: start no sooner than 2024-06-01 13:45, or choose another vessel"
            ),
        ),
        (
            "the vessel's rest is too short, and the earlier one was read",
            {"b": False},
            45,
            ("lark", "lark"),
            (
                "bookings/a.yaml:1:9: `lark` has 30m between this charter and bookings/b.yaml:1:9, and needs 45m"
                " [short-turnaround]\n  hint: end by 2024-06-01 12:45, or choose another vessel"
            ),
        ),
        (
            "the vessel's rest is kept, and the call is all that is wrong",
            {},
            30,
            ("lark", "lark"),
            (
                f"{AFTER}: warning: `maya` is {CALLED}, and {UNDER_WAY}: {BEFORE} [called-too-soon]"
                "\n  hint: call them no sooner: `crew_call: 30m`"
            ),
        ),
        ("neither was read", {"a": False, "b": False}, 45, ("lark", "lark"), ""),
    ],
)
def test_how_it_is_told(
    description: str, read: dict[str, bool], rest: int, vessels: tuple[str, str], told: str
) -> None:
    """Whoever is aboard for both is called too soon, and told of once; whoever is not cannot be in both."""
    first = charter("a", "10:00", vessel=vessels[0], read=read.get("a", True))
    second = charter("b", "13:30", vessel=vessels[1], read=read.get("b", True))

    problems = overlaps([second, first], rest={"lark": timedelta(minutes=rest)}, zone=AT, places=Places(FILES))

    assert "\n".join(map(str, problems)) == told, description


def test_those_who_stay_aboard_are_told_of_once() -> None:
    """One line for captain and crew: it is one call, and the captain comes first."""
    outlines = [charter(booking, starts, crew=("leo", "ana")) for booking, starts in (("a", "10:00"), ("b", "13:30"))]

    [problem] = overlaps(outlines, rest={}, zone=AT, places=Places(FILES))

    assert problem.words.startswith("`maya` and 2 of the crew are called")


def test_without_a_rest_boarding_is_all_that_can_be_too_soon() -> None:
    """Charters may touch, and then nobody can board before the others have left."""
    outlines = [charter("a", "10:00"), charter("b", "13:00", captain="ana")]

    [problem] = overlaps(outlines, rest={}, zone=AT, places=Places(FILES))

    assert str(problem) == (
        "bookings/b.yaml:1:9: warning: guests board at 2024-06-01 12:45, and `lark` is out until 2024-06-01 13:00: "
        "bookings/a.yaml:1:9 [boarding-too-soon]\n  hint: let them board no sooner: `boarding: 0m`"
    )


def test_a_place_in_a_file_that_is_gone_is_its_first_line() -> None:
    """A booking that was published may have no file any more that could be read."""
    outlines = [charter("a", "10:00", read=False), charter("b", "11:00")]

    problems = overlaps(outlines, rest={}, zone=AT, places=Places({"b": FILES["b"]}))

    assert ["bookings/a.yaml:1:1" in problem.words for problem in problems] == [True]


@pytest.mark.parametrize(
    ("description", "member", "place", "kind"),
    [("a captain", "maya", (2, 10), "captain"), ("of the crew", "ana", (3, 13), "crew member")],
)
def test_the_place_is_that_of_the_name(description: str, member: str, place: tuple[int, int], kind: str) -> None:
    """An editor jumps to what is to be changed, and the hint says what that is."""
    other = charter("a", "11:00", vessel="dory", captain=member)
    outlines = [other, charter("b", "12:00", crew=("leo", "ana"))]

    [problem] = overlaps(outlines, rest={}, zone=AT, places=Places(FILES))

    assert (problem.line, problem.column) == place, description
    assert problem.hint == f"choose another {kind}, or another time"


@pytest.mark.parametrize(
    ("people", "words", "hint"),
    [
        ((), "`lark` is in two charters at once", "choose another vessel, or another time"),
        (("maya",), "`lark` and `maya` are in two", "choose another vessel and crew, or another time"),
        (("maya", "leo"), "`lark`, `maya` and `leo` are in two", "choose another vessel and crew, or another time"),
        (
            ("maya", "leo", "ana", "ines"),
            "`lark`, `maya`, `leo` and 2 more of the crew are in two",
            "choose another vessel and crew, or another time",
        ),
    ],
)
def test_a_copied_booking_is_one_mistake(people: tuple[str, ...], words: str, hint: str) -> None:
    """Its people are in two charters because their vessel is: one line, at the vessel, names them."""
    captain, *crew = people or ("kai",)
    outlines = [charter("a", "10:00", captain=captain, crew=tuple(crew)), charter("b", "11:00", captain=captain)]
    outlines[1] = outlines[1]._replace(crew=tuple(crew), captain=captain if people else "noa")

    [problem] = overlaps(outlines, rest={}, zone=AT, places=Places(FILES))

    assert problem.words.startswith(words)
    assert (problem.line, problem.column, problem.hint) == (1, 9, hint)
