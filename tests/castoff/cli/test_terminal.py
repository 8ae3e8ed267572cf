"""Progress at a terminal: one line for what takes long, and nothing where nobody watches."""

from __future__ import annotations

from io import StringIO

import click
import pytest

from castoff.cli import main
from castoff.cli.terminal import TARGETS, Progress, aimed, fail


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
