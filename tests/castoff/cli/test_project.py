"""The project as commands see it: one reader of castoff.yaml, instants in words, folders that cannot be written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

from castoff.cli import main
from castoff.cli.errors import told

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = "targets: {local: {embedded: true}}\n"


def run(project: Path, *words: str) -> Result:
    """Run a command on a project."""
    return CliRunner().invoke(main, ["-C", str(project), *words])


@pytest.fixture
def project(checkout: Path, tmp_path: Path) -> Path:
    """Return a small project in order, to be changed."""
    folder = Path(shutil.copytree(checkout / "tests/invalid/_base", tmp_path / "project"))
    with (folder / "castoff.yaml").open("a") as settings:
        settings.write(LOCAL)
    return folder


def not_text(settings: Path) -> str:
    """Put bytes into castoff.yaml that are no text."""
    settings.write_bytes(b"brand: {name: Caf\xe9}\n")
    return "castoff.yaml:1:18: this byte is not UTF-8 text [not-utf-8]\n  hint: save the file as UTF-8\n"


def not_a_file(settings: Path) -> str:
    """Put a folder in place of castoff.yaml."""
    settings.unlink()
    settings.mkdir()
    return "castoff.yaml:1:1: this is not a file [unreadable]\n  hint: put a file in its place\n"


def too_large(settings: Path) -> str:
    """Make castoff.yaml larger than any project's."""
    settings.write_text("# a remark\n" * 30_000)
    return "castoff.yaml:1:1: the file is larger than 256 KB [too-large]\n  hint: move what is long elsewhere\n"


@pytest.mark.parametrize("spoil", [not_text, not_a_file, too_large])
@pytest.mark.parametrize("command", ["check", "build", "plan", "publish"])
def test_settings_that_cannot_be_read_are_said_alike(project: Path, command: str, spoil: Callable[[Path], str]) -> None:
    """Every command says the same of a castoff.yaml that cannot be read, and never that there is none."""
    words = spoil(project / "castoff.yaml")

    shown = run(project, command, *(() if command == "check" else ("--target", "local")))

    assert (shown.exit_code, shown.output) == (1, f"{words}1 error\n")


def test_a_byte_order_mark_in_settings_does_no_harm(project: Path) -> None:
    """Some editors write one."""
    settings = project / "castoff.yaml"
    settings.write_bytes(b"\xef\xbb\xbf" + settings.read_bytes())

    assert run(project, "build").exit_code == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0001-01-01", "`0001-01-01` is not between the years 2000 and 2100\n  hint: correct the year"),
        (
            "9999-12-31T23:59:00-12:00",
            "`9999-12-31T23:59:00-12:00` is not between the years 2000 and 2100\n  hint: correct the year",
        ),
        ("soon", "`soon` is not an instant\n  hint: write it like `2024-05-30 09:00`"),
        (
            "2024-03-10 02:30",
            (
                "`2024-03-10 02:30` does not exist: clocks go from 01:59 to 03:00 that night\n"
                "  hint: write an instant with its offset, such as `2024-03-10T03:00:00-07:00`"
            ),
        ),
        (
            "2024-11-03 01:30",
            (
                "`2024-11-03 01:30` comes twice that night: 2024-11-03T01:30:00-07:00 and 2024-11-03T01:30:00-08:00\n"
                "  hint: write an instant with its offset, such as `2024-11-03T01:30:00-07:00`"
            ),
        ),
    ],
)
def test_an_instant_that_is_none_is_refused_in_words(project: Path, text: str, words: str) -> None:
    """What no clock shows once, and what lies beyond any charter, is the operator's slip and no traceback."""
    shown = run(project, "build", "--as-of", text)

    assert (shown.exit_code, shown.stderr) == (1, f"error: {words}\n")


@pytest.mark.parametrize("text", ["2000-01-01", "2100-12-31 23:59", "2024-11-03T01:30:00-08:00"])
def test_an_instant_at_the_rim_is_built_for(project: Path, text: str) -> None:
    """Every year that is taken can be reckoned with."""
    assert run(project, "build", "--as-of", text).exit_code == 0


@pytest.mark.parametrize("out", ["/dev/null", "castoff.yaml/build"])
def test_a_folder_that_cannot_be_written_is_named(project: Path, out: str) -> None:
    """Which folder, and why; no traceback."""
    shown = run(project, "build", "--as-of", "2024-05-28 12:00", "--out", str(project / out))

    assert (shown.exit_code, shown.stderr) == (
        1,
        (
            f"error: {project / out} cannot be written: a file is in the way\n"
            "  hint: see that you may write there, and that the disk has room\n"
        ),
    )


@pytest.mark.parametrize("error", [KeyboardInterrupt, click.Abort])
def test_ctrl_c_is_answered_by_what_it_left(capsys: pytest.CaptureFixture[str], error: type[BaseException]) -> None:
    """The command itself knows what to say, at a question as elsewhere: it may be the second."""
    with pytest.raises(SystemExit), told(broken_off="what was done is known"):
        raise error

    assert capsys.readouterr().err == "error: broken off\n  hint: what was done is known\n"
