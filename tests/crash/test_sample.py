"""A sample of the crash matrix: a death over each scenario, one on another machine, one of two; or one place alone."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Final

from crash.matrix import ONE
from crash.scenarios import SCENARIOS, FollowUp

if TYPE_CHECKING:
    from collections.abc import Callable

    from crash.matrix import Matrix

SEED: Final = int(os.environ.get("CASTOFF_SEED") or Random().randrange(10_000))  # noqa: S311 - a place, not a secret


def test_a_sample_of_deaths(matrix: Callable[[], Matrix]) -> None:
    """Over each scenario a publisher dies somewhere and something follows: it is as if nobody had died.

    Over one of them the publisher that takes over dies, too.
    """
    print(f"CASTOFF_SEED={SEED}")  # noqa: T201 - pytest shows it where the test fails
    random = Random(SEED)  # noqa: S311 - likewise
    name, follow, place = ONE.split(" / ", 2) if ONE else ("", "", "")
    scenarios = [scenario for scenario in SCENARIOS if name in {"", scenario.name}]
    peaceful = [follow_up for follow_up in FollowUp if follow_up is not FollowUp.KILLED]
    follows = [FollowUp(follow)] if ONE else random.sample(peaceful, len(peaceful))
    late = -1 if ONE else random.randrange(len(scenarios))
    wanted = [(scenario, follows[index % len(follows)], index == late) for index, scenario in enumerate(scenarios)]
    if not ONE:
        wanted.append((random.choice([scenario for scenario in scenarios if scenario.twice]), FollowUp.KILLED, False))
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

    assert all(places), f"nobody passes `{place}`"
    asked.ask([(berth, random.choice(found)) for berth, found in zip(dying, places, strict=True)])
