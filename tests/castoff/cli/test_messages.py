"""Messages to guests: what each says, in a guest's own words, and what is not worth a message."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pytest
from support.projects import ZONE

from castoff.cli.messages import is_worth_telling, message
from castoff.contract.facts import FactChange
from castoff.fleet.settings import Brand
from publisher.fates import Fate
from publisher.record import Deed

BRAND: Final = Brand.model_construct(name="Queen of San Diego")
STARTS: Final = datetime(2024, 5, 30, 10, 0, tzinfo=ZONE)
HEAD: Final = "Thursday, May 30, 2024, aboard Jada"
URL: Final = "https://queenofsandiego.com/g/jada"

SAID: Final = {
    "an invitation": (
        {},
        f"Hi Dana, everything for {HEAD} is on your page: where to board, what to bring, how to reach us.",
    ),
    "cancelled": (
        {"status": "cancelled"},
        f"Hi Dana, your charter on {HEAD}, is cancelled. Your page says what happens now.",
    ),
    "cancelled, and changed before": (
        {"status": "cancelled", "changes": {"dock": ("A", "B")}},
        f"Hi Dana, your charter on {HEAD}, is cancelled. Your page says what happens now.",
    ),
    "reinstated": (
        {"reinstated": True},
        f"Hi Dana, good news: your charter on {HEAD}, sails after all. Your page has everything.",
    ),
    "another hour": (
        {"changes": {"starts": ("2024-05-30 09:00", "2024-05-30 10:00"), "boarding": ("x", "2024-05-30 09:45")}},
        (
            f"Hi Dana, a change to your charter on {HEAD}:"
            " it starts at 10 AM now, not at 9 AM; please be there at 9:45 AM."
            " Your page has everything."
        ),
    ),
    "another day": (
        {"changes": {"starts": ("2024-05-29 10:00", "2024-05-30 10:00")}},
        (
            f"Hi Dana, a change to your charter on {HEAD}:"
            " it is on Thursday, May 30, at 10 AM now, not on Wednesday, May 29."
            " Your page has everything."
        ),
    ),
    "another dock": (
        {"changes": {"dock": ("Shelter Island", "Sheraton Marina")}},
        (
            f"Hi Dana, a change to your charter on {HEAD}: it leaves from Sheraton Marina now, not from Shelter Island."
            " Your page has everything."
        ),
    ),
    "another boat": (
        {"changes": {"vessel": ("Sea Queen", "Jada")}},
        f"Hi Dana, a change to your charter on {HEAD}: she is Jada now, not Sea Queen. Your page has everything.",
    ),
    "a shorter trip": (
        {"changes": {"duration": ("4h", "2h 30m")}},
        f"Hi Dana, a change to your charter on {HEAD}: it takes 2½ hours now, not 4 hours. Your page has everything.",
    ),
    "reinstated, and moved": (
        {"reinstated": True, "changes": {"starts": ("2024-05-30 09:00", "2024-05-30 10:00")}},
        (
            f"Hi Dana, good news: your charter on {HEAD},"
            " sails after all, with a change: it starts at 10 AM now, not at 9 AM."
            " Your page has everything."
        ),
    ),
    "nobody's name": (
        {"lead": ""},
        f"Hi, everything for {HEAD} is on your page: where to board, what to bring, how to reach us.",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_each_message_is_ready_to_send(name: str) -> None:
    """Greeting, what it is about, the page, and whose boat it is."""
    parts, said = SAID[name]
    settled = {"lead": "Dana R.", "status": "confirmed"} | parts

    words = message(settled.pop("lead"), STARTS, vessel="Jada", url=URL, brand=BRAND, **settled)  # type: ignore[arg-type]

    assert words == f"{said}\n{URL}\nQueen of San Diego"


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        pytest.param(
            Deed(Fate.CHANGED, "confirmed", "confirmed", changed=(FactChange("starts", "a", "b"),)), True, id="time"
        ),
        pytest.param(
            Deed(Fate.CHANGED, "confirmed", "confirmed", changed=(FactChange("duration", "4h", "2h"),)),
            True,
            id="duration",
        ),
        pytest.param(
            Deed(Fate.CHANGED, "confirmed", "confirmed", changed=(FactChange("crew", "a", "b"),)), False, id="crew"
        ),
        pytest.param(
            Deed(Fate.CHANGED, "confirmed", "confirmed", changed=(FactChange("notes", None, None),)), False, id="notes"
        ),
        pytest.param(
            Deed(Fate.RENEWED, "confirmed", "confirmed", pages={"form expires": 2}), False, id="forms renewed"
        ),
        pytest.param(Deed(Fate.CANCELLED, "cancelled", "confirmed"), True, id="cancelled"),
        pytest.param(Deed(Fate.REINSTATED, "confirmed", "cancelled"), True, id="reinstated"),
        pytest.param(Deed(Fate.WITHDRAWN, "hold", "confirmed"), False, id="withdrawn: as removed"),
        pytest.param(
            Deed(Fate.REMOVED, "removed", "confirmed"), False, id="removed: there is no page to send anybody to"
        ),
    ],
)
def test_a_guest_hears_of_what_they_rely_on(deed: Deed, *, told: bool) -> None:
    """Time, boat, dock, and whether it sails: nothing about the crew, and nothing twice."""
    assert is_worth_telling(deed) is told
