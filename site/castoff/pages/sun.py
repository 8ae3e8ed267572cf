"""When the sun sets and rises at a dock, to the minute: computed (astral, NOAA's equations), never asked of anyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

_HORIZON: Final = 90 + 50 / 60
"""Degrees from overhead at which the sun's edge is seen to touch the horizon: its radius, and what the air bends.

https://gml.noaa.gov/grad/solcalc/calcdetails.html, and the almanacs' own definition: figures agree with theirs.
"""
_CIVIL: Final = 96.0
"""Degrees from overhead at which civil twilight ends: outside it nobody sees a line or a step unlit."""
_DAY: Final = timedelta(days=1)
_HALF_MINUTE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Evening:
    """The evening of a day at a place, as clocks there show it; None where the sun does no such thing.

    `up` tells whether the sun is above the horizon at noon: one that does not set is up all day, or never.
    """

    sunset: datetime | None
    dark: datetime | None
    """The end of civil twilight."""
    up: bool


def evening(lat: float, lon: float, day: date, zone: ZoneInfo) -> Evening:
    """Return the sunset and the end of twilight that follow a day's noon; degrees, north and east positive."""
    from astral import Observer  # noqa: PLC0415 - 20 ms, which only a build with pages to render needs
    from astral.sun import elevation  # noqa: PLC0415 - see above

    noon = datetime.combine(day, time(12), zone)
    sunset = _after(noon, lat, lon, zenith=_HORIZON, rising=False)
    dark = _after(noon, lat, lon, zenith=_CIVIL, rising=False)
    return Evening(sunset, dark, up=sunset is not None or elevation(Observer(lat, lon, 0.0), noon) > 0)


def sunrise(lat: float, lon: float, day: date, zone: ZoneInfo) -> datetime | None:
    """Return the sunrise before a day's noon; None where the sun does not rise."""
    return _after(datetime.combine(day - _DAY, time(12), zone), lat, lon, zenith=_HORIZON, rising=True)


def _after(noon: datetime, lat: float, lon: float, *, zenith: float, rising: bool) -> datetime | None:
    """Return when the sun passes a height within a day after noon, in whole minutes; None where it never does."""
    from astral import Observer, SunDirection  # noqa: PLC0415 - see above
    from astral.sun import time_of_transit  # noqa: PLC0415 - see above

    place, direction = Observer(lat, lon, 0.0), SunDirection.RISING if rising else SunDirection.SETTING
    for days in (0, 1, -1):  # which date astral names an evening by depends on how far the zone is from the sun
        date = noon.date() + timedelta(days)
        try:
            instant = time_of_transit(place, date, zenith, direction, with_refraction=False)
        except ValueError:
            continue
        if 0 <= instant.timestamp() - noon.timestamp() < _DAY.total_seconds():
            return (instant + _HALF_MINUTE).replace(second=0, microsecond=0).astimezone(noon.tzinfo)
    return None
