"""Hostile texts in a crew call: the mail that ShipCaptainCrew makes of it says them, and nothing comes of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hostile.strings import STRINGS

from castoff.output.page import read_page
from castoff.reading.forms import FormError
from castoff.reading.texts import parse_line
from lambdas.shipcaptaincrew.brand import Brand
from lambdas.shipcaptaincrew.calls import Call, Kind
from lambdas.shipcaptaincrew.event import Event, Status
from lambdas.shipcaptaincrew.letters import Letter, letter


def taken(text: str) -> bool:
    """Tell whether a name can be so."""
    try:
        return parse_line(text) == text
    except FormError:
        return False


def letter_of(text: str) -> Letter:
    """Return the mail of a charter on which everything is called by a text."""
    start = datetime(2024, 6, 1, 17, tzinfo=UTC)
    event = Event(
        event_id="evt-1",
        booking_id="a7kq4wt",
        status=next(iter(Status)),
        revision=1,
        event_name=text,
        captain_id="maya",
        crew_ids=("leo",),
        date=start,
        duration_hours=Decimal(3),
        call_time=start,
        dock=text,
        guest_count=4,
        notes=f"one\n{text}",
        crew_page="https://guest.example.com/g/a7kq4wt-crew",
    )
    call = Call(
        kind=Kind.CHANGED, member_id="leo", role="crew", event=event, changes=(f"Dock changed from {text} to {text}",)
    )
    zone, link = ZoneInfo("America/Los_Angeles"), "https://guest.example.com/crew/a7kq4wt?token=x"
    brand = Brand(text, f"1 {text}")
    return letter(call, first_name=text, captain=text, zone=zone, link=link, hours=48, now=event.date, brand=brand)


@pytest.mark.parametrize("text", [text for text in STRINGS.values() if taken(text)])
def test_a_mail_says_a_hostile_text_and_does_nothing(text: str) -> None:
    """The subject is one line, plain text and HTML both have the words, and the HTML has no element more."""
    written, plain = letter_of(text), letter_of("plain words")

    page = read_page(written.html.encode(), "mail")
    assert Counter(one.tag for one in page.elements) == Counter(
        one.tag for one in read_page(plain.html.encode(), "mail").elements
    )
    assert page.elements[0].text.count(text) == plain.html.count("plain words")
    assert written.text.count(text) == plain.text.count("plain words")
    assert len(written.subject.splitlines()) == 1
