"""The fence: whatever a publisher that was taken over still sends, it changes nothing that stays."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support.broken import as_elsewhere, run, run_killed, state_of
from support.releases import booking, make
from support.worlds import Services, Silent

from castoff.contract.release import Site
from castoff.contract.state import Intents
from publisher.applying.hands import Hands
from publisher.applying.stopping import Never
from publisher.errors import ConflictError, LeaseLostError, PublishError
from publisher.fence.lease import Lease
from publisher.fence.recovery import LATE_SECONDS
from publisher.fence.takeover import take_over
from publisher.looks import Look
from publisher.ports import Write

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.ports import Loaded

NEW = "guest/g/bbbbbbb-guest.html"
HOURS = 3 * 3600.0


@pytest.fixture
def undone(tmp_path: Path) -> Services:
    """Return a world in which a publish of a second booking died before its first page, and was undone by the next."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    run_killed(make(tmp_path / "2", booking("aaaaaaa"), booking("bbbbbbb"), commit="2"), world, at=f"before put {NEW}")
    world.clock.time += 5
    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world)
    return world


def put_late(world: Services, path: str, body: bytes = b"late", *, etag: str | None = None) -> None:
    """Let a request arrive that was sent long ago."""
    site, _, key = path.partition("/")
    world.ports().objects.put(Write(Site(site), key, body, "text/html", "no-store", etag))


def test_page_that_arrives_late_where_nothing_stands_is_taken_away_again(tmp_path: Path, undone: Services) -> None:
    """A condition on nothing being there holds again once it is undone: so the next publish looks, and removes it."""
    put_late(undone, NEW)
    undone.cached["guest/g/bbbbbbb-guest"] = b"late"

    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), undone)

    assert NEW not in undone.objects_at
    assert "guest/g/bbbbbbb-guest" not in undone.cached
    assert state_of(undone).files.keys() == undone.objects_at.keys()


def test_booking_that_comes_back_is_written_over_what_arrived_late(tmp_path: Path, undone: Services) -> None:
    """What a late request left is no stranger's: it is written over without a question."""
    put_late(undone, NEW)

    run(make(tmp_path / "4", booking("aaaaaaa"), booking("bbbbbbb"), commit="4"), undone)

    assert undone.objects_at[NEW][0].endswith(b"bbbbbbb confirmed Sheraton Marina")
    assert not [path for path in state_of(undone).late if "bbbbbbb" in path]


def test_style_that_is_deleted_late_is_written_again(tmp_path: Path) -> None:
    """A file named by its hash has one ETag for ever, so a late deletion of it passes; the next publish mends it."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    (style,) = (path for path in world.objects_at if path.endswith(".css"))
    body, etag = world.objects_at[style]
    run_killed(
        make(tmp_path / "2", booking("aaaaaaa"), commit="2", style="body{margin:0}"),
        world,
        at=f"before delete {style}",
    )
    again = make(tmp_path / "3", booking("aaaaaaa"), commit="3")
    run(again, world)
    world.ports().objects.delete(Site.GUEST, style.removeprefix("guest/"), etag=etag)

    run(again, world)

    assert world.objects_at[style][0] == body


def test_nobody_is_reckoned_with_for_ever(tmp_path: Path, undone: Services) -> None:
    """After two days a publish of nothing is one request again, and says so in the state once."""
    folder = make(tmp_path / "3", booking("aaaaaaa"), commit="3")
    assert state_of(undone).late
    undone.clock.time += LATE_SECONDS + 10

    run(folder, undone)
    undone.calls.clear()
    run(folder, undone)

    assert state_of(undone).late == {}
    assert undone.calls == ["load state"]


def test_every_page_that_could_change_has_another_etag_after_a_take_over(tmp_path: Path) -> None:
    """Whatever bytes a take-over wants, none of what the broken publish meant to write or delete is as it was."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    before = {path: etag for path, (_, etag) in world.objects_at.items() if not path.endswith(".css")}
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2", headers="public, max-age=5")
    run_killed(moved, world, at="before put guest/g/aaaaaaa-crew.html")
    intended = set(state_of(world).in_progress.intents.files)  # type: ignore[union-attr]

    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world)

    assert intended >= {"guest/g/aaaaaaa-guest.html", "guest/g/aaaaaaa-crew.html"}
    for path in intended & before.keys():
        with pytest.raises(ConflictError):
            put_late(world, path, etag=before[path])


def test_file_that_can_change_and_has_no_mark_is_not_published(tmp_path: Path) -> None:
    """Without the serial in it a page that goes there and back has its old ETag; whoever built it is told."""
    folder = make(tmp_path, booking("aaaaaaa"))
    unmarked = make(tmp_path / "2", booking("aaaaaaa"), mark="")

    with pytest.raises(PublishError, match="has no mark of its publish"):
        run(unmarked, Services())

    assert folder.body(folder.release.files["ops/ops/index.html"])


@pytest.mark.parametrize("ahead", [-HOURS, -60.0, 60.0, HOURS])
def test_clocks_that_differ_take_no_lease_early_and_none_late(tmp_path: Path, ahead: float) -> None:
    """Whether a lease has run out is judged by S3's clock, however wrong this machine's is."""
    world = Services(ahead=ahead)
    folder = make(tmp_path, booking("aaaaaaa"))
    run_killed(folder, world, at="before put entry aaaaaaa")
    as_elsewhere(world)
    started = world.clock.now()

    run(folder, world)

    assert 120 < world.clock.now() - started < 125
    assert world.mails == ["aaaaaaa call crew-001", "aaaaaaa call crew-002"]


