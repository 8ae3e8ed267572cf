"""A season of invented bookings in castoff's own form: seeded, sound, and as long as it is wanted."""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
AS_OF: Final = datetime(2024, 5, 28, 12, 0)  # noqa: DTZ001 - the wall clock at the dock, as castoff.yaml has it

_SLOTS: Final = (timedelta(hours=9), timedelta(hours=14, minutes=30))
_LETTERS: Final = "bcdfghjkmnpqrstvwxz"
_FIRST: Final = "Dana Kavi Noor Ines Tom Ana Liam Greta Omar Ruth Freya Ravi Elif Chloé Mateo Zoë Sven Aiko Pavel Jonas"
_LAST: Final = "Ruiz Park Silva Baker O'Neill Müller Tanaka Haddad Smith Jensen Rossi Nguyen Dubois Okafor Larsen Novak"
_DOCKS: Final = ("sheraton-marina", "harbor-steps", "shelter-island")
_ALLERGIES: Final = ("shellfish", "peanuts", "gluten", "dairy", "bee stings", "latex")
_REQUESTS: Final = (
    "one guest uses a cane, please help at the gangway",
    "two of us turn forty; a quiet hour under sail would be the best present",
    "the children would love to steer for a while, and to see where the anchor lives",
    'we bring our own lunch & a "very small" dog',
    "one of us gets seasick easily: a seat in the fresh air, please, and a slow start if the swell allows it",
)
_NOTES: Final = (
    ("Cake is in the galley icebox, candles in the chart drawer.", "Nobody has told the lead about the cake."),
    ("Second EPIRB battery goes out of date this month: look before departure.",),
    ("Gate code changed; ring the office if it does not take the new one.", "Spare key is in the lazarette."),
    ("Returning guests, third year. They like the long way round the island <north about>.",),
)


