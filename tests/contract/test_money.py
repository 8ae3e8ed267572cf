"""Money in free text: the lines that must go, and the lines that must stay."""

from __future__ import annotations

import time

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
    "net_to_captain: 289",
    "net_to_captain 289",
    "captain_fee 180",
    "captain_fees: 150",
    "crew_cost: 120",
    "revenue: 720",
    "revenue720",
    "Net to the captain is 289",
    "net - 289",
    "net \u2013 289",
    "net 289",
    "289 net",
    "Landing net - 289",
    "Remaining balance 400",
    "balance: 400",
    "Balance is about 400",
    "rev\u00adenue 840",
    "re\u200bvenue 840",
    "rev\ufe0fenue 840",
    "captain\u200bfee 150",
    "Rev: 840",
    "rev. 840",
    "rev 840",
    "still unpaid",
    "Ben owes the boat for the cooler",
    "quoted 900 by mail",
    "tips 40",
    "total 840",
    "840.75 in full on Friday",
    "840.75 has been handed over",
    "charter at 840.75",
    "sandwiches at 12.50 each",
    "840.75,150.00",
    "300\u00a0Fr. and 12.50",
    "\u20bd 500",
    "840\u202f\u20aa",
    "15% to the captain",
    "captain gets 40%",
    "broker 12%",
    "our share is 20 %",
    "20% off for friends",
    "60/40 split",
    "split 70/30",
    "60% / 40%",
    "2k for the day",
    "rate 120/h",
    "lunch 840.75",
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
    "10% chance of rain",
    "battery at 80%, water at 60 %",
    "heel no more than 20%",
    "slip 3.10",
    "call_time 7.45",
    "Lunch 12.30",
    "Board at 8.30",
    "Boarding 8.45, cast off 9.00",
    "Tide 1.50 at 9",
    "tide 1.50 ft at 9.15",
    "Board between 8.30 and 9.15",
    "back from 11.30 until 12.00",
    "depth 2.10, draft 1.85",
    "2.50 nm to the buoy",
    "anchor in 6.50 m",
    "VHF 156.80",
    "156.65 MHz is the bridge",
    "lat 32.71, lon -117.16",
    "since 30.05.2024",
    "landing net is in the locker",
    "Landing net 2 ft long",
    "bring the net to the captain",
    "a guest has poor balance",
    "keep your balance on the foredeck",
    "Rev. Miller speaks the words",
    "rev the engine once",
    "keep rev at 2000 rpm",
    "sailing tips for the guests",
    "Maya is in charge",
    "a safety margin of 2 ft",
    "total 12 guests",
    "crew-only door code in crew_page",
    "split the guests 50/50 port and starboard",
    "caf\u00e9 cr\u00e8me for two",
]


@pytest.mark.parametrize("line", GOES)
def test_lines_about_money_go(line: str) -> None:
    """What a guest or deckhand must not read is noticed."""
    assert speaks_of_money(line)


@pytest.mark.parametrize("line", STAYS)
def test_lines_about_the_day_stay(line: str) -> None:
    """What the crew needs is not taken from them."""
    assert not speaks_of_money(line)


@pytest.mark.parametrize("line", ["net" + " -" * 4000, "1%" * 4000, "12.50 " * 1500, "9" * 8000, "split " * 1500])
def test_no_line_takes_long(line: str) -> None:
    """The longest notes that the crew service takes are looked through at once, whatever they repeat."""
    started = time.monotonic()

    speaks_of_money(line)

    assert time.monotonic() - started < 1


def test_held_lines_are_named_and_the_rest_is_untouched() -> None:
    """Nothing vanishes silently: each held line has its number, and the other lines keep their order and endings."""
    held = hold_back("Guest count: 6\nRevenue: 840.75\nBring ice\n")

    assert held.text == "Guest count: 6\nBring ice\n"
    assert [(line.line, line.text) for line in held.lines] == [(2, "Revenue: 840.75")]


def test_holding_back_twice_changes_nothing_more() -> None:
    """The crew service holds back again on arrival and finds nothing."""
    once = hold_back("a\nfee: 3\nb").text

    assert hold_back(once).text == once
