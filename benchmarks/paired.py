"""Commands timed in turn, A B C A B C …, so that a machine that drifts drifts for all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run of one command: seconds by the wall, seconds of processor, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


@dataclass
class Runs:
    """All runs of one command, in order."""

    runs: list[Run] = field(default_factory=list)

    def median(self, what: str) -> float:
        """Return the median of `wall`, `cpu` or `memory`."""
        return statistics.median(getattr(run, what) for run in self.runs)

    def times(self, other: Runs) -> float:
        """Return the median over rounds of how many times as long as `other` it took by the wall."""
        return statistics.median(mine.wall / theirs.wall for mine, theirs in zip(self.runs, other.runs, strict=True))


def in_turn(commands: Mapping[str, Callable[[int], Sequence[str | Path]]], *, rounds: int) -> dict[str, Runs]:
    """Run each command once without counting it, then `rounds` times in turn; a command is told the round's number."""
    taken = {name: Runs() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            run = timed(command(turn))
            if turn:
                taken[name].runs.append(run)
    return taken


def timed(command: Sequence[str | Path]) -> Run:
    """Run a command as a process of its own, from nothing to its end; CalledProcessError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), said)
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def environment() -> dict[str, str]:
    """Return the environment that is measured in: Python keeps its compiled modules, as it does unless told not to."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table: words to the left, figures to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
