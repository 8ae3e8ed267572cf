"""Deleting a booking's file without cancelling it: what it leaves, whenever that happens, and when it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.broken import run, run_failing, run_killed, state_of
from support.releases import booking, make
from support.worlds import Services

from publisher.errors import PublishError
from publisher.planning.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.release import Booking

EFFECTS = ["put guest/g/bbbbbbb-guest.html", "create event bbbbbbb", "put entry bbbbbbb", "write record", "save state"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("effect", EFFECTS)
def test_deleted_after_a_publish_that_died_it_leaves_nothing(tmp_path: Path, when: str, effect: str) -> None:
    """A booking of which only a broken publish knew is not orphaned: no entry, no page, its event called off."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    both = make(tmp_path / "2", booking("aaaaaaa"), booking("bbbbbbb"), commit="2")
    run_killed(both, world, at=f"{when} {effect}", number=2 if effect == "save state" else 1)

    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world)

    assert "bbbbbbb" not in world.entries
    assert not [path for path in world.objects_at if "bbbbbbb" in path]
    assert world.events.get("bbbbbbb", {"status": "cancelled"})["status"] == "cancelled"


@pytest.mark.parametrize("at", ["before delete", "after delete", "before cancel event", "after cancel event"])
@pytest.mark.parametrize("back", [False, True], ids=["gone", "back"])
def test_deletion_that_dies_is_finished_or_undone(tmp_path: Path, at: str, *, back: bool) -> None:
    """Run again, it leaves nothing; with the file back, the same event sails, and nobody hears anything twice."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb")), world)
    world.mails.clear()
    run_killed(make(tmp_path / "2", booking("aaaaaaa"), commit="2"), world, at=at)

    keys = ("aaaaaaa", "bbbbbbb") if back else ("aaaaaaa",)
    run(make(tmp_path / "3", *map(booking, keys), commit="3"), world)

    assert len(world.mails) == len(set(world.mails))
    assert (world.events["bbbbbbb"]["status"], "bbbbbbb" in world.entries) == (
        "scheduled" if back else "cancelled",
        back,
    )
    assert world.events["bbbbbbb"]["event_id"] == state_of(world).bookings["bbbbbbb"].event.id  # type: ignore[union-attr]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("at", ["after update event", "after put entry", "before write record", "after write record"])
def test_moved_into_the_future_by_a_publish_that_died_then_deleted_it_leaves_nothing(
    tmp_path: Path, at: str, number: int
) -> None:
    """A charter that is over by all that was finished, and was about to be next week: event and entry go, too."""
    world = Services()
    _killed_while_it_is_moved(tmp_path, world, at=at)
    if number == 2:  # and whoever takes over dies, too
        run_killed(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world, at="after save state", number=2)

    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world)

    assert world.events["bbbbbbb"]["status"] == "cancelled"
    assert "bbbbbbb" not in world.entries


@pytest.mark.parametrize("at", ["after update event", "after put entry"])
@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_moved_by_a_publish_that_died_then_moved_back_nobody_waits_for_it(tmp_path: Path, at: str, status: str) -> None:
    """The event is what it was, or called off, although the charter is over: its crew was told of another day."""
    world = Services()
    yesterday = _killed_while_it_is_moved(tmp_path, world, at=at)

    back = booking("bbbbbbb", status=status, ends=yesterday.ends)
    run(make(tmp_path / "3", booking("aaaaaaa"), back, commit="3"), world)

    event = world.events["bbbbbbb"]
    assert (event["status"], event["dock"]) in {("scheduled", "Sheraton Marina"), ("cancelled", "Fuel Dock")}
    assert event["status"] == {"confirmed": "scheduled"}.get(status, status)


def _killed_while_it_is_moved(tmp_path: Path, world: Services, *, at: str) -> Booking:
    """Publish a charter, let it pass, publish it for next week until an effect, and return it as it was."""
    yesterday = booking("bbbbbbb", ends="2024-05-27T12:00:00-07:00")
    world.clock.time -= 2 * 86_400
    run(make(tmp_path / "1", booking("aaaaaaa"), yesterday, as_of="2024-05-26T12:00:00-07:00"), world)
    world.clock.time += 2 * 86_400
    moved = booking("bbbbbbb", dock="Fuel Dock", ends="2024-06-03T12:00:00-07:00")
    run_killed(make(tmp_path / "2", booking("aaaaaaa"), moved, commit="2"), world, at=at)
    return yesterday


def test_four_at_once_are_refused_even_where_a_publish_broke_off(tmp_path: Path) -> None:
    """The limit is held against what is live, not against what the last publish came to."""
    world = Services()
    keys = ("aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd", "eeeeeee")
    run(make(tmp_path / "1", *map(booking, keys)), world)
    run_killed(
        make(tmp_path / "2", *(booking(key, dock="Fuel Dock") for key in keys), commit="2"),
        world,
        at="after update event",
    )

    fewer = make(tmp_path / "3", booking("aaaaaaa"), commit="3")
    with pytest.raises(PublishError, match="4 bookings would vanish"):
        run(fewer, world)
    run(fewer, world, limits=Limits(max_removed=4))

    assert {key for key, event in world.events.items() if event["status"] == "scheduled"} == {"aaaaaaa"}
    assert world.entries.keys() == {"aaaaaaa"}


@pytest.mark.parametrize("ends", ["killed", "fails"])
@pytest.mark.parametrize("off", ["cancelled", "removed"])
def test_those_brought_back_by_a_publish_that_broke_off_count(tmp_path: Path, off: str, ends: str) -> None:
    """Their crews heard that they sail after all: nobody calls that off by the dozen without saying so."""
    world = Services()
    keys = ("aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd")
    there = make(tmp_path / "1", booking("eeeeeee"), *map(booking, keys))
    run(there, world)
    gone = [booking(key, status="cancelled") for key in keys] if off == "cancelled" else []
    run(make(tmp_path / "2", booking("eeeeeee"), *gone, commit="2"), world, limits=Limits(max_removed=4))
    back = make(tmp_path / "3", booking("eeeeeee"), *map(booking, keys), commit="3")
    ended = {"killed": run_killed, "fails": run_failing}[ends]
    ended(back, world, at="before put entry")

    with pytest.raises(PublishError, match="4 bookings would vanish"):
        run(make(tmp_path / "4", booking("eeeeeee"), commit="4"), world)
