"""A season that is edited faster than it is published: bookings as they stand after each commit.

No edit of a booking says what another said before: each has a minute of its own to sail at, so that a mail tells which
change it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from support.projects import in_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from support.projects import Project

CAPTAIN: Final = "captain-001"
_CREWS: Final = (("crew-001",), ("crew-002",), ("crew-001", "crew-002"))
_DOCKS: Final = ("sheraton-marina", "shelter-island", "harbor-steps")
_CALLED_OFF: Final = "cancelled: {on: 2024-05-28, why: weather, words: We will call you about new dates.}\n"
_STANDING: Final = 3
"""Bookings that stay; one more comes with each round, and goes with the next."""


@dataclass(frozen=True, slots=True)
class Charter:
    """A booking as one commit has it."""

    id: str
    day: int
    minute: int = 0
    crew: tuple[str, ...] = _CREWS[0]
    dock: str = _DOCKS[0]
    sails: bool = True

    @property
    def starts(self) -> datetime:
        """When it starts."""
        return in_days(self.day, hour=9) + timedelta(minutes=self.minute)

    @property
    def day_words(self) -> str:
        """Its day as a mail's subject has it."""
        return f", {self.starts:%a, %b} {self.starts.day}, "

    @property
    def call(self) -> str:
        """When its crew is called, as a mail's subject ends."""
        return f"{self.starts - timedelta(hours=1):%-I:%M %p}".replace(":00 ", " ")

    @property
    def members(self) -> tuple[str, ...]:
        """Who sails it."""
        return (CAPTAIN, *self.crew)


@dataclass(slots=True)
class Season:
    """The bookings of a project, edited and committed at random; `gone` are those whose file was removed."""

    project: Project
    random: Random
    charters: dict[str, Charter] = field(default_factory=dict)
    gone: dict[str, Charter] = field(default_factory=dict)
    _days: Iterator[int] = field(default_factory=lambda: count(30))
    _rounds: Iterator[int] = field(default_factory=count)
    _last: dict[str, int] = field(default_factory=dict)

    def open(self) -> str:
        """Book what stays, and return the commit."""
        for number in range(_STANDING):
            self.book(f"stays{number:02}")
        return self.project.commit()

    def commits(self, number: int) -> list[str]:
        """Make commits one after another: one books a charter, one removes an earlier one, each edits another."""
        of_round = f"new{next(self._rounds):04}"
        books, removes = self.random.randrange(number), self.random.randrange(number)
        return [self._commit(of_round if at == books else None, removes=at == removes) for at in range(number)]

    def book(self, booking: str) -> None:
        """Write a new booking on a day of its own, or one that was removed as it sails now."""
        self.write(self.gone.pop(booking) if booking in self.gone else Charter(booking, next(self._days)))

    def remove(self, booking: str) -> None:
        """Remove a booking's file."""
        (self.project.root / "bookings" / f"{booking}.yaml").unlink()
        self.gone[booking] = self.charters.pop(booking)

    def move(self, booking: str, **fields: Any) -> None:
        """Let a charter sail at a minute at which it never did before, some of it different."""
        minute = self._last[booking] + 1
        self.write(replace(self.charters[booking], **{"minute": minute, "sails": True} | fields))

    def write(self, charter: Charter) -> None:
        """Write a booking's file."""
        self.charters[charter.id] = charter
        self._last[charter.id] = charter.minute
        self.project.book(
            charter.id,
            days=charter.day,
            starts=charter.starts,
            crew=", ".join(charter.crew),
            dock=charter.dock,
            status="confirmed" if charter.sails else "cancelled",
            also="" if charter.sails else _CALLED_OFF,
        )

    def _commit(self, booked: str | None, *, removes: bool) -> str:
        earlier = [key for key in self.charters if key.startswith("new")]
        if removes and earlier:
            self.remove(earlier[0])
        if booked is not None:
            self.book(booked)
        self._edit(self.random.choice(sorted(self.charters)))
        return self.project.commit()

    def _edit(self, booking: str) -> None:
        charter, random = self.charters[booking], self.random
        if charter.sails and random.random() < 0.2:
            self.write(replace(charter, sails=False))
            return
        crew = random.choice(_CREWS) if random.randrange(3) == 0 else charter.crew
        dock = random.choice(_DOCKS) if random.randrange(3) == 0 else charter.dock
        self.move(booking, crew=crew, dock=dock)
