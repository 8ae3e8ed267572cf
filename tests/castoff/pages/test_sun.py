"""Sunset and twilight against published tables, an equation of another almanac, and what people are told of them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import asin, atan2, cos, degrees, radians, sin
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.example import charter_of, example, projector

from castoff.fleet.content import Location
from castoff.pages.sun import evening, sunrise
from castoff.reading.zones import later, zone

if TYPE_CHECKING:
    from castoff.pages.views import SunView

BOOKING = "xhqgmdh"
TWO_MINUTES = timedelta(minutes=2)

# U.S. Naval Observatory, "Rise and Set for the Sun for 2008", W121 55, N37 24, zone 8h west of Greenwich: the first of
# each month, hours and minutes.
MONTHS = (
    *(("0722", "1700"), ("0711", "1732"), ("0638", "1802"), ("0552", "1831"), ("0512", "1858"), ("0448", "1923")),
    *(("0451", "1932"), ("0512", "1915"), ("0539", "1836"), ("0604", "1750"), ("0633", "1709"), ("0704", "1650")),
)


@pytest.mark.parametrize(("month", "row"), list(enumerate(MONTHS, start=1)), ids=range(1, 13))
def test_a_year_is_as_the_naval_observatory_has_it(month: int, row: tuple[str, str]) -> None:
    """Sunrise and sunset near San Jose, within a minute, all the year."""
    place, day, west = (37.4, -121 - 55 / 60), date(2008, month, 1), zone("Etc/GMT+8")

    found = (sunrise(*place, day, west), evening(*place, day, west).sunset)

    for instant, published in zip(found, row, strict=True):
        assert instant is not None
        printed = datetime.combine(day, datetime.strptime(published, "%H%M").time(), west)  # noqa: DTZ007 - joined here
        assert abs(instant - printed) <= timedelta(minutes=1)


@pytest.mark.parametrize(
    ("place", "name", "day", "rises", "sets", "dark"),
    [
        # U.S. Naval Observatory, complete sun data for Atlanta, as rhodesmill.org/pyephem/rise-set.html quotes it.
        ((33.8, -84.4), "America/New_York", "2009-09-06", "06T07:15", "06T19:56", "06T20:21"),
        # Ours, to notice a change: south, far north, after midnight, never. The next test judges by another formula.
        ((32.7157, -117.1611), "America/Los_Angeles", "2024-06-20", "20T05:41", "20T19:59", "20T20:28"),
        ((40.7128, -74.006), "America/New_York", "2024-12-21", "21T07:17", "21T16:32", "21T17:03"),
        ((51.5074, -0.1278), "Europe/London", "2024-06-21", "21T04:43", "21T21:22", "21T22:09"),
        ((-33.8688, 151.2093), "Australia/Sydney", "2024-12-21", "21T05:41", "21T20:05", "21T20:35"),
        ((64.1466, -21.9426), "Atlantic/Reykjavik", "2024-06-21", "21T02:55", "22T00:04", None),
        ((69.6492, 18.9553), "Europe/Oslo", "2024-06-21", None, None, None),
        ((69.6492, 18.9553), "Europe/Oslo", "2024-12-21", None, None, "21T13:53"),
    ],
)
def test_places_are_as_published_and_as_before(  # noqa: PLR0917 - a table
    place: tuple[float, float], name: str, day: str, rises: str | None, sets: str | None, dark: str | None
) -> None:
    """Within two minutes, north and south, at the solstices; after midnight in Iceland; never beyond the circle."""
    on, at = date.fromisoformat(day), zone(name)

    found = evening(*place, on, at)

    for instant, published in ((sunrise(*place, on, at), rises), (found.sunset, sets), (found.dark, dark)):
        printed = None if published is None else datetime.fromisoformat(f"{day[:8]}{published}").replace(tzinfo=at)
        assert (instant is None) == (printed is None)
        assert instant is None or printed is None or abs(instant - printed) <= TWO_MINUTES


@given(
    lat=st.floats(-89, 89),
    lon=st.floats(-180, 180),
    day=st.dates(date(2000, 1, 1), date(2049, 12, 31)),
    name=st.sampled_from(["America/Los_Angeles", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Shanghai", "Etc/GMT+12"]),
)
def test_the_sun_stands_where_it_should(lat: float, lon: float, day: date, name: str) -> None:
    """At sunset its middle is 50 minutes of arc below the horizon, at last light six degrees, and it is going down.

    By the low-precision formulas of the Astronomical Almanac, which are another equation than the one under test. The
    evening is that of the day by its clocks, however far from the sun those are.
    """
    at = zone(name)
    noon = datetime.combine(day, datetime.min.time().replace(hour=12), at)

    found = evening(lat, lon, day, at)

    for instant, below in ((found.sunset, 50 / 60), (found.dark, 6.0)):
        if instant is not None and abs(lat) < 60:  # nearer the poles it goes down so flat that a minute means nothing
            assert height(lat, lon, instant) == pytest.approx(-below, abs=0.25)
            assert height(lat, lon, later(instant, timedelta(minutes=10))) < height(lat, lon, instant)
        assert instant is None or timedelta() <= instant.astimezone(UTC) - noon.astimezone(UTC) <= timedelta(days=1)
    if abs(lat) < 60:
        assert found.sunset is not None


def height(lat: float, lon: float, instant: datetime) -> float:
    """Return how many degrees the sun's middle is above the horizon, without refraction (Astronomical Almanac, C5)."""
    days = (instant - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400
    anomaly = radians((357.528 + 0.9856003 * days) % 360)
    along = radians((280.460 + 0.9856474 * days + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly)) % 360)
    tilt = radians(23.439 - 0.0000004 * days)
    ascension, declination = degrees(atan2(cos(tilt) * sin(along), cos(along))), asin(sin(tilt) * sin(along))
    hour = radians((280.46061837 + 360.98564736629 * days + lon - ascension) % 360)
    return degrees(asin(sin(radians(lat)) * sin(declination) + cos(radians(lat)) * cos(declination) * cos(hour)))


