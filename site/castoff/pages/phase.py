"""Where a charter stands at an instant: pages word themselves by it, and change their bytes when it changes.

Instants are compared as seconds since the epoch: by its wall clock, the hour that comes twice in autumn is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import tzinfo

    from castoff.fleet.settings import Settings


class CharterPhase(StrEnum):
    """How far a charter is; a retired one has no pages any more."""

    BEFORE = "before"
    TODAY = "today"
    BOARDING = "boarding"
    UNDER_WAY = "under-way"
    OVER = "over"
    RETIRED = "retired"


class UploadPhase(StrEnum):
    """What a charter's pages say of sending photos: nothing, from when on, here is the form, or it is over.

    The form stands there before it is of use: a page must be good until the next publish, however late that runs.
    """

    NONE = "none"
    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """All that pages depend on beside files and target: how far the charter is, and sending its photos."""

    charter: CharterPhase
    photos: UploadPhase


class Times(Protocol):
    """All that a standing depends on, in the operator's zone: a charter has it, and so has its line on the board."""

    @property
    def boards(self) -> datetime:
        """When guests step aboard; no later than the start."""

    @property
    def starts(self) -> datetime:
        """When the charter begins."""

    @property
    def ends(self) -> datetime:
        """When it is over."""

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""


class Course(NamedTuple):
    """The instants at which something about a charter changes, in seconds since the epoch.

    `today` is the midnight before guests board, which may be the evening before the start. From `asks` on the form is
    in its pages, from `opens` on it is of use, at `closes` no longer.
    """

    zone: tzinfo | None
    cancelled: bool
    today: float
    boards: float
    starts: float
    ends: float
    retires: float
    asks: float
    opens: float
    closes: float

    def standing(self, as_of: datetime) -> Standing:
        """Return how things stand at an instant; each phase begins at its instant."""
        now = as_of.timestamp()
        return Standing(self._charter_phase(now), self._upload_phase(now))

    def next_change(self, as_of: datetime) -> datetime | None:
        """Return the next instant after `as_of` at which the standing changes, or None where it stays as it is."""
        now = as_of.timestamp()
        ahead = [instant for instant in self._changes if instant > now]
        return self.shown(min(ahead)) if ahead else None

    def one_of_each(self) -> tuple[datetime, ...]:
        """Return an instant in each standing that the charter comes to have, in order."""
        instants = sorted(set(self._changes))
        return tuple(map(self.shown, (instants[0] - 1, *instants)))

    def shown(self, instant: float) -> datetime:
        """Return an instant as the clock at the dock shows it."""
        return datetime.fromtimestamp(instant, self.zone)

    @property
    def _changes(self) -> tuple[float, ...]:
        own = (self.today, self.boards, self.starts, self.ends, self.retires)
        return own if self.cancelled else (*own, self.asks, self.closes)

    def _charter_phase(self, now: float) -> CharterPhase:
        if now < self.today:
            return CharterPhase.BEFORE
        if now < self.boards:
            return CharterPhase.TODAY
        if now < self.starts:
            return CharterPhase.BOARDING
        if now < self.ends:
            return CharterPhase.UNDER_WAY
        return CharterPhase.OVER if now < self.retires else CharterPhase.RETIRED

    def _upload_phase(self, now: float) -> UploadPhase:
        if self.cancelled or now >= self.retires:
            return UploadPhase.NONE
        if now < self.asks:
            return UploadPhase.BEFORE
        return UploadPhase.OPEN if now < self.closes else UploadPhase.CLOSED


def course_of(charter: Times, settings: Settings) -> Course:
    """Return the course of a charter: photos may be sent as long as settings say, and no longer than its pages stay."""
    uploads = settings.uploads
    midnight = datetime.combine(charter.boards.date(), time(), charter.boards.tzinfo)
    starts, ends = charter.starts.timestamp(), charter.ends.timestamp()
    retires = ends + _seconds(settings.retention.pages)
    opens = starts - _seconds(uploads.opens)
    return Course(
        zone=charter.starts.tzinfo,
        cancelled=charter.cancelled,
        today=midnight.timestamp(),
        boards=charter.boards.timestamp(),
        starts=starts,
        ends=ends,
        retires=retires,
        asks=opens - _seconds(uploads.next_run),
        opens=opens,
        closes=min(ends + _seconds(uploads.closes), retires),
    )


@lru_cache(maxsize=8)
def _seconds(length: timedelta) -> float:
    """Return a setting in seconds, worked out once: every booking asks for four of them."""
    return length.total_seconds()
