"""Effects in threads: each is told of once, with what came of it."""

from __future__ import annotations

from contextlib import closing
from threading import Barrier, Event, Timer

from publisher.threads import Threads


def test_each_piece_is_told_of_once_with_what_came_of_it() -> None:
    """A value, or what was raised: be it a fault of ours, whoever waits learns of it."""

    def effect(piece: int) -> int:
        return 12 // piece

    came: dict[int, int | BaseException] = {}
    with closing(Threads(effect, most=2)) as threads:
        for piece in (1, 0, 3):
            threads.begin(piece)
        while len(came) < 3:
            came |= {end.piece: end.came for end in threads.ended(5.0)}
        nothing = threads.ended(0.0)

    assert isinstance(came.pop(0), ZeroDivisionError)
    assert came == {1: 12, 3: 4}
    assert nothing == []


def test_pieces_are_done_at_once() -> None:
    """Two that wait for each other both end."""
    both = Barrier(2)

    with closing(Threads(lambda _: both.wait(5.0), most=2)) as threads:
        threads.begin("a")
        threads.begin("b")

    assert sorted(str(end.came) for end in threads.ended(0.0)) == ["0", "1"]


def test_closing_begins_nothing_more() -> None:
    """What waits for a thread by then would begin with nobody left who may say that it may."""
    free, begun = Event(), []

    def effect(piece: str) -> None:
        begun.append(piece)
        free.wait(5.0)

    threads = Threads(effect, most=1)
    for piece in ("first", "second", "third"):
        threads.begin(piece)
    Timer(0.05, free.set).start()
    threads.close()

    assert begun == ["first"]


def test_a_look_waits_no_longer_than_it_is_told_and_closing_to_the_end() -> None:
    """While a piece is under way, whoever looks has other things to see to."""
    free = Event()

    threads = Threads(lambda _: free.wait(5.0), most=1)
    threads.begin("slow")
    looked = threads.ended(0.01)
    free.set()
    threads.close()

    assert looked == []
    assert [(end.piece, end.came) for end in threads.ended(0.0)] == [("slow", True)]
