"""Calendar files, read back by another program's parser."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from support.example import example, projected

from castoff.contract.slots import SERIAL_MARK
from castoff.pages.ics import calendar_file, fold
from castoff.reading.zones import zone

if TYPE_CHECKING:
    from castoff.pages.views import CalendarView

ZONES = (
    "America/Los_Angeles",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/St_Johns",
    "Africa/Casablanca",
)


def view_of(booking: str = "xhqgmdh", *, crew: bool = False) -> CalendarView:
    """Return the appointment of a charter of the example."""
    projection = projected(example())[booking]
    return projection.crew_calendar if crew else projection.guest_calendar


def event_in(text: str) -> dict[str, str]:
    """Return the one entry of a calendar file as another program reads it."""
    events = Calendar.from_ical(text).walk("VEVENT")
    assert len(events) == 1
    return {name: str(value) for name, value in events[0].property_items() if name not in ("BEGIN", "END")}


def test_the_guest_is_called_for_boarding() -> None:
    """A calendar program reads the guest's file from boarding to the end, where it is, and where its page is."""
    event = Calendar.from_ical(calendar_file(view_of())).walk("VEVENT")[0]

    assert event.decoded("DTSTART") == datetime(2024, 5, 30, 8, 45, tzinfo=zone("America/Los_Angeles"))
    assert event.decoded("DTEND") == datetime(2024, 5, 30, 12, tzinfo=zone("America/Los_Angeles"))
    assert str(event["SUMMARY"]) == "Sailing on Jada"
    assert str(event["LOCATION"]) == "Sheraton Marina, 1380 Harbor Island Drive, San Diego, CA 92101"
    assert str(event["URL"]) == "https://queenofsandiego.com/g/boatsetter-may30"
    assert str(event["UID"]) == "xhqgmdh-guest@queenofsandiego.com"
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CONFIRMED", 0)


def test_the_crew_is_called_for_the_call() -> None:
    """The crew's file begins with the crew call and is another entry than the guest's."""
    event = event_in(calendar_file(view_of(crew=True)))
    starts = Calendar.from_ical(calendar_file(view_of(crew=True))).walk("VEVENT")[0].decoded("DTSTART")

    assert (starts.hour, starts.minute) == (8, 0)
    assert event["UID"] == "xhqgmdh-crew@queenofsandiego.com"
    assert event["URL"] == "https://queenofsandiego.com/g/xhqgmdh-crew"


def test_a_cancelled_charter_is_cancelled_in_the_calendar() -> None:
    """The file of a cancelled charter says so in its status and its words, and no longer takes the time."""
    event = event_in(calendar_file(view_of("r9fjt5k")))

    assert event["STATUS"] == "CANCELLED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["SUMMARY"] == "Cancelled: Sailing on Jada"


def test_a_later_revision_has_the_later_stamp() -> None:
    """SEQUENCE and DTSTAMP both grow with the revision, so that every calendar program takes the newer entry."""
    first, second = event_in(calendar_file(view_of())), event_in(calendar_file(replace(view_of(), sequence=1)))

    assert (first["SEQUENCE"], second["SEQUENCE"]) == ("0", "1")
    assert first["DTSTAMP"] < second["DTSTAMP"]


def test_the_file_carries_the_serial_once() -> None:
    """The mark that becomes the publish's serial stands in the file exactly once, unfolded."""
    assert calendar_file(view_of()).count(SERIAL_MARK) == 1


def test_without_a_mail_address_there_is_no_organizer_and_no_method() -> None:
    """A method asks for an organizer, so a brand without an address has neither."""
    text = calendar_file(replace(view_of(), organizer_email=None))

    assert "METHOD" not in text
    assert "ORGANIZER" not in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_folding_can_be_undone(line: str) -> None:
    """A folded line has no part over 75 octets, none that splits a character, and unfolds to what it was."""
    folded = fold(line)

    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200))
def test_words_survive(words: str) -> None:
    """Commas, semicolons, backslashes and line ends reach the reader as they were written."""
    text = calendar_file(replace(view_of(), summary=words, description=f"{words}\nand a second line"))

    event = Calendar.from_ical(text).walk("VEVENT")[0]

    assert str(event["SUMMARY"]) == words
    assert str(event["DESCRIPTION"]) == f"{words}\nand a second line"


def test_words_cannot_add_a_line() -> None:
    """A line end within a value never begins a property of its own."""
    text = calendar_file(
        replace(view_of(), summary="a\r\nATTENDEE:mailto:x@example.com", location="b\nURL:https://evil.example")
    )

    assert "\r\nATTENDEE" not in text
    assert text.count("\r\nURL:") == 1


@pytest.mark.parametrize("name", ZONES)
@given(days=st.integers(0, 3 * 365), minutes=st.integers(0, 24 * 60))
def test_the_time_zone_in_the_file_is_the_zone(name: str, days: int, minutes: int) -> None:
    """A program that knows the zone from the file alone reads the instant that was meant."""
    at = zone(name)
    starts = (datetime(2024, 1, 1, tzinfo=at) + timedelta(days=days, minutes=minutes)).replace(fold=0)
    text = calendar_file(replace(view_of(), starts=starts, ends=starts + timedelta(hours=2), zone=name))

    observances = Calendar.from_ical(text).walk("VTIMEZONE")[0].subcomponents

    local = starts.replace(tzinfo=None)
    last = max(
        (part for part in observances if part.decoded("DTSTART") <= local), key=lambda part: part.decoded("DTSTART")
    )
    gap = local < last.decoded("DTSTART") + max(last.decoded("TZOFFSETTO") - last.decoded("TZOFFSETFROM"), timedelta())
    assert gap or last.decoded("TZOFFSETTO") == starts.utcoffset() or _comes_twice(starts)


def _comes_twice(moment: datetime) -> bool:
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()
