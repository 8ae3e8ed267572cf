"""The crash matrix: a publisher dies at every request of a log, something follows, and the world is looked at.

`make proof` asks all of it, a file for each scenario. `make test` asks a sample: `CASTOFF_SEED` says which, and
`CASTOFF_CRASH` asks for one place alone, in the words with which a failure names it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crash.places import Death, deaths
from crash.scenarios import FollowUp, Scenario
from crash.world import assert_as_if_nobody_died, assert_nothing_to_do, assert_told, assert_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crash.yard import Berth, Yard

PROOF: Final = bool(os.environ.get("CASTOFF_PROOF"))
ONE: Final = os.environ.get("CASTOFF_CRASH")

_BY_TIME: Final = 7
"""Of so many publishers one dies on another machine, where only time tells."""
_LOOKS: Final = 5
"""After so many deaths a further publish is asked; after each it is only reckoned what it would do."""
_ENOUGH: Final = 5
"""Failures after which it is plain that something is broken."""


@dataclass(slots=True)
class Matrix:
    """A yard, the places to die that its logs have, by scenario, and what failed.

    `again` are those that only a publisher has that takes over; `first` is where the one before it died.
    """

    yard: Yard
    places: dict[str, tuple[Death, ...]] = field(default_factory=dict)
    again: dict[str, tuple[Death, ...]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def learn(self, berths: Iterable[Berth]) -> None:
        """Record what a publish of each asks with nobody dying."""
        for berth in berths:
            self.places[berth.scenario.name] = tuple(deaths(self.yard.log(berth)))
            assert_as_if_nobody_died(self.yard, berth)
            assert_told(self.yard, berth)

    def learn_again(self, berths: Iterable[Berth]) -> None:
        """Record what a publish asks that takes over, and a first one does not: it reads back what it finds."""
        for berth in berths:
            name = berth.scenario.name
            self.yard.die(berth, self.first(berth.scenario))
            known = set(self.places[name])
            self.again[name] = tuple(place for place in deaths(self.yard.log_again(berth)) if place not in known)
            assert_as_if_nobody_died(self.yard, berth)
            assert_told(self.yard, berth)
            assert self.again[name], "whoever takes over asks nothing that a first one does not"

    def first(self, scenario: Scenario) -> Death:
        """Return where the first of two dies: in the middle of its effects, some done and others to do.

        What it writes down of itself is none: after the last of that, nothing is left to take over.
        """
        places = [place for place in self.places[scenario.name] if "/<StateBucket>/" not in place.call]
        return places[len(places) // 2]

    def of(self, scenario: Scenario, follow_up: FollowUp) -> tuple[Death, ...]:
        """Return the places to die at where such a thing follows."""
        return (self.again if follow_up is FollowUp.KILLED else self.places)[scenario.name]

    def ask(self, dying: Sequence[tuple[Berth, Death]]) -> None:
        """Let publishers die, each over a booking of its own; fail with every place at which it was not as if not."""
        self.failures.clear()
        for index, (berth, death) in enumerate(dying):
            self._note(berth, death, lambda berth=berth, death=death: self._die(berth, death))  # type: ignore[misc]
            if index % _LOOKS == 0 or index == len(dying) - 1:
                self._note(berth, death, lambda: assert_nothing_to_do(self.yard))
        if not self.failures:
            for berth, death in dying:
                self._note(berth, death, lambda berth=berth: assert_told(self.yard, berth))  # type: ignore[misc]
            assert_whole(self.yard)
        assert not self.failures, "\n\n".join(self.failures)

    def _die(self, berth: Berth, death: Death) -> None:
        if berth.follow_up is FollowUp.KILLED:
            self.yard.die(berth, self.first(berth.scenario))
            self.yard.die_again(berth, death)
        else:
            self.yard.die(berth, death)
        ran = self.yard.follow(berth)
        assert ran.code == 0, ran.err
        assert_as_if_nobody_died(self.yard, berth)

    def _note(self, berth: Berth, death: Death, test: Callable[[], None]) -> None:
        try:
            test()
        except AssertionError as error:
            late = ", on another machine" if berth.by_time else ""
            name = f"{berth.scenario.name} / {berth.follow_up.value} / {death}"
            repeat = f"CASTOFF_CRASH='{name}' pytest tests/crash"
            self.failures.append(f"{name}{late} ({berth.booking}): {error}\n  repeat: {repeat}")
            assert len(self.failures) < _ENOUGH, "\n\n".join(self.failures)
            with suppress(AssertionError):  # the next one starts from whatever stands
                self.yard.publish()


def ask_whole(opened: Callable[[], Matrix], scenario: Scenario, follow_up: FollowUp) -> int:
    """Ask for every place of a scenario with one thing that follows, and return how many there were."""
    matrix = opened()
    if scenario.name not in matrix.places:
        matrix.learn(matrix.yard.berth([(scenario, FollowUp.AGAIN, False)]))
    twice = follow_up is FollowUp.KILLED
    if twice:
        matrix.learn_again(matrix.yard.berth([(scenario, FollowUp.AGAIN, False)]))
    places = matrix.of(scenario, follow_up)
    assert places
    wanted = [(scenario, follow_up, not twice and index % _BY_TIME == _BY_TIME // 2) for index in range(len(places))]
    matrix.ask(list(zip(matrix.yard.berth(wanted), places, strict=True)))
    return len(places)
