"""Builds over time: a booking's bytes change at the instants that it names and at no other, its form comes and goes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from castoff.build import Build, build
from castoff.cli.glance import first_change
from castoff.contract.release import Release, file_digest
from castoff.contract.slots import ORIGIN_MARK, Slot, SlotKind
from castoff.contract.state import PublishedBooking
from castoff.contract.tickets import Audience
from castoff.wishes import Wishes

if TYPE_CHECKING:
    from castoff.problems import Problem

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests/invalid/_base"
BEFORE = datetime(2024, 5, 28, 19, tzinfo=UTC)
WISHES = Wishes(target="local", clock=BEFORE)
IDS = ("k3wq8zt", "m5rv2hx", "p9tn4jc")
SECOND = timedelta(seconds=1)

BOOKING = """\
id: {booking}
source: direct
status: {status}
vessel: lark
dock: pier
starts: 2024-06-{day:02} {hour:02}:00
duration: 3h
captain: maya
guests: {{count: 4, lead: Dana R.}}
"""


def write(
    project: Path, booking: str, *, day: int = 1, hour: int = 10, status: str = "confirmed", add: str = ""
) -> None:
    """Write a booking."""
    text = BOOKING.format(booking=booking, day=day, hour=hour, status=status)
    (project / f"bookings/{booking}.yaml").write_text(text + add, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with three charters, two days apart."""
    return made(tmp_path / "project")


def made(folder: Path) -> Path:
    """Make a project with three charters, two days apart."""
    shutil.copytree(BASE, folder)
    for path in (folder / "bookings").iterdir():
        path.unlink()
    with (folder / "castoff.yaml").open("a") as text:
        text.write("targets: {local: {embedded: yes}}\n")
    for number, booking in enumerate(IDS):
        write(folder, booking, day=1 + 2 * number)
    return folder


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


def problems_of(project: Path, wishes: Wishes = WISHES) -> list[Problem]:
    """Return what a build says of a project."""
    return list(build(project, wishes)[1])


def at(release: Release, booking: str) -> datetime:
    """Return the next instant at which a booking's bytes change."""
    following = release.bookings[booking].next
    assert following is not None
    return datetime.fromisoformat(following)


def own(release: Release, booking: str) -> dict[str, str]:
    """Return the digests of a booking's files."""
    return {path: file.sha256 for path, file in release.files.items() if file.booking == booking}


def test_who_left_is_on_no_page_of_charters_that_are_over(project: Path) -> None:
    """Their file can go at once: what they sailed is shown without them, what is to come still needs somebody."""
    over = replace(WISHES, as_of=datetime(2024, 6, 6, 19, tzinfo=UTC))
    (project / "content/crew/maya.md").rename(project / "content/crew/zoe.md")

    found, problems = build(project, over)
    stopped = problems_of(project)

    assert found is not None
    assert "maya" not in found.release.crew
    assert {problem.rule for problem in problems} >= {"crew-member-gone"}
    assert {problem.rule for problem in stopped if problem.severity == "error"} == {"unknown-crew-member"}


def test_pages_carry_a_slot_while_photos_can_be_sent(project: Path) -> None:
    """From the night before it opens until it closes, for guest and crew apart, and the policy lets the form go."""
    opened = built(project, replace(WISHES, as_of=datetime(2024, 5, 31, 3, tzinfo=UTC)))

    paths = [f"guest/g/lark-guest-{IDS[0]}.html", f"guest/g/{IDS[0]}-crew.html"]
    window = ("2024-05-31T22:00:00-07:00", "2024-06-15T13:00:00-07:00")
    assert {path: file.slots for path, file in opened.release.files.items() if file.slots} == {
        path: (Slot("photos", SlotKind.UPLOAD, IDS[0], audience, *window, 25_000_000),)
        for path, audience in zip(paths, Audience, strict=True)
    }
    for path in paths:
        file, body = opened.release.files[path], opened.bodies[path]
        assert body.count(b"<!--castoff:slot photos-->") == 1
        assert f"form-action 'self' {ORIGIN_MARK}; connect-src 'self' {ORIGIN_MARK}".encode() in body
        assert file.sha256 == file_digest(
            body, content_type=file.content_type, cache_control=file.cache_control, slots=file.slots
        )
    others = [body for path, body in opened.bodies.items() if path.endswith(".html") and path not in paths]
    assert all(b"form-action 'none'" in body and b"castoff-slot" not in body for body in others)


