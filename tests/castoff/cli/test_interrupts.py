"""A stop that was asked for is heard by what can be left where it stands, also where it was asked before."""

from __future__ import annotations

import signal

import pytest

from castoff.cli.interrupts import Interrupts
from publisher.errors import StoppedError


def test_who_asked_before_is_not_kept_for_a_build_or_a_question() -> None:
    """What is left at once does not even begin, and no second signal is needed."""
    interrupts = Interrupts()
    interrupts.hear(signal.SIGINT, None)

    with pytest.raises(StoppedError), interrupts.at_once():
        pytest.fail("it began")


def test_who_asks_meanwhile_ends_it_where_it_stands() -> None:
    """There is nothing to finish."""
    interrupts = Interrupts()

    with pytest.raises(KeyboardInterrupt), interrupts.at_once():
        interrupts.hear(signal.SIGINT, None)
    assert not interrupts.asked()
