"""Clashes: the table says what an operator would call one; a slower reading of the same words judges the fast one."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations, permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.fleet.clashes import MOST, Clash, clashes
from castoff.fleet.outlines import Outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOUR = 3600
REST = {"lark": timedelta(minutes=90)}


def charter(  # the table is read by the names
    booking: str,
    starts: float,
    ends: float,
    *,
    vessel: str = "lark",
    captain: str = "maya",
    crew: tuple[str, ...] = (),
    call: float = 1.0,
    boards: float = 0.25,
    read: bool = True,
    keeps: bool = True,
) -> Outline:
    """Return a charter's outline: hours of one day, call and boarding in hours before the start."""
    instants = (starts - boards, starts - call, starts, ends)
    named = ("", (), vessel, "pier", captain, crew)
    return Outline(booking, read, keeps, *named, *(int(hours * HOUR) for hours in instants))


def found(outlines: Iterable[Outline], rest: Mapping[str, timedelta] = REST) -> set[tuple[str, str, str]]:
    """Return what clashes, by name, earlier and later booking."""
    return {
        (clash.name, clash.before.booking if clash.before else "", clash.after.booking)
        for clash in _all(outlines, rest)
    }


def _all(outlines: Iterable[Outline], rest: Mapping[str, timedelta]) -> list[Clash]:
    return list(clashes(outlines, rest))


ASHORE = {"vessel": "other", "call": 0.5}
ONCE = {("lark", "a", "b")}
"""Of a vessel that is in two charters at sea at once: its people are in both because of it."""


@pytest.mark.parametrize(
    ("outlines", "expected"),
    [
        pytest.param([charter("a", 10, 13)], set(), id="one charter is alone"),
        pytest.param([charter("a", 10, 13), charter("b", 12, 14)], ONCE, id="two overlap"),
        pytest.param([charter("a", 10, 13), charter("b", 10, 13)], ONCE, id="two at the same instants: the id decides"),
        pytest.param([charter("a", 10, 13), charter("b", 11, 12)], ONCE, id="one within the other"),
        pytest.param([charter("a", 10, 13), charter("b", 14.5, 16)], set(), id="the rest is kept to the minute"),
        pytest.param([charter("a", 10, 13), charter("b", 14.4, 16)], {("lark", "a", "b")}, id="the rest is not kept"),
        pytest.param(
            [charter("a", 10, 13), charter("b", 13, 16, vessel="other", captain="leo")], set(), id="nothing in common"
        ),
        pytest.param(
            [charter("a", 10, 13), charter("b", 13.5, 16, **ASHORE)], set(), id="called elsewhere as the other ends"
        ),
        pytest.param(
            [charter("a", 10, 13), charter("b", 13.4, 16, **ASHORE)],
            {("maya", "a", "b")},
            id="called elsewhere while under way",
        ),
        pytest.param(
            [charter("a", 10, 13, crew=("leo",)), charter("b", 13.2, 16, vessel="other", captain="leo")],
            {("leo", "a", "b")},
            id="of the crew here, captain there",
        ),
        pytest.param(
            [charter("a", 10, 13), charter("b", 15, 16, call=2.5)], {("maya", "a", "b")}, id="called on the same vessel"
        ),
        pytest.param(
            [charter("a", 10, 13, vessel="dory"), charter("b", 13, 14, vessel="dory", call=0)],
            {("dory", "a", "b")},
            id="guests board while a vessel without a rest is out",
        ),
        pytest.param(
            [charter("a", 10, 13, vessel="dory"), charter("b", 13, 14, vessel="dory", call=0, boards=0)],
            set(),
            id="no rest, no boarding, no call: charters may touch",
        ),
        pytest.param(
            [charter("a", 8, 20), charter("b", 9, 10), charter("c", 18, 19)],
            {("lark", "a", later) for later in "bc"},
            id="a long one hides none of two within it",
        ),
        pytest.param(
            [charter("a", 8, 20), charter("b", 9, 12), charter("c", 11, 19)],
            {("lark", *pair) for pair in ("ab", "ac", "bc")},
            id="three, each with each",
        ),
        pytest.param(
            [charter("a", 10, 13), charter("b", 14, 16, vessel="other"), charter("c", 15, 17, vessel="x", call=3)],
            {("maya", "a", "c"), ("maya", "b", "c")},
            id="a later charter that calls sooner than the one before it",
        ),
        pytest.param([charter("a", 10, 13), charter("b", 12, 14, keeps=False)], set(), id="a draft keeps nothing"),
        pytest.param([charter("a", 10, 13, read=False), charter("b", 12, 14)], ONCE, id="one was not read again"),
        pytest.param(
            [charter("a", 10, 13, read=False), charter("b", 12, 14, read=False)], set(), id="neither was read again"
        ),
        pytest.param([charter("a", 10, 13, crew=("maya",))], set(), id="a captain who is crew, too, is one person"),
        pytest.param(
            [charter("a", 10, 13, captain="lark", vessel="dory"), charter("b", 10, 13)],
            set(),
            id="a person who is called like a vessel",
        ),
        pytest.param(
            [charter("a", 10, 13, crew=("leo",)), charter("b", 11, 14, vessel="dory", crew=("leo",))],
            {("maya", "a", "b"), ("leo", "a", "b")},
            id="two vessels: each of the people is in both",
        ),
        pytest.param([charter("a", 22, 26), charter("b", 25, 28)], ONCE, id="over midnight"),
    ],
)
def test_what_clashes(outlines: list[Outline], expected: set[tuple[str, str, str]]) -> None:
    """Each pair once, the earlier named first, in whatever order the files come."""
    for order in permutations(outlines):
        told = [
            (clash.name, clash.before and clash.before.booking, clash.after.booking) for clash in clashes(order, REST)
        ]

        assert set(told) == expected
        assert len(told) == len(expected)


