"""The holder of a lease: alive, dead, or unknown, which counts as alive."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

from castoff.contract.state import Holder
from publisher.fence.holder import is_dead, this_process

ASK = "import json; from publisher.fence.holder import this_process; print(json.dumps(this_process().to_json()))"


def _ended() -> Holder:
    """Return the holder that a process was which has ended since."""
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return Holder(found["machine"], found["pid"], found["started"], found["name"])


def test_this_process_lives() -> None:
    """Nobody takes a lease from a process that is still there."""
    assert not is_dead(this_process(), seen_from=this_process())


def test_ended_process_is_dead() -> None:
    """A process of this machine that is gone can be proven gone."""
    assert is_dead(_ended(), seen_from=this_process())


def test_number_that_went_to_another_process_is_dead() -> None:
    """A pid that is used again belongs to a process that started at another time."""
    assert is_dead(replace(this_process(), started="1"), seen_from=this_process())


def test_other_machines_and_boots_are_never_judged() -> None:
    """What cannot be known here is left to the lease's time."""
    ended = _ended()

    assert not is_dead(replace(ended, machine="another"), seen_from=this_process())
    assert not is_dead(replace(ended, machine=""), seen_from=replace(this_process(), machine=""))
