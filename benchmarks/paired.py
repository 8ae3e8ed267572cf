"""Commands timed in turn, A B C A B C …, so that a machine that drifts drifts for all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memory import peak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    Command = Callable[[int], Sequence[str | Path]]
    """Make ready for a round, by its number, and return what is to be run in it."""


@dataclass(frozen=True)
class Run:
    """One run of one command: seconds by the wall, seconds of processor, its children's included."""

    wall: float
    cpu: float


@dataclass
class Runs:
    """All runs of one command, in order; `memory` is its peak in MB, in a run of its own that was not timed."""

    runs: list[Run] = field(default_factory=list)
    memory: float = float("nan")

    def median(self, what: str) -> float:
        """Return the median of `wall` or `cpu`."""
        return statistics.median(getattr(run, what) for run in self.runs)

    @property
    def spread(self) -> str:
        """The fastest and the slowest run, in seconds."""
        walls = [run.wall for run in self.runs]
        return f"{min(walls):.2f} to {max(walls):.2f}"

    def times(self, other: Runs) -> float:
        """Return the median over rounds of how many times as long as `other` it took by the wall."""
        return statistics.median(mine.wall / theirs.wall for mine, theirs in zip(self.runs, other.runs, strict=True))


def in_turn(
    commands: Mapping[str, Command],
    *,
    rounds: int,
    after: Callable[[int], None] = lambda _: None,
    weigh: bool = False,
) -> dict[str, Runs]:
    """Run each command once without timing it, then `rounds` times in turn; `after` tidies up when a round is over.

    The first round warms the machine up, and is where memory is looked at, if it is: looking takes time.
    """
    taken = {name: Runs() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            say(f"round {turn} of {rounds}: {name}")
            ready = command(turn)
            if turn:
                taken[name].runs.append(timed(ready))
            elif weigh:
                taken[name].memory = peak(ready, environment=environment())
            else:
                timed(ready)
        after(turn)
    return taken


def timed(command: Sequence[str | Path]) -> Run:
    """Run a command as a process of its own, from nothing to its end; CalledProcessError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = b""
    if process.stdout is not None:
        with process.stdout:
            said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), said)
    return Run(wall, used.ru_utime + used.ru_stime)


def environment() -> dict[str, str]:
    """Return the environment that is measured in: Python keeps its compiled modules, as it does unless told not to."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def say(words: str) -> None:
    """Show what is being done, on the one line of a terminal that is kept for it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{words}")
        sys.stderr.flush()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table: words to the left, figures to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
