"""A publisher that is stopped past its lease at any call that changes something, and taken over, wakes to do no harm.

Where it is stopped is read off what a publish in peace asks, so that a new call is a place by itself. `CASTOFF_PROOF=1`
has all of them, `CASTOFF_SLEEPER` those that it names; otherwise it is one.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from crash.places import Death, deaths, plain_call
from races.fleet import LOST
from races.machines import Machine, start
from support.treatments import Arrives, Held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from races.fleet import Fleet

pytestmark = pytest.mark.matrix

PROOF: Final = bool(os.environ.get("CASTOFF_PROOF"))
SEED: Final = os.environ.get("CASTOFF_SEED") or "20240530"
ONE: Final = os.environ.get("CASTOFF_SLEEPER")
"""The places to ask alone, by words that stand in their names."""

_LEASE: Final = 3.0
"""Seconds: long enough to come anywhere on a slow machine, since whoever is too late by itself is not put to sleep."""
_MOVED, _GONE = "stays00", "stays01"
_REFUSED: Final = {409, 412}
_WRITES: Final = ("PUT ", "DELETE ", "PATCH ", "POST /prod/event")
_RECORD: Final = "/history/"
"""In the path of a record: each publish writes one of its own, once it gave the lease back, and whenever is right."""


@dataclass(slots=True)
class Naps:
    """A fleet, of which one publisher is put to sleep again and again, each time over a new booking."""

    fleet: Fleet
    new: str = ""

    def commits(self, number: int) -> tuple[str, str]:
        """Commit what the sleeper publishes, and what another does meanwhile; return both.

        The one moves a charter, removes one and books one; the other moves all three, and so brings one back.
        """
        season, before, self.new = self.fleet.season, self.new, f"nap{number:04}"
        season.move(_MOVED)
        season.remove(_GONE)
        season.book(self.new)
        slept = season.project.commit()
        if before:
            season.remove(before)
        season.book(_GONE)
        for booking in (_MOVED, _GONE, self.new):
            season.move(booking)
        return slept, season.project.commit()


@pytest.fixture
def naps(fleet: Fleet) -> Iterator[Naps]:
    """Return the fleet, of whose season nothing of this stays."""
    made = Naps(fleet)
    yield made
    if made.new in fleet.season.charters:
        fleet.season.remove(made.new)


def test_a_sleeper_does_no_harm(naps: Naps) -> None:
    """Whatever it was about to do, or had just done: the world stays the newer commit's, and it says whose."""
    numbers = count()
    failed = []
    for place in _places(naps, next(numbers)):
        amiss = _slept(naps, place, next(numbers))
        failed += [f"stopped {place}: {words}" for words in amiss]

    assert not failed, failed


def _places(naps: Naps, number: int) -> list[Death]:
    """Publish in peace, and return before and after each call of it that changes something, or one of them."""
    slept, newer = naps.commits(number)
    turnstile = naps.fleet.harbour.turnstile
    turnstile.forget()
    assert naps.fleet.publish(slept, number=1).code == 0
    log = [plain_call(call, naps.new, {}) for call in turnstile.passed]
    assert naps.fleet.publish(newer).code == 0
    assert not (amiss := naps.fleet.amiss(newer)), amiss
    found = [place for place in deaths({"cloud": log}) if not place.call.startswith(("GET ", "HEAD "))]
    if ONE:
        return [place for place in found if ONE in str(place)]
    random = Random(SEED)  # noqa: S311 - places, not secrets
    return found if PROOF else [random.choice(found)]


def _slept(naps: Naps, place: Death, number: int) -> Iterator[str]:
    """Put a publisher to sleep at a place, let another take over, wake it, and yield everything that is amiss."""
    fleet, turnstile = naps.fleet, naps.fleet.harbour.turnstile
    slept, newer = naps.commits(number)
    held = Held(Arrives.UNANSWERED if place.arrives is Arrives.UNANSWERED else Arrives.LATE)
    turnstile.forget()
    turnstile.treat(place.pattern(naps.new, {}), held, after=place.nth)
    sleeper = start(fleet.clone(1, slept), Machine(), folder=fleet.run(), lease=_LEASE)
    try:
        held.wait()
    except AssertionError:
        yield f"it never came there: {sleeper.wait().err}"
        return
    pid = sleeper.process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        other = fleet.publish(newer)
    finally:
        held.release()
        os.kill(pid, signal.SIGCONT)
    ended = sleeper.wait()
    turnstile.settle()

    if other.code:
        yield f"nobody could take over: {other.err}"
    right = {200} if _RECORD in place.call else _REFUSED
    if held.arrives is Arrives.LATE and place.call.startswith(_WRITES) and held.status not in right:
        yield f"what came late was answered {held.status}"
    lived = Counter(line["commit"] for line in fleet.harbour.witness.state()["history"])
    if ended.code == 0 and not lived[slept]:
        yield f"it says that it is done: {ended.err}"
    if ended.code and not (ended.code == 1 and LOST.search(ended.err)):
        yield f"it ends with {ended.code} and says: {ended.err}"
    if ended.code and newer[:12] not in ended.err:
        yield f"it does not say who was first: {ended.err}"
    yield from fleet.amiss(newer)
