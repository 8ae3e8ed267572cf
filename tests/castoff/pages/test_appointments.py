"""Appointments of charters: whatever a calendar program would show otherwise than before is a later revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.example import charter_of, example, moved, projector, with_booking

from castoff.fleet.model import Guests, Status
from castoff.pages.ics import calendar_file

if TYPE_CHECKING:
    from castoff.contract.calendar import Event
    from castoff.fleet.carry import Carry
    from castoff.fleet.charter import Charter
    from castoff.pages.projection import Projection

FIRST = charter_of(example(), "xhqgmdh")
OTHER = charter_of(example(), "r9fjt5k")


def guests(count: int) -> Guests:
    """Return as many guests under the same lead."""
    return FIRST.booking.guests.model_copy(update={"count": count})


def dock(**fields: Any) -> Charter:
    """Return the charter at a dock of which something is said otherwise."""
    return replace(FIRST, dock=FIRST.dock.model_copy(update=fields))


CHANGES = [
    ("a later start", moved(FIRST, hours=1)),
    ("another boarding", replace(FIRST, boards=FIRST.boards - timedelta(minutes=30))),
    ("another call", replace(FIRST, calls=FIRST.calls - timedelta(minutes=30))),
    ("a longer charter", replace(FIRST, ends=FIRST.ends + timedelta(hours=1))),
    ("one guest more", with_booking(FIRST, guests=guests(FIRST.booking.guests.count + 1))),
    ("another captain", replace(FIRST, captain=FIRST.captain.model_copy(update={"name": "Nora Winter"}))),
    ("another slug", replace(FIRST, slug="lark-may30")),
    ("the dock's other name", dock(name="Harbor Steps")),
    ("the dock's other address", dock(address="2 Harbor Island Drive")),
    ("where the dock lies", dock(location=None)),
    ("cancelled", with_booking(FIRST, status=Status.CANCELLED)),
]
"""What changes, and the charter by then."""
SAME = [
    ("nothing", FIRST),
    (
        "allergies, which no calendar names",
        with_booking(FIRST, guests=guests(6).model_copy(update={"allergies": ("nuts",)})),
    ),
    ("notes", with_booking(FIRST, notes="The cake is in the icebox")),
]


@pytest.mark.parametrize(("description", "charter"), CHANGES, ids=[row[0] for row in CHANGES])
def test_a_changed_entry_is_a_later_one(description: str, charter: Charter) -> None:
    """SEQUENCE and DTSTAMP grow with whatever the entry shows, so that no program keeps the old one."""
    before = project(FIRST)

    after = project(charter, before.carry)

    assert [*map(calendar_file, events(after))] != [*map(calendar_file, events(before))], description
    for old, new in zip(events(before), events(after), strict=True):
        assert (new.sequence, new.stamp) == (old.sequence + 1, old.stamp + timedelta(minutes=1))


@pytest.mark.parametrize(("description", "charter"), SAME, ids=[row[0] for row in SAME])
def test_an_entry_that_says_the_same_is_the_same(description: str, charter: Charter) -> None:
    """What no calendar shows makes nobody's phone tell of a change."""
    before = project(FIRST)

    after = project(charter, before.carry)

    assert [*map(calendar_file, events(after))] == [*map(calendar_file, events(before))], description


@given(st.lists(st.sampled_from([*CHANGES, *SAME]), max_size=6))
def test_of_two_unlike_files_one_is_later(path: list[tuple[str, Charter]]) -> None:
    """Whichever way a charter goes, back to what it was included: another file, a higher SEQUENCE, a later DTSTAMP."""
    projection = project(FIRST)

    for _, charter in path:
        after = project(charter, projection.carry)

        for old, new in zip(events(projection), events(after), strict=True):
            grew = new.sequence > old.sequence and new.stamp > old.stamp
            assert grew or calendar_file(new) == calendar_file(old)
        projection = after


def test_building_on_what_an_older_castoff_handed_on_is_no_change() -> None:
    """A carry that says nothing of the calendar yet is taken as it is; the next change is the next revision."""
    carry = project(moved(FIRST, hours=1), project(FIRST).carry).carry
    older = replace(carry, calendar=None)

    taken = project(moved(FIRST, hours=1), older)

    assert taken.carry == carry
    assert project(FIRST, taken.carry).carry.revision == carry.revision + 1


def test_two_charters_are_two_entries() -> None:
    """No digest of one is that of the other, and guest and crew have ids of their own."""
    one, other = project(FIRST), project(OTHER)

    assert one.carry.calendar != other.carry.calendar
    assert len({event.uid for event in (*events(one), *events(other))}) == 4


def project(charter: Charter, prior: Carry | None = None) -> Projection:
    """Return what the audiences see of a charter of the example."""
    return projector(example()).project(charter, prior)


def events(projection: Projection) -> tuple[Event, Event]:
    """Return the guest's and the crew's entry."""
    return projection.guest_calendar, projection.crew_calendar
