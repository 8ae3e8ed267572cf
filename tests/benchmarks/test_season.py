"""What benchmarks measure with: invented bookings that a real build takes as they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from benchmarks.sameness import visible
from benchmarks.season import AS_OF, Season, bookings, one_more, write_project
from castoff.build import check

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("count", "days"), [(20, 250), (60, 5)], ids=["two boats", "a larger fleet"])
def test_a_season_has_no_problem(count: int, days: int, tmp_path: Path) -> None:
    """No vessel and nobody is in two charters at once, and there is not even a warning."""
    project = tmp_path / "project"
    project.mkdir()

    write_project(project, Season(count, days=days))
    (project / "bookings" / f"{one_more(0)[0]}.yaml").write_text(one_more(7)[1].replace("new0007", "new0000"))

    assert len(list((project / "bookings").iterdir())) == count + 1
    assert check(project, clock=datetime(2024, 5, 28, 19, tzinfo=UTC)) == ()


def test_a_season_is_the_same_in_every_run() -> None:
    """Figures of two runs are figures of the same bookings."""
    season = Season(30)

    assert list(bookings(season)) == list(bookings(season))
    assert all(season.first > AS_OF for _ in bookings(season))


def test_what_is_visible_of_a_page() -> None:
    """Tags and white space count for nothing, words do; a calendar file's lines are unfolded."""
    assert visible("<p>Step\n <b>aboard</b></p>", "a.html") == ["Step", "aboard"]
    assert visible("SUMMARY:Step ab\r\n oard\r\n", "a.ics") == ["SUMMARY:Step", "aboard"]
