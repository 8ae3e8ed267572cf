"""What bookings are held against: the settings, and what content files describe, by the name of the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from castoff.fleet import content
from castoff.fleet.references import Names, content_references, with_names
from castoff.fleet.settings import settings_of
from castoff.fleet.sources import LARGEST_TEXT, SETTINGS
from castoff.fleet.whereabouts import far_from_zone
from castoff.problems import Problem
from castoff.reading.reader import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from castoff.fleet.content import Checklist, CrewMember, Dock, Snippet, Vessel
    from castoff.fleet.settings import Settings
    from castoff.fleet.sources import Sources
    from castoff.reading.conversion import Parsed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything but bookings that is in order; `settings` are None where they are not.

    `names` are those of all files, in order or not, so that a booking is not blamed for naming a broken one.
    """

    settings: Settings | None
    vessels: Mapping[str, Vessel]
    docks: Mapping[str, Dock]
    crew: Mapping[str, CrewMember]
    checklists: Mapping[str, Checklist]
    snippets: Mapping[str, Snippet]
    names: Names
    problems: tuple[Problem, ...]


def parse_shelf(sources: Sources) -> Shelf:
    """Return what settings and content describe, with every problem of theirs."""
    return _Parsing(sources).shelf()


class _Parsing:
    """One reading of one project's settings and content: the problems of all files are collected on the way."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._names = Names.of(sources.content, sources.pictures)
        self._problems: list[Problem] = list(sources.problems)

    def shelf(self) -> Shelf:
        """Read it all: settings first, since their problems are told first."""
        settings = self._settings()
        zone = None if settings is None else settings.zone
        return Shelf(
            settings=settings,
            vessels=self._folder("vessels", content.parse_vessel),
            docks=self._folder("docks", lambda text, path: self._dock(text, path, zone)),
            crew=self._folder("crew", content.parse_crew_member),
            checklists=self._folder("checklists", content.parse_checklist),
            snippets=self._folder("guest", content.parse_snippet),
            names=self._names,
            problems=tuple(self._problems),
        )

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

    def _dock(self, text: str, path: str, zone: ZoneInfo | None) -> Parsed[Dock]:
        """Return a dock, held against the clocks that charters go by."""
        parsed = content.parse_dock(text, path)
        if zone is None or parsed.value is None or parsed.value.location is None or parsed.document is None:
            return parsed
        return replace(
            parsed, problems=[*parsed.problems, *far_from_zone(parsed.document, parsed.value.location, zone)]
        )

    def _parsed(self, path: str, body: bytes, parse: Callable[[str, str], Parsed[T]]) -> T | None:
        text = decode(body, path, largest=LARGEST_TEXT)
        if isinstance(text, Problem):
            self._problems.append(text)
            return None
        return self._noted(parse(text, path))

    def _noted(self, parsed: Parsed[T]) -> T | None:
        """Return what a file says, its problems noted with those of the names in it."""
        if parsed.document is None:
            self._problems += parsed.problems
        else:
            self._problems += with_names(parsed.problems, parsed.document, self._names)
            self._problems += content_references(parsed.document, self._names)
        return parsed.value
