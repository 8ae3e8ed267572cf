"""Where a charter stands at an instant: pages word themselves by it, and change their bytes when it changes."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from castoff.fleet.settings import Settings


class CharterPhase(StrEnum):
    """How far a charter is; a retired one has no pages any more."""

    BEFORE = "before"
    TODAY = "today"
    UNDER_WAY = "under-way"
    OVER = "over"
    RETIRED = "retired"


class Times(Protocol):
    """All that a phase depends on, in the operator's zone: a charter has it, and so has its line on the board."""

    @property
    def starts(self) -> datetime:
        """When the charter begins."""

    @property
    def ends(self) -> datetime:
        """When it is over."""


def changes(charter: Times, settings: Settings) -> tuple[tuple[datetime, CharterPhase], ...]:
    """Return the instants at which the charter enters each phase after the first, in order."""
    midnight = datetime.combine(charter.starts.date(), time(), charter.starts.tzinfo)
    return (
        (midnight, CharterPhase.TODAY),
        (charter.starts, CharterPhase.UNDER_WAY),
        (charter.ends, CharterPhase.OVER),
        (charter.ends + settings.retention.pages, CharterPhase.RETIRED),
    )


def phase_at(charter: Times, settings: Settings, as_of: datetime) -> CharterPhase:
    """Return the phase at the instant `as_of`; each begins at its instant."""
    phase = CharterPhase.BEFORE
    for instant, entered in changes(charter, settings):
        if instant <= as_of:
            phase = entered
    return phase


def next_change(charter: Times, settings: Settings, as_of: datetime) -> datetime | None:
    """Return the next instant after `as_of` at which the phase changes, or None where it stays retired."""
    return min((instant for instant, _ in changes(charter, settings) if instant > as_of), default=None)