@pytest.mark.parametrize(
    ("description", "starts", "hours", "place", "told"),
    [
        ("a morning", "2024-05-30T09:00", 3, (32.7261, -117.2017), ["Sunset 7:51 PM", "Last light 8:19 PM"]),
        ("into the sunset", "2024-05-30T17:00", 3, (32.7261, -117.2017), ["Sunset 7:51 PM *", "Last light 8:19 PM"]),
        (
            "from before the sun",
            "2024-05-30T05:00",
            3,
            (32.7261, -117.2017),
            ["Sunrise 5:42 AM *", "Sunset 7:51 PM", "Last light 8:19 PM"],
        ),
        (
            "the crew alone sees it rise",
            "2024-05-30T06:00",
            3,
            (32.7261, -117.2017),
            ["Sunrise 5:42 AM", "Sunset 7:51 PM", "Last light 8:19 PM"],
        ),
        (
            "through the night",
            "2024-05-30T19:00",
            12,
            (32.7261, -117.2017),
            ["Sunrise 5:42 AM on Friday *", "Sunset 7:51 PM *", "Last light 8:19 PM *"],
        ),
        (
            "the day clocks go forward",
            "2024-03-10T09:00",
            3,
            (32.7261, -117.2017),
            ["Sunset 6:54 PM", "Last light 7:18 PM"],
        ),
        (
            "the day clocks go back",
            "2024-11-03T09:00",
            3,
            (32.7261, -117.2017),
            ["Sunset 4:56 PM", "Last light 5:21 PM"],
        ),
        ("a day without a night", "2024-06-21T09:00", 3, (69.6, -117.2), ["Sun does not set that day"]),
        (
            "a night without a day",
            "2024-12-21T09:00",
            3,
            (72.0, -117.2),
            ["Sun does not rise that day", "Last light 12:48 PM"],
        ),
        ("nobody knows where", "2024-05-30T09:00", 3, None, []),
    ],
)
def test_pages_tell_what_there_is_to_see(
    description: str, starts: str, hours: int, place: tuple[float, float] | None, told: list[str]
) -> None:
    """Sunset and last light of the day, sunrise for who is there by then; a star marks what is in the charter."""
    found = charter_of(example(), BOOKING)
    at = datetime.fromisoformat(starts).replace(tzinfo=zone("America/Los_Angeles"))
    location = None if place is None else Location.model_construct(lat=place[0], lon=place[1])
    charter = replace(
        found,
        starts=at,
        ends=later(at, timedelta(hours=hours)),
        boards=later(at, timedelta(minutes=-15)),
        calls=later(at, timedelta(hours=-1)),
        dock=found.dock.model_copy(update={"location": location}),
    )

    projection = projector(example()).project(charter)

    assert list(map(said, projection.guest.sun)) == told, description
    assert projection.crew.sun == projection.guest.sun


def said(turn: SunView) -> str:
    """Return what is told of the sun in a line."""
    return f"{turn.name} {turn.time}{' *' if turn.during else ''}"


def test_nobody_waits_for_the_sun_who_renders_nothing() -> None:
    """Astral takes 20 ms to load, a tenth of a build that has nothing to do: it is loaded once a page asks for it."""
    program = "import sys, castoff.build; print('astral' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
