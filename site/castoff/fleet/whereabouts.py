"""Whether a dock can be where its file says: near the city of the time zone that all charters go by, or far from it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from castoff.problems import Severity

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from castoff.fleet.content import Location
    from castoff.problems import Problem
    from castoff.reading.reader import Document

    Degrees = tuple[float, float]
    """Latitude and longitude."""

_TABLES: Final = ("zone1970.tab", "zone.tab")
"""Of the zone database: where each zone's own city is, as ISO 6709 has it."""
_SITE: Final = re.compile(r"([+-])(\d{2})(\d{2})\d{0,2}([+-])(\d{3})(\d{2})\d{0,2}", re.ASCII)
_EARTH: Final = 6371.0
"""Kilometres."""
_FAR: Final = 4500.0
"""Kilometres from a zone's city: farther than any dock in its zone, and nearer than most signs forgotten."""
_DEGREES_AN_HOUR: Final = 15
_FAR_FROM_MERIDIAN: Final = 60
"""Degrees, likewise, for the few zones that no table places."""
_WINTER: Final = datetime(2024, 1, 1)  # noqa: DTZ001 - the wall clock of whatever zone is asked


def far_from_zone(document: Document, location: Location, zone: ZoneInfo) -> list[Problem]:
    """Return a warning where a dock is not where a zone's clocks are: a sign is missing, or the numbers are swapped."""
    place = (location.lat, location.lon)
    if _is_near(place, zone):
        return []
    lat, lon = place
    meant = {
        ("lon",): ((lat, -lon), f"did you mean `{-lon}`? West is negative"),
        ("lat",): ((-lat, lon), f"did you mean `{-lat}`? South is negative"),
        (): ((lon, lat), f"the two are swapped: did you mean `{{lat: {lon}, lon: {lat}}}`?"),
    }
    words = f"`{lat}, {lon}` is on another side of the globe than clocks of `{zone.key}`"
    for field, (other, hint) in meant.items():
        if abs(other[0]) <= 90 and _is_near(other, zone):  # noqa: PLR2004 - the pole
            return [_warning(document, *field, words=words, hint=hint)]
    return [_warning(document, "lon", words=words, hint="correct it, or `timezone` in castoff.yaml")]


def _warning(document: Document, *field: str, words: str, hint: str) -> Problem:
    severity = Severity.WARNING
    return document.problem("location", *field, words=words, rule="far-from-zone", hint=hint, severity=severity)


def _is_near(place: Degrees, zone: ZoneInfo) -> bool:
    city = _city(zone.key)
    if city is not None:
        return _kilometres(place, city) <= _FAR
    offset = _WINTER.replace(tzinfo=zone).utcoffset() or timedelta(0)
    meridian = offset / timedelta(hours=1) * _DEGREES_AN_HOUR
    return abs((place[1] - meridian + 180) % 360 - 180) <= _FAR_FROM_MERIDIAN


@lru_cache(maxsize=8)
def _city(zone: str) -> Degrees | None:
    """Return where a zone's city is, or None for an old name that is in no table."""
    for table in _TABLES:
        for line in resources.files("tzdata.zoneinfo").joinpath(table).read_text("utf-8").splitlines():
            columns = line.split("\t")
            site = _SITE.fullmatch(columns[1]) if columns[2:3] == [zone] else None
            if site is not None:
                north, degrees, minutes, east, *rest = site.groups()
                return (
                    float(f"{north}1") * (int(degrees) + int(minutes) / 60),
                    float(f"{east}1") * (int(rest[0]) + int(rest[1]) / 60),
                )
    return None


def _kilometres(one: Degrees, other: Degrees) -> float:
    """Return how far it is along the globe: the haversine."""
    (north, east), (there, over) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((there - north) / 2) ** 2 + cos(north) * cos(there) * sin((over - east) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(half))
