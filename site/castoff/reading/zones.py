"""Time zones and the wall clock at the dock: from the pinned tzdata package, so that every machine agrees on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped] # files, no code

_TZDATA = Path(tzdata.__file__).parent


@dataclass(frozen=True, slots=True)
class Skipped:
    """A wall-clock time that no clock shows that night: it jumps from `last` to `first`."""

    last: datetime
    first: datetime


@dataclass(frozen=True, slots=True)
class Twice:
    """A wall-clock time that comes twice that night."""

    earlier: datetime
    later: datetime


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every name that tzdata knows."""
    return frozenset((_TZDATA / "zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """Return the zone of that name, never the machine's own idea of it; raise KeyError for one that tzdata lacks."""
    if name not in zone_names():
        raise KeyError(name)
    with (_TZDATA / "zoneinfo" / name).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def resolve(wall: datetime, at: ZoneInfo) -> datetime | Skipped | Twice:
    """Return the one instant at which clocks in the zone show `wall`, or why there is not exactly one."""
    first, second = wall.replace(tzinfo=at), wall.replace(tzinfo=at, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return first
    if before > after:
        return Twice(first, second)
    jump = _change_between(first.astimezone(UTC) - (after - before), first.astimezone(UTC) + (after - before), at)
    return Skipped(last=(jump - timedelta(minutes=1)).astimezone(at), first=jump.astimezone(at))


def why_not_once(text: str, found: Skipped | Twice) -> str:
    """Return why a wall-clock time, as it was written, is not one instant."""
    if isinstance(found, Skipped):
        return f"`{text}` does not exist: clocks go from {found.last:%H:%M} to {found.first:%H:%M} that night"
    return f"`{text}` comes twice that night: {found.earlier.isoformat()} and {found.later.isoformat()}"


def later(instant: datetime, length: timedelta) -> datetime:
    """Return the instant `length` of real time after another, shown in the same zone: clocks may change in between."""
    return (instant.astimezone(UTC) + length).astimezone(instant.tzinfo)


def _change_between(low: datetime, high: datetime, at: ZoneInfo) -> datetime:
    """Return the first whole minute of the new offset; zones change on whole minutes since 1972."""
    old = low.astimezone(at).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(at).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high
