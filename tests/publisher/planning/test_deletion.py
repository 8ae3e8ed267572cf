"""Deleting a booking's file without cancelling it: what it leaves, whenever that happens, and when it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.broken import run, run_killed, state_of
from support.releases import booking, make
from support.worlds import Services

from publisher.errors import PublishError
from publisher.planning.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

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
