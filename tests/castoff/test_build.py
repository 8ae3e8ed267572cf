"""The build: a release that files, target and instant decide, and nothing else."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castoff.build import Build, build, check
from castoff.contract.release import Release, file_digest
from castoff.contract.slots import SERIAL_MARK
from castoff.contract.state import PublishedBooking
from castoff.wishes import Wishes

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests/invalid/_base"
CLOCK = datetime(2024, 5, 28, 19, tzinfo=UTC)
WISHES = Wishes(target="", clock=CLOCK, commit="0123abc")
BOOKING = (BASE / "bookings/a7kq4wt.yaml").read_text(encoding="utf-8")
IDS = ("a7kq4wt", "b7kq4wt", "c7kq4wt", "d7kq4wt")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project in order, to be changed."""
    return Path(shutil.copytree(BASE, tmp_path / "project"))


def write_booking(project: Path, booking: str, day: int, *, add: str = "", status: str = "confirmed") -> None:
    """Write one of several bookings that do not get in each other's way."""
    text = BOOKING.replace("a7kq4wt", booking).replace("2024-06-01", f"2024-06-{day:02}").replace("confirmed", status)
    (project / f"bookings/{booking}.yaml").write_text(text + add, encoding="utf-8")


def built(project: Path, wishes: Wishes = WISHES) -> Build:
    """Return the build of a project that nothing stops."""
    found, problems = build(project, wishes)
    assert found is not None, problems
    return found


def published(release: Release) -> dict[str, PublishedBooking]:
    """Return what the state keeps of a release's bookings, through JSON as the state does."""
    through = Release.from_json(release.to_json())
    return {
        booking.id: PublishedBooking(booking.input, booking.status, booking.ends, carry=booking.carry)
        for booking in through.bookings.values()
    }


def test_the_same_files_make_the_same_bytes(project: Path, tmp_path: Path) -> None:
    """In another folder, and by whichever way the instant was said."""
    write_booking(project, "b7kq4wt", 8)
    other = Path(shutil.copytree(project, tmp_path / "other"))

    first, second = built(project), built(other, replace(WISHES, as_of=CLOCK))

    assert first.release.to_json() == second.release.to_json()
    assert first.bodies == second.bodies


def test_a_file_is_told_of_by_its_digest_and_carries_the_serial_s_mark(project: Path) -> None:
    """Digest over headers and body, and one place for the publish's serial in each page."""
    made = built(project)

    for path, file in made.release.files.items():
        body = made.bodies[path]
        assert (file.path, file.size) == (path, len(body))
        assert file.sha256 == file_digest(body, content_type=file.content_type, cache_control=file.cache_control)
        assert body.count(SERIAL_MARK.encode()) == (0 if file.immutable else 1), path


def test_a_booking_says_what_it_wants_of_the_services(project: Path) -> None:
    """Status, end, next change, addresses and both payloads; every crew member is known."""
    release = built(project).release

    booking = release.bookings["a7kq4wt"]
    assert (booking.status, booking.ends) == ("confirmed", "2024-06-01T13:00:00-07:00")
    assert booking.next == "2024-05-30T20:00:00-07:00"
    assert booking.guest_url.endswith("/g/lark-guest-a7kq4wt")
    assert booking.event is not None
    assert booking.event["crew_page"] == booking.crew_url
    assert booking.calendar is not None
    assert booking.calendar["status"] == "confirmed"
    assert sorted(release.crew) == ["leo", "maya"]
    assert (release.commit, release.as_of) == ("0123abc", "2024-05-28T12:00:00-07:00")


@pytest.mark.parametrize("status", ["draft", "hold"])
def test_draft_and_hold_leave_no_trace(project: Path, status: str) -> None:
    """No page, no booking, no word of them anywhere in the release."""
    write_booking(project, "a7kq4wt", 1, status=status)

    made = built(project)

    assert "a7kq4wt" not in made.release.to_json()
    assert not any(b"a7kq4wt" in body for body in made.bodies.values())


@pytest.mark.parametrize("status", ["draft", "hold"])
def test_a_published_booking_that_is_withheld_is_told_from_one_whose_file_is_gone(project: Path, status: str) -> None:
    """The release says why it is not there any more; of one that nobody saw it says nothing."""
    write_booking(project, "b7kq4wt", 8)
    write_booking(project, "c7kq4wt", 15)
    prior = published(built(project).release)
    write_booking(project, "b7kq4wt", 8, status=status)
    write_booking(project, "d7kq4wt", 22, status=status)
    (project / "bookings/c7kq4wt.yaml").unlink()

    release = built(project, replace(WISHES, prior=prior)).release

    assert Release.from_json(release.to_json()).withheld == {"b7kq4wt": status}


