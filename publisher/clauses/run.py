"""One run of the contract against both services of a target: every clause told, everything taken away again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from publisher.clauses import calendar, crew_service
from publisher.clauses.clause import try_clauses
from publisher.clauses.crew_trial import NAME, CrewTrial, tidy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publisher.clauses.clause import Tried
    from publisher.clauses.reply import Asks

PREFIX: Final = "castoff-contract-"
"""How every booking begins that a run makes up: what is found later says by itself what it is."""


@dataclass(frozen=True, slots=True)
class Services:
    """Both services of a target, and the mark by which this run's traces are known."""

    crew: Asks
    calendar: Asks
    mark: str
    now: datetime


def run(services: Services, *, told: Callable[[Tried], None], left: Callable[[str], None], members: bool) -> None:
    """Try every clause and tell each; whatever happens, take away what was made, and say of what is left.

    `members` says whether a crew member may be made, at an address that no mail reaches.
    """
    booking, serial = f"{PREFIX}{services.mark}", int(services.now.timestamp())
    crew = CrewTrial(services.crew, booking, serial, services.now, members=members)
    entry = calendar.CalendarTrial(services.calendar, booking, serial)
    try:
        for tried in try_clauses(NAME, crew_service.CLAUSES, crew):
            told(tried)
        for tried in try_clauses(calendar.NAME, calendar.CLAUSES, entry):
            told(tried)
    finally:
        try:
            for words in chain(tidy(crew), calendar.tidy(entry)):
                left(words)
        except KeyboardInterrupt:
            left(f"what it made for booking `{booking}`, in part: taking it away was broken off")
            raise
