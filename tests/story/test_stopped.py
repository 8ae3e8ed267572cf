"""Ctrl-C during a publish, with the real command: once, and it ends in order; twice, and it ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

import pytest
from support.turnstile import Arrives, Held

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.harbour import Harbour

_PUBLISH: Final = ("publish", "--target", "local", "--yes")
_PAGE: Final = r"^PUT .*/g/jada-guest-sail"
_EVENT: Final = r"^POST .*/prod/event$"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"])
def test_once_finishes_what_is_under_way(harbour: Harbour, charter: str, number: signal.Signals, code: int) -> None:
    """The call under way is waited for, nothing else begins, the state says what is left, and the next does that."""
    held = Held(Arrives.LATE)
    harbour.turnstile.treat(_EVENT, held)

    with harbour.project.running(*_PUBLISH) as publisher:
        held.wait()
        publisher.send_signal(number)
        assert publisher.stderr
        heard = _until(publisher.stderr, "once more stops at once")
        held.release()
        out, err = publisher.communicate()
    state = harbour.witness.state()
    unlock = harbour.project.castoff("unlock", "--target", "local")
    history = harbour.project.castoff("history", "--target", "local", "-n", "1")
    again = harbour.publish()

    assert "stopping: what is under way is finished" in heard
    assert (publisher.returncode, out) == (code, "")
    assert "error: stopped, as asked\n" in err
    assert f"left: {charter} (put calendar)\n" in err
    assert state["in_progress"]["lease"] == 0
    assert [left for left in state["in_progress"]["intents"].values() if left] == []
    assert unlock.err == "nobody publishes to local: the last publish stopped; the next one does what is left\n"
    assert "stopped after " in history.out
    assert state["bookings"][charter]["event"]["status"] == "scheduled"
    assert again.code == 0, again.err
    assert len(harbour.witness.events(charter)) == len(harbour.witness.entries(charter)) == 1


def test_twice_stops_at_once(harbour: Harbour, charter: str) -> None:
    """Who has no patience is not kept waiting; the next publish takes over at once, and makes it good."""
    held = Held(Arrives.UNANSWERED)
    harbour.turnstile.treat(_PAGE, held)

    with harbour.project.running(*_PUBLISH) as publisher:
        held.wait()
        publisher.send_signal(signal.SIGINT)
        assert publisher.stderr
        _until(publisher.stderr, "once more stops at once")
        publisher.send_signal(signal.SIGINT)
        _, err = publisher.communicate(timeout=10)
    state = harbour.witness.state()
    held.release()
    again = harbour.publish()

    assert publisher.returncode == 130
    assert "stopped at once: the next publish reads back what was done" in err
    assert state["in_progress"]["lease"] > 0
    assert again.code == 0, again.err
    assert len(harbour.witness.events(charter)) == len(harbour.witness.entries(charter)) == 1


def test_waiting_for_another_publish_ends_at_the_first(harbour: Harbour, charter: str) -> None:
    """Whoever only waits has nothing to finish, and changes nothing."""
    held = Held(Arrives.LATE)
    harbour.turnstile.treat(_PAGE, held)

    with harbour.project.running(*_PUBLISH) as first:
        held.wait()
        with harbour.project.running(*_PUBLISH) as second:
            harbour.turnstile.treat(r"^GET .*/state\.json\.gz$", looked := Held(Arrives.LATE))
            looked.wait()
            second.send_signal(signal.SIGINT)
            looked.release()
            _, err = second.communicate()
        held.release()
        first.communicate()

    assert second.returncode == 130
    assert "error: stopped, as asked\n" in err
    assert "so far" not in err
    assert first.returncode == 0
    assert len(harbour.witness.events(charter)) == 1


def _until(stream: Iterable[str], words: str) -> str:
    """Read what is said until these words come."""
    said = ""
    for line in stream:
        said += line
        if words in line:
            break
    return said
