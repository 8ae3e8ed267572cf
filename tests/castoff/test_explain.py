"""Why a booking was rendered, or why not: each reason in its words, as a terminal shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.edited import IDS, World, lay_out

from castoff.explain import Story
from castoff.fleet.carry import BoardRow
from castoff.inputs import ADDRESSES, TARGET, ZONE
from castoff.logbook import Account, Entry, Logbook
from castoff.pages.phase import CharterPhase, Standing, UploadPhase
from castoff.upkeep import keep
from castoff.versions import CASTOFF, LIBRARY

if TYPE_CHECKING:
    from pathlib import Path

BOOKING = "xhqgmdh"
PARTS = {
    CASTOFF: "0.1.0",
    TARGET: "local",
    ADDRESSES: "https://guest.example.com https://ops.example.com",
    f"{LIBRARY}Jinja2": "3.1.5",
    f"{ZONE}America/Los_Angeles": "a",
    "castoff.yaml": "a",
    "content/vessels/jada.md": "a",
    "layouts/guest.html": "a",
}
SINCE, NOW, UNTIL = "2024-05-28T12:00:00-07:00", "2024-05-28T13:30:00-07:00", "2024-05-30T00:00:00-07:00"
STANDING = Standing(CharterPhase.BEFORE, UploadPhase.BEFORE)
ROW = BoardRow("confirmed", "jada", (), (), "Jada", "jada", "Kim", "kim", (), "Pier", "Dana R.", 4, *[NOW] * 4)
ENTRY = Entry("4 1 1", SINCE, UNTIL, ("before", "before"), ROW.fields())
BOOK = Logbook("build", PARTS, {}, "", {}, {BOOKING: ENTRY})
ACCOUNT = Account(PARTS, NOW, {BOOKING: ROW}, {BOOKING: (STANDING, UNTIL)}, {})
STORY = Story(
    "build", full=False, book=BOOK, stamps={BOOKING: "4 1 1"}, touched={}, account=ACCOUNT, reused=frozenset()
)


def parts(**changed: str | None) -> dict[str, Any]:
    """Return the story of a build whose shared parts are others."""
    now = {name: value for name, value in (PARTS | changed).items() if value is not None}
    return {"account": replace(ACCOUNT, parts=now)}


def stands(charter: str, photos: str = "before", as_of: str = NOW) -> dict[str, Any]:
    """Return the story of a build at which the booking stands otherwise."""
    standing = Standing(CharterPhase(charter), UploadPhase(photos))
    return {"account": replace(ACCOUNT, as_of=as_of, stands={BOOKING: (standing, None)})}


@pytest.mark.parametrize(
    ("description", "story", "reasons"),
    [
        ("asked for", {"full": True}, ["asked for by `--full`"]),
        ("no logbook", {"book": None}, ["nothing stands in build that castoff left there"]),
        ("no release", {"touched": None}, ["nothing stands in build that castoff left there"]),
        ("a new booking", {"book": replace(BOOK, bookings={})}, ["it was never built before"]),
        ("its file", {"stamps": {BOOKING: "5 2 2"}}, ["bookings/xhqgmdh.yaml was written"]),
        (
            "its file, at the very moment of a build",
            {"stamps": {BOOKING: ""}, "book": replace(BOOK, bookings={BOOKING: ENTRY._replace(stamp="")})},
            ["bookings/xhqgmdh.yaml had been written at the moment of the build before"],
        ),
        (
            "a page changed by hand",
            {"touched": {BOOKING: ("guest/g/jada.html",)}},
            ["guest/g/jada.html was not as it had been built"],
        ),
        ("settings", parts(**{"castoff.yaml": "b"}), ["castoff.yaml changed"]),
        ("a content file", parts(**{"content/vessels/jada.md": "b"}), ["content/vessels/jada.md changed"]),
        ("a new one", parts(**{"content/docks/pier.md": "b"}), ["content/docks/pier.md is new"]),
        ("one that is gone", parts(**{"content/vessels/jada.md": None}), ["content/vessels/jada.md is gone"]),
        ("a layout", parts(**{"layouts/guest.html": "b"}), ["layouts/guest.html changed"]),
        ("castoff itself", parts(castoff="0.2.0"), ["castoff: 0.1.0 -> 0.2.0"]),
        ("the target", parts(target="staging"), ["target: local -> staging"]),
        ("a library", parts(**{f"{LIBRARY}Jinja2": "3.1.6"}), ["Jinja2: 3.1.5 -> 3.1.6"]),
        ("a law", parts(**{f"{ZONE}America/Los_Angeles": "b"}), ["the time zone America/Los_Angeles changed"]),
        (
            "another theme",
            parts(**{f"layouts/{number}.html": "x" for number in range(11)}),
            [
                *(f"layouts/{name}.html is new" for name in ("0", "1", "10", "2", "3", "4", "5", "6")),
                "and 3 more files that all bookings share",
            ],
        ),
        ("the clock", stands("today"), ["clock: before -> today"]),
        ("the form", stands("before", "open"), ["clock: the upload form is open"]),
        ("both", stands("under-way", "closed"), ["clock: before -> under-way", "clock: the upload form is closed"]),
        (
            "the clock, put back",
            stands("before", as_of="2024-05-27T12:00:00-07:00"),
            ["clock: it went back, from 2024-05-28 12:00 to 2024-05-27 12:00"],
        ),
        ("nothing by itself", {}, ["so much else changed that everything was rendered"]),
    ],
)
def test_each_reason_has_its_words(description: str, story: dict[str, Any], reasons: list[str]) -> None:
    """What is nearest to the booking comes first."""
    found = replace(STORY, **story).of(BOOKING)

    assert (found.rendered, list(found.reasons)) == (True, reasons), description


@pytest.mark.parametrize(
    ("description", "story", "words"),
    [
        (
            "as it was",
            {"reused": frozenset({BOOKING}), "account": replace(ACCOUNT, rows={}, stands={})},
            "nothing that it is made from has changed since 2024-05-28 12:00; by the clock it will on 2024-05-30 00:00",
        ),
        ("a draft", {"account": replace(ACCOUNT, rows={}, stands={})}, "a draft or a hold has no pages"),
        (
            "gone",
            {"account": replace(ACCOUNT, rows={}, stands={}), "stamps": {}},
            "bookings/xhqgmdh.yaml is gone, and so are its pages",
        ),
        (
            "never there",
            {"account": replace(ACCOUNT, rows={}, stands={}), "stamps": {}, "book": None},
            "there is no bookings/xhqgmdh.yaml",
        ),
    ],
)
def test_what_is_not_rendered_is_explained_too(description: str, story: dict[str, Any], words: str) -> None:
    """In one sentence."""
    found = replace(STORY, **story).of(BOOKING)

    assert str(found) == f"xhqgmdh: not rendered\n  {words}", description
    assert found.to_json() == {"rendered": False, "reasons": [words]}


def test_a_build_explains_itself(tmp_path: Path) -> None:
    """From the files to the words: one edited, one as it was, one by the clock."""
    folder, world = tmp_path / "build", World()
    lay_out(tmp_path, world.files())
    keep(tmp_path, world.wishes(), folder)
    later = replace(world.edited(("words", 1, 1)), passed=60)
    lay_out(tmp_path, later.files())

    kept, _ = keep(tmp_path, later.wishes(), folder, explain=IDS)

    assert kept is not None
    assert "\n".join(map(str, kept.explained)) == (
        "k3wq8zt: rendered\n"
        "  clock: the upload form is open\n"
        "m5rv2hx: rendered\n"
        "  bookings/m5rv2hx.yaml was written\n"
        "p9tn4jc: not rendered\n"
        "  nothing that it is made from has changed since 2024-05-28 12:00; by the clock it will on 2025-03-07 19:00"
    )
