"""Adoption: what was there before castoff becomes its own, and nobody is called to what they know already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.broken import run, run_killed, state_of
from support.releases import booking, make
from support.worlds import Services

from castoff.contract.plan import Reason
from publisher.errors import PublishError
from publisher.looks import Look
from publisher.telling.grouped import grouped

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.publish import Done

PAST = "2024-05-20T12:00:00-07:00"


@pytest.fixture
def lost(tmp_path: Path) -> Services:
    """Return a world in which a charter is live, a second called off, a third over, and the state is no more."""
    world = Services()
    run(make(tmp_path / "0", *map(booking, ("aaaaaaa", "bbbbbbb")), booking("ccccccc")), world)
    world.state_at = None
    world.mails.clear()
    world.calls.clear()
    world.clock.time += 60
    return world


def told(done: Done) -> list[tuple[str, str, str]]:
    """Return the services' part of a plan."""
    return [
        (action.verb, action.subject, action.reason.value)
        for action in done.plan.actions
        if "event" in action.verb or "calendar" in action.verb
    ]


def test_what_is_there_already_calls_nobody(tmp_path: Path, lost: Services) -> None:
    """The same bookings are written over what stands, with their events as they are: no call, no mail."""
    done = run(make(tmp_path / "1", *map(booking, ("aaaaaaa", "bbbbbbb", "ccccccc"))), lost, look=Look.ADOPT)

    assert lost.mails == []
    assert not [call for call in lost.calls if "event" in call]
    assert told(done) == [("put calendar", key, "there before castoff") for key in ("aaaaaaa", "bbbbbbb", "ccccccc")]
    assert {action.reason for action in done.plan.actions if action.verb == "put"} == {Reason.ADOPTED}
    assert state_of(lost).bookings["aaaaaaa"].event is not None
    assert run(make(tmp_path / "1", *map(booking, ("aaaaaaa", "bbbbbbb", "ccccccc"))), lost).plan.actions == ()


def test_only_what_differs_is_said(tmp_path: Path, lost: Services) -> None:
    """An event is patched by what is another now, or called off; it is never made a second time."""
    changed = [booking("aaaaaaa", dock="Fuel Dock"), booking("bbbbbbb", status="cancelled")]

    done = run(make(tmp_path / "1", *changed, booking("ccccccc", ends=PAST)), lost, look=Look.ADOPT)

    assert told(done)[:2] == [
        ("update event", "aaaaaaa (dock)", "there before castoff"),
        ("cancel event", "bbbbbbb", "there before castoff"),
    ]
    assert sorted(lost.mails) == [
        *(f"aaaaaaa changed dock {member}" for member in ("crew-001", "crew-002")),
        *(f"bbbbbbb cancelled {member}" for member in ("crew-001", "crew-002")),
    ]


@pytest.mark.parametrize(
    ("differs", "kind", "call"),
    [
        ({"dock": "Fuel Dock"}, "changed", "crew call updated (dock)"),
        ({"status": "cancelled"}, "sails after all", "crew call updated (status)"),
    ],
)
def test_whoever_is_mailed_by_an_adoption_is_told_of_with_the_reason(
    tmp_path: Path, lost: Services, differs: dict[str, str], kind: str, call: str
) -> None:
    """An event that stands there otherwise mails its crew: the plan that is asked about says whom, and what of it."""
    lost.events["aaaaaaa"].update(differs)

    done = run(make(tmp_path / "1", booking("aaaaaaa")), lost, look=Look.ADOPT)

    [group] = grouped(done.plan).groups
    assert group.mails == tuple((member, kind) for member in ("captain-001", "crew-001", "crew-002"))
    assert group.calls == (call,)


def test_charter_that_is_over_is_recorded_without_a_call(tmp_path: Path, lost: Services) -> None:
    """Its event and its entry are known from now on, and nothing is said of it to anybody."""
    run(make(tmp_path / "1", booking("ccccccc", ends=PAST, dock="Fuel Dock")), lost, look=Look.ADOPT)

    known = state_of(lost).bookings["ccccccc"]
    assert known.event is not None
    assert known.event.id == "e-ccccccc"
    assert known.calendar
    assert not [call for call in lost.calls if "event" in call or "entry" in call]


def test_without_the_flag_nothing_is_written_over_and_nobody_is_called(tmp_path: Path, lost: Services) -> None:
    """A page that no publish is known to have written stops a publish before it says anything to anyone."""
    with pytest.raises(PublishError, match="not what was left there"):
        run(make(tmp_path / "1", booking("aaaaaaa", dock="Fuel Dock")), lost)

    assert lost.mails == []
    assert lost.events["aaaaaaa"]["dock"] == "Sheraton Marina"


def test_lost_state_and_lost_pages_call_nobody_twice(tmp_path: Path, lost: Services) -> None:
    """Where the services alone remember, the one event of each booking is found, and says nothing new."""
    lost.objects_at.clear()

    run(make(tmp_path / "1", *map(booking, ("aaaaaaa", "bbbbbbb", "ccccccc"))), lost)

    assert lost.mails == []
    assert len(lost.events) == 3


@pytest.mark.parametrize("at", ["before put guest/g/aaaaaaa-guest.html", "after update event", "before put entry"])
def test_adoption_that_breaks_off_is_done_by_any_next_publish(tmp_path: Path, lost: Services, at: str) -> None:
    """What was looked up is in the journal: nobody has to say twice that it was there before."""
    folder = make(tmp_path / "1", booking("aaaaaaa", dock="Fuel Dock"), *map(booking, ("bbbbbbb", "ccccccc")))

    run_killed(folder, lost, at=at, look=Look.ADOPT)
    run(folder, lost)

    assert lost.mails == [f"aaaaaaa changed dock {member}" for member in ("crew-001", "crew-002")]
    assert state_of(lost).files.keys() == lost.objects_at.keys()


def test_booking_whose_event_no_publish_knew_is_called_off(tmp_path: Path) -> None:
    """A charter that was first published as called off has its event from before castoff called off, too."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    event = world.events["aaaaaaa"]
    fresh = Services(events={"aaaaaaa": event})
    cancelled = make(tmp_path / "2", booking("aaaaaaa", status="cancelled"), commit="2")
    run(cancelled, fresh)
    assert event["status"] == "scheduled"

    run(cancelled, fresh, look=Look.ADOPT)

    assert event["status"] == "cancelled"
    assert fresh.mails == [f"aaaaaaa cancelled {member}" for member in ("crew-001", "crew-002")]
