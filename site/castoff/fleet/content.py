"""What an operator writes once: vessels, docks, crew, checklists and snippets, Markdown with front matter."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import model_validator

from castoff.fleet.model import Record
from castoff.problems import Problem, Severity, stops
from castoff.reading import kinds  # noqa: TC001 - Pydantic reads the annotations
from castoff.reading.bodies import Item, items, to_html
from castoff.reading.conversion import Parsed, convert, with_more
from castoff.reading.forms import FormError
from castoff.reading.front_matter import FrontMatter, read_front_matter
from castoff.reading.limits import LONGEST_MEMBER_ID
from castoff.reading.prose import is_tangled, wrong_in_prose


class Phase(StrEnum):
    """When a checklist is worked through."""

    PREPARE = "prepare"
    """Before guests board."""
    BRIEFING = "briefing"
    """With the guests, before casting off."""
    UNDERWAY = "underway"
    """On the water."""
    RETURN = "return"
    """Back at the dock."""


class Role(StrEnum):
    """What a crew member does; ops sees the board."""

    CAPTAIN = "captain"
    """May be a charter's captain, or one of its crew."""
    CREW = "crew"
    """Sails beside a captain."""
    OPS = "ops"
    """Works ashore, and sees the board."""


class Location(Record):
    """Where a dock is, in degrees."""

    lat: kinds.Latitude
    """How far north of the equator."""
    lon: kinds.Longitude
    """How far east of Greenwich; in America it is negative."""

    @model_validator(mode="after")
    def _is_somewhere(self) -> Location:
        if not self.lat and not self.lon:
            hint = "copy both from a map, or remove `location`"
            raise FormError("0, 0 is off the coast of Africa", rule="wrong-degrees", hint=hint)
        return self


class Licence(Record):
    """What a captain may carry, as the operator says; never legal advice."""

    passengers: kinds.Count
    """How many guests the captain may carry."""


class VesselFields(Record):
    """A boat: the fields at the head of content/vessels/<id>.md."""

    name: kinds.Line
    """What the boat is called, on every page about it."""
    capacity: kinds.Count
    """How many guests it carries; a booking with more is refused."""
    boarding: kinds.Boarding = timedelta(minutes=15)
    """How long before the start guests board; a booking may say otherwise."""
    crew_call: kinds.CrewCall = timedelta(hours=1)
    """How long before the start the crew is called; a booking may say otherwise."""
    turnaround: kinds.Duration | None = None
    """How long it needs between two charters; without it, as castoff.yaml says for all."""
    photo: kinds.FileName | None = None
    """A picture in content/pictures, at the head of the guest page."""
    checklists: tuple[kinds.Name, ...] = ()
    """Files in content/checklists, without .md: what the crew page has to tick, in this order."""


class DockFields(Record):
    """A dock: the fields at the head of content/docks/<id>.md."""

    name: kinds.Line
    """What the dock is called."""
    address: kinds.Line
    """Its street address, for maps, directions and calendars."""
    slip: kinds.Line | None = None
    """Where the boat lies, such as C-14."""
    gate: kinds.Line | None = None
    """How to get in: which gate, and what to ring."""
    location: Location | None = None
    """Where it is, in degrees: directions lead there rather than to the address, and the sun sets there."""
    parking: kinds.Text | None = None
    """Where to leave a car, and what to say at the desk."""
    tide_station: kinds.TideStation | None = None
    """The number of the nearest NOAA tide station; pages link to its tides."""
    forecast: kinds.WebAddress | None = None
    """A page with the weather there; pages link to it."""
    photo: kinds.FileName | None = None
    """A picture in content/pictures of how it looks from land."""


class CrewMemberFields(Record):
    """A captain or crew member: the fields at the head of content/crew/<id>.md."""

    name: kinds.Line
    """First and last name; guests see no more than the first."""
    role: Role
    """What they do: captain, crew, or ops, who see the board and sail with nobody."""
    email: kinds.MailAddress
    """Where the crew call goes; ShipCaptainCrew alone knows it."""
    phone: kinds.Phone | None = None
    """ShipCaptainCrew knows it; a captain's stands on the crew page of their charters as well, nobody else's."""
    licence: Licence | None = None
    """What a captain may carry."""
    photo: kinds.FileName | None = None
    """A picture in content/pictures; a captain's stands on the guest page."""


class ChecklistFields(Record):
    """A checklist: the fields at the head of content/checklists/<id>.md."""

    title: kinds.Line
    """What stands over the list."""
    phase: Phase
    """When it is worked through: prepare, briefing, underway or return."""


class SnippetFields(Record):
    """Something every guest reads: the fields at the head of content/guest/<id>.md."""

    title: kinds.Line
    """What stands over the text."""


