"""A season shared out among workers: however many there are, the same bytes, and the same problems in order."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests/invalid/_base"
BOOKING = (BASE / "bookings/a7kq4wt.yaml").read_text(encoding="utf-8")
WORKERS = (1, 2, 3, 5)

PROGRAM = """
import hashlib, json, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from castoff.build import build
from castoff.wishes import Wishes
from castoff.contract.state import PublishedBooking
from castoff.writing import build_into

root, told = Path(sys.argv[1]), []

def digest(folder):
    hashed = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        hashed.update(str(path.relative_to(folder)).encode())
        hashed.update(path.read_bytes() if path.is_file() else b"")
    return hashed.hexdigest()

for workers in json.loads(sys.argv[2]):
    wishes = Wishes(target="", clock=datetime(2024, 5, 28, 19, tzinfo=UTC), workers=workers)
    made, problems = build(root, wishes)
    out = root.parent / f"out-{workers}"
    written, again = build_into(out, root, wishes)
    memory = None
    follow = None
    if made is not None:
        bodies = hashlib.sha256(b"".join(made.bodies[path] for path in sorted(made.bodies))).hexdigest()
        memory = [made.release.to_json(), bodies, {key: dict(money) for key, money in made.private.items()}]
        prior = {
            booking.id: PublishedBooking(booking.input, booking.status, booking.ends, carry=booking.carry)
            for booking in made.release.bookings.values()
        }
        moved = {**prior, **{key: replace(one, input="") for key, one in list(prior.items())[::2]}}
        later, warned = build(root, replace(wishes, prior=moved))
        follow = [later.release.to_json(), [str(problem) for problem in warned]]
    told.append({
        "memory": memory,
        "problems": [str(problem) for problem in problems],
        "again": [str(problem) for problem in again],
        "folder": digest(out) if written else None,
        "counts": [written.bookings, written.files] if written else None,
        "follow": follow,
        "left": sorted(path.name for path in root.parent.iterdir() if path.name.startswith(".")),
    })
print(json.dumps(told))
"""


def season(folder: Path, **changes: str) -> Path:
    """Write a project with a booking a day; `changes` are texts that replace those of a booking."""
    project = Path(shutil.copytree(BASE, folder / "project"))
    for number, letter in enumerate("bcdefghjkm"):
        booking = f"{letter}7kq4wt"
        text = BOOKING.replace("a7kq4wt", booking).replace("2024-06-01", f"2024-06-{number + 2:02}")
        (project / f"bookings/{booking}.yaml").write_text(text, encoding="utf-8")
    for booking, more in changes.items():
        file = project / f"bookings/{booking}.yaml"
        old, new = more.split(" => ")
        assert old in file.read_text(encoding="utf-8"), old
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return project


@cache
def told(project: Path) -> list[dict[str, Any]]:
    """Return what each number of workers makes: beside this process's threads, nothing is forked."""
    words = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(project), json.dumps(WORKERS)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=100)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


CANCELLED = "status: confirmed => cancelled: {on: 2024-05-28, why: weather}\nstatus: cancelled"
CASES: dict[str, dict[str, str]] = {
    "all is well": {},
    "drafts, and a cancellation": {
        "b7kq4wt": "status: confirmed => status: draft",
        "e7kq4wt": CANCELLED,
    },
    "money in free text, in the first and in the last": {
        "a7kq4wt": "source: direct => source: direct\nnotes: the captain gets $300",
        "m7kq4wt": "source: direct => source: direct\nrequests: revenue 840.75",
    },
    "an alias that is another's slug, and two at once": {
        "b7kq4wt": "source: direct => source: direct\naliases: [lark-guest-m7kq4wt]",
        "k7kq4wt": "2024-06-10 => 2024-06-02",
    },
    "files that are broken each by itself": {
        "c7kq4wt": "vessel: lark => vessle: lark",
        "h7kq4wt": "status: confirmed => status: [confirmed",
        "m7kq4wt": "vessel: lark => vessel: dove",
    },
}


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_any_number_of_workers_makes_the_same(changes: dict[str, str], tmp_path: Path) -> None:
    """In memory and in a folder, at first and on what was published, well or not: nothing is left beside it."""
    found = told(season(tmp_path, **changes))

    first = found[0]
    assert all(other == first for other in found[1:])
    assert first["problems"] == first["again"]
    assert (first["memory"] is None) == (first["folder"] is None)
    assert first["left"] == []


def test_a_layout_s_fault_is_told_once_whoever_meets_it(tmp_path: Path) -> None:
    """That of the first booking that shows it, as one process would, and nothing is written."""
    project = season(tmp_path)
    own_crew_page(project, "{{ view[view.id] }}")

    found = told(project)

    assert all(other == found[0] for other in found[1:])
    assert "a7kq4wt" in "".join(found[0]["problems"])
    assert found[0]["folder"] is None


def test_a_layout_is_rehearsed_with_one_booking_whoever_has_it(tmp_path: Path) -> None:
    """The first that is not cancelled: what fails only on its day is found today, and told the same by all."""
    project = season(tmp_path, a7kq4wt=CANCELLED)
    own_crew_page(project, "{% if view.phase == 'over' %}{{ view[view.id] }}{% endif %}")

    found = told(project)

    assert all(other == found[0] for other in found[1:])
    assert "b7kq4wt" in "".join(found[0]["problems"])
    assert found[0]["folder"] is None


def own_crew_page(project: Path, text: str) -> None:
    """Write a layout of the project's own, with a place for its form."""
    (project / "layouts").mkdir()
    form = "{% if view.photos.form %}{{ view.photos.form.slot }}{% endif %}"
    (project / "layouts/crew.html").write_text(f"<title>x</title>{form}{text}", encoding="utf-8")


BROKEN_OFF = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from castoff.build import make
from castoff.wishes import Wishes
from castoff.fleet.sources import open_sources
from castoff.folder import FolderPart, fresh_folder
from castoff.pages.theme import load_theme
from castoff.workers import WorkerError

class Part(FolderPart):
    def book(self, booking):
        if booking.id == "k7kq4wt":
            HOW

root = Path(sys.argv[1])
os.setpgrp()
parent = os.getpid()
try:
    with fresh_folder(root.parent / "out") as fresh:
        fresh.part = lambda number: Part(fresh.path, number, shown=root)
        wishes = Wishes(target="", clock=datetime(2024, 5, 28, 19, tzinfo=UTC), workers=3)
        make(open_sources(root), load_theme(root), wishes, fresh)
        print("made")
except (WorkerError, KeyboardInterrupt) as error:
    print(type(error).__name__)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("nobody is left")
print(*sorted(path.name for path in root.parent.iterdir()))
"""


@pytest.mark.parametrize(
    ("how", "error"),
    [("os._exit(9)", "EndedWorkerError"), ("os.killpg(0, signal.SIGINT)", "KeyboardInterrupt")],
    ids=["a worker dies", "Ctrl-C"],
)
def test_a_build_that_is_broken_off_leaves_no_child_and_no_half(how: str, error: str, tmp_path: Path) -> None:
    """Whichever worker it happens to, and though the others have written files by then."""
    program = BROKEN_OFF.replace("HOW", how)

    done = subprocess.run(
        [sys.executable, "-c", program, str(season(tmp_path))],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )

    assert done.stdout.splitlines() == [error, "nobody is left", "project"]