def test_many_at_once_are_counted() -> None:
    """A slip in every file of a season is no page of pairs for each."""
    outlines = [charter(f"{number:02}", 10, 13 + number, captain=f"captain-{number}") for number in range(MOST + 4)]

    told = list(clashes(outlines, REST))

    last = [clash for clash in told if clash.after.booking == f"{MOST + 3:02}"]
    assert [clash.before.booking for clash in last if clash.before] == [f"{number:02}" for number in range(3, MOST + 3)]
    assert [clash.more for clash in last if clash.before is None] == [3]


INSTANTS = st.integers(0, 12).map(lambda half_hours: half_hours / 2)
OUTLINES = st.lists(
    st.builds(
        lambda starts, length, call, boards, **named: charter(
            "", starts, starts + length, call=call, boards=boards, **named
        ),
        starts=INSTANTS,
        length=st.sampled_from([0.5, 1, 2, 5]),
        call=st.sampled_from([0, 0.5, 1, 3]),
        boards=st.sampled_from([0, 0.5, 2]),
        vessel=st.sampled_from(["lark", "dory"]),
        captain=st.sampled_from(["maya", "leo", "ana"]),
        crew=st.sampled_from([(), ("leo",), ("ana", "leo"), ("lark",)]),
        read=st.booleans(),
        keeps=st.sampled_from([True, True, True, False]),
    ),
    max_size=8,
).map(lambda drawn: [outline._replace(booking=f"b{number}") for number, outline in enumerate(drawn)])


@given(OUTLINES, st.randoms())
def test_every_pair_is_found_as_if_each_were_held_against_each(outlines: list[Outline], chosen: object) -> None:
    """The sorted way leaves out none and invents none, and its order is that of no file."""
    shuffled = outlines.copy()
    chosen.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random

    told = list(clashes(shuffled, REST, most=8))

    assert {(one.vessel, one.name, one.before, one.after) for one in told} == set(_by_each(outlines))
    assert len(told) == len(set(_by_each(outlines)))
    assert told == list(clashes(outlines, REST, most=8))


def _by_each(outlines: list[Outline]) -> Iterable[tuple[bool, str, Outline, Outline]]:
    kept = sorted((one for one in outlines if one.keeps), key=lambda one: (one.starts, one.booking))
    for before, after in combinations(kept, 2):
        if before.read or after.read:
            rest = int(REST.get(after.vessel, timedelta()).total_seconds())
            if before.vessel == after.vessel and min(after.starts - rest, after.boards) < before.ends:
                yield True, after.vessel, before, after
            for name in {before.captain, *before.crew} & {after.captain, *after.crew}:
                at_sea = before.vessel == after.vessel and after.starts < before.ends
                if after.calls < before.ends and not at_sea:
                    yield False, name, before, after


def test_a_thousand_at_once_are_told_of_in_proportion() -> None:
    """As many lines a charter as a person reads, however many there are: else a season of them would never end."""
    outlines = [charter(f"{number:04}", 10, 13, crew=("leo",)) for number in range(1000)]

    assert len(list(clashes(outlines, REST))) <= (MOST + 1) * len(outlines)