@pytest.mark.parametrize(
    ("seconds", "slots"), [(-1, 0), (0, 2), (14 * 86400 + 41 * 3600 - 1, 2), (14 * 86400 + 41 * 3600, 0)]
)
def test_a_slot_comes_and_goes_at_its_second(project: Path, seconds: int, slots: int) -> None:
    """A night and half a day before the start, and fourteen days after the end."""
    asks = datetime(2024, 5, 31, 3, tzinfo=UTC)

    release = built(project, replace(WISHES, as_of=asks + timedelta(seconds=seconds))).release

    found = [file for file in release.files.values() if file.booking == IDS[0] and file.slots]
    assert len(found) == slots


def test_a_cancelled_booking_asks_for_no_photos(project: Path) -> None:
    """Neither slot nor a word."""
    write(project, IDS[0], status="cancelled", add="cancelled: {on: 2024-05-28, why: weather}\n")

    found = built(project, replace(WISHES, as_of=datetime(2024, 6, 1, 18, tzinfo=UTC)))

    assert not [file for file in found.release.files.values() if file.booking == IDS[0] and file.slots]
    assert b'class="photos"' not in found.bodies[f"guest/g/lark-guest-{IDS[0]}.html"]


def test_a_booking_with_a_form_is_never_reused(project: Path) -> None:
    """Its form may have to change, and only a body that is there can be filled anew."""
    opened = replace(WISHES, as_of=datetime(2024, 6, 1, 18, tzinfo=UTC))
    before = built(project, opened).release

    after = built(project, replace(opened, prior=published(before))).release

    assert list(after.bookings) == [IDS[0]]
    assert sorted(after.reused) == sorted(IDS[1:])


@given(
    hours=st.integers(min_value=-24 * 6, max_value=24 * 120),
    share=st.floats(min_value=0, max_value=1),
    status=st.sampled_from(["confirmed", "cancelled"]),
)
@example(hours=0, share=1, status="confirmed")
@settings(max_examples=settings.default.max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_stay_the_same_from_one_change_to_the_next(
    tmp_path_factory: pytest.TempPathFactory, hours: int, share: float, status: str
) -> None:
    """Files, digests and slots are those of the instant before; an incremental build is a full one all the while."""
    project = made(tmp_path_factory.mktemp("standing") / "project")
    if status == "cancelled":
        write(project, IDS[1], day=3, status="cancelled", add="cancelled: {on: 2024-05-28, why: weather}\n")
    first = replace(WISHES, as_of=BEFORE + timedelta(hours=hours))
    release = built(project, first).release
    changes = [at(release, booking) for booking in IDS if release.bookings[booking].next is not None]
    until = min(changes, default=first.clock + timedelta(days=400)) - SECOND
    assert first.as_of is not None
    between = replace(first, as_of=first.as_of + (until - first.as_of) * share)

    later = built(project, between).release
    little = built(project, replace(between, prior=published(release))).release

    for booking in IDS:
        assert own(later, booking) == own(release, booking)
        assert later.bookings[booking] == release.bookings[booking]
        assert booking in little.reused or own(little, booking) == own(later, booking)
    shutil.rmtree(project)


@given(
    hours=st.integers(min_value=-24 * 6, max_value=24 * 120),
    passed=st.integers(min_value=0, max_value=24 * 40),
    rendered=st.sets(st.sampled_from(IDS)),
    status=st.sampled_from(["confirmed", "cancelled"]),
)
@example(hours=80, passed=23, rendered=set(), status="confirmed")  # an hour before a form comes into its pages
@example(hours=2300, passed=4, rendered={IDS[2]}, status="confirmed")  # before they are taken away
@example(hours=140, passed=0, rendered=set(), status="cancelled")  # before guests would have boarded
@settings(max_examples=settings.default.max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_release_knows_when_the_clock_makes_it_another(
    tmp_path_factory: pytest.TempPathFactory, hours: int, passed: int, rendered: set[str], status: str
) -> None:
    """At the same instant as one that renders everything, whatever was reused; until then that renders the same."""
    project = made(tmp_path_factory.mktemp("turns") / "project")
    if status == "cancelled":
        write(project, IDS[1], day=3, status="cancelled", add="cancelled: {on: 2024-05-28, why: weather}\n")
    before = replace(WISHES, as_of=BEFORE + timedelta(hours=hours))
    prior = published(built(project, before).release)
    for booking in rendered:
        del prior[booking]
    now = replace(WISHES, as_of=BEFORE + timedelta(hours=hours + passed))

    little, whole = (built(project, replace(now, prior=known)).release for known in (prior, {}))
    until = datetime.fromisoformat(first_change(little))
    then = built(project, replace(now, as_of=until - SECOND)).release

    assert rendered <= little.bookings.keys()
    assert until == datetime.fromisoformat(first_change(whole))
    assert until > BEFORE + timedelta(hours=hours + passed)
    assert {path: file.sha256 for path, file in then.files.items()} == {
        path: file.sha256 for path, file in whole.files.items()
    }
    assert then.bookings == whole.bookings
    shutil.rmtree(project)


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        ("2024-05-28T19:00", "2024-05-29T07:00"),  # the day's turn at the dock
        ("2024-06-08T19:30", "2024-06-08T20:00"),  # a week after the first charter ended
        ("2024-11-03T07:30", "2024-11-04T08:00"),  # a day of 25 hours
    ],
)
def test_the_board_changes_at_the_instant_that_the_release_names(project: Path, as_of: str, due: str) -> None:
    """Not a second before, whether its bookings were rendered or reused; a preview builds again by then."""
    first = replace(WISHES, as_of=datetime.fromisoformat(as_of).replace(tzinfo=UTC))
    release = built(project, first).release
    following = datetime.fromisoformat(due).replace(tzinfo=UTC)

    before = built(project, replace(first, as_of=following - SECOND, prior=published(release))).release
    after = built(project, replace(first, as_of=following)).release

    board = "ops/ops/index.html"
    assert [datetime.fromisoformat(str(found.next)) for found in (release, before)] == [following] * 2
    assert before.files[board] == release.files[board]
    assert after.files[board] != release.files[board]