class Vessel(VesselFields):
    """content/vessels/<id>.md; the body is for the guest."""

    id: str
    body_html: str


class Dock(DockFields):
    """content/docks/<id>.md; the body says how to find it on foot."""

    id: str
    body_html: str


class CrewMember(CrewMemberFields):
    """content/crew/<id>.md; the body is a line for the guest."""

    id: str
    body_html: str


class Checklist(ChecklistFields):
    """content/checklists/<id>.md."""

    id: str
    items: tuple[Item, ...]


class Snippet(SnippetFields):
    """content/guest/<id>.md: what to bring, safety, weather, questions."""

    id: str
    body_html: str


def who_left(member: str) -> CrewMember:
    """Return the captain of a charter that is over, whose file is gone: nothing is known of them but the id."""
    return CrewMember.model_construct(id=member, name="", role=Role.CAPTAIN, email="", body_html="")


C = TypeVar("C", Vessel, Dock, CrewMember, Checklist, Snippet)


def parse_vessel(text: str, path: str) -> Parsed[Vessel]:
    """Return the vessel that a file of content/vessels describes, or its problems."""
    parsed = _parse(text, path, VesselFields, Vessel, words_wanted="the guest reads nothing about the vessel")
    document = parsed.document
    if document is None:
        return parsed
    value = document.fields.values.get("checklists")
    named = value if isinstance(value, list) else []
    repeated = [
        document.problem("checklists", at, words=f"`{name}` stands twice", rule="repeated-checklist", hint="keep one")
        for at, name in enumerate(named)
        if name in named[:at]
    ]
    return Parsed(None if repeated else parsed.value, document, with_more(parsed.problems, repeated))


def parse_dock(text: str, path: str) -> Parsed[Dock]:
    """Return the dock that a file of content/docks describes, or its problems."""
    return _parse(text, path, DockFields, Dock, words_wanted="nothing says how to find the dock on foot")


def parse_crew_member(text: str, path: str) -> Parsed[CrewMember]:
    """Return the crew member that a file of content/crew describes, or their problems."""
    parsed = _parse(text, path, CrewMemberFields, CrewMember)
    if len(_id(path)) <= LONGEST_MEMBER_ID:
        return parsed
    words = f"an id of {len(_id(path))} characters is too long for a crew member"
    hint = f"name the file in {LONGEST_MEMBER_ID} characters at most"
    return Parsed(None, parsed.document, [Problem(path, 1, 1, words, "wrong-file-name", hint), *parsed.problems])


def parse_snippet(text: str, path: str) -> Parsed[Snippet]:
    """Return the snippet that a file of content/guest holds, or its problems."""
    return _parse(text, path, SnippetFields, Snippet, words_wanted="the title stands over nothing")


def parse_checklist(text: str, path: str) -> Parsed[Checklist]:
    """Return the checklist that a file of content/checklists holds, or the problems with it and its items."""
    front, problems = read_front_matter(text, path)
    if front is None:
        return Parsed(None, None, problems)
    record, wrong = convert(front.document, ChecklistFields)
    found, lines = ((), []) if is_tangled(front.body) else items(front.body)
    problems = with_more(problems, wrong)
    problems += [line.in_file(path, front.line) for line in (*lines, *wrong_in_prose(front.body))]
    if record is None or stops(problems):
        return Parsed(None, front.document, problems)
    checklist = Checklist.model_construct(**{**dict(record), "id": _id(path), "items": found})
    return Parsed(checklist, front.document, problems)


def _parse(
    text: str, path: str, front_kind: type[Record], kind: type[C], *, words_wanted: str | None = None
) -> Parsed[C]:
    """Return what a file describes, or its problems; `words_wanted` is what to say where its body is empty."""
    front, problems = read_front_matter(text, path)
    if front is None:
        return Parsed(None, None, problems)
    record, wrong = convert(front.document, front_kind)
    problems = with_more(problems, wrong) + [line.in_file(path, front.line) for line in wrong_in_prose(front.body)]
    if words_wanted and not front.body.strip():
        problems.append(_empty_body(path, front, words_wanted))
    if record is None or stops(problems):
        return Parsed(None, front.document, problems)
    value = kind.model_construct(**{**dict(record), "id": _id(path), "body_html": to_html(front.body)})
    return Parsed(value, front.document, problems)


def _empty_body(path: str, front: FrontMatter, words: str) -> Problem:
    hint = "write a line or two beneath the fields"
    return Problem(path, front.line - 1, 1, words, "empty-body", hint, Severity.WARNING)


def _id(path: str) -> str:
    return PurePosixPath(path).stem
