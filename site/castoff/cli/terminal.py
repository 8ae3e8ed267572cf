"""How the program speaks: data on stdout, everything else on stderr, colour and progress only on a terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.contract.plan import Plan
    from castoff.problems import Problem

_WIDTH = 100
_SHOWN = 60
_BRIEF = 0.15
"""Seconds between two drawings of progress: quicker is flicker."""


def say(words: str = "") -> None:
    """Tell the person at the terminal something that is not the result."""
    click.echo(words, err=True, color=_coloured(sys.stderr))


def result(words: str) -> None:
    """Print a line of the result."""
    click.echo(words, color=_coloured(sys.stdout))


def result_json(value: Any) -> None:
    """Print the result for programs."""
    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def fail(words: str, *, so_far: str | None = None, hint: str | None = None) -> NoReturn:
    """Say what is wrong, what was done until then and what to do next, and end with 1."""
    say(f"{click.style('error:', fg='red', bold=True)} {words}")
    if so_far:
        say(f"  so far: {so_far}")
    if hint:
        say(f"  hint: {hint}")
    raise SystemExit(1)


def summary(problems: Sequence[Problem]) -> str:
    """Return how many errors and warnings there are, in words."""
    errors = sum(problem.severity == "error" for problem in problems)
    counts = [(errors, "error"), (len(problems) - errors, "warning")]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)


def counted(count: int, word: str) -> str:
    """Return `1 page`, `2 pages`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def plan_lines(plan: Plan, *, whole: bool = False) -> list[str]:
    """Return a plan as lines: what, on what, why; a long one cut in the middle unless it is wanted whole."""
    rows = [(action.verb, action.subject, action.reason.value) for action in plan.actions]
    verb, subject = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    lines = [f"  {row[0]:<{verb}}  {row[1]:<{min(subject, _WIDTH)}}  {_reason(row[2])}" for row in rows]
    if whole or len(lines) <= _SHOWN:
        return lines
    half = _SHOWN // 2
    return [*lines[:half], f"  … {len(lines) - 2 * half} more (`castoff plan --whole` shows all)", *lines[-half:]]


def _reason(words: str) -> str:
    colour = {"new": "green", "booking cancelled": "red", "booking removed": "red"}.get(words, "yellow")
    return click.style(words, fg=colour)


class Progress:
    """One line that tells how far a long step is; nothing where nobody watches, nothing for what is quick."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._drawn = 0.0
        self._width = 0

    def step(self, words: str, *, done: int = 0, total: int = 0) -> None:
        """Draw a step over the one before."""
        now = time.monotonic()
        if not self._watched or (now - self._drawn < _BRIEF and done != total):
            return
        self._drawn = now
        text = f"{words} {done}/{total}" if total else words
        text = text[: _WIDTH - 4]
        sys.stderr.write(f"\r  {text}{' ' * max(0, self._width - len(text))}")
        sys.stderr.flush()
        self._width = len(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._watched and self._width:
            sys.stderr.write(f"\r{' ' * (self._width + 2)}\r")
            sys.stderr.flush()
            self._width = 0


def _coloured(stream: Any) -> bool:
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR")
