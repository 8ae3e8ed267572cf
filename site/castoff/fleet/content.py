"""What an operator writes once: vessels, docks, crew, checklists and snippets, Markdown with front matter."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TypeVar

from castoff.fleet.model import Record
from castoff.problems import Problem
from castoff.reading import kinds  # noqa: TC001 - Pydantic reads the annotations
from castoff.reading.bodies import Item, items, to_html
from castoff.reading.conversion import Parsed, convert, with_more
from castoff.reading.front_matter import read_front_matter
from castoff.reading.limits import LONGEST_MEMBER_ID


class Phase(StrEnum):
    """When a checklist is worked through."""

    PREPARE = "prepare"
    BRIEFING = "briefing"
    UNDERWAY = "underway"
    RETURN = "return"


class Role(StrEnum):
    """What a crew member does; ops sees the board."""

    CAPTAIN = "captain"
    CREW = "crew"
    OPS = "ops"


class Location(Record):
    """Where a dock is, in degrees."""

    lat: kinds.Latitude
    lon: kinds.Longitude


class Licence(Record):
    """What a captain may carry, as the operator says; never legal advice."""

    passengers: kinds.Count


class _Vessel(Record):
    name: kinds.Line
    capacity: kinds.Count
    boarding: kinds.Duration = timedelta(minutes=15)
    crew_call: kinds.CrewCall = timedelta(hours=1)
    turnaround: kinds.Duration | None = None
    photo: kinds.FileName | None = None
    checklists: tuple[kinds.Name, ...] = ()


class _Dock(Record):
    name: kinds.Line
    address: kinds.Line
    slip: kinds.Line | None = None
    gate: kinds.Line | None = None
    location: Location | None = None
    parking: kinds.Text | None = None
    tide_station: kinds.Line | None = None
    forecast: kinds.WebAddress | None = None
    photo: kinds.FileName | None = None


class _CrewMember(Record):
    name: kinds.Line
    role: Role
    email: kinds.MailAddress
    phone: kinds.Phone | None = None
    licence: Licence | None = None
    photo: kinds.FileName | None = None


class _Checklist(Record):
    title: kinds.Line
    phase: Phase


class _Snippet(Record):
    title: kinds.Line


class Vessel(_Vessel):
    """content/vessels/<id>.md; the body is for the guest."""

    id: str
    body_html: str


class Dock(_Dock):
    """content/docks/<id>.md; the body says how to find it on foot."""

    id: str
    body_html: str


class CrewMember(_CrewMember):
    """content/crew/<id>.md; the body is a line for the guest."""

    id: str
    body_html: str


class Checklist(_Checklist):
    """content/checklists/<id>.md."""

    id: str
    items: tuple[Item, ...]


class Snippet(_Snippet):
    """content/guest/<id>.md: what to bring, safety, weather, questions."""

    id: str
    body_html: str


C = TypeVar("C", Vessel, Dock, CrewMember, Checklist, Snippet)


def parse_vessel(text: str, path: str) -> Parsed[Vessel]:
    """Return the vessel that a file of content/vessels describes, or its problems."""
    return _parse(text, path, _Vessel, Vessel)


def parse_dock(text: str, path: str) -> Parsed[Dock]:
    """Return the dock that a file of content/docks describes, or its problems."""
    return _parse(text, path, _Dock, Dock)


def parse_crew_member(text: str, path: str) -> Parsed[CrewMember]:
    """Return the crew member that a file of content/crew describes, or their problems."""
    parsed = _parse(text, path, _CrewMember, CrewMember)
    if len(_id(path)) <= LONGEST_MEMBER_ID:
        return parsed
    words = f"an id of {len(_id(path))} characters is too long for a crew member"
    hint = f"name the file in {LONGEST_MEMBER_ID} characters at most"
    return Parsed(None, parsed.document, [Problem(path, 1, 1, words, "wrong-file-name", hint), *parsed.problems])


def parse_snippet(text: str, path: str) -> Parsed[Snippet]:
    """Return the snippet that a file of content/guest holds, or its problems."""
    return _parse(text, path, _Snippet, Snippet)


def parse_checklist(text: str, path: str) -> Parsed[Checklist]:
    """Return the checklist that a file of content/checklists holds, or the problems with it and its items."""
    front, problems = read_front_matter(text, path)
    if front is None:
        return Parsed(None, None, problems)
    record, wrong = convert(front.document, _Checklist)
    found, lines = items(front.body)
    problems = with_more(problems, wrong)
    problems += [
        Problem(path, front.line + line.line, 1, line.words, line.rule, line.hint)  # an item begins its line
        for line in lines
    ]
    if record is None or problems:
        return Parsed(None, front.document, problems)
    return Parsed(Checklist.model_construct(**{**dict(record), "id": _id(path), "items": found}), front.document, [])


def _parse(text: str, path: str, front_kind: type[Record], kind: type[C]) -> Parsed[C]:
    front, problems = read_front_matter(text, path)
    if front is None:
        return Parsed(None, None, problems)
    record, wrong = convert(front.document, front_kind)
    problems = with_more(problems, wrong)
    if record is None or problems:
        return Parsed(None, front.document, problems)
    return Parsed(
        kind.model_construct(**{**dict(record), "id": _id(path), "body_html": to_html(front.body)}), front.document, []
    )


def _id(path: str) -> str:
    return PurePosixPath(path).stem
