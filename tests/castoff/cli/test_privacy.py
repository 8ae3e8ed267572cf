"""The command line says nothing of money: not in its output, not in its files, and tells what it holds back."""

from __future__ import annotations

import os
import re
import shutil
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from support.projects import ROOT, Project, Ran

from castoff.cli.project import load_settings
from castoff.cli.releasing import Project as Releasing
from castoff.contract.state import State
from castoff.fleet.sources import read_sources
from castoff.privacy.leaks import with_figures
from castoff.privacy.traces import traces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELD: Final = (
    "bookings/xhqgmdh.yaml:22:3: warning: this line of `notes` speaks of money, and nobody gets to see it "
    "[money-held-back]"
)
COMMANDS: Final = [
    ("check",),
    ("check", "--json"),
    ("check", "--format", "github"),
    ("check", "--output"),
    ("check", "--privacy", "--seed", "7"),
    ("build",),
    ("build", "--json"),
    ("build", "--full"),
    ("build", "--as-of", "2024-05-30 09:00"),
    ("plan", "--target", "local"),
    ("publish", "--target", "local", "--yes"),
    ("status", "--target", "local"),
    ("link", "xhqgmdh"),
    ("schema",),
]
"""Of those that ask a service, what they say before: no cloud runs here."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Lay out the example with its bookings, one of whose notes speak of money."""
    return lay_out(tmp_path / "plain")


def lay_out(root: Path) -> Project:
    """Lay out the example with its bookings, one of whose notes speak of money."""
    laid = Project.lay_out(root, os.environ)
    for path in ("castoff.yaml", *(f"bookings/{file.name}" for file in (ROOT / "bookings").glob("*.yaml"))):
        laid.write(path, (ROOT / path).read_text("utf-8"))
    laid.replace("bookings/xhqgmdh.yaml", "  Guest count: 6", "  Guest paid $840.75 in full.\n  Guest count: 6")
    laid.commit()
    return laid


def steady(project: Project, ran: Ran) -> tuple[int, str, str]:
    """Return how a command ended, without what differs from run to run: the folder, how long it took, the commit.

    Nor with how much was rendered anew: files written a moment ago are read again.
    """
    varies = r' \(\d+ (?:rendered|written)\)|"(?:rendered|written)": \d+|\(\d+\.\d s\)|\b[0-9a-f]{12}\b'
    out, err = (re.sub(varies, "", text.replace(str(project.root), "ROOT")) for text in (ran.out, ran.err))
    return ran.code, out, err


def left_behind(root: Path) -> Iterator[Path]:
    """Yield every file that commands have made in a project."""
    for folder in ("build", ".castoff", "schema"):
        yield from (path for path in (root / folder).rglob("*") if path.is_file())


def test_commands_say_the_same_whatever_the_figures_are(project: Project, tmp_path: Path) -> None:
    """No figure is in a line of any command, nor in a file that one leaves, nor does any depend on it."""
    shutil.copytree(project.root, tmp_path / "other")
    other = Project(tmp_path / "other", project.environment)
    for left in ("build", ".castoff/builds"):  # of earlier tests: both begin from nothing
        shutil.rmtree(project.root / left, ignore_errors=True)
        shutil.rmtree(other.root / left, ignore_errors=True)
    garden = with_figures(read_sources(other.root), Random(7))  # noqa: S311 - marks, no secrets
    for booking, body in garden.sources.bookings.items():
        (other.root / f"bookings/{booking}.yaml").write_bytes(body)
    other.commit()

    for words in COMMANDS:
        one, two = project.castoff(*words), other.castoff(*words)

        assert steady(project, one) == steady(other, two), words
        assert not [*traces(f"{two.out}{two.err}".encode(), garden.marks, deep=True)], words
    found = [path for path in left_behind(other.root) if [*traces(path.read_bytes(), garden.marks, deep=False)]]
    assert found == []
    assert len([*left_behind(other.root)]) > 20


def test_check_tells_what_is_held_back(project: Project) -> None:
    """With the line of the file, and not with its words."""
    ran = project.castoff("check")

    assert HELD in ran.out
    assert "840" not in ran.out + ran.err
    assert "in full" not in ran.out + ran.err


def test_build_tells_what_is_held_back_each_time(project: Project) -> None:
    """Also when nothing has changed, and nothing is rendered."""
    first, second = project.castoff("build"), project.castoff("build")

    assert HELD in first.err
    assert HELD in second.err


def test_plan_and_publish_tell_what_is_held_back(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Both build by this one way, which says it before anything is asked of a service."""
    Releasing(project.root, load_settings(project.root), "local").made(State())

    assert HELD in capsys.readouterr().err


def test_plan_and_publish_tell_of_what_is_new_to_their_target(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slug that can be guessed is a matter of privacy; a build or a check for the tenth time does not bring it up."""
    Releasing(project.root, load_settings(project.root), "local").made(State())

    assert "can be guessed, and the guest's page with them [public-slug]" in capsys.readouterr().err
    assert "can be guessed" not in project.castoff("check").out + project.castoff("build").err


def test_what_a_check_says_is_only_counted(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A hold of a day gone by would be said by every publish for weeks."""
    hold = (ROOT / "bookings/p3hv6xs.yaml").read_text("utf-8")
    project.write("bookings/p3hv6xs.yaml", re.sub(r"(?m)^starts: .*$", "starts: 2024-05-20 09:00", hold))

    Releasing(project.root, load_settings(project.root), "local").made(State())

    said = capsys.readouterr().err
    assert "[day-gone-by]" not in said
    assert said.endswith("1 warning: see `castoff check`\n")
    assert "[day-gone-by]" in project.castoff("check").out


def test_a_publish_reads_nothing_that_others_build(project: Project) -> None:
    """Its release stands apart from `build/`, so that a build or a plan for another target changes none of it."""
    local = Releasing(project.root, load_settings(project.root), "local").made(State())
    page = next(file for file in local.release.files.values() if file.booking)

    project.castoff("build", "--target", "production", "--as-of", "2024-01-01 12:00")
    Releasing(project.root, load_settings(project.root), "production", "2024-01-01 12:00").made(State())

    assert local.body(page)
    assert local.root == project.root / ".castoff/publish/local"


def test_privacy_is_checked_on_demand(project: Project) -> None:
    """The example passes, and says so."""
    ran = project.castoff("check", "--privacy", "--seed", "7")

    assert ran.code == 0, ran.out
    assert "privacy-leak" not in ran.out


def test_a_layout_of_ones_own_cannot_show_what_is_not_its_audiences(project: Project) -> None:
    """A guest page that asks for what is the crew's, or for money, is refused by its line."""
    text = (ROOT / "layouts/guest.html").read_text("utf-8")
    project.write("layouts/guest.html", text.replace("</main>", "{{ view.allergies }}{{ view.finance }}</main>", 1))

    ran = project.castoff("check", "--privacy")

    assert ran.code == 1
    assert re.search(r"layouts/guest\.html:\d+:\d+: .*`allergies` \[layout-error\]", ran.out)
