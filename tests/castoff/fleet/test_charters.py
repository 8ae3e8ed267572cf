"""The fleet: files become charters with instants, and what no file can know by itself is checked across them."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from castoff.fleet.carry import BoardRow
from castoff.fleet.charters import Fleet, load_project, parse_project
from castoff.fleet.outlines import outline_of_row
from castoff.fleet.places import Places
from castoff.fleet.slugs import claims, lost_to
from castoff.fleet.sources import read_sources
from castoff.reading.zones import zone

ROOT = Path(__file__).resolve().parents[3]
BASE = ROOT / "tests/invalid/_base"
BOOKING = (BASE / "bookings/a7kq4wt.yaml").read_text(encoding="utf-8")
AT = zone("America/Los_Angeles")


ROW = BoardRow(
    status="confirmed",
    slug="sunset",
    aliases=("old-sunset",),
    former=(),
    vessel="Lark",
    vessel_id="lark",
    captain="Maya Torres",
    captain_id="maya",
    crew_ids=("leo",),
    dock="The Pier",
    lead="Dana R.",
    guests=4,
    boards="2024-06-01T09:45:00-07:00",
    calls="2024-06-01T09:00:00-07:00",
    starts="2024-06-01T10:00:00-07:00",
    ends="2024-06-01T13:00:00-07:00",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project in order, to be changed."""
    return Path(shutil.copytree(BASE, tmp_path / "project"))


def write_booking(project: Path, booking: str, **fields: str) -> None:
    """Write a booking that differs from the base's in these lines."""
    text = BOOKING.replace("a7kq4wt", booking)
    for name, value in fields.items():
        lines = [f"{name}: {value}" if line.startswith(f"{name}:") else line for line in text.splitlines()]
        text = "\n".join(lines if any(line.startswith(f"{name}:") for line in lines) else [*lines, f"{name}: {value}"])
    (project / f"bookings/{booking}.yaml").write_text(text + "\n", encoding="utf-8")


def fleet_of(project: Path) -> Fleet:
    """Return the fleet of a project that is in order."""
    fleet, problems = load_project(project)
    assert problems == ()
    assert fleet is not None
    return fleet


def rules_of(project: Path) -> list[tuple[str, str]]:
    """Return path and rule of each problem."""
    return [(problem.path, problem.rule) for problem in load_project(project)[1]]


def test_the_example_site_is_in_order() -> None:
    """What the repository shows is what castoff takes."""
    fleet = fleet_of(ROOT)

    assert [charter.id for charter in fleet.charters] == sorted(
        path.stem for path in (ROOT / "bookings").glob("*.yaml")
    )


def test_a_charter_has_its_instants_and_what_its_vessel_decides(project: Path) -> None:
    """Boarding and crew call default from the vessel; the slug from vessel and id."""
    charter = fleet_of(project).charters[0]

    assert charter.slug == "lark-guest-a7kq4wt"
    assert charter.starts == datetime(2024, 6, 1, 10, tzinfo=AT)
    assert charter.ends == datetime(2024, 6, 1, 13, tzinfo=AT)
    assert charter.boards == datetime(2024, 6, 1, 9, 45, tzinfo=AT)
    assert charter.calls == datetime(2024, 6, 1, 9, tzinfo=AT)
    assert (charter.vessel.id, charter.dock.id, charter.captain.id) == ("lark", "pier", "maya")
    assert [member.id for member in charter.crew] == ["leo"]


@pytest.mark.parametrize(("boarding", "crew_call"), [(0, 0), (30, 120)])
def test_a_booking_s_own_times_go_before_the_vessel_s(project: Path, boarding: int, crew_call: int) -> None:
    """Nothing at all is a time, too."""
    write_booking(project, "a7kq4wt", boarding=f"{boarding}m", crew_call=f"{crew_call}m")

    charter = fleet_of(project).charters[0]

    assert charter.starts - charter.boards == timedelta(minutes=boarding)
    assert charter.starts - charter.calls == timedelta(minutes=crew_call)


def test_two_charters_may_touch_where_no_turnaround_is_asked(project: Path) -> None:
    """An end is no part of what it ends."""
    settings = project / "castoff.yaml"
    settings.write_text(settings.read_text().replace("turnaround: 90m", "turnaround: 0m"))
    write_booking(project, "b7kq4wt", starts="2024-06-01 13:00", boarding="0m", crew_call="0m")

    assert rules_of(project) == []


@pytest.mark.parametrize(
    ("starts", "status", "rules"),
    [
        ("2024-06-01 12:59", "confirmed", ["double-booked"]),
        ("2024-06-01 13:00", "confirmed", ["short-turnaround"]),
        ("2024-06-01 14:29", "confirmed", ["short-turnaround"]),
        ("2024-06-01 14:30", "confirmed", []),
        ("2024-06-01 10:00", "hold", ["double-booked"]),
        ("2024-06-01 10:00", "draft", []),
    ],
)
def test_vessel_and_people_are_in_one_charter_at_a_time(
    project: Path, starts: str, status: str, rules: list[str]
) -> None:
    """A hold keeps them, a draft does not; the vessel needs its turnaround besides."""
    write_booking(project, "b7kq4wt", starts=starts, status=status)

    assert rules_of(project) == [("bookings/b7kq4wt.yaml", rule) for rule in rules]


def test_a_vessel_s_own_turnaround_goes_before_the_settings(project: Path) -> None:
    """The small boat is ready sooner."""
    vessel = project / "content/vessels/lark.md"
    vessel.write_text(vessel.read_text().replace("capacity: 6", "capacity: 6\nturnaround: 30m"))
    write_booking(project, "b7kq4wt", starts="2024-06-01 13:30", crew_call="30m")

    assert rules_of(project) == []