def test_who_waits_reads_the_state_once(tmp_path: Path) -> None:
    """It is megabytes for thousands of bookings: until somebody writes it, a look at its age every few seconds does."""
    world = Services()
    folder = make(tmp_path, booking("aaaaaaa"))
    run_killed(folder, world, at="before put entry aaaaaaa")
    as_elsewhere(world)
    world.calls.clear()

    run(folder, world)

    waiting = world.calls[: world.calls.index("save state")]
    assert waiting.count("load state") == 1
    assert 20 < waiting.count("look at state") < 40


def test_serials_are_of_the_one_clock_that_all_have_in_common(tmp_path: Path) -> None:
    """A machine whose clock was a day ahead leaves no serial that others could not pass once the state is lost."""
    world = Services(ahead=-86_400.0)
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    world.clock.time -= 86_400.0  # another machine, whose clock is right
    world.ahead = 0.0
    world.clock.time += 10
    _lose_state(world)

    run(make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2"), world, look=Look.ADOPT)

    assert world.events["aaaaaaa"]["dock"] == "Fuel Dock"


def test_older_state_that_is_put_back_by_hand_is_published_over(tmp_path: Path) -> None:
    """Its serial is below what the services have seen, and its ETags are old: the clock and a second look help."""
    world = Services()
    first = make(tmp_path / "1", booking("aaaaaaa"))
    run(first, world)
    older = world.state_at
    world.clock.time += 3600
    run(make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2"), world)
    world.state_at = older
    world.clock.time += 3600
    mails = list(world.mails)
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")

    with pytest.raises(ConflictError):
        run(moved, world)
    run(moved, world)

    assert world.mails == mails
    assert world.events["aaaaaaa"]["dock"] == "Fuel Dock"
    assert {path: file.etag for path, file in state_of(world).files.items()} == {
        path: etag for path, (_, etag) in world.objects_at.items()
    }


def test_two_leases_are_never_the_same_bytes(tmp_path: Path) -> None:
    """Two publishers of one commit at one second, even of one name, cannot both believe that they have it."""
    world = Services()
    run(make(tmp_path, booking("aaaaaaa")), world)
    loaded = world.ports().states.load()

    etags = set()
    for _ in range(2):
        lease = _take(world, loaded)
        etags.add(lease.loaded.etag)
        world.state_at = (loaded.state.to_json(), loaded.etag or "")

    assert len(etags) == 2


def test_who_loses_the_lease_is_told_who_has_it(tmp_path: Path) -> None:
    """Whoever finds its lease taken says by whom, and for which commit: at work, or done already."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    lease = _take(world, world.ports().states.load())
    world.clock.time += 1000
    other = _take(world, world.ports().states.load(), commit="2")

    with pytest.raises(LeaseLostError, match=r"taken over the lease: .+, process \d+ publishes 2$"):
        lease.finish(lease.state)

    other.finish(replace(other.state, in_progress=None))
    run(make(tmp_path / "2", booking("aaaaaaa"), commit="3"), world)
    with pytest.raises(LeaseLostError, match=r"taken over the lease: .+, process \d+ published 3$"):
        lease.finish(lease.state)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 9))
def test_a_take_over_that_is_killed_is_taken_over(tmp_path: Path, when: str, number: int) -> None:
    """Whoever takes over may die at any step of it, and so may the next: nothing is told twice, all of it is there."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), booking("bbbbbbb"), commit="2")
    run_killed(moved, world, at="after update event aaaaaaa")
    world.calls.clear()
    run_killed(moved, world, at=f"{when} ", number=number)

    run(moved, world)

    assert sorted(world.mails) == sorted(
        [
            *(f"{key} call {member}" for key in ("aaaaaaa", "bbbbbbb") for member in ("crew-001", "crew-002")),
            *(f"aaaaaaa changed dock {member}" for member in ("crew-001", "crew-002")),
        ]
    )
    assert state_of(world).in_progress is None
    assert world.entries.keys() == {"aaaaaaa", "bbbbbbb"}
    assert state_of(world).files.keys() == world.objects_at.keys()


def test_page_that_arrives_late_after_unlocking_is_no_conflict(tmp_path: Path) -> None:
    """Unlocked and not yet published again: what the old holder still wrote is seen by the next publish."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")
    run_killed(moved, world, at="before put guest/g/aaaaaaa-guest.html")
    before = world.objects_at["guest/g/aaaaaaa-guest.html"][1]
    ports = world.ports()
    hands = partial(Hands, clock=ports.clock, stop=Never(), progress=Silent())
    take_over(ports.states.load(), ports, seconds=120, reads=hands)
    put_late(world, "guest/g/aaaaaaa-guest.html", etag=before)

    run(moved, world)

    assert b"Fuel Dock" in world.objects_at["guest/g/aaaaaaa-guest.html"][0]


def _take(world: Services, loaded: Loaded, *, commit: str = "1") -> Lease:
    ports = world.ports()
    return Lease.take(ports.states, ports.clock, loaded=loaded, commit=commit, as_of="", intents=Intents(), seconds=120)


def _lose_state(world: Services) -> None:
    world.state_at = None
    world.objects_at.clear()
