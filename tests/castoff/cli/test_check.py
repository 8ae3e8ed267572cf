"""`castoff check`: for whom it speaks, and when it fails."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from castoff.cli import main
from castoff.rules import RULES

if TYPE_CHECKING:
    from pathlib import Path

WARNED = "bookings/plans.txt:1:1: warning: nobody reads `plans.txt` here"


def check(root: Path, *words: str, **environment: str) -> Result:
    """Run `castoff check` in this process, as in a shell with no more than this in its environment."""
    plain = {"GITHUB_ACTIONS": None, "GITHUB_WORKSPACE": None}
    return CliRunner().invoke(main, ["-C", str(root), "check", *words], env={**plain, **environment})


@pytest.fixture
def warned(tmp_path: Path, checkout: Path) -> Path:
    """Lay out a project with a warning."""
    root = tmp_path / "warned"
    shutil.copytree(checkout / "tests/invalid/_base", root)
    (root / "bookings/plans.txt").write_text("call Leo\n")
    return root


@pytest.fixture
def broken(tmp_path: Path, checkout: Path) -> Path:
    """Lay out a project with an error and two warnings."""
    root = tmp_path / "project"
    shutil.copytree(checkout / "tests/invalid/_base", root)
    booking = root / "bookings/a7kq4wt.yaml"
    booking.write_text(booking.read_text().replace("duration: 3h", "duration: 3 hours"))
    (root / "bookings/plans.txt").write_text("call Leo\n")
    (root / "content/vessels/lark.md").write_text("---\nname: Lark\ncapacity: 6\nchecklists: [departure]\n---\n")
    return root


def test_warnings_fail_nothing_unless_they_are_to(warned: Path) -> None:
    """`--strict` is for those who keep their project free of them."""
    assert check(warned).exit_code == 0
    assert check(warned, "--strict").exit_code == 1
    assert check(warned, "--strict").stdout == check(warned).stdout


def test_the_example_passes_the_strictest_check(checkout: Path) -> None:
    """Its slugs are public on purpose: whoever means that is told when a booking is published first, and not again."""
    assert check(checkout, "--strict").exit_code == 0


def test_an_error_fails_and_errors_are_counted_apart(broken: Path) -> None:
    """Every problem of every file on stdout, in file order; the count on stderr."""
    shown = check(broken)

    assert shown.exit_code == 1
    assert shown.stdout == (
        "bookings/a7kq4wt.yaml:7:11: `3 hours` is not a duration [wrong-duration]\n"
        "  hint: write `3h`\n"
        "bookings/plans.txt:1:1: warning: nobody reads `plans.txt` here [stray-file]\n"
        "  hint: move it out of `bookings`\n"
        "content/vessels/lark.md:5:1: warning: the guest reads nothing about the vessel [empty-body]\n"
        "  hint: write a line or two beneath the fields\n"
    )
    assert shown.stderr == "1 error, 2 warnings\n"


def test_programs_get_a_form_that_stays(warned: Path) -> None:
    """`--json` is short for `--format json`; each rule has its anchor in the reference."""
    shown = check(warned, "--json")
    found = json.loads(shown.stdout)

    assert (
        shown.stdout
        == check(warned, "--format", "json").stdout
        == check(warned, "--json", GITHUB_ACTIONS="true").stdout
    )
    assert shown.stderr == ""
    assert [sorted(problem) for problem in found] == [
        ["column", "hint", "line", "path", "reference", "rule", "severity", "words"]
    ]
    assert found[0]["reference"] == "docs/reference/problems.md#stray-file"
    assert found[0]["rule"] in RULES


def test_github_gets_annotations_where_it_runs(warned: Path) -> None:
    """Without being asked on its machines, and by `--format github` on any; `--format text` is for people anywhere."""
    annotation = "::warning file=bookings/plans.txt,line=1,col=1,title=stray-file::nobody reads `plans.txt` here"

    assert check(warned, GITHUB_ACTIONS="true").stdout.startswith(annotation)
    assert check(warned, "--format", "github").stdout.startswith(annotation)
    assert check(warned, "--format", "text", GITHUB_ACTIONS="true").stdout.startswith(WARNED)
    assert check(warned).stdout.startswith(WARNED)
    assert check(warned, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(warned.parent)).stdout.startswith(
        f"::warning file={warned.name}/bookings/"
    )


@pytest.mark.parametrize("name", ["castoff.yml", "castoff.yaml.txt"])
def test_settings_by_another_name_are_told_their_own(name: str, tmp_path: Path) -> None:
    """A project is there after all."""
    (tmp_path / name).write_text("timezone: America/Los_Angeles\n")

    shown = check(tmp_path)

    assert shown.exit_code == 1
    assert shown.stderr == f"error: {tmp_path / name} is not called castoff.yaml\n  hint: rename it to `castoff.yaml`\n"


def test_another_form_is_usage(checkout: Path) -> None:
    """Exit 2, as of every command that is not understood."""
    assert check(checkout, "--format", "xml").exit_code == 2
