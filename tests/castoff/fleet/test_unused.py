"""Content that nobody uses is told of where nothing else is wrong, few files each, many once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from castoff.fleet.charters import load_project
from castoff.fleet.unused import unused
from castoff.problems import Severity

ROOT = Path(__file__).resolve().parents[3]
BASE = ROOT / "tests/invalid/_base"
MEMBER = "---\nname: {name}\nrole: {role}\nemail: {name}@example.com\n---\n"
DOCK = "---\nname: {name}\naddress: 2 Harbor Drive\n---\nBeside the crane.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project in which everything is used."""
    return Path(shutil.copytree(BASE, tmp_path / "project"))


def told(project: Path, *, pictures: tuple[str, ...] = (), shown: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return path and rule of each warning."""
    fleet, _ = load_project(project)
    assert fleet is not None
    problems = unused(fleet, fleet.outlines, pictures=pictures, shown=shown)
    assert {problem.severity for problem in problems} <= {Severity.WARNING}
    return [(problem.path, problem.rule) for problem in problems]


def test_what_is_used_is_not_told_of(project: Path) -> None:
    """A draft uses what it names, too: it is what the operator thinks about."""
    booking = project / "bookings/a7kq4wt.yaml"
    booking.write_text(booking.read_text().replace("status: confirmed", "status: draft"))

    assert told(project, pictures=("logo.svg",), shown=("logo.svg", "gone.svg")) == []


def test_each_kind_is_told_of(project: Path) -> None:
    """At the file itself, in the order of the kinds."""
    lark = (project / "content/vessels/lark.md").read_text()
    checklist = (project / "content/checklists/departure.md").read_text()
    (project / "content/vessels/dory.md").write_text(lark.replace("Lark", "Dory"))
    (project / "content/docks/quay.md").write_text(DOCK.format(name="The Quay"))
    (project / "content/crew/ana.md").write_text(MEMBER.format(name="ana", role="captain"))
    (project / "content/checklists/return.md").write_text(checklist)

    assert told(project, pictures=("old.svg",)) == [
        ("content/vessels/dory.md", "unused-vessel"),
        ("content/docks/quay.md", "unused-dock"),
        ("content/crew/ana.md", "unused-crew-member"),
        ("content/checklists/return.md", "unused-checklist"),
        ("content/pictures/old.svg", "unused-picture"),
    ]


def test_whoever_works_ashore_is_used_by_that(project: Path) -> None:
    """Nobody calls the office aboard."""
    (project / "content/crew/office.md").write_text(MEMBER.format(name="office", role="ops"))

    assert told(project) == []


def test_before_the_first_booking_nothing_can_be_said_of_what_bookings_name(project: Path) -> None:
    """A new project begins with its fleet, and not with a list of complaints."""
    (project / "bookings/a7kq4wt.yaml").unlink()

    assert told(project) == []


def test_a_catalogue_is_told_of_once(project: Path) -> None:
    """Three are each a slip of the pen; four are a choice."""
    for number in range(3):
        (project / f"content/docks/quay-{number}.md").write_text(DOCK.format(name=f"Quay {number}"))
    few = told(project)
    (project / "content/docks/quay-3.md").write_text(DOCK.format(name="Quay 3"))
    fleet, _ = load_project(project)
    assert fleet is not None

    [many] = unused(fleet, fleet.outlines, pictures=(), shown=())

    assert few == [(f"content/docks/quay-{number}.md", "unused-dock") for number in range(3)]
    assert (many.path, many.words) == (
        "content/docks/quay-0.md",
        "no booking starts at this dock, and 3 more are like it",
    )
