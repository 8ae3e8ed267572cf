"""One vessel in two places at once: entries of a vessel that overlap in time. Pure."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from castoff.contract.calendar import Status
from lambdas.dashboard.entry import status_of

MOST = 20
"""Conflicts told of one entry: whoever has more of them has seen enough."""

Span = tuple[datetime, datetime, str]


def find_conflicts(facts: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> dict[str, tuple[str, ...]]:
    """Return for each booking in conflict the others, at most twenty, by id; what is cancelled is in nobody's way.

    An entry without times takes its whole day, as the feed shows it; one that ends as another begins leaves it room.
    """
    spans: dict[str, list[Span]] = defaultdict(list)
    for entry in facts:
        if entry.get("vessel") and status_of(entry) is not Status.CANCELLED:
            spans[_name(entry["vessel"])].append((*_span(entry, zone), entry["booking_id"]))
    found: dict[str, tuple[str, ...]] = {}
    for of_vessel in spans.values():
        found |= _overlaps(sorted(of_vessel))
    return found


def _overlaps(spans: Sequence[Span]) -> dict[str, tuple[str, ...]]:
    """Return what overlaps among spans in the order of their starts.

    Time grows with the spans, not with the pairs: each looks at twenty that are under way and twenty that follow.
    """
    found: dict[str, tuple[str, ...]] = {}
    under_way: list[tuple[datetime, str]] = []
    for index, (starts, ends, booking) in enumerate(spans):
        while under_way and under_way[0][0] <= starts:
            heapq.heappop(under_way)
        others = {other for _, other in under_way[:MOST]}
        for later_starts, _, other in spans[index + 1 : index + 1 + MOST]:
            if later_starts >= ends:
                break
            others.add(other)
        others.discard(booking)
        if others:
            found[booking] = tuple(sorted(others)[:MOST])
        heapq.heappush(under_way, (ends, booking))
    return found


def _span(entry: Mapping[str, Any], zone: ZoneInfo) -> tuple[datetime, datetime]:
    if "starts" in entry and "ends" in entry:
        return datetime.fromisoformat(entry["starts"]), datetime.fromisoformat(entry["ends"])
    day = date.fromisoformat(entry["date"])
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _name(vessel: str) -> str:
    """Return a vessel's name as people tell vessels apart: `Jada` is `jada `."""
    return " ".join(vessel.split()).casefold()
