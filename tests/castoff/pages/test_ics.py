"""Calendar files of charters, read back by other programs' parsers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calendars import first_events, instants_by_the_file_alone, lines_of, second_events
from support.example import charter_of, example, moved, projected, projector, with_booking

from castoff.contract.calendar import Event, plain
from castoff.contract.slots import SERIAL_MARK
from castoff.fleet.model import Status
from castoff.pages.ics import calendar_file
from castoff.reading.zones import later, zone

if TYPE_CHECKING:
    from castoff.fleet.carry import Carry

GOLDEN = Path(__file__).parent / "golden"
DOCK = zone("America/Los_Angeles")
BOOKING = "xhqgmdh"


def event_of(booking: str = BOOKING, *, crew: bool = False) -> Event:
    """Return the appointment of a charter of the example."""
    projection = projected(example())[booking]
    return projection.crew_calendar if crew else projection.guest_calendar


def test_the_guest_is_called_for_boarding() -> None:
    """A calendar program reads the guest's file from boarding to the end, where it is, and where its page is."""
    event = first_events(calendar_file(event_of()))[0]

    assert event.start == datetime(2024, 5, 30, 8, 45, tzinfo=DOCK)
    assert event.end == datetime(2024, 5, 30, 12, tzinfo=DOCK)
    assert str(event["SUMMARY"]) == "Sailing on Jada"
    assert str(event["LOCATION"]) == "Sheraton Marina, 1380 Harbor Island Drive, San Diego, CA 92101"
    assert event["GEO"].to_ical() == "32.7261;-117.2017"
    assert str(event["URL"]) == "https://queenofsandiego.com/g/boatsetter-may30"
    assert str(event["UID"]) == "xhqgmdh-guest@queenofsandiego.com"
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CONFIRMED", 0)


def test_the_crew_is_called_for_the_call() -> None:
    """The crew's file begins with the crew call and is another entry than the guest's."""
    event = first_events(calendar_file(event_of(crew=True)))[0]

    assert event.start == datetime(2024, 5, 30, 8, tzinfo=DOCK)
    assert str(event["UID"]) == "xhqgmdh-crew@queenofsandiego.com"
    assert str(event["URL"]) == "https://queenofsandiego.com/g/xhqgmdh-crew"


@pytest.mark.parametrize(
    ("crew", "rings"),
    [
        (False, ["2024-05-29T08:45:00-07:00", "2024-05-30T06:45:00-07:00"]),
        (True, ["2024-05-29T20:00:00-07:00", "2024-05-30T07:00:00-07:00"]),
    ],
)
def test_phones_ring_in_time(crew: bool, rings: list[str]) -> None:  # noqa: FBT001 - a table's column
    """Guests a day and two hours before boarding, the crew half a day and an hour before their call."""
    event = second_events(calendar_file(event_of(crew=crew)))[0]

    before = [alarm.trigger for alarm in event.alarm]

    assert [(event.dtstart + trigger).isoformat() for trigger in before if isinstance(trigger, timedelta)] == rings


@pytest.mark.parametrize("crew", [False, True])
def test_a_cancelled_charter_is_cancelled_in_the_calendar(crew: bool) -> None:  # noqa: FBT001 - a table's column
    """Its file asks to strike the entry, says so in status and words, takes no time any more, and rings no more."""
    text = calendar_file(event_of("r9fjt5k", crew=crew))

    event = first_events(text)[0]

    assert "METHOD:CANCEL" in lines_of(text)
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert str(event["SUMMARY"]).startswith("Cancelled: ")
    assert "VALARM" not in text


def test_a_file_fetched_twice_is_one_entry() -> None:
    """Moved and then cancelled, a charter keeps its UID while SEQUENCE and DTSTAMP rise, even into an earlier year."""
    first = charter_of(example(), BOOKING)
    newer = replace(
        first, **{name: getattr(first, name).replace(year=2025) for name in ("starts", "ends", "boards", "calls")}
    )
    lost = with_booking(moved(first, hours=2), status=Status.CANCELLED)
    project = projector(example()).project
    carry: Carry | None = None
    events = []

    for charter in (newer, first, lost):
        projection = project(charter, carry)
        carry = projection.carry
        events.append(first_events(calendar_file(projection.guest_calendar))[0])

    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    stamps = [event.DTSTAMP for event in events]
    assert stamps == sorted(set(stamps))


def test_the_file_carries_the_serial_once() -> None:
    """The mark that becomes the publish's serial stands in the file exactly once, unfolded."""
    assert calendar_file(event_of()).count(SERIAL_MARK) == 1


@pytest.mark.parametrize("booking", [BOOKING, "r9fjt5k"])
def test_without_a_mail_address_there_is_no_organizer_and_no_method(booking: str) -> None:
    """A method asks for an organizer (RFC 5546), so a brand without an address has neither."""
    text = calendar_file(replace(event_of(booking), organizer=None))

    assert "METHOD" not in text
    assert "ORGANIZER" not in text
    assert first_events(text)[0]["STATUS"] == event_of(booking).status


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.ics"), key=str), ids=lambda path: path.name)
def test_two_programs_read_every_reviewed_file_alike(path: Path) -> None:
    """Both libraries find one entry, the same in all that people see, at the instants that the file alone tells."""
    text = path.read_bytes().decode()

    (first,), (second,) = first_events(text), second_events(text)

    assert (str(first["UID"]), str(first["SUMMARY"]), str(first["DESCRIPTION"]), str(first["LOCATION"])) == (
        *(second.uid, second.summary, second.description, second.location),
    )
    assert (first.start, first.end) == (second.dtstart, second.dtend)
    assert instants_by_the_file_alone(text) == [(utc(first.start), utc(first.end))]


@given(
    minutes=st.integers(0, 75 * 365 * 24 * 60),
    lasts=st.integers(1, 3 * 24 * 60),
    words=st.text(max_size=200),
    crew=st.booleans(),
    status=st.sampled_from([Status.CONFIRMED, Status.CANCELLED]),
)
def test_any_charter_is_read_as_it_was_meant(
    minutes: int, lasts: int, words: str, *, crew: bool, status: Status
) -> None:
    """Whenever it is and whatever its dock is called, readers find one entry, its time and its words."""
    found = charter_of(example(), BOOKING)
    starts = (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(DOCK)
    charter = replace(
        with_booking(found, status=status),
        starts=starts,
        ends=later(starts, timedelta(minutes=lasts)),
        boards=later(starts, -timedelta(minutes=15)),
        calls=later(starts, -timedelta(hours=1)),
        dock=found.dock.model_copy(update={"name": words, "address": words}),
    )
    projection = projector(example()).project(charter)

    text = calendar_file(projection.crew_calendar if crew else projection.guest_calendar)

    (first,), (second,) = first_events(text), second_events(text)
    called = charter.calls if crew else charter.boards
    assert instants_by_the_file_alone(text) == [(called.astimezone(UTC), charter.ends.astimezone(UTC))]
    assert (utc(first.start), utc(second.dtstart)) == (called, called)
    assert str(first["LOCATION"]) == second.location == plain(f"{words}, {words}")


def utc(moment: datetime | date) -> datetime:
    """Return an instant in UTC."""
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)
