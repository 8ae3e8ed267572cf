"""What peers get ready-made, since nothing of theirs works it out: the calendar's time zones, and when the sun sets."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Final

from castoff.fleet.shelf import parse_shelf
from castoff.fleet.sources import read_sources
from castoff.pages.sun import evening

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from castoff.fleet.content import Dock

ALMANAC: Final = "almanac.json"
_ZONE: Final = re.compile(r"BEGIN:VTIMEZONE.*END:VTIMEZONE\n", re.DOTALL)
_YEAR: Final = re.compile(r"^DTSTART;.*:(\d{4})", re.MULTILINE)
_STARTS: Final = re.compile(rb"^starts: (\d{4}-\d\d-\d\d)", re.MULTILINE)


def write_almanac(pages: Path, project: Path) -> None:
    """Write it into a project: zones by year, taken from castoff's files, and the evening by dock and day."""
    sources = read_sources(project)
    shelf = parse_shelf(sources)
    if shelf.settings is None:
        raise AssertionError("a season's settings are in order")
    days = {found[1].decode() for body in sources.bookings.values() if (found := _STARTS.search(body))}
    zone = shelf.settings.zone
    sun = {name: {day: _evening(dock, day, zone) for day in sorted(days)} for name, dock in shelf.docks.items()}
    (project / ALMANAC).write_text(json.dumps({"zones": _zones(pages), "sun": sun}), encoding="utf-8")


def _zones(pages: Path) -> dict[str, str]:
    zones: dict[str, str] = {}
    for path in sorted(pages.glob("*.ics")):
        text = path.read_bytes().decode().replace("\r\n", "\n")
        year, zone = _YEAR.search(text), _ZONE.search(text)
        if year and zone:
            zones[year[1]] = zone[0]
    return zones


def _evening(dock: Dock, day: str, zone: ZoneInfo) -> list[dict[str, str]]:
    place = dock.location
    if place is None:
        raise AssertionError("the example's docks have their place")
    found = evening(place.lat, place.lon, date.fromisoformat(day), zone)
    turns = {"Sunset": found.sunset, "Last light": found.dark}
    return [{"name": name, "iso": instant.isoformat()} for name, instant in turns.items() if instant]