def test_a_cancelled_booking_keeps_its_keys_and_says_so(project: Path) -> None:
    """Whoever has the link reads why; the crew call goes, the calendar entry says cancelled."""
    before = built(project).release
    write_booking(project, "a7kq4wt", 1, status="cancelled", add="cancelled: {on: 2024-05-28, why: weather}\n")

    after = built(project).release

    pages = [path for path in before.files if "/g/" in path]
    assert pages == [path for path in after.files if "/g/" in path]
    assert after.bookings["a7kq4wt"].event is None
    assert after.bookings["a7kq4wt"].calendar is not None
    assert after.bookings["a7kq4wt"].calendar["status"] == "cancelled"


def test_pages_go_when_retention_says_so_and_the_booking_stays(project: Path) -> None:
    """The publisher learns why: it is still there, with nothing to show and nothing that will change."""
    late = built(project, replace(WISHES, as_of=CLOCK + timedelta(days=200))).release

    assert not [path for path in late.files if "/g/" in path]
    assert late.bookings["a7kq4wt"].next is None


def test_money_reaches_nothing_but_the_private_file(project: Path) -> None:
    """Other figures give the same bytes; only digests of inputs tell that the file is another."""
    releases = []
    for figure in ("1234.56", "9876.54"):
        write_booking(project, "a7kq4wt", 1, add=f"finance: {{revenue: {figure}, captain_fee: {figure}}}\n")
        made = built(project)
        assert figure not in made.release.to_json()
        assert made.private == {}
        releases.append((made.release.to_json().replace(made.release.bookings["a7kq4wt"].input, ""), made.bodies))

    assert releases[0] == releases[1]


def test_money_is_private_where_settings_let_it_through(project: Path) -> None:
    """Exact text, under the booking's id."""
    write_booking(project, "a7kq4wt", 1, add="finance: {revenue: 1234.50}\n")
    with (project / "castoff.yaml").open("a") as text:
        text.write("dashboard: {finance: yes}\n")

    assert built(project).private == {"a7kq4wt": {"revenue": "1234.50"}}


def test_a_line_about_money_is_held_back_and_warned_of(project: Path) -> None:
    """It reaches no page and no payload, and the warning does not repeat it."""
    write_booking(project, "a7kq4wt", 1, add="notes: |\n  Anchor light is out.\n  Guest paid $987 in full.\n")

    made, problems = build(project, WISHES)

    assert made is not None
    assert [(problem.line, problem.rule) for problem in problems] == [(15, "money-held-back")]
    assert "987" not in str(problems[0]) + made.release.to_json()
    assert not any(b"$987" in body for body in made.bodies.values())


@pytest.mark.parametrize(
    "change",
    ["booking", "content", "picture", "layout", "settings", "commit", "phase", "target", "prior"],
)
def test_an_input_digest_covers_whatever_the_pages_are_made_from(project: Path, change: str) -> None:
    """Each of these gives another digest, but for the commit, which no page is made from."""
    before = built(project)
    prior = published(before.release)
    wishes = WISHES
    match change:
        case "booking":
            (project / "bookings/a7kq4wt.yaml").write_text(BOOKING + "# a remark\n")
        case "content":
            with (project / "content/docks/pier.md").open("a") as text:
                text.write("Mind the step.\n")
        case "picture":
            (project / "content/pictures").mkdir()
            (project / "content/pictures/lark.jpg").write_bytes(b"\xff\xd8\xff")
        case "layout":
            (project / "layouts").mkdir()
            (project / "layouts/extra.html").write_text("x")
        case "settings":
            with (project / "castoff.yaml").open("a") as text:
                text.write("\n")
        case "commit":
            wishes = replace(wishes, commit="other")
        case "phase":
            wishes = replace(wishes, as_of=CLOCK + timedelta(days=4))
        case "target":
            with (project / "castoff.yaml").open("a") as text:
                text.write("targets: {local: {embedded: yes}}\n")
            before = built(project)
            wishes = replace(wishes, target="local")
        case "prior":
            write_booking(project, "a7kq4wt", 2)
            before = built(project)
            wishes = replace(wishes, prior=prior)

    after = built(project, wishes)

    same = before.release.bookings["a7kq4wt"].input == after.release.bookings["a7kq4wt"].input
    assert same == (change == "commit")


def test_what_is_unchanged_is_reused_by_its_digest(project: Path) -> None:
    """A remark in one booking renders that one alone; the board still has all of them."""
    for day, booking in enumerate(IDS, start=1):
        write_booking(project, booking, day)
    before = built(project)
    write_booking(project, "c7kq4wt", 3, add="requests: shade, please\n")

    after = built(project, replace(WISHES, prior=published(before.release)))

    assert list(after.release.bookings) == ["c7kq4wt"]
    assert after.release.reused == {
        booking: before.release.bookings[booking].input for booking in ("a7kq4wt", "b7kq4wt", "d7kq4wt")
    }
    assert after.bodies["ops/ops/index.html"] == before.bodies["ops/ops/index.html"]


