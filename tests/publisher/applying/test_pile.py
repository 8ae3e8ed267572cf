"""A pile of work and how many are at it: what is given out, what ends it, how wide it gets."""

from __future__ import annotations

import pytest

from publisher.applying.pile import Pile
from publisher.applying.width import FEW, Width
from publisher.errors import ConflictError, PublishError


def test_pieces_come_in_order_and_once() -> None:
    """What was taken is gone; what ended is counted with its size."""
    pile = Pile(["a", "bb"], bearable=1, size=len)

    taken = [pile.take(), pile.take()]
    pile.count("bb", None)

    assert taken == ["a", "bb"]
    assert (pile.busy, pile.done, pile.sent, pile.is_open, pile.has_left) == (1, 1, 2, False, False)


@pytest.mark.parametrize(
    ("description", "bearable", "ends", "given_out"),
    [
        ("the first failure, where none is bearable", 1, ["no"], False),
        ("a failure, where some are", 3, ["no"], True),
        ("failures in a row, and a success between them", 3, ["no", "no", "", "no"], True),
        ("as many in a row as are bearable", 3, ["no", "no", "no"], False),
    ],
)
def test_failures_close_it(description: str, bearable: int, ends: list[str], given_out: bool) -> None:  # noqa: FBT001 - of a table
    """From then on nobody is given another piece."""
    pile = Pile(range(9), bearable=bearable, size=lambda _: 0)

    for end in ends:
        pile.count(pile.take(), PublishError(end) if end else None)

    assert pile.is_open is given_out, description
    assert len(pile.failed) == len([end for end in ends if end])


@pytest.mark.parametrize("error", [ConflictError("another was here"), ZeroDivisionError()])
def test_what_concerns_all_of_it_closes_it_at_once(error: Exception) -> None:
    """Such as a conflict, or a fault of ours: it is not one call's failure."""
    pile = Pile(range(9), bearable=5, size=lambda _: 0)

    pile.count(pile.take(), error)

    assert (pile.is_open, pile.has_left, pile.fatal, pile.failed) == (False, True, error, [])


@pytest.mark.parametrize(
    ("description", "answers", "expected"),
    [
        ("far off each waits for the way alone", [0.045, 0.050, 0.041] * 30, 256),
        ("near by they wait for each other", [0.0005, *[0.002] * 60], FEW),
        ("on a full line some are quick still", [0.040, *[0.150, 0.150, 0.150, 0.041] * 60], FEW + 3),
        ("late answers", [0.040, *[2.0] * 9], FEW),
    ],
)
def test_width_follows_the_answers(description: str, answers: list[float], expected: int) -> None:
    """It is wide while answers take no longer than the way is, and narrow once they wait for one another."""
    width = Width(256)

    for seconds in answers:
        width.took(seconds)

    assert width.now == expected, description


def test_width_is_within_what_it_may_be() -> None:
    """A service bears a few at once, however quick they are."""
    width = Width(4)

    widths = {width.now}
    for seconds in (0.04, 0.04, 3.0, 0.1):
        width.took(seconds)
        widths.add(width.now)

    assert widths == {4}
