"""What benchmarks measure with: invented bookings that a real build takes as they are."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from support.written import write_release

from benchmarks.sameness import sameness, visible
from benchmarks.season import AS_OF, ROOT, Season, bookings, one_more, write_project
from castoff.build import build, check
from castoff.wishes import Wishes

if TYPE_CHECKING:
    from pathlib import Path


BENCHMARKS = ROOT / "benchmarks"
PEERS = {
    "the plain loop": "import runpy; runpy.run_path('peers/loop.py', run_name='__main__')",
    "Hugo": """
import pathlib, subprocess, sys
import builds
project, out = map(pathlib.Path, sys.argv[1:])
builds.lay_hugo_out(project, out / "site")
subprocess.run([builds.hugo(), "--quiet", "-s", out / "site", "-d", out], check=True)
""",
}
ALMANAC = "import sys, pathlib, almanac; almanac.write_almanac(*map(pathlib.Path, sys.argv[1:]))"


@pytest.mark.parametrize(("count", "days"), [(20, 250), (60, 5)], ids=["two boats", "a larger fleet"])
def test_a_season_has_no_problem(count: int, days: int, tmp_path: Path) -> None:
    """No vessel and nobody is in two charters at once, and there is not even a warning."""
    project = tmp_path / "project"
    project.mkdir()

    write_project(project, Season(count, days=days))
    first, (seventh, text) = one_more(0)[0], one_more(7)
    (project / "bookings" / f"{first}.yaml").write_text(text.replace(seventh, first))

    assert len(list((project / "bookings").iterdir())) == count + 1
    assert check(project, clock=datetime(2024, 5, 28, 19, tzinfo=UTC)) == ()


def test_a_season_is_the_same_in_every_run() -> None:
    """Figures of two runs are figures of the same bookings."""
    season = Season(30)

    assert list(bookings(season)) == list(bookings(season))
    assert all(season.first > AS_OF for _ in bookings(season))


def test_a_few_charters_of_a_season_have_their_form(tmp_path: Path) -> None:
    """As on any evening of a season: those of the next day, on both boats, and no others."""
    project = tmp_path / "project"
    project.mkdir()
    write_project(project, Season(40))

    built, _ = build(project, Wishes(target="local", clock=datetime.now(UTC)))

    assert built is not None
    assert len([file for file in built.release.files.values() if file.slots]) == 2 * 4


@pytest.mark.parametrize("peer", PEERS)
def test_the_peers_beside_it_say_the_same(peer: str, tmp_path: Path) -> None:
    """A peer that shows less would be measured for doing less."""
    project, ours, theirs = (tmp_path / name for name in ("project", "ours", "theirs"))
    project.mkdir()
    write_project(project, Season(40))
    built, _ = build(project, Wishes(target="local", clock=datetime.now(UTC)))
    assert built is not None
    write_release(built, ours)
    pages = ours / "public" / "guest" / "g"
    subprocess.run([sys.executable, "-c", ALMANAC, pages, project], cwd=BENCHMARKS, check=True)

    subprocess.run([sys.executable, "-c", PEERS[peer], project, theirs], cwd=BENCHMARKS, check=True)

    found = sameness(pages, theirs / "g", sample=1000)
    assert (found.there, found.same) == (found.pages, found.pages), found


def test_what_is_visible_of_a_page() -> None:
    """Tags and white space count for nothing, words do; a calendar file's lines are unfolded."""
    assert visible("<p>Step\n <b>aboard</b></p>", "a.html") == ["Step", "aboard"]
    assert visible("SUMMARY:Step ab\r\n oard\r\n", "a.ics") == ["SUMMARY:Step", "aboard"]