def test_a_preview_builds_on_what_was_published_and_reuses_what_it_built_itself(project: Path) -> None:
    """Edited twice before anything is published, a page doesn't say that anything moved; once it is, it does."""
    first = built(project, replace(WISHES, kept={}))
    write_booking(project, "a7kq4wt", 2)

    second = built(project, replace(WISHES, kept=published(first.release)))
    third = built(project, replace(WISHES, kept=published(second.release)))
    after = built(project, replace(WISHES, prior=published(first.release), kept=published(second.release)))

    page = "guest/g/lark-guest-a7kq4wt.html"
    assert b"has changed" not in second.bodies[page]
    assert list(third.release.reused) == ["a7kq4wt"]
    assert b"has changed: now Sunday, June 2, 2024, was Saturday, June 1, 2024" in after.bodies[page]


@given(
    st.lists(
        st.tuples(st.sampled_from(IDS), st.sampled_from(["time", "words", "slug", "cancel", "draft", "remove"])),
        max_size=6,
    )
)
@settings(max_examples=settings.default.max_examples // 4)
def test_an_incremental_build_expanded_is_a_full_one(changes: list[tuple[str, str]]) -> None:
    """Whatever changed, files reused from the state and files rendered are those of a build that reuses nothing."""
    with_folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"castoff-incremental-{os.getpid()}"  # noqa: S108 - removed below
    project = Path(shutil.copytree(BASE, with_folder, dirs_exist_ok=True))
    try:
        for day, booking in enumerate(IDS, start=1):
            write_booking(project, booking, day)
        before = built(project)
        prior = published(before.release)
        for booking, change in changes:
            _change(project, booking, change)

        little, full = (built(project, replace(WISHES, prior=prior, full=whole)) for whole in (False, True))

        kept = {path: file for path, file in before.release.files.items() if file.booking in little.release.reused}
        assert {**kept, **little.release.files} == full.release.files
        assert {**{path: before.bodies[path] for path in kept}, **little.bodies} == full.bodies
        inputs = {booking.id: booking.input for booking in little.release.bookings.values()}
        assert {**little.release.reused, **inputs} == {one.id: one.input for one in full.release.bookings.values()}
    finally:
        shutil.rmtree(project)


def _change(project: Path, booking: str, change: str) -> None:
    day = IDS.index(booking) + 1
    match change:
        case "time":
            write_booking(project, booking, day + 10)
        case "words":
            write_booking(project, booking, day, add="requests: shade, please\n")
        case "slug":
            write_booking(project, booking, day, add=f"slug: sunset-{day}\naliases: [old-{day}]\n")
        case "cancel":
            write_booking(project, booking, day, status="cancelled", add="cancelled: {on: 2024-05-28, why: weather}\n")
        case "draft":
            write_booking(project, booking, day, status="draft")
        case "remove":
            (project / f"bookings/{booking}.yaml").unlink(missing_ok=True)


def test_building_on_what_a_build_handed_on_hands_on_the_same(project: Path) -> None:
    """A second build of unchanged files changes nothing, revision included."""
    first = built(project).release

    second = built(project, replace(WISHES, prior=published(first), full=True)).release

    assert second.bookings["a7kq4wt"].carry == first.bookings["a7kq4wt"].carry
    assert second.bookings["a7kq4wt"].input == first.bookings["a7kq4wt"].input


def test_what_another_castoff_handed_on_is_not_trusted(project: Path) -> None:
    """A carry in another form is as good as none."""
    first = built(project).release
    prior = {"a7kq4wt": replace(published(first)["a7kq4wt"], carry={"form": "another"})}

    assert built(project, replace(WISHES, prior=prior)).release == first


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        (
            replace(WISHES, target="locl"),
            "castoff.yaml:5:1: unknown target `locl` [unknown-target]\n  hint: did you mean `local`?",
        ),
        (
            replace(WISHES, target="production"),
            (
                "castoff.yaml:4:1: the clock stands still here, and target `production` is for real [standing-clock]\n"
                "  hint: remove `as_of`"
            ),
        ),
    ],
)
def test_a_target_must_exist_and_a_real_one_has_a_clock_that_runs(project: Path, wishes: Wishes, told: str) -> None:
    """An example site is published nowhere but to the embedded cloud."""
    example = (ROOT / "castoff.yaml").read_text()
    targets = example[example.index("targets:") :]
    with (project / "castoff.yaml").open("a") as text:
        text.write("as_of: 2024-05-28 12:00\n" + targets)

    assert [str(problem) for problem in build(project, wishes)[1]] == [told]
    assert check(project, clock=CLOCK) == ()


def test_a_picture_is_known_by_its_ending_in_either_case(project: Path) -> None:
    """Cameras write `.JPG`; what a computer leaves beside pictures is none."""
    vessel = project / "content/vessels/lark.md"
    vessel.write_text(vessel.read_text().replace("capacity: 6", "capacity: 6\nphoto: Lark.JPG"))
    (project / "content/pictures").mkdir()
    (project / "content/pictures/Lark.JPG").write_bytes(b"\xff\xd8\xff")
    (project / "content/pictures/._Lark.JPG").write_bytes(b"")

    files = built(project).release.files.values()

    assert {file.content_type for file in files if "Lark" in file.key} == {"image/jpeg"}
