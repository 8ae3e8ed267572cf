"""A sample of the crash matrix: a few deaths, other ones with each seed, one on another machine; or one place alone."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Final

from crash.matrix import ONE
from crash.scenarios import SCENARIOS, FollowUp, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from crash.matrix import Matrix

SEED: Final = int(os.environ.get("CASTOFF_SEED") or Random().randrange(10_000))  # noqa: S311 - a place, not a secret

_DEATHS: Final = 3


def test_a_sample_of_deaths(matrix: Callable[[], Matrix]) -> None:
    """Over some scenarios a publisher dies somewhere and something follows: it is as if nobody had died.

    What follows may be that the publisher that takes over dies, too.
    """
    print(f"CASTOFF_SEED={SEED}")  # noqa: T201 - pytest shows it where the test fails
    random = Random(SEED)  # noqa: S311 - likewise
    name, follow, place = ONE.split(" / ", 2) if ONE else ("", "", "")
    if ONE:
        wanted = [(scenario, FollowUp(follow), False) for scenario in SCENARIOS if scenario.name == name]
    else:
        wanted = _some(random)
    scenarios = [scenario for scenario, _, _ in wanted]
    twice = [scenario for scenario, follow_up, _ in wanted if follow_up is FollowUp.KILLED]
    asked = matrix()
    learnt = [(scenario, FollowUp.AGAIN, False) for scenario in (*scenarios, *twice)]
    berths = asked.yard.berth([*learnt, *wanted])
    asked.learn(berths[: len(scenarios)])
    asked.learn_again(berths[len(scenarios) : len(learnt)])
    dying = berths[len(learnt) :]
    places = [
        [death for death in asked.of(berth.scenario, berth.follow_up) if place in {"", str(death)}] for berth in dying
    ]

    assert places, f"there is no `{name}`"
    assert all(places), f"nobody passes `{place}`"
    asked.ask([(berth, random.choice(found)) for berth, found in zip(dying, places, strict=True)])


def _some(random: Random) -> list[tuple[Scenario, FollowUp, bool]]:
    """Return scenarios in their order, with what follows each; of one of them the publisher dies on another machine.

    Of at most one the publisher that takes over dies, too: that is a death more to learn about, and to die.
    """
    late, killed, *_ = random.sample(range(_DEATHS), _DEATHS)
    wanted = []
    for index, at in enumerate(sorted(random.sample(range(len(SCENARIOS)), _DEATHS))):
        follows = [f for f in SCENARIOS[at].follow_ups if index == killed or f is not FollowUp.KILLED]
        wanted.append((SCENARIOS[at], random.choice(follows), index == late))
    return wanted