@dataclass(frozen=True)
class Season:
    """How many bookings, the day of the first, and how many days there are; many bookings want more boats."""

    bookings: int
    first: datetime = datetime(2024, 5, 29)  # noqa: DTZ001 - the day after AS_OF: its charters have their forms by then
    days: int = 250

    @property
    def vessels(self) -> int:
        """How many boats sail, each twice a day."""
        return max(2, -(-self.bookings // (len(_SLOTS) * self.days)))


def write_project(root: Path, season: Season) -> None:
    """Write a project with this repository's settings and content, the fleet enlarged if need be, and the bookings."""
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copyfile(ROOT / "castoff.yaml", root / "castoff.yaml")
    for number in range(3, season.vessels + 1):
        _another_boat(root / "content", number)
    folder = root / "bookings"
    folder.mkdir()
    for booking, text in bookings(season):
        (folder / f"{booking}.yaml").write_text(text, encoding="utf-8")


def bookings(season: Season) -> Iterator[tuple[str, str]]:
    """Yield id and text of each booking: two a day for each boat, with a captain and crew of its own."""
    chosen = random.Random(season.bookings)  # noqa: S311 - invented bookings, the same in every run
    known: set[str] = set()
    for number in range(season.bookings):
        day, place = divmod(number, len(_SLOTS) * season.vessels)
        boat, slot = divmod(place, len(_SLOTS))
        starts = season.first + timedelta(days=day) + _SLOTS[slot]
        booking = next(drawn for _ in count() if (drawn := _id(chosen)) not in known)
        known.add(booking)
        yield booking, booking_text(booking, starts, boat=boat + 1, chosen=chosen)


def one_more(number: int) -> tuple[str, str]:
    """Return id and text of a booking that comes in after the season was written: confirmed, without aliases."""
    chosen = random.Random(-number)  # noqa: S311 - as above
    booking = _id(chosen)
    starts = AS_OF.replace(hour=9) + timedelta(days=20 + number)
    texts = (booking_text(booking, starts, boat=1, chosen=chosen) for _ in count())
    return booking, next(text for text in texts if "aliases:" not in text and "status: confirmed" in text)


def booking_text(booking: str, starts: datetime, *, boat: int, chosen: random.Random) -> str:
    """Return the text of one booking's file, about as long as the example's."""
    vessel, captain, crew = _boat(boat)
    cancelled = _now_and_then(chosen, 4)
    lines = ["# yaml-language-server: $schema=../schema/booking.json", f"id: {booking}"]
    if _now_and_then(chosen, 15):
        lines += [f"slug: {vessel}-{starts:%b%d-%H}-{booking}".lower(), f"aliases: [{vessel}-{booking}]"]
    lines += [
        f"source: {chosen.choice(('boatsetter', 'direct', 'direct', 'hotel-desk'))}",
        f"status: {'cancelled' if cancelled else 'confirmed'}",
        f"vessel: {vessel}",
        f"dock: {chosen.choice(_DOCKS)}",
        f"starts: {starts:%Y-%m-%d %H:%M}",
        f"duration: {chosen.choice(('2h', '150m', '3h', '3h'))}",
    ]
    if _now_and_then(chosen, 10):
        lines += ["boarding: 20m", "crew_call: 1h30m"]
    allergies = chosen.sample(_ALLERGIES, chosen.choice((0, 0, 1, 2)))
    lines += [
        f"captain: {captain}",
        f"crew: [{', '.join(crew)}]",
        "guests:",
        f"  count: {chosen.randint(1, 6)}",
        f'  lead: "{chosen.choice(_FIRST.split())} {chosen.choice(_LAST.split())}"',
        *([f"  allergies: [{', '.join(allergies)}]"] if allergies else []),
        f"waiver: https://waiver.example.com/{booking}",
    ]
    if _now_and_then(chosen, 60):
        lines.append("requests: '{}'".format(chosen.choice(_REQUESTS).replace("'", "''")))
    if _now_and_then(chosen, 70):
        lines += ["notes: |", *(f"  {line}" for line in chosen.choice(_NOTES))]
    if cancelled:
        lines.append('cancelled: {on: 2024-05-28, why: weather, words: "We will call you about new dates."}')
    revenue = chosen.randint(400, 1600)
    lines += [
        "finance:",
        f"  revenue: {revenue}.50",
        "  captain_fee: 150.00",
        "  crew_cost: 250.00",
        f"  net_to_captain: {revenue - 400}.50",
    ]
    return "\n".join(lines) + "\n"


def _now_and_then(chosen: random.Random, percent: int) -> bool:
    return chosen.randrange(100) < percent


def _id(chosen: random.Random) -> str:
    """Return an id that begins with two letters, so that no YAML reader takes it for a number."""
    return "".join(chosen.choices(_LETTERS, k=2) + chosen.choices(_LETTERS + "23456789", k=5))


def _boat(number: int) -> tuple[str, str, tuple[str, ...]]:
    """Return vessel, captain and crew of the boat with that number, from 1."""
    match number:
        case 1:
            return "jada", "captain-001", ("crew-001", "crew-002")
        case 2:
            return "sea-lark", "captain-002", ("crew-003",)
        case _:
            return f"sea-lark-{number}", f"captain-{number:03}", (f"crew-{number + 1:03}",)


def _another_boat(content: Path, number: int) -> None:
    """Write another Sea Lark, with a captain and crew of her own."""
    vessel, captain, crew = _boat(number)
    for source, copy, name in (
        ("vessels/sea-lark", f"vessels/{vessel}", f"Sea Lark {number}"),
        ("crew/captain-002", f"crew/{captain}", f"Anders Holm {number}"),
        ("crew/crew-003", f"crew/{crew[0]}", f"Sam Okafor {number}"),
    ):
        text = (content / f"{source}.md").read_text(encoding="utf-8")
        text = re.sub(r"^name: .*$", f"name: {name}", text, count=1, flags=re.MULTILINE)
        text = text.replace("@example.com", f"-{number}@example.com")
        (content / f"{copy}.md").write_text(text, encoding="utf-8")
