"""What is shown: a build laid over the one before it is the build that would be made from nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from preview.running import lay_out

from castoff.build import build
from castoff.fleet.settings import Addresses
from castoff.preview.shown import Pages, Shown, laid_over
from castoff.problems import Problem, Severity
from castoff.wishes import Wishes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CLOCK = datetime(2026, 5, 28, 19, tzinfo=UTC)
ADDRESSES = Addresses(guest="http://localhost:4747", ops="http://ops.localhost:4747")
BOOKING = "bookings/xhqgmdh.yaml"

CHANGES = [
    (BOOKING, "count: 6", "count: 5"),
    (BOOKING, "starts: 2024-05-30 09:00", "starts: 2024-05-30 09:30"),
    (BOOKING, "slug: boatsetter-may30", "slug: boatsetter-may31"),
    (BOOKING, "status: confirmed", "status: draft"),
    ("bookings/c7rm4qx.yaml", "status: confirmed", "status: hold"),
    ("bookings/k7wp3tn.yaml", "status: confirmed", "status: confirmed # again"),
    ("content/vessels/jada.md", "name: Jada", "name: Jade"),
    ("castoff.yaml", "as_of: 2024-05-28 12:00", "as_of: 2024-05-30 12:00"),
]
"""Changes in files of the example, each of which may be made, and taken back."""


def made(root: Path, before: Pages | None) -> Pages:
    """Build on what is there, as a preview does."""
    wishes = Wishes(target="", clock=CLOCK, addresses=ADDRESSES, kept=before.kept if before else {})
    found, problems = build(root, wishes)
    assert found is not None, problems
    return laid_over(found, problems, before, clock=CLOCK)


@given(turns=st.lists(st.sampled_from(range(len(CHANGES))), min_size=1, max_size=5))
def test_laid_over_is_as_from_nothing(tmp_path_factory: pytest.TempPathFactory, turns: list[int]) -> None:
    """After any changes, one after the other, files, bodies, bookings and warnings are those of a clean build."""
    root = lay_out(tmp_path_factory.mktemp("shown") / "project")
    pages = made(root, None)
    for turn in turns:
        path, one, other = CHANGES[turn]
        text = (root / path).read_text("utf-8")
        (root / path).write_text(text.replace(*((other, one) if other in text else (one, other))), "utf-8")
        pages = made(root, pages)
    clean = made(root, None)

    assert pages.bodies == clean.bodies
    assert pages.files == clean.files
    assert pages.bookings == clean.bookings
    assert pages.problems == clean.problems


def test_few_are_rendered(project: Path) -> None:
    """One edited booking is rendered, with those whose pages have a form; the others are taken over."""
    pages = made(project, None)
    text = (project / BOOKING).read_text("utf-8")
    (project / BOOKING).write_text(text.replace("count: 6", "count: 5"), "utf-8")

    assert made(project, pages).rendered < pages.rendered


def test_an_asset_that_goes_stays_for_a_while(project: Path) -> None:
    """A page that is just being loaded finds its style; after the next build nothing asks for it any more."""
    before = made(project, None)
    (project / "layouts" / "assets").mkdir(parents=True)
    (project / "layouts" / "assets" / "castoff.css").write_text("body{}")
    after = made(project, before)
    last = made(project, after)
    gone = set(before.files) - set(after.files)

    assert len(gone) == 2
    assert all(after.find(path) == (before.files[path], before.bodies[path]) for path in gone)
    assert all(last.find(path) is None for path in gone)


def test_a_clock_that_stands_still_is_never_due(project: Path) -> None:
    """The example's clock stands; without `as_of` the pages are due when the first of them words itself anew."""
    standing = made(project, None).due
    text = (project / "castoff.yaml").read_text("utf-8")
    (project / "castoff.yaml").write_text(text.replace("as_of:", "# as_of:"), "utf-8")
    running = made(project, None).due

    assert standing is None
    assert running is not None
    assert CLOCK < running <= CLOCK + timedelta(days=1)


def test_a_report_is_what_a_check_prints() -> None:
    """Problems stand one under the other, with the hints that they have."""
    one = Problem("a.yaml", 1, 2, "wrong", "some-rule", "mend it")
    two = Problem("b.yaml", 3, 4, "odd", "other-rule", severity=Severity.WARNING)
    shown = Shown(1, 0, None, (one, two))

    assert shown.report == f"{one}\n{two}"
    assert shown.summary == "1 error, 1 warning"
    assert shown.stopped
    assert not Shown(1, 0, None, (two,)).stopped
