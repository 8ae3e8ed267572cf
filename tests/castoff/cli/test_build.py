"""`castoff build` at the terminal: what it says it did, and why; whole outputs, times aside."""

from __future__ import annotations

import fcntl
import json
import re
import threading
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from support.edited import IDS, World, lay_out

from castoff.cli import main

if TYPE_CHECKING:
    from pathlib import Path

AT = ("--as-of", "2024-05-28 12:00")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project, a moment old: a file that has just been written could change and keep its stamp."""
    lay_out(tmp_path, World().files())
    time.sleep(1.2)
    return tmp_path


def run(project: Path, *words: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["-C", str(project), "build", *words])


def told(project: Path, *words: str) -> str:
    """Return what it prints, the folder by its name and without the time it took."""
    shown = run(project, *words)
    assert shown.exit_code == 0, shown.output
    return re.sub(r" \(\d+\.\d s\)", "", shown.stdout.replace(str(project), "."))


def test_it_says_what_it_rendered_and_why(project: Path) -> None:
    """All of it at first; then only what changed, with the reason for whom it is asked."""
    first = told(project, *AT)
    lay_out(project, World().edited(("words", 1, 1)).files())

    second = told(project, *AT, "--explain", IDS[1], "--explain", IDS[0], "--explain", "n0thing")

    files = re.search(r"(\d+) files", first)
    assert files is not None
    assert first == f"3 bookings, {files[1]} files in ./build\n"
    assert second == (
        f"{IDS[1]}: rendered\n"
        f"  bookings/{IDS[1]}.yaml was written\n"
        f"{IDS[0]}: not rendered\n"
        "  nothing that it is made from has changed since 2024-05-28 12:00; by the clock it will on 2024-05-30 20:00\n"
        "n0thing: not rendered\n"
        "  there is no bookings/n0thing.yaml\n"
        f"3 bookings (1 rendered), {files[1]} files (2 written) in ./build\n"
    )


def test_full_makes_everything_anew(project: Path) -> None:
    """Changed or not, and says that it was asked to."""
    first = told(project, *AT)

    assert told(project, *AT, "--full", "--explain", IDS[0]) == f"{IDS[0]}: rendered\n  asked for by `--full`\n{first}"


def test_programs_are_told_the_same(project: Path) -> None:
    """Numbers, and reasons by booking."""
    told(project, *AT)

    found = json.loads(run(project, *AT, "--json", "--explain", IDS[0], "--explain", "n0thing").stdout)

    assert found.pop("files") > 0
    assert found == {
        "out": str(project / "build"),
        "bookings": 3,
        "rendered": 0,
        "written": 0,
        "explained": {
            IDS[0]: {
                "rendered": False,
                "reasons": [
                    (
                        "nothing that it is made from has changed since 2024-05-28 12:00; "
                        "by the clock it will on 2024-05-30 20:00"
                    )
                ],
            },
            "n0thing": {"rendered": False, "reasons": ["there is no bookings/n0thing.yaml"]},
        },
    }


@pytest.mark.parametrize("out", ["content", "bookings/site", "layouts/new/er", "linked/site"])
def test_a_release_is_not_built_among_its_sources(out: str, project: Path) -> None:
    """The next build would take it for one of them; a link does not hide it."""
    (project / "linked").symlink_to("content")

    shown = run(project, *AT, "--out", str(project / out))

    assert shown.exit_code == 1
    assert "from which releases are made\n  hint: build into a folder beside it\n" in shown.stderr
    assert not list(project.rglob("release.json"))


def test_a_file_in_place_of_castoffs_own_folder_costs_time_alone(project: Path) -> None:
    """There is no running cloud then, nothing is known of builds before, and nothing is kept."""
    (project / ".castoff").write_text("x")

    assert told(project, *AT).startswith("3 bookings, ")
    assert told(project, *AT).startswith("3 bookings, ")


def test_who_waits_for_another_build_is_told(project: Path) -> None:
    """And goes on once that is done; who waits for a moment alone is told nothing."""
    told(project, *AT)
    (lock,) = project.glob(".castoff/builds/*.lock")

    words = "another castoff builds into the same folder; this one goes on when that is done\n"
    for seconds, waits in ((0.2, False), (1.5, True)):
        with lock.open() as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            release = threading.Timer(seconds, fcntl.flock, (other, fcntl.LOCK_UN))
            release.start()
            shown = run(project, *AT)
            release.join()

        assert shown.exit_code == 0
        assert (words in shown.stderr) == waits
