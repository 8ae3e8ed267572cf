"""Alarms: a call after a while by the main thread, whatever it does meanwhile."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from castoff.cli.alarms import after

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Leave no alarm behind."""
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("error", [RuntimeError("reentrant call"), BrokenPipeError()], ids=["reentrant", "gone"])
def test_what_cannot_be_drawn_ends_nothing(error: Exception) -> None:
    """A terminal that is being written to, or is gone, costs a drawing and never the publish."""
    rung = []

    def draw() -> None:
        rung.append(1)
        raise error

    after(0.01, draw)
    until = time.monotonic() + 5
    while not rung and time.monotonic() < until:
        time.sleep(0.02)

    assert rung == [1]
