"""One vessel, or one person, in two charters at once, or with too little time between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from castoff.fleet.model import Status
from castoff.fleet.sources import booking_path
from castoff.reading.forms import in_words
from castoff.reading.zones import later

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from castoff.problems import Problem
    from castoff.reading.reader import Document

    Steps = tuple[str | int, ...]

_CLOCK: Final = "%Y-%m-%d %H:%M"
_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Use:
    """A vessel or a person in one charter; `document` is None for a booking that was not read again."""

    name: str
    starts: datetime
    ends: datetime
    booking: str
    document: Document | None
    steps: Steps

    @property
    def resource(self) -> tuple[bool, str]:
        """What is used: a vessel and a person may have one name."""
        return self.steps[0] == "vessel", self.name


def overlaps(uses: Iterable[Use], rest: Mapping[str, timedelta]) -> list[Problem]:
    """Return a problem for each use that begins before the one before it has ended, and `rest` of it has passed.

    Sorted once, and each compared with the one that lasts longest so far: linear but for the sorting.
    """
    latest: dict[tuple[bool, str], Use] = {}
    problems: list[Problem] = []
    for use in sorted(uses, key=lambda use: (use.starts.timestamp(), use.booking)):
        before = latest.get(use.resource)
        if before is None or use.ends > before.ends:
            latest[use.resource] = use
        if before is None or before.booking == use.booking:
            continue
        needed = rest.get(use.name, _NONE) if use.steps[0] == "vessel" else _NONE
        if use.starts < later(before.ends, needed):
            problems += _overlap(before, use, needed)
    return problems


def takes_part(status: Status) -> bool:
    """Tell whether a booking of that status keeps vessel and crew for itself."""
    return status in (Status.HOLD, Status.CONFIRMED)


def _overlap(before: Use, use: Use, needed: timedelta) -> list[Problem]:
    at, other = (use, before) if use.document is not None else (before, use)
    if at.document is None:
        return []
    if use.starts < before.ends:
        words = (
            f"`{use.name}` is in two charters at once: {booking_path(other.booking)} "
            f"goes from {other.starts.strftime(_CLOCK)} to {other.ends.strftime(_CLOCK)}"
        )
        rule, hint = "double-booked", f"choose another {_thing(at)}, or another time"
    else:
        gap = in_words(use.starts - before.ends)
        there = booking_path(other.booking)
        words = f"`{use.name}` has {gap} between this charter and {there}, and needs {in_words(needed)}"
        soonest, latest = later(before.ends, needed), later(use.starts, -needed)
        when = f"start no sooner than {soonest:{_CLOCK}}" if at is use else f"end by {latest:{_CLOCK}}"
        rule, hint = "short-turnaround", f"{when}, or choose another vessel"
    return [at.document.problem(*at.steps, words=words, rule=rule, hint=hint)]


def _thing(use: Use) -> str:
    return "crew member" if use.steps[0] == "crew" else str(use.steps[0])
