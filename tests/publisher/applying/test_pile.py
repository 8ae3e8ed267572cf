"""A pile of work and how many are at it: what is given out, what ends it, how wide it gets."""

from __future__ import annotations

import pytest

from publisher.applying.pile import Pile
from publisher.applying.width import FEW, Width
from publisher.errors import ConflictError, PublishError


def test_pieces_come_in_order_and_once() -> None:
    """What was taken is gone; what ended is counted with its size."""
    pile = Pile(["a", "bb"], bearable=1, size=len)

    taken = [pile.take(), pile.take(), pile.take()]
    pile.count("bb", None)

    assert taken == ["a", "bb", None]
    assert (pile.done, pile.sent, pile.is_open, pile.has_left) == (1, 2, False, False)


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
        piece = pile.take()
        assert piece is not None
        pile.count(piece, PublishError(end) if end else None)

    assert pile.is_open is given_out, description
    assert len(pile.failed) == len([end for end in ends if end])


@pytest.mark.parametrize("error", [ConflictError("another was here"), ZeroDivisionError()])
def test_what_concerns_all_of_it_closes_it_at_once(error: Exception) -> None:
    """Such as a conflict, or a fault of ours: it is not one call's failure."""
    pile = Pile(range(9), bearable=5, size=lambda _: 0)

    pile.count(0, error)

    assert (pile.take(), pile.fatal, pile.failed) == (None, error, [])


def test_width_grows_with_the_way_and_shrinks_with_the_line() -> None:
    """Near by a few are enough; far off each answer brings one more, up to the most; a late answer halves them."""
    width = Width(FEW * 4)

    for _ in range(99):
        width.took(0.002)
    near = width.now
    for _ in range(999):
        width.took(0.045)
    far = width.now
    width.took(3.0)

    assert (near, far, width.now) == (FEW, FEW * 4, FEW * 2)
    assert Width(4).now == 4


def test_one_too_many_leaves() -> None:
    """Once the line is full, those under way come down to what it bears, and no further."""
    width = Width(FEW * 2)
    width.busy = FEW + 2

    assert [width.leave() for _ in range(4)] == [True, True, False, False]
