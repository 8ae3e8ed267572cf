"""Progress at a terminal: one line for what takes long, and nothing where nobody watches."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from io import StringIO
from typing import TYPE_CHECKING, Final

import click
import pytest

from castoff.cli import main
from castoff.cli.alarms import after
from castoff.cli.terminal import TARGETS, Progress, aimed, fail

if TYPE_CHECKING:
    from collections.abc import Callable


class Screen(StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Say that somebody watches."""
        return True

    @property
    def line(self) -> str:
        """What stands in its line."""
        return self.getvalue().rpartition("\r")[2].strip()


def test_quick_step_is_not_drawn() -> None:
    """What is done within a second needs no progress."""
    screen = Screen()
    progress = Progress(screen, seconds=iter((0.0, 0.9)).__next__)

    progress.step("pages", done=0, total=2)
    progress.step("pages", done=2, total=2)
    progress.clear()

    assert screen.getvalue() == ""


@pytest.mark.parametrize(
    ("sent", "size", "line"),
    [
        (0, 0, "pages 1/2,000"),
        (0, 812, "pages 1/2,000, 0/812 bytes"),
        (250, 1_250, "pages 1/2,000, 0.2/1.2 kB"),
        (1_900_000, 12_000_000, "pages 1/2,000, 1.9/12.0 MB"),
    ],
    ids=["no bytes", "bytes", "kilobytes", "megabytes"],
)
def test_long_step_is_drawn_with_its_bytes(sent: int, size: int, line: str) -> None:
    """After a second it says how many of how many, in actions and in bytes."""
    screen = Screen()
    progress = Progress(screen, seconds=iter((0.0, 1.1)).__next__)

    progress.step("pages", total=2000)
    progress.step("pages", done=1, total=2000, sent=sent, size=size)

    assert screen.line == line


def test_progress_is_wiped_and_counted_from_new() -> None:
    """Once it is taken away nothing of it stands there, and what comes then is quick again."""
    screen = Screen()
    progress = Progress(screen, seconds=iter((0.0, 1.1, 1.2, 1.3)).__next__)
    progress.step("building")
    progress.step("building")
    progress.clear()
    wiped = screen.getvalue()

    progress.step("pages")
    progress.step("pages")

    assert wiped.endswith("\r")
    assert screen.getvalue() == wiped


def test_a_step_that_does_not_come_back_is_drawn_all_the_same() -> None:
    """A build says nothing while it runs: after a second it is seen, and no more once it is over."""
    screen = Screen()
    alarms: list[tuple[float, Callable[[], None]]] = []
    progress = Progress(screen, seconds=iter((0.0, 0.2)).__next__, alarm=lambda *alarm: alarms.append(alarm))
    progress.step("reading the files")
    progress.step("building")

    [(seconds, ring)] = alarms
    ring()
    line = screen.line
    progress.clear()
    ring()

    assert (seconds, line, screen.line) == (1.0, "building", "")


def test_a_line_is_no_longer_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that wraps is drawn beneath itself again and again."""
    monkeypatch.setenv("COLUMNS", "40")
    screen = Screen()
    progress = Progress(screen, seconds=iter((0.0, 1.1)).__next__)

    progress.step("waiting")
    progress.step("waiting for somebody whose name is longer than that")

    assert screen.line == "waiting for somebody whose name is l"


def test_an_alarm_rings_in_between() -> None:
    """By the main thread, while it does something else."""
    rung: list[bool] = []

    after(0.01, lambda: rung.append(threading.current_thread() is threading.main_thread()))
    time.sleep(0.05)

    assert rung == [True]


def test_nothing_is_drawn_where_nobody_watches() -> None:
    """A log of a job has no line that was meant to be drawn over."""
    piped = StringIO()
    progress = Progress(piped, seconds=iter((0.0, 5.0)).__next__)

    progress.step("pages")
    progress.step("pages", done=1, total=2)
    progress.clear()

    assert piped.getvalue() == ""


@pytest.mark.parametrize(
    ("target", "words", "said"),
    [
        ("local", "run `castoff publish` again", "run `castoff publish --target local` again"),
        ("local", "`castoff publish --repair`: it mends", "`castoff publish --repair --target local`: it mends"),
        ("local", "`castoff setup --target staging` makes it", "`castoff setup --target staging` makes it"),
        ("local", "`castoff build --full`, `castoff check`", "`castoff build --full`, `castoff check`"),
        ("staging", "`castoff build --full`", "`castoff build --full --target staging`"),
        ("production", "run `castoff publish` again", "run `castoff publish` again"),
    ],
    ids=["bare", "with an option", "named already", "its default, or none", "not its default", "production"],
)
def test_hints_can_be_copied_as_they_stand(
    target: str, words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that is named in passing is of the target at hand: nobody publishes to guests by a copied hint."""
    context = click.Context(click.Command("status"))
    context.params["target"] = target

    with context, pytest.raises(SystemExit):
        fail("stopped", hint=words)

    assert capsys.readouterr().err == f"error: stopped\n  hint: {said}\n"
    assert aimed(words) == words  # outside of a command


def test_hints_heed_the_target_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named there need not be said, and production has to be."""
    monkeypatch.setenv("CASTOFF_TARGET", "local")
    said = {}

    for target in ("local", "production"):
        context = click.Context(click.Command("status"))
        context.params["target"] = target
        with context:
            said[target] = aimed("run `castoff publish`, or `castoff check`")

    assert said["local"] == "run `castoff publish`, or `castoff check`"
    assert said["production"] == "run `castoff publish --target production`, or `castoff check`"


def test_every_command_with_a_target_is_known() -> None:
    """Except what makes a file, and only shows addresses of the target."""
    context = click.Context(main)

    found = {name: _default(main.get_command(context, name)) for name in main.list_commands(context)}

    assert {name: target for name, target in found.items() if target} == TARGETS


def _default(command: click.Command | None) -> str | None:
    """Return which target a command takes where none is named; of a group, what its first one does."""
    assert command
    own = [option.default for option in command.params if option.name == "target"]
    below = [_default(one) for one in command.commands.values()] if isinstance(command, click.Group) else []
    return next((target for target in [*own, *below] if isinstance(target, str)), None)


@pytest.mark.parametrize("seconds", [0.001, 0.01, 0.03])
def test_an_alarm_does_not_outlive_the_program(seconds: float) -> None:
    """It is off before Python gives its handlers back: a command that ends in that moment ends well."""
    script = f"import os; from castoff.cli.alarms import after; after({seconds}, lambda: None); {_SLOW_END}"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


_SLOW_END: Final = "import time; keep = type('End', (), {'__del__': lambda self, sleep=time.sleep: sleep(0.1)})()"
"""Something that takes its time to go once handlers are gone."""