def test_the_longest_charter_so_far_is_the_one_that_others_run_into(project: Path) -> None:
    """A short one in between does not hide it."""
    write_booking(project, "a7kq4wt", duration="9h")
    for booking, starts in (("b7kq4wt", "2024-06-01 11:00"), ("c7kq4wt", "2024-06-01 17:00")):
        write_booking(project, booking, starts=starts, duration="1h")

    assert ("bookings/c7kq4wt.yaml", "double-booked") in rules_of(project)


@pytest.mark.parametrize(("guests", "rules"), [(6, []), (7, ["too-many-guests"])])
def test_a_vessel_may_be_full(project: Path, guests: int, rules: list[str]) -> None:
    """As many come as it carries, and not one more."""
    path = project / "bookings/a7kq4wt.yaml"
    path.write_text(path.read_text().replace("count: 4", f"count: {guests}"))

    assert [rule for _, rule in rules_of(project)] == rules


def test_a_name_is_not_unknown_for_being_in_disorder(project: Path) -> None:
    """A broken vessel is told of once, at its own file."""
    (project / "content/vessels/lark.md").write_text("---\nname: Lark\n---\nA sloop.\n")

    assert rules_of(project) == [("content/vessels/lark.md", "missing-field")]


def test_all_files_are_told_of_in_one_run(project: Path) -> None:
    """Settings, content and bookings, whatever stops each of them."""
    (project / "castoff.yaml").write_text("brand: {name: x}\ntimezone: x\n")
    (project / "content/docks/pier.md").write_text("")
    write_booking(project, "a7kq4wt", vessel="larc")
    write_booking(project, "b7kq4wt", duration="3", starts="2024-06-08 10:00", captain="nobody")

    assert rules_of(project) == [
        ("bookings/a7kq4wt.yaml", "unknown-vessel"),
        ("bookings/b7kq4wt.yaml", "wrong-duration"),
        ("bookings/b7kq4wt.yaml", "unknown-crew-member"),
        ("castoff.yaml", "unknown-timezone"),
        ("content/docks/pier.md", "empty-file"),
    ]


def test_a_booking_that_is_not_read_again_still_takes_its_vessel_and_its_address(project: Path) -> None:
    """Cross-checks see it by its line on the board."""
    write_booking(project, "b7kq4wt", starts="2024-06-01 12:00", slug="old-sunset")
    fleet, problems = parse_project(read_sources(project), lambda _: {"a7kq4wt": ROW})

    assert fleet is None
    assert [(problem.path, problem.rule) for problem in problems] == [
        ("bookings/b7kq4wt.yaml", "double-booked"),
        ("bookings/b7kq4wt.yaml", "taken-slug"),
    ]


def test_ids_claim_their_address_before_any_slug_does() -> None:
    """Nothing at all is claimed twice where nothing is there."""
    assert claims([], ids=["a7kq4wt"], reused={}, places=Places({})) == ({"a7kq4wt": "a7kq4wt"}, [])


def test_what_is_not_read_again_keeps_its_address() -> None:
    """Its slug and its aliases are claimed, as they were when it was read."""
    claimed, problems = claims([], ids=["a7kq4wt"], reused={"a7kq4wt": ROW}, places=Places({}))

    assert (set(claimed), problems) == ({"a7kq4wt", "sunset", "old-sunset"}, [])


@pytest.mark.parametrize(
    ("former", "ids", "lost"),
    [((), {"b7kq4wt"}, set()), (("quay",), {"b7kq4wt"}, set()), (("b7kq4wt",), {"b7kq4wt"}, {"a7kq4wt"})]
    + [((name,), set(), {"a7kq4wt"}) for name in ("taken", "also-taken")],
)
def test_a_former_slug_is_lost_to_whoever_has_it_now(former: tuple[str, ...], ids: set[str], lost: set[str]) -> None:
    """As a slug, as an alias or as an id."""
    other = replace(ROW, slug="taken", aliases=("also-taken",))

    found = lost_to([outline_of_row("c7kq4wt", other)], ids=ids, reused={"a7kq4wt": replace(ROW, former=former)})

    assert found == lost


def test_what_is_not_a_file_or_cannot_be_read_is_told(project: Path) -> None:
    """A pipe does not hold the build up, and a broken link is no traceback."""
    os.mkfifo(project / "bookings/b7kq4wt.yaml")
    (project / "bookings/c7kq4wt.yaml").symlink_to("nowhere")
    (project / "content/docks/quay.md").mkdir()

    assert rules_of(project) == [
        ("bookings/b7kq4wt.yaml", "unreadable"),
        ("bookings/c7kq4wt.yaml", "linked-file"),
        ("content/docks/quay.md", "wrong-file-name"),
    ]


def test_leavings_of_editors_are_nobody_s(project: Path) -> None:
    """Hidden files, backups and notes are passed over."""
    for name in (".a7kq4wt.yaml.swp", "a7kq4wt.yaml~", "#a7kq4wt.yaml#", ".gitkeep", "README.txt"):
        (project / "bookings" / name).write_text("x")

    assert rules_of(project) == []


def test_a_project_without_bookings_or_content_is_one_all_the_same(tmp_path: Path) -> None:
    """The first booking is yet to come; a folder gone astray is warned of, and nothing stops."""
    shutil.copy(BASE / "castoff.yaml", tmp_path)

    fleet, problems = load_project(tmp_path)

    assert [problem.rule for problem in problems] == ["no-bookings"]
    assert fleet is not None
    assert (fleet.charters, dict(fleet.vessels)) == ((), {})
