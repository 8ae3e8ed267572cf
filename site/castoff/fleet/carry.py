"""What one build hands to the next about a booking: its revision, the facts first told, and its line on the board.

The publisher stores it without understanding it. Building on the carry that a build emitted emits the same again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import DocumentError, Fields
from castoff.fleet.model import Status
from castoff.reading.patterns import SLUG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_KNOWN: Final = 32_768
"""Carries whose reading is kept: a preview builds on the same ones over and over."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What people rely on: instants as ISO 8601 with offset, dock and vessel by their names."""

    status: str
    starts: str
    ends: str
    boards: str
    calls: str
    dock: str
    vessel: str

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
    boards: str
    calls: str
    starts: str
    ends: str

    @classmethod
    def from_json(cls, fields: Fields) -> BoardRow:
        """Read the JSON form; what is to be part of an address has to be fit for one."""
        special = ("aliases", "former", "crew_ids", "guests")
        texts = {name: fields.text(name) for name in cls.__slots__ if name not in special}
        aliases, former, crew_ids = (fields.texts(name) for name in special[:3])
        row = cls(**texts, aliases=aliases, former=former, crew_ids=crew_ids, guests=fields.integer("guests"))
        return _checked(row)

    @classmethod
    def of(cls, fields: Iterable[Any]) -> BoardRow:
        """Return a row of the values of its fields, in their order; JSON has lists for tuples."""
        values: list[Any] = [tuple(value) if type(value) is list else value for value in fields]
        return cls(*values)

    def fields(self) -> list[Any]:
        """Return the values of the fields, in their order."""
        return list(_ROW_FIELDS(self))


@dataclass(frozen=True, slots=True)
class Carry:
    """All of it; `revision` counts how often facts or calendar changed since they were first published.

    `calendar` is a digest of what the calendar files say; None where an older castoff handed on none.
    """

    revision: int
    facts: Facts
    first: Facts
    board: BoardRow
    calendar: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "revision": self.revision,
            "facts": _plain(self.facts),
            "first": _plain(self.first),
            "board": _plain(self.board),
            "calendar": self.calendar,
        }

    @classmethod
    def from_json(cls, fields: Fields) -> Carry:
        """Read the JSON form; raise DocumentError where this castoff cannot read it."""
        facts = Facts.from_json(_part(fields, "facts"))
        board = {"boards": facts.boards, **fields.mapping("board")}  # which an older castoff left out
        return cls(
            revision=fields.integer("revision"),
            facts=facts,
            first=Facts.from_json(_part(fields, "first")),
            board=BoardRow.from_json(Fields(board, f"{fields.place}.board")),
            calendar=fields.optional_text("calendar"),
        )


def carried(
    facts: Facts, board: BoardRow, prior: Carry | None, *, calendar: str | None, lost: Collection[str] = ()
) -> Carry:
    """Return what this build hands on, given what the last one did; `lost` are slugs that others have by now."""
    if prior is None:
        return Carry(0, facts, facts, _with_former(board, ()), calendar)
    revised = facts != prior.facts or prior.calendar not in {None, calendar}
    kept = (name for name in earlier_slugs(prior) if name not in (board.slug, *board.aliases, *lost))
    return Carry(prior.revision + revised, facts, prior.first, _with_former(board, tuple(kept)), calendar)


def earlier_slugs(prior: Carry) -> tuple[str, ...]:
    """Return the slugs that a booking has had up to the last build, oldest first."""
    return (*prior.board.former, prior.board.slug)


def _with_former(board: BoardRow, former: tuple[str, ...]) -> BoardRow:
    return board if board.former == former else replace(board, former=former)


def row_of(carry: Mapping[str, Any]) -> BoardRow:
    """Return the line on the board that a carry holds; raise DocumentError where this castoff cannot read it."""
    return _row_of(_Same(carry))


def boards_of(carry: Mapping[str, Any]) -> str:
    """Return when guests board; raise DocumentError where this castoff cannot read it."""
    try:
        return _text(carry["facts"]["boards"])
    except (KeyError, TypeError) as error:
        raise DocumentError("carry: it has no `boards`") from error


def told_of(carry: Mapping[str, Any]) -> str:
    """Return what a carry remembers, and what others rely on while its booking is not read; no two alike.

    Raises DocumentError where this castoff cannot read it, or an older one said nothing of the calendar: a booking that
    stood on that would go on without.
    """
    try:
        _text(carry["calendar"])
        return repr((carry["revision"], _FACTS(carry["first"]), _FACTS(carry["facts"]), _ROW(carry["board"])))
    except (KeyError, TypeError) as error:
        raise DocumentError("carry: it was written in another form") from error


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
    """Return the row, its kinds looked at all at once: field by field, ten thousand rows take a quarter of a second."""
    try:
        values = _ROW(same.carry["board"])
    except (KeyError, TypeError) as error:
        raise DocumentError("carry: the line on the board is not whole") from error
    if tuple(map(type, values)) != _KINDS:
        return BoardRow.from_json(Fields(same.carry["board"], "carry"))
    return _checked(BoardRow.of([*map(_text, value)] if type(value) is list else value for value in values))


def _checked(row: BoardRow) -> BoardRow:
    """Return a row that another build wrote, once its names are fit for an address, and its status is one."""
    if row.status not in _STATUSES:
        raise DocumentError(f"carry: there is no status `{row.status}`")
    for name in (row.slug, *row.aliases, *row.former):
        if _SLUG.match(name) is None:
            raise DocumentError("carry: a slug is none")
    return row


_SLUG: Final = re.compile(SLUG.removesuffix("$") + r"\Z")
_STATUSES: Final = frozenset(map(str, Status))
_FACTS: Final = itemgetter(*Facts.__slots__)
_ROW_FIELDS: Final = attrgetter(*BoardRow.__slots__)
_ROW: Final = itemgetter(*BoardRow.__slots__)
_LISTS: Final = ("aliases", "former", "crew_ids")
_KINDS: Final = tuple(list if name in _LISTS else int if name == "guests" else str for name in BoardRow.__slots__)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise DocumentError("carry must hold strings")
    return value


def _plain(part: Facts | BoardRow) -> dict[str, Any]:
    """Return the fields as JSON has them; `dataclasses.asdict` copies deeply, and takes ten times as long."""
    values = {name: getattr(part, name) for name in part.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _part(fields: Fields, name: str) -> Fields:
    return Fields(fields.mapping(name), f"{fields.place}.{name}")
