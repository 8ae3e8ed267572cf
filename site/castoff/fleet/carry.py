"""What one build hands to the next about a booking: its revision, the facts first told, and its line on the board.

The publisher stores it without understanding it. Building on the carry that a build emitted emits the same again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import Fields, canonical

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_KNOWN: Final = 32_768
"""Carries whose reading is kept: a preview builds on the same ones over and over."""


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
    """A booking's line on the operator's board; the ids let cross-checks see a booking that is not read again.

    `former` are the slugs that it had when it was published before, oldest first: guests still have those links.
    """

    status: str
    slug: str
    aliases: tuple[str, ...]
    former: tuple[str, ...]
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
        special = ("aliases", "former", "crew_ids", "guests")
        texts = {name: fields.text(name) for name in cls.__slots__ if name not in special}
        aliases, former, crew_ids = (fields.texts(name) for name in special[:3])
        return cls(**texts, aliases=aliases, former=former, crew_ids=crew_ids, guests=fields.integer("guests"))


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


def carried(facts: Facts, board: BoardRow, prior: Carry | None, *, lost: Collection[str] = ()) -> Carry:
    """Return what this build hands on, given what the last one did; `lost` are slugs that others have by now."""
    if prior is None:
        return Carry(revision=0, facts=facts, first=facts, board=_with_former(board, ()))
    revision = prior.revision + (facts != prior.facts)
    kept = (name for name in earlier_slugs(prior) if name not in (board.slug, *board.aliases, *lost))
    return Carry(revision=revision, facts=facts, first=prior.first, board=_with_former(board, tuple(kept)))


def earlier_slugs(prior: Carry) -> tuple[str, ...]:
    """Return the slugs that a booking has had up to the last build, oldest first."""
    return (*prior.board.former, prior.board.slug)


def _with_former(board: BoardRow, former: tuple[str, ...]) -> BoardRow:
    return board if board.former == former else replace(board, former=former)


def row_of(carry: Mapping[str, Any]) -> BoardRow:
    """Return the line on the board that a carry holds; raise DocumentError where this castoff cannot read it."""
    return _row_of(_Same(carry))


def text_of(carry: Mapping[str, Any]) -> str:
    """Return a carry as canonical JSON."""
    return _text_of(_Same(carry))


class _Same:
    """A carry, known again by being the very same: to compare two would take what is to be saved."""

    __slots__ = ("carry",)

    def __init__(self, carry: Mapping[str, Any]) -> None:
        self.carry = carry  # kept, so that its id stays its own

    def __hash__(self) -> int:
        return id(self.carry)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.carry is self.carry


@lru_cache(maxsize=_KNOWN)
def _row_of(same: _Same) -> BoardRow:
    return BoardRow.from_json(Fields(same.carry.get("board"), "carry"))


@lru_cache(maxsize=_KNOWN)
def _text_of(same: _Same) -> str:
    return canonical(same.carry)


def _plain(part: Facts | BoardRow) -> dict[str, Any]:
    """Return the fields as JSON has them; `dataclasses.asdict` copies deeply, and takes ten times as long."""
    values = {name: getattr(part, name) for name in part.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _part(fields: Fields, name: str) -> Fields:
    return Fields(fields.mapping(name), f"{fields.place}.{name}")
