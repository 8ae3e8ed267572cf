"""`castoff plan --against REF`: two builds and git, nobody asked, nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.projects import ZONE

from castoff.wishes import Wishes
from castoff.writing import build_into
from publisher.folder import load_release
from publisher.planning.supposed import state_of

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ROOT: Final = Path(__file__).resolve().parents[3]
KEPT: Final = ("xhqgmdh", "b4nq9rv", "m2zc8yd", "k7wp3tn", "c7rm4qx")
CLOCK: Final = "the clock at the dock stands at 2024-05-28 12:00: `as_of` in castoff.yaml\n"
IDENTITY: Final = ("-c", "user.name=Kim", "-c", "user.email=kim@example.com")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a committed project inside a larger repository; all temporary files go beside it."""
    project = tmp_path / "repository" / "charters"
    for name in ("content", "layouts"):
        shutil.copytree(ROOT / name, project / name)
    (project / "bookings").mkdir()
    for booking in KEPT:
        shutil.copy(ROOT / "bookings" / f"{booking}.yaml", project / "bookings")
    shutil.copy(ROOT / "castoff.yaml", project)
    (tmp_path / "temporary").mkdir()
    git(project, "init", "--quiet", str(project.parent))
    # What `git archive` would leave out is read by a build all the same.
    (project.parent / ".gitattributes").write_text("charters/content/** export-ignore\n")
    commit(project)
    return project


def git(folder: Path, *words: str) -> None:
    """Run git in a folder."""
    subprocess.run(["git", "-C", str(folder), *IDENTITY, *words], check=True, capture_output=True)


def commit(folder: Path) -> None:
    """Commit what is there."""
    git(folder.parent, "add", "--all")
    git(folder.parent, "commit", "--quiet", "-m", "as it is")


def edit(folder: Path, booking: str, old: str, new: str) -> None:
    """Edit a booking's file."""
    file = folder / "bookings" / f"{booking}.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def plan(folder: Path, *words: str, ref: str = "HEAD", target: str = "production") -> CompletedProcess[str]:
    """Run the command with an environment in which there is no credential, no proxy, and no home."""
    temporary = folder.parents[1] / "temporary"
    castoff = (
        str(Path(sys.executable).with_name("castoff")),
        "-C",
        str(folder),
        "plan",
        "--target",
        target,
        "--against",
        ref,
    )
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(temporary), "HOME": str(temporary)}
    done = subprocess.run([*castoff, *words], check=False, capture_output=True, text=True, env=environment)
    assert list(temporary.iterdir()) == []
    return done


def test_change_is_told_as_it_would_be_published(folder: Path) -> None:
    """A time that moved: who would be mailed, which fact, which pages; against the commit, not what is live."""
    edit(folder, "xhqgmdh", "starts: 2024-05-30 09:00", "starts: 2024-05-30 10:00")

    told = plan(folder, "--detailed-exitcode")

    assert told.stderr == f"{CLOCK}compared with HEAD, not with what is live\n"
    assert "; plan " not in told.stdout
    assert told.stdout.split("\n")[1:5] == [
        "~ xhqgmdh  Jada, 2024-05-30 10:00",
        "    mails  captain-001, crew-001, crew-002: changed",
        "    facts  starts 09:00 → 10:00; boarding 08:45 → 09:45; crew call 08:00 → 09:00",
        "    pages  guest page, crew page, calendar entry, 2 calendar files changed",
    ]
    assert told.returncode == 2


def test_slug_that_is_another_leaves_the_old_link_alive(folder: Path) -> None:
    """What stands at the old slug forwards from then on, as it will once it is published: no page is gone."""
    edit(folder, "xhqgmdh", "slug: ", "slug: other-")

    told = json.loads(plan(folder, "--json").stdout)

    [group] = told["bookings"]
    [old] = [change.removeprefix("slug ") for change in _slugs(group)]
    acts = {act["key"]: act["action"] for act in told["actions"] if "key" in act and act["booking"] == "xhqgmdh"}
    assert group["gone"] == ["calendar file"]
    assert acts[f"g/{old}.html"] == acts[f"g/other-{old}.html"] == "put"
    assert [key for key, act in acts.items() if act == "delete"] == [f"g/{old}.ics"]


def _slugs(group: dict[str, Any]) -> list[str]:
    return [fact["before"] for fact in group["facts"] if fact["label"] == "slug"]


def test_pages_are_those_that_a_publish_would_write(folder: Path, tmp_path: Path) -> None:
    """The guest reads what the time was, and their calendar takes the file for a newer one."""
    instant = datetime(2024, 5, 28, 12, tzinfo=ZONE)
    wishes = Wishes(target="production", clock=instant, as_of=instant)
    build_into(tmp_path / "live", folder, wishes)
    edit(folder, "xhqgmdh", "starts: 2024-05-30 09:00", "starts: 2024-05-30 10:00")
    prior = state_of(load_release(tmp_path / "live")).bookings
    build_into(tmp_path / "next", folder, replace(wishes, prior=prior))

    told = json.loads(plan(folder, "--json").stdout)

    files = load_release(tmp_path / "next").release.files
    puts = {f"{act['site']}/{act['key']}": act["sha256"] for act in told["actions"] if act["action"] == "put"}
    texts = [(tmp_path / "next" / "public" / path).read_text() for path in puts if not path.startswith("ops/")]
    assert puts == {path: files[path].sha256 for path in puts}
    assert any("now 10 AM, was 9 AM" in text for text in texts)
    assert any("SEQUENCE:1" in text for text in texts)


