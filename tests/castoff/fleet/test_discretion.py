"""Money where no line can be held back is refused; that it comes back may be said."""

from __future__ import annotations

import json

import pytest

from castoff.fleet.booking import parse_booking

BOOKING = """\
id: a7kq4wt
source: direct
status: cancelled
vessel: lark
dock: pier
starts: 2024-06-01 10:00
duration: 3h
captain: maya
guests: {count: 4, lead: Vincent Price}
"""
WORDS = [
    ("nothing of money", "We will call you about new dates.", False),
    ("that it comes back", "We refund all of it.", False),
    ("that it comes back, and by when", "Your deposit is refunded by June 5, at 9:30 at the latest.", False),
    ("how much comes back", "A refund of 200 is on its way.", True),
    ("how much comes back, with its sign", "We have refunded $840.", True),
    ("one's own books", "Our margin goes to the harbor this time.", True),
    ("one's own books, on a line of their own", "We are sorry.\nBroker commission stays open.\n", True),
]
REASONS = [("weather", False), ("guest never paid", True), ("net 289 too little", True), ("coast guard", False)]
WAIVERS = [
    ("https://waiver.example.com/a7kq4wt", False),
    ("https://waiver.example.com/a?guests=4&date=2024-06-01", False),
    ("https://waiver.example.com/a?total=840.75", True),
    ("https://waiver.example.com/a?captain_fee=150&guests=4", True),
    ("https://waiver.example.com/a?fee=none", False),
]


def refused(more: str) -> list[str]:
    """Return the problems of a booking with some lines more."""
    return [problem.words for problem in parse_booking(BOOKING + more, "bookings/a7kq4wt.yaml").problems]


@pytest.mark.parametrize(("words", "wrong"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_words_to_the_guest_name_no_sum(words: str, wrong: bool) -> None:  # noqa: FBT001 - a column of the table
    """A page that whoever has its link can read is no place for what somebody paid."""
    assert len(refused(f"cancelled: {{on: 2024-05-28, why: weather, words: {json.dumps(words)}}}\n")) == wrong


@pytest.mark.parametrize(("why", "wrong"), REASONS)
def test_a_reason_speaks_of_no_money(why: str, wrong: bool) -> None:  # noqa: FBT001 - a column of the table
    """Guest and crew read it."""
    assert len(refused(f"cancelled: {{on: 2024-05-28, why: {why}}}\n")) == wrong


@pytest.mark.parametrize(("waiver", "wrong"), WAIVERS)
def test_an_address_hands_on_no_sum(waiver: str, wrong: bool) -> None:  # noqa: FBT001 - a column of the table
    """It stands on the guest page as it is."""
    more = f'cancelled: {{on: 2024-05-28, why: weather}}\nwaiver: "{waiver}"\n'

    assert len(refused(more)) == wrong
