"""An example site moved in time: the same charters, lying around another instant as they lie around its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

_STARTS: Final = re.compile(r"^(starts: )(\d{4}-\d\d-\d\d \d\d:\d\d)", re.MULTILINE)
_CANCELLED: Final = re.compile(r"^(cancelled: \{on: )(\d{4}-\d\d-\d\d)", re.MULTILINE)
_STANDING_CLOCK: Final = re.compile(r"^as_of:.*\n", re.MULTILINE)
_WALL_CLOCK: Final = "%Y-%m-%d %H:%M"
_QUARTER: Final = 15


def moved_settings(text: str) -> str:
    """Return the text of castoff.yaml with a clock that runs."""
    return _STANDING_CLOCK.sub("", text)


def moved_bookings(texts: Mapping[str, str], *, before: datetime, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """Return the texts of bookings, by file name, as far from `now` as they were from `before` (aware instants).

    Charters keep their time of day. Only one that had begun on the day of `before` moves by the exact distance, to the
    quarter of an hour, so that a charter which was under way still is.
    """
    return {name: _moved(text, before=before, now=now, zone=zone) for name, text in texts.items()}


def _moved(text: str, *, before: datetime, now: datetime, zone: ZoneInfo) -> str:
    days = now.astimezone(zone).date() - before.astimezone(zone).date()

    def start(match: re.Match[str]) -> str:
        starts = datetime.strptime(match[2], _WALL_CLOCK).replace(tzinfo=zone)
        under_way = starts.date() == before.astimezone(zone).date() and starts <= before
        there = _quarter(now - (before - starts)).astimezone(zone) if under_way else starts + days
        return match[1] + _once(there, zone).strftime(_WALL_CLOCK)

    def day(match: re.Match[str]) -> str:
        return match[1] + str(datetime.fromisoformat(match[2]).date() + days)

    return _CANCELLED.sub(day, _STARTS.sub(start, text))


def _quarter(instant: datetime) -> datetime:
    return instant.replace(minute=instant.minute - instant.minute % _QUARTER, second=0, microsecond=0)


def _once(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return a wall clock time that comes exactly once: an hour sooner where clocks change that night."""
    for hours in (0, -1, -2):
        candidate = (wall.replace(tzinfo=None) + timedelta(hours=hours)).replace(tzinfo=zone)
        skipped = candidate.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != candidate.replace(tzinfo=None)
        if not skipped and candidate.utcoffset() == candidate.replace(fold=1).utcoffset():
            return candidate
    return wall
