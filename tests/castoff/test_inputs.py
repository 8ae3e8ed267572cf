"""The digest of a booking's inputs: every one of them changes it, and nothing else does."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from castoff.code import code_digest, digest_of
from castoff.contract.document import DocumentError
from castoff.fleet.carry import BoardRow
from castoff.fleet.settings import Addresses
from castoff.fleet.sources import Sources
from castoff.inputs import Inputs, zone_rules
from castoff.pages.phase import CharterPhase, Standing, UploadPhase
from castoff.pages.theme import Theme, ThemeFile
from castoff.versions import CASTOFF, CODE, LIBRARIES, LIBRARY, versions

if TYPE_CHECKING:
    from pathlib import Path

FACTS = {
    "status": "confirmed",
    "starts": "s",
    "ends": "e",
    "boards": "b",
    "calls": "c",
    "dock": "Pier",
    "vessel": "Jada",
}
BOARD: dict[str, Any] = dict.fromkeys(BoardRow.__slots__, "x") | {"former": [], "lead": "Dana R.", "guests": 4}
CARRY: dict[str, Any] = {
    "revision": 0,
    "facts": FACTS,
    "first": FACTS,
    "board": BOARD,
    "calendar": "c0ffee",
}
SOURCES = Sources(b"brand: {}", {}, {"content/docks/pier.md": b"pier"}, {"lark.svg": b"<svg/>"}, ())
THEME = Theme({"guest.html": ThemeFile("castoff/layouts/guest.html", b"<p>")})
ASKED: dict[str, Any] = {
    "target": "local",
    "addresses": Addresses(guest="https://guest.example.com", ops="https://ops.example.com"),
    "zone": "America/Los_Angeles",
    "versions": {CASTOFF: "1", f"{LIBRARY}Jinja2": "3"},
}
STANDING = Standing(CharterPhase.BEFORE, UploadPhase.BEFORE)


def digest(
    sources: Sources = SOURCES,
    theme: Theme = THEME,
    *,
    file: bytes = b"booking",
    standing: Standing = STANDING,
    carry: dict[str, Any] = CARRY,
    **asked: Any,
) -> str:
    """Return the digest of a booking's inputs."""
    return Inputs(sources, theme, **{**ASKED, **asked}).digest(file, standing=standing, carry=carry)


@pytest.mark.parametrize(
    ("description", "other"),
    [
        ("the booking's file", {"file": b"another"}),
        ("settings", {"sources": replace(SOURCES, settings=b"brand: {name: x}")}),
        ("no settings", {"sources": replace(SOURCES, settings=None)}),
        ("a content file", {"sources": replace(SOURCES, content={"content/docks/pier.md": b"quay"})}),
        ("its name", {"sources": replace(SOURCES, content={"content/docks/quay.md": b"pier"})}),
        ("one more", {"sources": replace(SOURCES, content={**SOURCES.content, "content/docks/quay.md": b""})}),
        ("none", {"sources": replace(SOURCES, content={})}),
        ("a picture", {"sources": replace(SOURCES, pictures={"lark.svg": b"<svg />"})}),
        ("a layout", {"theme": Theme({"guest.html": ThemeFile("layouts/guest.html", b"<p class=x>")})}),
        ("the target", {"target": "production"}),
        ("the guests' address", {"addresses": Addresses(guest="https://b.example.com", ops="https://ops.example.com")}),
        ("the operator's", {"addresses": Addresses(guest="https://guest.example.com", ops="https://b.example.com")}),
        ("castoff's version", {"versions": {CASTOFF: "2", f"{LIBRARY}Jinja2": "3"}}),
        ("a library's version", {"versions": {CASTOFF: "1", f"{LIBRARY}Jinja2": "4"}}),
        ("the time zone", {"zone": "Europe/Berlin"}),
        ("how far the charter is", {"standing": replace(STANDING, charter=CharterPhase.TODAY)}),
        ("whether photos can be sent", {"standing": replace(STANDING, photos=UploadPhase.OPEN)}),
        ("the revision", {"carry": {**CARRY, "revision": 1}}),
        ("what was told first", {"carry": {**CARRY, "first": {**FACTS, "dock": "Quay"}}}),
        ("a former slug", {"carry": {**CARRY, "board": {**BOARD, "former": ["sunset-sail"]}}}),
        ("whose vessel others may not have", {"carry": {**CARRY, "board": {**BOARD, "vessel_id": "gull"}}}),
        ("whose address it is", {"carry": {**CARRY, "board": {**BOARD, "slug": "quay-sail"}}}),
        ("when guests board", {"carry": {**CARRY, "facts": {**FACTS, "boards": "later"}}}),
    ],
)
def test_every_input_counts(description: str, other: dict[str, Any]) -> None:
    """Another one of it, another digest."""
    assert digest(**other) != digest(), description


@pytest.mark.parametrize(
    ("description", "other"),
    [
        ("what calendars say, which follows too", {"carry": {**CARRY, "calendar": "decade"}}),
        ("the order in which fields stand", {"carry": {**CARRY, "first": dict(reversed(FACTS.items()))}}),
        ("where a layout comes from", {"theme": Theme({"guest.html": ThemeFile("layouts/guest.html", b"<p>")})}),
    ],
)
def test_nothing_else_does(description: str, other: dict[str, Any]) -> None:
    """What is an input already, or is none, counts for nothing."""
    assert digest(**other) == digest(), description


@pytest.mark.parametrize(
    "carry",
    [
        *({}, {**CARRY, "first": {}}, {**CARRY, "board": None}, {**CARRY, "first": "x"}),
        *({**CARRY, "calendar": None}, {name: CARRY[name] for name in CARRY if name != "calendar"}),
    ],
)
def test_another_castoff_s_carry_is_refused(carry: dict[str, Any]) -> None:
    """By an error that whoever asks takes for `not to be reused`; what an older one left out counts, too."""
    with pytest.raises(DocumentError):
        digest(carry=carry)


def test_the_rules_of_the_time_zone_count() -> None:
    """By the file that Python takes them from: a government that changes its mind changes pages."""
    parts = Inputs(SOURCES, THEME, **ASKED).parts

    assert parts["zone America/Los_Angeles"] == hashlib.sha256(zone_rules("America/Los_Angeles")).hexdigest()
    assert zone_rules("America/Los_Angeles").startswith(b"TZif")
    assert zone_rules("America/Los_Angeles") != zone_rules("Europe/Berlin")


def test_everything_that_renders_is_known_by_its_version() -> None:
    """Castoff, which of its commits may be at work, and the libraries that make bytes of its files."""
    found = dict(versions())

    assert found.pop(CODE) == code_digest()
    assert set(found) == {CASTOFF, *(f"{LIBRARY}{name}" for name in LIBRARIES)}
    assert all(version[0].isdigit() for version in found.values())


def test_other_code_of_the_same_version_counts(tmp_path: Path) -> None:
    """Each module's bytes and its name; what Python keeps of it compiled, and other files, are no code."""
    found = []
    for path, text in (
        ("a.py", "x = 1"),
        ("a.py", "x = 2"),
        ("pages/a.py", "x = 1"),
        ("pages/a.py", "x = 3"),
        ("pages/b.py", ""),
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
        found.append(digest_of(tmp_path))
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/a.pyc").write_text("x")
    (tmp_path / "a.html").write_text("x")

    assert len(set(found)) == len(found)
    assert digest_of(tmp_path) == found[-1]
