"""The fleet: every charter with its vessel, dock, crew and instants, validated and cross-checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from castoff.fleet import content
from castoff.fleet.booking import parse_booking, start_of
from castoff.fleet.fitness import boards_before_crew, out_of_years, too_many_guests, wrong_roles
from castoff.fleet.model import Status
from castoff.fleet.overlaps import Use, overlaps, takes_part
from castoff.fleet.references import Names, booking_references, content_references
from castoff.fleet.settings import settings_of
from castoff.fleet.slugs import claims, default_slug, lost_to
from castoff.fleet.sources import LARGEST_TEXT, SETTINGS, booking_path, read_sources
from castoff.problems import Problem, in_order, stops
from castoff.reading.reader import decode
from castoff.reading.zones import later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from castoff.fleet.carry import BoardRow
    from castoff.fleet.content import Checklist, CrewMember, Dock, Snippet, Vessel
    from castoff.fleet.model import Booking
    from castoff.fleet.settings import Settings
    from castoff.fleet.sources import Sources
    from castoff.reading.conversion import Parsed
    from castoff.reading.reader import Document

    Reuse = Callable[[Settings], Mapping[str, BoardRow]]
    _Read = tuple[str, Booking | None, Document]
    """A booking's id by its file's name, what the file says if it is in order, and its fields."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Charter:
    """One booking with everything that it names: instants are aware, in the operator's zone."""

    booking: Booking
    slug: str
    vessel: Vessel
    dock: Dock
    captain: CrewMember
    crew: tuple[CrewMember, ...]
    starts: datetime
    ends: datetime
    boards: datetime
    calls: datetime

    @property
    def id(self) -> str:
        """The booking's id."""
        return self.booking.id

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.booking.status is Status.CANCELLED


@dataclass(frozen=True, slots=True)
class Fleet:
    """Everything an operator has: charters by booking id, content by file name.

    `names` says whose each id, slug and alias is; `reused` are the bookings that were not read again.
    """

    settings: Settings
    charters: tuple[Charter, ...]
    vessels: Mapping[str, Vessel]
    docks: Mapping[str, Dock]
    crew: Mapping[str, CrewMember]
    checklists: Mapping[str, Checklist]
    snippets: Mapping[str, Snippet]
    names: Mapping[str, str]
    reused: Mapping[str, BoardRow]


def load_project(root: Path) -> tuple[Fleet | None, tuple[Problem, ...]]:
    """Read a project's files and return the fleet, None where a problem stops it, and every problem."""
    return parse_project(read_sources(root))


def parse_project(sources: Sources, reuse: Reuse | None = None) -> tuple[Fleet | None, tuple[Problem, ...]]:
    """Return the fleet that the files describe, None where a problem stops it, and the problems of all files.

    `reuse` names, once settings are known, the bookings that need not be read: they take part in cross-checks by their
    line on the board, and have no charter.
    """
    return _Parsing(sources, reuse).fleet()


