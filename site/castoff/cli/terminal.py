"""How the program speaks: data on stdout, everything else on stderr, colour and progress only on a terminal."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

import click

from castoff.cli.alarms import after
from castoff.contract.counts import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from castoff.problems import Problem

_BRIEF = 0.15
"""Seconds between two drawings of progress: quicker is flicker."""
_QUICK = 1.0
"""Seconds that need no progress."""


class Ended(SystemExit):
    """The end of a command whose reason was said: in `words`, with what was done until then, a hint, and problems."""

    def __init__(
        self,
        code: int,
        words: str,
        *,
        so_far: str | None = None,
        hint: str | None = None,
        problems: tuple[str, ...] = (),
    ) -> None:
        super().__init__(code)
        self.words = words
        self.so_far = so_far
        self.hint = hint
        self.problems = problems


TARGETS: Final = {
    **dict.fromkeys(
        ("doctor", "history", "keys", "link", "mail", "plan", "publish", "scrub", "setup", "status", "unlock"),
        "production",
    ),
    "build": "local",
}
"""The commands that have a target, each with the one that it takes where none is named."""
TARGET: Final = "CASTOFF_TARGET"
"""The variable that names the target of all of them, where they are given none."""
_COMMAND: Final = re.compile(r"`(?:castoff) (\w+)([^`]*)`")


def aimed(words: str) -> str:
    """Return words whose commands are of the target that the command at work is of, to be copied as they stand."""
    target = _target()
    if target is None:
        return words

    def command(found: re.Match[str]) -> str:
        name, more = found.groups()
        named = "--target" in more or name not in TARGETS or (os.environ.get(TARGET) or TARGETS[name]) == target
        return found[0] if named else f"{found[0].removesuffix('`')} --target {target}`"

    return _COMMAND.sub(command, words)


def _target() -> str | None:
    context = click.get_current_context(silent=True)
    while context is not None:
        if target := context.params.get("target"):
            return str(target)
        context = context.parent
    return None


def say(words: str = "") -> None:
    """Tell the person at the terminal something that is not the result."""
    _wipe()
    click.echo(aimed(words), err=True, color=_coloured(sys.stderr))


def result(words: str) -> None:
    """Print a line of the result."""
    _wipe()
    click.echo(words, color=_coloured(sys.stdout))


def result_json(value: Any) -> None:
    """Print the result for programs."""
    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def fail(words: str, *, so_far: str | None = None, hint: str | None = None, code: int = 1) -> NoReturn:
    """Say what is wrong, what was done until then and what to do next, and end with `code`."""
    say(f"{click.style('error:', fg='red', bold=True)} {words}")
    if so_far:
        say(f"  so far: {so_far}")
    if hint:
        say(f"  hint: {hint}")
    raise Ended(code, words, so_far=so_far, hint=hint and aimed(hint))


def summary(problems: Sequence[Problem]) -> str:
    """Return how many errors and warnings there are, in words."""
    errors = sum(problem.severity == "error" for problem in problems)
    counts = [(errors, "error"), (len(problems) - errors, "warning")]
    return ", ".join(counted(count, word) for count, word in counts if count)


def standing_clock(clock: datetime) -> str:
    """Return by which clock an example site goes."""
    return f"the clock at the dock stands at {clock:%Y-%m-%d %H:%M}: `as_of` in castoff.yaml"


class Progress:
    """One line that tells how far a long step is; nothing where nobody watches, nothing for what is quick."""

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        seconds: Callable[[], float] = time.monotonic,
        alarm: Callable[[float, Callable[[], None]], None] = after,
    ) -> None:
        self._stream = stream or sys.stderr
        self._seconds = seconds
        self._alarm = alarm
        self._watched = self._stream.isatty()
        self._text = ""
        self._began: float | None = None
        self._drawn = 0.0
        self._width = 0

    def step(self, words: str, *, done: int = 0, total: int = 0, sent: int = 0, size: int = 0) -> None:
        """Draw a step over the one before; `sent` and `size` are in bytes."""
        if not self._watched:
            return
        now = self._seconds()
        text = f"{words} {done:,}/{total:,}" if total else words
        self._text = f"{text}, {_of_bytes(sent, size)}" if size else text
        if self._began is None:
            self._began = now
            self._alarm(_QUICK, self._draw)  # what does not come back within a second is seen as well
        if now - self._began >= _QUICK and (now - self._drawn >= _BRIEF or done == total):
            self._drawn = now
            self._draw()

    def warn(self, words: str) -> None:
        """Say what went wrong and stops nothing, watched or not."""
        self.clear()
        say(f"{click.style('warning:', fg='yellow', bold=True)} {words}")

    def clear(self) -> None:
        """Take the line away, and count from new what is quick."""
        self._began, self._text = None, ""
        self.wipe()

    def wipe(self) -> None:
        """Take the line away until the next step is drawn: something else is to be said."""
        if self._width:
            self._stream.write(f"\r{' ' * (self._width + 2)}\r")
            self._stream.flush()
            self._width = 0
            _SHOWN.discard(self)

    def _draw(self) -> None:
        """Draw the newest step, if there still is one, in a line that does not wrap."""
        if self._text:
            from castoff.cli.lines import terminal_width  # noqa: PLC0415 - only who is watched for a second pays for it

            text = self._text[: terminal_width() - 4]
            self._stream.write(f"\r  {text}{' ' * max(0, self._width - len(text))}")
            self._stream.flush()
            self._width = len(text)
            _SHOWN.add(self)


_SHOWN: Final[set[Progress]] = set()
"""The progress whose line stands on the terminal."""


def _wipe() -> None:
    for progress in tuple(_SHOWN):
        progress.wipe()


def _of_bytes(sent: int, size: int) -> str:
    """Return how many of how many bytes, in the larger one's unit."""
    name, unit = next(((name, unit) for name, unit in _UNITS if size >= unit), ("bytes", 1))
    return f"{sent / unit:,.{unit > 1:d}f}/{size / unit:,.{unit > 1:d}f} {name}"


_UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


def _coloured(stream: Any) -> bool:
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR")
