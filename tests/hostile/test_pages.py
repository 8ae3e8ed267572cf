"""Hostile texts that are taken: on every page, in every calendar and payload they are the text that they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import pytest
from hostile.places import BODY, Place, lay_out, places
from hostile.strings import STRINGS
from icalendar import Calendar

from castoff.build import Build, build
from castoff.contract.slots import ORIGIN_MARK, SERIAL_MARK, Form, fill
from castoff.fleet.settings import Addresses
from castoff.output.grounds import OURS, Grounds
from castoff.output.inspection import inspect
from castoff.output.page import read_page
from castoff.problems import Severity, stops
from castoff.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Iterator

GUEST = "guest/g/lark-guest-a7kq4wt.html"
CREW = "guest/g/a7kq4wt-crew.html"
CANCELLED = "guest/g/lark-guest-b8mr5xv.html"
ADDRESSES = Addresses(guest="https://guest.example.com", ops="https://ops.example.com")
ON_THE_DAY = datetime(2024, 6, 1, 14, tzinfo=UTC)
PEOPLE = ("content/crew/maya.md: name", "content/crew/leo.md: name", "guests.lead")
"""Names of people, of which guests see the first word alone."""
OTHERS = {BODY, "photo", "logo"}
"""Places of other things than text: Markdown has a test of its own, and pictures are files."""
PLACES = list(places())


@dataclass(frozen=True)
class Marked:
    """A text between two marks that stand nowhere else, so that it is found wherever it went."""

    place: Place
    text: str

    @property
    def before(self) -> str:
        """The mark before it."""
        return f"Zq{PLACES.index(self.place):03}a"

    @property
    def after(self) -> str:
        """The mark after it."""
        return f"a{PLACES.index(self.place):03}qZ"

    @property
    def whole(self) -> str:
        """What is written into the file."""
        return f"{self.before}{self.text}{self.after}"


@dataclass(frozen=True)
class Site:
    """What was built of a text in every field that takes it."""

    build: Build
    marked: tuple[Marked, ...]


@cache
def site_of(text: str, like: str | None = None) -> Site | None:
    """Return the site of a project that has a text wherever it, or the one it shall be like, is taken."""
    where = [
        place for place in PLACES if place.steps[-1] not in OTHERS and takes(place, text if like is None else like)
    ]
    marked = tuple(Marked(place, text) for place in where)
    if not marked:
        return None
    with TemporaryDirectory() as folder:
        lay_out(Path(folder), {one.place: one.whole for one in marked})
        made, problems = build(Path(folder), Wishes(target="", clock=ON_THE_DAY, addresses=ADDRESSES))
    assert made is not None, "\n".join(str(problem) for problem in problems if stops([problem]))
    return Site(made, marked)


def test_a_publish_leaves_what_looks_like_its_marks_alone() -> None:
    """Whoever writes the mark of a serial or of an origin reads it: a publish fills the one that is its own."""
    site = site_of(STRINGS["the marks of a publish"])
    assert site is not None
    form = Form("https://uploads.example.com/", {}, "2024-06-05T12:00:00-07:00", "")
    forms = 0

    for path, body in site.build.bodies.items():
        if path.endswith((".html", ".ics")):
            slots = site.build.release.files[path].slots
            filled = fill(body, forms={slot.name: form for slot in slots}, serial=7)
            policy = 2 if slots else 0
            forms += len(slots)

            assert filled.count(SERIAL_MARK.encode()) == body.count(SERIAL_MARK.encode()) - 1, path
            assert filled.count(ORIGIN_MARK.encode()) == body.count(ORIGIN_MARK.encode()) - policy, path
    assert forms


def takes(place: Place, text: str) -> bool:
    """Tell whether a field takes a text between its marks."""
    return not stops(place.problems(Marked(place, text).whole))


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_a_site_of_hostile_texts_is_in_order(text: str) -> None:
    """Links lead somewhere, pages are well formed, no script stands where none should, every digest is true."""
    site = site_of(text)
    if site is None:
        return
    release = site.build.release
    grounds = Grounds(guest=ADDRESSES.guest, ops=ADDRESSES.ops, files=release.files.keys(), hosts=OURS)

    found = inspect(release, site.build.bodies, grounds)

    assert [str(problem) for problem in found if problem.severity is Severity.ERROR] == []
    assert all(f"{file.key}{file.content_type}{file.cache_control}".isascii() for file in release.files.values())


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_a_hostile_text_makes_no_element(text: str) -> None:
    """Pages have no element and no attribute that they would not have with plain words in the same fields."""
    hostile, plain = site_of(text), site_of("plain words", like=text)
    if hostile is None or plain is None:
        return

    for path in (GUEST, CREW, CANCELLED, "ops/ops/index.html"):
        made = Counter(elements(hostile.build, path))
        assert made - Counter(elements(plain.build, path)) == Counter(), path


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_a_hostile_text_is_seen_as_it_was_written(text: str) -> None:
    """Wherever it went, on a page, into a calendar or to a service, it is the same text, sign by sign."""
    site = site_of(text)
    if site is None:
        return

    for where, seen in everything_seen(site.build):
        for one in site.marked:
            if str(one.place).endswith(PEOPLE) or one.before not in seen:
                continue
            for part in seen.split(one.before)[1:]:
                assert said_alike(part.partition(one.after)[0], text), (where, str(one.place))


def test_most_texts_are_taken_and_seen() -> None:
    """The tests before this one are about something: names and notes take whatever can be printed."""
    seen = 0
    for text in STRINGS.values():
        site = site_of(text)
        vessel = (
            None
            if site is None
            else next((one for one in site.marked if one.place.file.path.endswith("lark.md")), None)
        )
        if site is not None and vessel is not None:
            seen += vessel.before in read_text(site.build, GUEST)

    assert seen >= 45


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_a_body_of_hostile_text_makes_nothing_that_acts(text: str, tmp_path: Path) -> None:
    """Markdown makes what Markdown makes: no element that loads or runs, no address that does."""
    bodies = {place: text for place in PLACES if place.steps == (BODY,) and not stops(place.problems(text))}
    if not bodies:
        return
    lay_out(tmp_path, bodies)

    made, _ = build(tmp_path, Wishes(target="", clock=ON_THE_DAY, addresses=ADDRESSES))

    assert made is not None
    release = made.release
    hosts = OURS | {"else.example.org"}
    grounds = Grounds(guest=ADDRESSES.guest, ops=ADDRESSES.ops, files=release.files.keys(), hosts=hosts)
    found = inspect(release, made.bodies, grounds)
    assert [str(problem) for problem in found if problem.severity is Severity.ERROR] == []


def elements(made: Build, path: str) -> Iterator[str]:
    """Yield each element of a page, by its tag and the names of its attributes."""
    for element in read_page(made.bodies[path], path).elements:
        yield f"{element.tag} {' '.join(sorted(element.attributes))}"


def everything_seen(made: Build) -> Iterator[tuple[str, str]]:
    """Yield every text that somebody, or some program, is shown, with where that is."""
    for path, body in made.bodies.items():
        if path.endswith(".html"):
            page = read_page(body, path)
            yield path, page.elements[0].text
            for element in page.elements:
                for name, value in element.attributes.items():
                    yield f"{path} {element.tag} {name}", value
        elif path.endswith(".ics"):
            yield from ((f"{path} {name}", value) for name, value in calendar_texts(body))
    for booking in made.release.bookings.values():
        for name, payload in (("event", booking.event), ("calendar", booking.calendar)):
            yield from ((f"{booking.id} {name}", text) for text in json_texts(json.loads(json.dumps(payload))))


def calendar_texts(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the properties of a calendar's entry as a phone reads them."""
    for event in Calendar.from_ical(body).walk("VEVENT"):
        assert not event.errors
        yield from ((name, str(event[name])) for name in ("SUMMARY", "DESCRIPTION", "LOCATION") if name in event)


def json_texts(value: Any) -> Iterator[str]:
    """Yield every text of a payload."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from json_texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from json_texts(one)


def read_text(made: Build, path: str) -> str:
    """Return what a page says."""
    return read_page(made.bodies[path], path).elements[0].text


def said_alike(seen: str, written: str) -> bool:
    """Tell whether two texts are one, be it in an address; line ends are one sign, blanks around a line nobody's."""
    without_turns = re.sub("[\u2028-\u202e\u2066-\u2069]", "", written)  # which calendars do without
    return not {*map(plain, (seen, unquote_plus(seen)))}.isdisjoint(map(plain, (written, without_turns)))


def plain(text: str) -> tuple[str, ...]:
    """Return the lines of a text."""
    return tuple(line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