class _Parsing:
    """One reading of one project: the problems of all files are collected on the way."""

    def __init__(self, sources: Sources, reuse: Reuse | None) -> None:
        self._reuse = reuse
        self._reused: Mapping[str, BoardRow] = {}
        self._sources = sources
        self._names = Names.of(sources.content, sources.pictures)
        self._problems: list[Problem] = list(sources.problems)

    def fleet(self) -> tuple[Fleet | None, tuple[Problem, ...]]:
        """Return the fleet, where nothing stops it, and the problems in file order."""
        settings = self._settings()
        if settings is not None and self._reuse is not None:
            self._reused = self._reuse(settings)
        vessels = self._folder("vessels", content.parse_vessel)
        docks = self._folder("docks", content.parse_dock)
        crew = self._folder("crew", content.parse_crew_member)
        checklists = self._folder("checklists", content.parse_checklist)
        snippets = self._folder("guest", content.parse_snippet)
        bookings = self._bookings()
        names, taken = claims(_documents(bookings), ids=self._sources.bookings, reused=self._reused)
        self._problems += taken
        if settings is None:
            return None, in_order(self._problems)
        shelf = Fleet(settings, (), vessels, docks, crew, checklists, snippets, names, self._reused)
        charters = self._charters(bookings, shelf)
        problems = in_order(self._problems)
        return (None if stops(problems) else replace(shelf, charters=charters)), problems

    def _settings(self) -> Settings | None:
        if self._sources.settings is None:
            if any(problem.path == SETTINGS for problem in self._sources.problems):
                return None  # it is there, and cannot be read
            hint = "go to the folder that has it, or write one: `brand: {name: …}` and `timezone: …` are enough"
            self._problems.append(Problem(SETTINGS, 1, 1, "there is no castoff.yaml here", "no-project", hint))
            return None
        return self._noted(settings_of(self._sources.settings))

    def _folder(self, folder: str, parse: Callable[[str, str], Parsed[T]]) -> dict[str, T]:
        """Return what the files of one content folder describe, by id."""
        found: dict[str, T] = {}
        for path, body in self._sources.content.items():
            if path.startswith(f"content/{folder}/"):
                value = self._parsed(path, body, parse)
                if value is not None:
                    found[PurePosixPath(path).stem] = value
        return found

    def _parsed(self, path: str, body: bytes, parse: Callable[[str, str], Parsed[T]]) -> T | None:
        text = decode(body, path, largest=LARGEST_TEXT)
        if isinstance(text, Problem):
            self._problems.append(text)
            return None
        return self._noted(parse(text, path))

    def _noted(self, parsed: Parsed[T]) -> T | None:
        """Return what a file says, its problems noted with those of the names in it."""
        self._problems += parsed.problems
        if parsed.document is not None:
            self._problems += content_references(parsed.document, self._names)
        return parsed.value

    def _bookings(self) -> list[_Read]:
        """Return every booking that could be read, whether or not it is in order by itself.

        One that was to be reused is read after all where another has taken a slug that used to lead to it.
        """
        ids = self._sources.bookings
        found = self._read(booking for booking in ids if booking not in self._reused)
        lost = lost_to(_documents(found), ids=ids, reused=self._reused)
        if not lost:
            return found
        self._reused = {booking: row for booking, row in self._reused.items() if booking not in lost}
        return sorted(found + self._read(sorted(lost)), key=itemgetter(0))

    def _read(self, bookings: Iterable[str]) -> list[_Read]:
        found: list[_Read] = []
        for booking in bookings:
            body = self._sources.bookings[booking]
            path = booking_path(booking)
            text = decode(body, path)
            if isinstance(text, Problem):
                self._problems.append(text)
                continue
            parsed = parse_booking(text, path)
            self._problems += parsed.problems
            if parsed.document is not None:
                self._problems += booking_references(parsed.document, self._names)
                found.append((booking, parsed.value, parsed.document))
        return found

    def _charters(self, bookings: Iterable[_Read], shelf: Fleet) -> tuple[Charter, ...]:
        charters: list[Charter] = []
        uses = [use for booking, row in self._reused.items() for use in _uses_of_row(booking, row)]
        for _, booking, document in bookings:
            starts = start_of(document, shelf.settings.zone)
            if isinstance(starts, Problem):
                self._problems.append(starts)
            elif booking is not None and starts is not None:
                charter = self._charter(booking, document, shelf, starts=starts)
                if charter is not None:
                    charters.append(charter)
                    uses += _uses(charter, document)
        turnarounds = {
            vessel.id: shelf.settings.turnaround if vessel.turnaround is None else vessel.turnaround
            for vessel in shelf.vessels.values()
        }
        self._problems += overlaps(uses, turnarounds)
        return tuple(charters)

    def _charter(self, booking: Booking, document: Document, shelf: Fleet, *, starts: datetime) -> Charter | None:
        """Return the charter of a booking, or None where something that it names is missing or in disorder."""
        vessel, dock = shelf.vessels.get(booking.vessel), shelf.docks.get(booking.dock)
        captain = shelf.crew.get(booking.captain)
        crew = tuple(shelf.crew[member] for member in booking.crew if member in shelf.crew)
        if vessel is None or dock is None or captain is None or len(crew) < len(booking.crew):
            return None
        self._problems += too_many_guests(booking, document, vessel=vessel, captain=captain)
        self._problems += wrong_roles(document, captain=captain, crew=crew)
        self._problems += boards_before_crew(booking, document, vessel=vessel)
        charter = Charter(
            booking=booking,
            slug=booking.slug or default_slug(booking.vessel, booking.id),
            vessel=vessel,
            dock=dock,
            captain=captain,
            crew=crew,
            starts=starts,
            ends=later(starts, booking.duration),
            boards=later(starts, -(vessel.boarding if booking.boarding is None else booking.boarding)),
            calls=later(starts, -(vessel.crew_call if booking.crew_call is None else booking.crew_call)),
        )
        self._problems += out_of_years(document, charter.boards, charter.calls, charter.ends)
        return charter


def _documents(bookings: Iterable[_Read]) -> list[tuple[str, Document]]:
    return [(booking, document) for booking, _, document in bookings]


def _uses(charter: Charter, document: Document) -> list[Use]:
    """Return what a charter keeps for itself: its vessel, its captain, its crew; a draft keeps nothing."""
    booking = charter.booking
    if not takes_part(booking.status):
        return []
    taken: list[tuple[str, tuple[str | int, ...]]] = [
        (booking.vessel, ("vessel",)),
        (booking.captain, ("captain",)),
        *((member, ("crew", index)) for index, member in enumerate(booking.crew)),
    ]
    return [Use(name, charter.starts, charter.ends, booking.id, document, steps) for name, steps in taken]


def _uses_of_row(booking: str, row: BoardRow) -> list[Use]:
    """Return what a booking that was not read again keeps for itself."""
    if not takes_part(Status(row.status)):
        return []
    starts, ends = datetime.fromisoformat(row.starts), datetime.fromisoformat(row.ends)
    people = (row.captain_id, *row.crew_ids)
    return [
        Use(row.vessel_id, starts, ends, booking, None, ("vessel",)),
        *(Use(person, starts, ends, booking, None, ("crew",)) for person in people),
    ]
