"""What was changed in an event by hand: as facts where they are anybody's in the crew, else only that it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.releases import booking, make

from castoff.contract.plan import UpdateEvent
from publisher.events import event_of
from publisher.planning.diff import diff
from publisher.planning.supposed import state_of
from publisher.seen import Seen
from publisher.survey.by_hand import changes_by_hand
from publisher.survey.drift import drift_of
from publisher.telling.grouped import grouped

if TYPE_CHECKING:
    from pathlib import Path

KEY = "xhqgmdh"
ONE = booking(KEY)
CALL: dict[str, Any] = dict(ONE.event or {})
LIVE = {**CALL, "event_id": f"ev-{KEY}", "booking_id": KEY, "status": "scheduled"}

MEMBERS = {"crew-009", "captain-002", "leo"}

CHANGED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("nothing", {}, []),
    ("the same instant elsewhere", {"date": "2024-05-30T16:00:00+00:00"}, []),
    ("a start, in another zone", {"date": "2024-05-30T17:30:00+00:00"}, ["starts 09:00 → 10:30"]),
    ("a dock", {"dock": "Shelter Island"}, ["dock Sheraton Marina → Shelter Island"]),
    ("a crew", {"crew_ids": ["crew-009"]}, ["crew crew-001, crew-002 → crew-009"]),
    ("notes", {"notes": "Gate code 4711"}, ["notes changed"]),
    ("a captain", {"captain_id": "captain-002"}, ["captain captain-001 → captain-002"]),
    ("a captain whose id is a name", {"captain_id": "leo"}, ["captain captain-001 → leo"]),
    ("nobody aboard", {"crew_ids": []}, ["crew gone: crew-001, crew-002"]),
    ("whom the service does not know", {"crew_ids": ["fee-150"]}, ["crew changed"]),
    ("guests", {"guest_count": 8}, ["guests 6 → 8"]),
    ("a duration", {"duration_hours": 2.5}, ["duration 3.0 → 2.5"]),
    ("no dock any more", {"dock": None}, ["dock gone: Sheraton Marina"]),
    ("a name in place of an id", {"captain_id": "Jane Roe, 12 Elm St"}, ["captain changed"]),
    ("a sum beside an id", {"crew_ids": ["crew-001", "fee $150"]}, ["crew changed"]),
    ("a sum beside a number", {"guest_count": "6, net $289.41"}, ["guests changed"]),
    ("a sum for hours", {"duration_hours": 289.41}, ["duration changed"]),
    ("a sum for an instant", {"date": "net 289.41"}, ["starts changed"]),
    ("a dock that speaks of money", {"dock": "Pier 5, fee $40"}, ["dock changed"]),
]


@pytest.mark.parametrize(("what", "other", "told"), CHANGED, ids=[row[0] for row in CHANGED])
def test_what_was_changed_is_told_as_facts(what: str, other: dict[str, Any], told: list[str], tmp_path: Path) -> None:
    """Before stands what was published, after what is there; what is private, and money, is shown by neither."""
    published = state_of(make(tmp_path, ONE)).bookings[KEY].event

    changes = changes_by_hand(published, {**LIVE, **other}, ONE, members=MEMBERS)

    assert [change.line for change in changes] == told, what


def test_whoever_is_no_member_is_mailed_nothing() -> None:
    """What somebody writes among the ids comes into no plan and no record by way of the mails either."""
    assert event_of({**LIVE, "crew_ids": ["crew-001", "fee $150"]}).aboard == ("captain-001", "crew-001")


def test_of_a_file_that_is_ahead_no_value_is_shown(tmp_path: Path) -> None:
    """What was published is known by its mark alone: the file's own is not what stood there."""
    published = state_of(make(tmp_path, ONE)).bookings[KEY].event
    ahead = replace(ONE, event={**CALL, "dock": "Harbor Island"})

    [change] = changes_by_hand(published, {**LIVE, "dock": "Shelter Island"}, ahead, members=MEMBERS)

    assert change.line == "dock changed"


def test_a_repair_says_why_it_mails(tmp_path: Path) -> None:
    """The plan names what stands there and what it will be, in the other order: it undoes the change."""
    folder = make(tmp_path, ONE)
    state = state_of(folder)
    seen = Seen(
        objects={path: file.etag or "" for path, file in state.files.items()},
        events={KEY: {**LIVE, "dock": "Shelter Island"}},
        entries={KEY: dict(ONE.calendar or {})},
    )
    state = replace(state, bookings={KEY: replace(state.bookings[KEY], event=event_of(LIVE))})
    drift = drift_of(folder, state, seen, bookings=[KEY])

    plan = drift.marks.retold(diff(folder.release, drift.marked(state, take_strays=False), private={}))

    [group] = grouped(plan).groups
    assert [change.line for change in group.changes] == ["dock Shelter Island → Sheraton Marina"]
    assert (group.fate, group.calls) == ("mended", ())
    assert [action.changed for action in plan.actions if isinstance(action, UpdateEvent)] == [("dock",)]