@given(
    hours=st.integers(min_value=-24 * 6, max_value=24 * 120),
    passed=st.integers(min_value=0, max_value=24 * 30),
    booking=st.sampled_from(IDS),
    change=st.sampled_from(["nothing", "time", "slug", "swap", "cancel"]),
)
@settings(max_examples=settings.default.max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_incremental_build_is_a_full_one_at_any_instant(
    tmp_path_factory: pytest.TempPathFactory, hours: int, passed: int, booking: str, change: str
) -> None:
    """Whatever time has passed, and whatever has changed on the way."""
    project = made(tmp_path_factory.mktemp("standing") / "project")
    write(project, booking, day=1 + 2 * IDS.index(booking), add="slug: sunset-sail\n")
    first = replace(WISHES, as_of=BEFORE + timedelta(hours=hours))
    before = built(project, first)
    _change(project, booking, change)
    prior = published(before.release)
    now = replace(first, as_of=BEFORE + timedelta(hours=hours + passed), prior=prior)

    little, full = (built(project, replace(now, full=whole)) for whole in (False, True))

    kept = {path: file for path, file in before.release.files.items() if file.booking in little.release.reused}
    assert {**kept, **little.release.files} == full.release.files
    assert {**{path: before.bodies[path] for path in kept}, **little.bodies} == full.bodies
    for one in little.release.bookings.values():
        assert one == full.release.bookings[one.id]
    shutil.rmtree(project)


def _change(project: Path, booking: str, change: str) -> None:
    day, other = 1 + 2 * IDS.index(booking), IDS[IDS.index(booking) - 1]
    match change:
        case "time":
            write(project, booking, day=day + 10)
        case "slug":
            write(project, booking, day=day)
        case "swap":
            write(project, booking, day=day)
            write(project, other, day=1 + 2 * IDS.index(other), add="slug: sunset-sail\n")
        case "cancel":
            write(project, booking, day=day, status="cancelled", add="cancelled: {on: 2024-05-28, why: weather}\n")


def test_an_earlier_slug_goes_on_to_the_new_one_by_itself(project: Path) -> None:
    """The guest's old link leads on, through several changes, in the order in which they were, each once."""
    told: dict[str, PublishedBooking] = {}
    for slug in ("first-sail", "second-sail", "first-sail", "third-sail"):
        write(project, IDS[0], add=f"slug: {slug}\n")
        made_now = built(project, replace(WISHES, prior=told))
        told = {**told, **published(made_now.release)}

    forwards = [path for path in own(made_now.release, IDS[0]) if "sail.html" in path]
    assert forwards == [f"guest/g/{slug}-sail.html" for slug in ("third", "second", "first")]
    assert b"/g/third-sail" in made_now.bodies["guest/g/first-sail.html"]
    assert made_now.release.bookings[IDS[0]].carry["board"]["former"] == ["second-sail", "first-sail"]
    assert list(built(project, replace(WISHES, prior=told)).release.reused) == list(IDS)


@pytest.mark.parametrize(
    "forged",
    [
        *(
            {"former": [name]}
            for name in ("../../../../../pwned", "/pwned", "a/b", "<b>", "x-crew", "", "presign", "a\n")
        ),
        *({"aliases": ["../pwned"]}, {"slug": "../pwned"}, {"slug": None}, {"status": "sunk"}, {"boards": 9}),
    ],
)
def test_a_state_that_no_castoff_wrote_is_built_upon_by_none(project: Path, forged: dict[str, object]) -> None:
    """What is no slug comes to no page's address, what is no status to no traceback: the booking is rendered again."""
    clean = built(project)
    told = published(clean.release)
    carry = told[IDS[0]].carry
    told[IDS[0]] = replace(told[IDS[0]], carry={**carry, "board": {**carry["board"], **forged}})
    write(project, IDS[1], day=3, add="requests: shade\n")

    found = built(project, replace(WISHES, prior=told))

    assert sorted(found.release.reused) == [IDS[2]]
    assert found.bodies.keys() <= clean.bodies.keys()
    assert own(found.release, IDS[0]) == own(clean.release, IDS[0])


@pytest.mark.parametrize(
    ("part", "forged"),
    [
        ("board", {"vessel_id": "gull"}),
        ("board", {"slug": "sunset-sail"}),
        ("board", {"starts": "2024-07-01T10:00:00-07:00"}),
        ("board", {"status": "hold"}),
        ("facts", {"boards": "2024-06-01T09:00:00-07:00"}),
    ],
)
def test_what_others_rely_on_is_what_was_published(project: Path, part: str, forged: dict[str, object]) -> None:
    """A booking whose vessel, name or time another wrote into the state is read again."""
    told = published(built(project).release)
    carry = told[IDS[0]].carry
    told[IDS[0]] = replace(told[IDS[0]], carry={**carry, part: {**carry[part], **forged}})

    found = built(project, replace(WISHES, prior=told))

    assert sorted(found.release.reused) == sorted(IDS[1:])


def test_the_history_that_an_older_castoff_handed_on_is_kept(project: Path) -> None:
    """Its line on the board did not say when guests board; revision and former slugs are not lost for that."""
    write(project, IDS[0], add="slug: sunset-sail\n")
    told = published(built(project).release)
    write(project, IDS[0], day=2)
    carry = told[IDS[0]].carry
    board = {name: value for name, value in carry["board"].items() if name != "boards"}
    told[IDS[0]] = replace(told[IDS[0]], carry={**carry, "board": board})

    found = built(project, replace(WISHES, prior=told)).release.bookings[IDS[0]].carry

    assert (found["revision"], found["board"]["former"]) == (1, ["sunset-sail"])


def test_another_vessel_keeps_the_old_link(project: Path) -> None:
    """A slug that nobody wrote down changes with the vessel, and the link that the guest has does not die of it."""
    told = published(built(project).release)
    vessel = project / "content/vessels/lark.md"
    vessel.with_name("gull.md").write_bytes(vessel.read_bytes())
    path = project / f"bookings/{IDS[0]}.yaml"
    path.write_text(path.read_text().replace("vessel: lark", "vessel: gull"))

    body = built(project, replace(WISHES, prior=told)).bodies[f"guest/g/lark-guest-{IDS[0]}.html"]

    assert f"/g/gull-guest-{IDS[0]}".encode() in body


def test_a_former_slug_that_another_booking_takes_is_lost_with_a_warning(project: Path) -> None:
    """The new booking has it, the old one, reused or not, lets it go for good, and the operator hears of old links."""
    write(project, IDS[0], add="slug: sunset-sail\n")
    told = published(built(project).release)
    write(project, IDS[0])
    told = {**told, **published(built(project, replace(WISHES, prior=told)).release)}
    write(project, IDS[2], day=5, add="slug: sunset-sail\n")
    now = replace(WISHES, prior=told)

    taken, problems = build(project, now)

    assert taken is not None
    assert "".join(str(problem) for problem in problems if problem.rule == "former-slug") == (
        f"bookings/{IDS[2]}.yaml:10:1: warning: `sunset-sail` led to the page of bookings/{IDS[0]}.yaml, "
        "whose guests may still have that link [former-slug]\n"
        "  hint: choose another name, unless they may see this page"
    )
    assert sorted(taken.release.bookings) == [IDS[0], IDS[2]]
    assert taken.release.files["guest/g/sunset-sail.html"].booking == IDS[2]
    assert taken.release.bookings[IDS[0]].carry["board"]["former"] == []
    full = built(project, replace(now, full=True)).release
    assert taken.release.bookings[IDS[0]] == full.bookings[IDS[0]]
    assert own(taken.release, IDS[0]) == own(full, IDS[0])


@pytest.mark.parametrize("field", ["aliases", "id"])
def test_an_alias_and_an_id_take_a_former_slug_too(project: Path, field: str) -> None:
    """Whatever name another booking has now, it is that booking's."""
    former = "sunsets" if field == "id" else "sunset-sail"
    write(project, IDS[0], add=f"slug: {former}\n")
    told = published(built(project).release)
    write(project, IDS[0])
    told = {**told, **published(built(project, replace(WISHES, prior=told)).release)}
    if field == "id":
        write(project, former, day=9)
    else:
        write(project, IDS[2], day=5, add=f"aliases: [{former}]\n")

    taken, problems = build(project, replace(WISHES, prior=told))

    assert taken is not None
    assert [problem.line for problem in problems if problem.rule == "former-slug"] == [1 if field == "id" else 10]
    assert taken.release.files[f"guest/g/{former}.html"].booking == (former if field == "id" else IDS[2])


@pytest.mark.parametrize(
    ("description", "rule", "day", "files"),
    [
        ("a turnaround that was set since", "short-turnaround", 3, {"castoff.yaml": "turnaround: 30h\n"}),
        ("a vessel that carries fewer by now", "too-many-guests", 4, {"content/vessels/lark.md": "capacity: 3\n"}),
        ("a captain who works ashore by now", "wrong-role", 4, {"content/crew/maya.md": "role: ops\n"}),
        ("a licence that is smaller by now", "over-licence", 4, {"content/crew/maya.md": "licence: {passengers: 3}\n"}),
        (
            "a crew call that comes later by now",
            "boarding-before-crew",
            4,
            {"content/vessels/lark.md": "crew_call: 5m\n"},
        ),
        ("a copy of its file", "double-booked", 3, {f"bookings/{IDS[0]}.yaml": "starts: 2024-06-03 11:00\n"}),
    ],
)
def test_what_is_over_is_held_against_nothing(
    project: Path, description: str, rule: str, day: int, files: dict[str, str]
) -> None:
    """What it was held against may have changed since, and nobody can sail it again: ends count, to the second."""
    write(project, IDS[2], day=4, hour=10)
    for path, line in files.items():
        field = line.partition(":")[0]
        lines = (project / path).read_text("utf-8").replace("---\n", f"---\n{line}", 1).splitlines(keepends=True)
        kept = [one for one in lines if not one.startswith(f"{field}:") or one == line]
        (project / path).write_text("".join(kept if line in kept else [*kept, line]), encoding="utf-8")
    over = datetime(2024, 6, day, 20, tzinfo=UTC)

    told = {seconds: problems_of(project, replace(WISHES, as_of=over - seconds * SECOND)) for seconds in (0, 1)}

    assert [problem.rule for problem in told[0]] == [], description
    assert rule in {problem.rule for problem in told[1]}, description


@pytest.mark.parametrize(
    ("description", "name", "layout", "said"),
    [
        (
            "twice the form",
            "parts/photos.html",
            "{{ view.photos.form.slot }}{{ view.photos.form.slot }}",
            (
                "layouts/parts/photos.html:1:1: the form `photos` stands in this page twice [layout-slot]\n"
                "  hint: leave it in one place: a form has one id"
            ),
        ),
        (
            "words of a phase yet to come",
            "guest.html",
            "{% if view.photos.form %}{{ view.photos.form.slot }}{% endif %}{{ view.goodbye if view.phase == 'over' }}",
            (
                "layouts/guest.html:1:72: guest has no `goodbye` [layout-error]\n"
                "  hint: it has `slug`, `address`, `phase`, `cancelled`, `lead`, `guests`, `times`, `changes`, "
                "`sun`, `vessel`, `dock`, `captain`, `waiver`, `requests`, `photos`"
            ),
        ),
    ],
)
def test_a_layout_s_fault_shows_before_its_day(
    project: Path, description: str, name: str, layout: str, said: str
) -> None:
    """Weeks before the form is to be there, and the charter to be over: not at night, by a publish that fails."""
    path = project / "layouts" / name
    path.parent.mkdir(parents=True)
    path.write_text(layout)

    assert [str(problem) for problem in problems_of(project)] == [said], description
