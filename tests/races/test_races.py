"""Publishers of different commits at once, some of them killed, all of their clocks wrong: the newest commit is live.

`CASTOFF_PROOF=1` has fifty rounds of two and fifty of eight; otherwise it is one of two.
"""

from __future__ import annotations

import os
import signal
from random import Random
from time import sleep
from typing import TYPE_CHECKING, Final

import pytest
from races.fleet import LOST, TAKEN
from races.machines import Machine, start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from races.fleet import Fleet
    from support.harbour import Harbour
    from support.projects import Ran
    from support.warm import Running

pytestmark = pytest.mark.matrix

PROOF: Final = bool(os.environ.get("CASTOFF_PROOF"))
SEED: Final = os.environ.get("CASTOFF_SEED") or "20240530"

_AHEAD: Final = 600.0
"""Seconds by which clocks are wrong at most, early or late: AWS refuses whoever is wrong by fifteen minutes."""
_KILLED: Final = 0.4
"""How likely a publisher is to be killed."""
_WITHIN: Final = {2: 2.0, 8: 5.0}
"""Seconds within which they are killed: as long as a round of so many takes."""
_ROUNDS: Final = 50 if PROOF else 1
_KILL: Final = -signal.SIGKILL
"""How a process ends that was killed."""


@pytest.mark.parametrize("many", [2, 8] if PROOF else [2])
def test_newest_commit_is_live(fleet: Fleet, many: int) -> None:
    """Whoever is killed, late or mistaken about the time: all is the newest commit's, and nobody is told twice.

    Its publisher wins by itself, unless it was killed or somebody to whom it seemed dead took its lease.
    """
    for number in range(_ROUNDS):
        random = Random(f"{SEED} {many} {number}")  # noqa: S311 - moments, not secrets
        commits = fleet.season.commits(many)

        ended = _race(fleet, commits, random, spared=commits[-1] if number % 2 == 0 else None)
        told = f"round {number} with CASTOFF_SEED={SEED}"
        if (newest := ended[commits[-1]]).code:
            assert newest.code == _KILL or TAKEN.search(newest.err), (told, "the newest gave up", newest)
            calm = fleet.publish(commits[-1])
            assert calm.code == 0, calm.err

        assert not (strange := [ran for ran in ended.values() if not _is_fair(ran)]), (told, strange)
        assert not (amiss := fleet.amiss(commits[-1])), (told, amiss, ended)
        assert _in_order(fleet.harbour, commits), told


def _race(fleet: Fleet, commits: Sequence[str], random: Random, *, spared: str | None) -> dict[str, Ran]:
    """Let everyone publish another commit at once, kill some but the one that is spared, and return how each ended."""
    clones = [fleet.clone(number, commit) for number, commit in enumerate(commits)]
    doomed = [commit for commit in commits if random.random() < _KILLED and commit != spared]
    moments = sorted((random.uniform(0, _WITHIN[len(commits)]), commit) for commit in doomed)
    machines = [_machine(random, number) for number in range(len(commits))]
    running = {
        commit: start(clone, machine, folder=fleet.run())
        for clone, machine, commit in zip(clones, machines, commits, strict=True)
    }
    _kill(running, moments)
    ended = {commit: publisher.wait() for commit, publisher in running.items()}
    fleet.harbour.turnstile.settle()
    return ended


def _machine(random: Random, number: int) -> Machine:
    """Return a machine whose clock is wrong, and that in one of three cases is another one."""
    return Machine(random.uniform(-_AHEAD, _AHEAD), f"another {number}" if random.randrange(3) == 0 else None)


def _kill(running: dict[str, Running], moments: list[tuple[float, str]]) -> None:
    passed = 0.0
    for moment, commit in moments:
        sleep(moment - passed)
        running[commit].process.kill()
        passed = moment


def _is_fair(ran: Ran) -> bool:
    """Tell whether a publish is done, was killed, or lost to another and said so."""
    return ran.code in (0, _KILL) or (ran.code == 1 and LOST.search(ran.err) is not None)


def _in_order(harbour: Harbour, commits: list[str]) -> bool:
    """Tell whether what was live of these came in their order, under rising serials."""
    history = list(reversed(harbour.witness.state()["history"]))
    lived = [commits.index(line["commit"]) for line in history if line["commit"] in commits]
    serials = [line["serial"] for line in history]
    return lived == sorted(lived) and serials == sorted(set(serials))
