"""Drafts: what was said of a charter that has no file yet, the file that it would be, and what is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from castoff.fleet.carry import BoardRow
from castoff.fleet.charters import parse_project
from castoff.fleet.guessing import guess
from castoff.fleet.model import Booking, Status
from castoff.fleet.sources import booking_path
from castoff.reading.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from castoff.fleet.charter import Charter
    from castoff.fleet.charters import Fleet
    from castoff.fleet.sources import Sources
    from castoff.problems import Problem

    Said = Mapping[str, str | tuple[str, ...]]
    """What was said, by the field that it is for; `count` and `lead` are those of the guests."""

SIGNS: Final = "bcdfghjkmnpqrstvwxz23456789"
"""What ids are drawn from: no vowel, so that none spells a word, and nothing that is taken for another sign."""
SCHEMA: Final = "# yaml-language-server: $schema=../schema/booking.json"

_LENGTH: Final = 7
_GUESTS: Final = ("count", "lead")
_FIELDS: Final = tuple(
    part for field in Booking.model_fields for part in (_GUESTS if field == "guests" else (field,)) if part != "id"
)
_NAME: Final = re.compile(r"[a-z0-9-]*[a-z0-9]")
_BARE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NOT_TEXT: Final = frozenset({"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"})
"""Words that another YAML reader, such as an editor's, takes for something else than text."""
_STAND_INS: Final = {
    "source": "direct",
    "status": Status.CONFIRMED.value,
    "starts": "2000-01-02 12:00",
    "duration": "3h",
    "count": "1",
    "lead": "Guest",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A booking's file before it is one: its id, its text, and the field that each line belongs to."""

    booking: str
    text: str
    fields: tuple[str, ...]

    @property
    def body(self) -> bytes:
        """The bytes of the file; what came in as no text at all stays what it was, and is refused as that."""
        return self.text.encode("utf-8", "surrogateescape")

    def field_of(self, problem: Problem) -> str:
        """Return the field that a problem is with."""
        return self.fields[min(problem.line, len(self.fields)) - 1]


def draft(booking: str, said: Said) -> Draft:
    """Return a booking's file as a person would write it: fields in their order, and only what was said."""
    lines, fields = [SCHEMA, f"id: {booking}"], ["id", "id"]
    for field in _FIELDS:
        value = said.get(field)
        if not value:
            continue
        written = f"{field}: {_flow(value) if isinstance(value, tuple) else scalar(value)}"
        if field in _GUESTS:
            written = "\n".join(f"  {line}".rstrip() for line in written.split("\n"))
            if "guests:" not in lines:
                lines, fields = [*lines, "guests:"], [*fields, field]
        lines.append(written)
        fields += [field] * (1 + written.count("\n"))
    return Draft(booking, "\n".join(lines) + "\n", tuple(fields))


def scalar(text: str) -> str:
    """Return a text as YAML has it, in quotes only where it would be read as something else without them."""
    block = "|\n" + "\n".join(f"  {line}".rstrip() for line in text.split("\n"))
    plain = "" if text.lower() in _NOT_TEXT else text
    quoted = "'" + text.replace("'", "''") + "'"
    ways = [block] if "\n" in text else [plain, quoted]
    return next((way for way in ways if way and _reads_as(way, text)), _escaped(text))


def draw_id(choose: Callable[[str], str], *, taken: Collection[str], facts: Mapping[str, str]) -> str:
    """Return an id that nobody guesses who knows the facts, drawn sign by sign by `choose`, and not taken."""
    while True:
        drawn = "".join(choose(SIGNS) for _ in range(_LENGTH))
        if drawn not in taken and not guess(drawn, facts).easy:
            return drawn


def problems_with(drafted: Draft, sources: Sources, fleet: Fleet) -> list[Problem]:
    """Return what is wrong with a booking among all others, as `castoff check` says it once the file is there."""
    bookings = {**sources.bookings, drafted.booking: drafted.body}
    rows = {charter.id: _row(charter) for charter in fleet.charters}
    _, problems = parse_project(replace(sources, bookings=bookings), lambda _: rows)
    return [problem for problem in problems if problem.path == booking_path(drafted.booking)]


def problems_so_far(said: Said, sources: Sources, fleet: Fleet) -> list[tuple[str, Problem]]:
    """Return what is wrong with what was said already, each with its field; whatever is still to be said is in order.

    Other bookings are left out: whether vessel, people and slug are free shows when all is said.
    """
    names = {"vessel": fleet.vessels, "dock": fleet.docks, "captain": fleet.crew}
    stand_ins = _STAND_INS | {field: next(iter(known), "none") for field, known in names.items()}
    drafted = draft(_LENGTH * "0", {**stand_ins, **said})
    found = problems_with(drafted, replace(sources, bookings={}), replace(fleet, charters=()))
    fields = ((drafted.field_of(problem), problem) for problem in found)
    return [(field, problem) for field, problem in fields if field in said]


def _escaped(text: str) -> str:
    """Return a text in double quotes: as JSON has it, but for signs that YAML takes for the end of a line."""
    return _BARE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))


def _flow(names: tuple[str, ...]) -> str:
    """Return a list on one line; what cannot be a name stays what it is, to be refused as that."""
    return f"[{', '.join(name if _NAME.fullmatch(name) else json.dumps(name) for name in names)}]"


def _reads_as(way: str, text: str) -> bool:
    try:
        document, problems = read(f"text: {way}\n", "")
    except UnicodeEncodeError:  # no text at all, but bytes that a terminal sent
        return False
    found = None if document is None or problems else document.fields.values
    return found in ({"text": text}, {"text": f"{text}\n"})


def _row(charter: Charter) -> BoardRow:
    """Return what cross-checks need to know of a charter that is in order already."""
    booking = charter.booking
    return BoardRow(
        status=booking.status.value,
        slug=charter.slug,
        aliases=booking.aliases,
        former=(),
        vessel=charter.vessel.name,
        vessel_id=booking.vessel,
        captain=charter.captain.name,
        captain_id=booking.captain,
        crew_ids=booking.crew,
        dock=charter.dock.name,
        lead="",
        guests=booking.guests.count,
        boards=charter.boards.isoformat(),
        calls=charter.calls.isoformat(),
        starts=charter.starts.isoformat(),
        ends=charter.ends.isoformat(),
    )
