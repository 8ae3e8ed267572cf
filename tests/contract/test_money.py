"""Money in free text: the lines that must go, and the lines that must stay."""

from __future__ import annotations

import pytest

from castoff.contract.money import hold_back, speaks_of_money

GOES = [
    "Revenue: 840.75",
    "revenue 840",
    "Captain fee: 150",
    "captain_fee: 150.00",
    "Crew cost 250",
    "Net to captain: 289.41",
    "net: 289",
    "margin is thin on this one",
    "Paid in full",
    "deposit of 200 received",
    "balance due at the dock",
    "collect $50 at the gangway",
    "50 € for the cooler",
    "tip pool: split four ways",
    "Commission 12.5%",
    "payout on Friday",
    "ｒｅｖｅｎｕｅ 840",
    "price agreed with the broker",
    "total 840.75",
    "USD 300 cash",
    "invoice sent",
]
STAYS = [
    "Guest count: 6, Dock: Sheraton Marina",
    "Boarding 8:45, back at 12:00",
    "Slip C-14, gate code on the board",
    "Call 619 555 0142 when you are at the gate",
    "Coast guard check on Thursday",
    "water is free of charge",
    "One guest uses a cane, please help at the gangway",
    "bring the landing net",
    "high tide 4.2 ft at 10:40",
    "32.7157, -117.1611 is the anchorage",
    "Guests are from 2019's regatta",
    "Charge the handheld radios",
    "allergic to shellfish",
]


@pytest.mark.parametrize("line", GOES)
def test_lines_about_money_go(line: str) -> None:
    """What a guest or deckhand must not read is noticed."""
    assert speaks_of_money(line)


@pytest.mark.parametrize("line", STAYS)
def test_lines_about_the_day_stay(line: str) -> None:
    """What the crew needs is not taken from them."""
    assert not speaks_of_money(line)


def test_held_lines_are_named_and_the_rest_is_untouched() -> None:
    """Nothing vanishes silently: each held line has its number, and the other lines keep their order and endings."""
    held = hold_back("Guest count: 6\nRevenue: 840.75\nBring ice\n")

    assert held.text == "Guest count: 6\nBring ice\n"
    assert [(line.line, line.text) for line in held.lines] == [(2, "Revenue: 840.75")]


def test_holding_back_twice_changes_nothing_more() -> None:
    """The crew service holds back again on arrival and finds nothing."""
    once = hold_back("a\nfee: 3\nb").text

    assert hold_back(once).text == once