def test_nothing_changed_is_nothing_to_do(folder: Path) -> None:
    """The work tree as it was committed differs in nothing, forms and clocks included, wherever git keeps it."""
    told = plan(folder, "--detailed-exitcode")

    assert (told.stdout, told.stderr, told.returncode) == (
        "",
        f"{CLOCK}compared with HEAD, not with what is live\nnothing would change\n",
        0,
    )


def test_money_that_changed_shows_nowhere(folder: Path) -> None:
    """No form of a plan has a figure, before or after."""
    edit(folder, "xhqgmdh", "revenue: 840.75", "revenue: 911.37")

    told = [plan(folder, *form) for form in (("--json",), ("--markdown",), ("--whole",))]

    assert not any(figure in one.stdout + one.stderr for one in told for figure in ("840.75", "911.37", "911", "840"))


def test_program_reads_what_it_was_compared_with(folder: Path) -> None:
    """The JSON names the commit's name as it was given, and groups by booking."""
    edit(folder, "xhqgmdh", "crew: [crew-001, crew-002]", "crew: [crew-001, crew-003]")

    told = json.loads(plan(folder, "--json", target="local").stdout)

    assert (told["against"], told["digest"]) == ("HEAD", None)
    [group] = told["bookings"]
    assert group["mails"] == [
        {"member": "crew-003", "kind": "crew call"},
        {"member": "crew-002", "kind": "not needed"},
    ]


def test_refusal_is_shown_beside_the_plan(folder: Path) -> None:
    """What publishing would refuse is planned all the same, with its flag, and ends with 1 until allowed."""
    for booking in KEPT[:4]:
        (folder / "bookings" / f"{booking}.yaml").unlink()

    told, allowed = plan(folder, "--markdown"), plan(folder, "--max-removed", "4")

    assert told.returncode == 1
    assert "b4nq9rv, k7wp3tn, m2zc8yd, xhqgmdh" in told.stderr
    assert "`--max-removed 4`" in told.stderr
    assert "> **publish would refuse this:**" in told.stdout
    assert "Compared with <code>HEAD</code>, not with what is live." in told.stdout
    assert allowed.returncode == 0


@pytest.mark.parametrize(
    ("ref", "hint"),
    [
        ("no-such-branch", "fetch it, such as with `git fetch origin no-such-branch`"),
        ("--output=x", "fetch it"),
        ("0000000", "fetch it"),
        ("HEAD~99", "name another, or fetch what came before: `git fetch --unshallow`"),
    ],
)
def test_commit_that_there_is_not_is_an_error(folder: Path, ref: str, hint: str) -> None:
    """A name that means no commit says so, and how to fetch it, which no name works for that counts back."""
    told = plan(folder, ref=ref)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith(f"error: there is no commit `{ref}` here\n  hint: {hint}")


def test_settings_that_cannot_be_read_are_the_other_commits(folder: Path) -> None:
    """What is wrong with them is said with its name before it: the work tree's own may be well."""
    settings = folder / "castoff.yaml"
    text = settings.read_text()
    settings.write_text(text.replace("timezone: America/Los_Angeles", "timezone: Nowhere"))
    commit(folder)
    settings.write_text(text)

    told = plan(folder)

    assert told.returncode == 3
    assert told.stderr.startswith("HEAD: castoff.yaml:2:11: ")
    assert "error: castoff.yaml of `HEAD` cannot be read, so there is nothing to compare with\n" in told.stderr


def test_commit_that_does_not_build_is_an_error(folder: Path) -> None:
    """Its problems are said with its name before them, and nothing is compared with nothing."""
    edit(folder, "xhqgmdh", "vessel: jada", "vessel: jade")
    commit(folder)
    edit(folder, "xhqgmdh", "vessel: jade", "vessel: jada")

    told = plan(folder)

    assert (told.returncode, told.stdout) == (3, "")
    assert told.stderr.startswith("HEAD: bookings/xhqgmdh.yaml:")
    assert "error: `HEAD` does not build, so there is nothing to compare with\n" in told.stderr


def test_work_tree_that_does_not_build_says_why(folder: Path) -> None:
    """What is wrong in the work tree is said as `castoff check` says it."""
    edit(folder, "xhqgmdh", "vessel: jada", "vessel: jade")

    told = plan(folder)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("bookings/xhqgmdh.yaml:")


def test_commit_without_the_project_or_its_target_is_an_error(folder: Path) -> None:
    """A commit from before there was a project, or one of another target, is nothing to compare with."""
    settings = folder / "castoff.yaml"
    git(folder.parent, "rm", "-r", "--quiet", "--cached", "charters")
    git(folder.parent, "commit", "--quiet", "-m", "no project")
    without = plan(folder)
    text = settings.read_text()
    settings.write_text(text.replace("  local:", "  another:"))
    commit(folder)
    settings.write_text(text)

    another = plan(folder, target="local")

    assert "has no folder `charters/`" in without.stderr
    assert another.stderr.startswith("error: `HEAD` has no target `local`, so there is nothing to compare with")
