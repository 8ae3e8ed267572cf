"""What one build hands to the next about a booking: its revision, the facts first told, and its line on the board.

The publisher stores it without understanding it. Building on the carry that a build emitted emits the same again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from castoff.contract.document import Fields


@dataclass(frozen=True, slots=True)
class Facts:
    """What people rely on: instants as ISO 8601 with offset, the dock by its name."""

    status: str
    starts: str
    ends: str
    boards: str
    calls: str
    dock: str

    @classmethod
    def from_json(cls, fields: Fields) -> Facts:
        """Read the JSON form."""
        return cls(**{name: fields.text(name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A booking's line on the operator's board; the ids let cross-checks see a booking that is not read again."""

    status: str
    slug: str
    aliases: tuple[str, ...]
    vessel: str
    vessel_id: str
    captain: str
    captain_id: str
    crew_ids: tuple[str, ...]
    dock: str
    lead: str
    guests: int
    calls: str
    starts: str
    ends: str

    @classmethod
    def from_json(cls, fields: Fields) -> BoardRow:
        """Read the JSON form."""
        special = ("aliases", "crew_ids", "guests")
        texts = {name: fields.text(name) for name in cls.__slots__ if name not in special}
        aliases, crew_ids = fields.texts("aliases"), fields.texts("crew_ids")
        return cls(**texts, aliases=aliases, crew_ids=crew_ids, guests=fields.integer("guests"))


@dataclass(frozen=True, slots=True)
class Carry:
    """All of it; `revision` counts how often the facts changed since they were first published."""

    revision: int
    facts: Facts
    first: Facts
    board: BoardRow

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "revision": self.revision,
            "facts": _plain(self.facts),
            "first": _plain(self.first),
            "board": _plain(self.board),
        }

    @classmethod
    def from_json(cls, fields: Fields) -> Carry:
        """Read the JSON form; raise DocumentError where this castoff cannot read it."""
        return cls(
            revision=fields.integer("revision"),
            facts=Facts.from_json(_part(fields, "facts")),
            first=Facts.from_json(_part(fields, "first")),
            board=BoardRow.from_json(_part(fields, "board")),
        )


def carried(facts: Facts, board: BoardRow, prior: Carry | None) -> Carry:
    """Return what this build hands on, given what the last one did."""
    if prior is None:
        return Carry(revision=0, facts=facts, first=facts, board=board)
    revision = prior.revision + (facts != prior.facts)
    return Carry(revision=revision, facts=facts, first=prior.first, board=board)


def _plain(part: Facts | BoardRow) -> dict[str, Any]:
    """Return the fields as JSON has them; `dataclasses.asdict` copies deeply, and takes ten times as long."""
    values = {name: getattr(part, name) for name in part.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _part(fields: Fields, name: str) -> Fields:
    return Fields(fields.mapping(name), f"{fields.place}.{name}")
