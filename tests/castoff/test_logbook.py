"""The logbook: whole or none, one a folder, and with every booking in it, whether it has pages or not."""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.edited import IDS, World, lay_out

from castoff.logbook import load_logbook, logbook_file
from castoff.settled import Settled
from castoff.upkeep import keep
from castoff.writing import build_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.upkeep import Kept

MANY = 240
"""Bookings of which every second is a hold: more of those than are read again in a build that renews."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that was built into its `build/`."""
    lay_out(tmp_path / "project", World().files())
    kept(tmp_path / "project")
    return tmp_path / "project"


def kept(project: Path, folder: Path | None = None, world: World | None = None) -> Kept:
    """Return what a build that nothing stops and nothing is said of took."""
    found, problems = keep(project, (world or World()).wishes(), folder or project / "build")
    assert (problems, found is None) == ((), False)
    assert found is not None
    return found


def tree(folder: Path) -> dict[str, bytes]:
    """Return a folder's files by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def many(world: World) -> dict[str, bytes]:
    """Return the files of a project of many bookings, one a day."""
    files = world.files()
    text = files[f"bookings/{IDS[2]}.yaml"].decode()
    for number in range(MANY):
        booking, day = f"b{number:03}x7k", f"{2030 + number // 28}-02-{1 + number % 28:02}"
        status = "hold" if number % 2 else "confirmed"
        one = text.replace(IDS[2], booking).replace("2025-03-09", day).replace("status: confirmed", f"status: {status}")
        files[f"bookings/{booking}.yaml"] = one.encode()
    return files


def test_holds_are_read_again_only_where_they_changed(tmp_path: Path) -> None:
    """Of many that have no pages one is confirmed: it alone is rendered, and nothing else is made anew."""
    project, world = tmp_path / "project", World()
    files = many(world)
    lay_out(project, files)
    kept(project)
    pages = {path: path.stat().st_ino for path in (project / "build/public/guest").rglob("*.html")}
    files["bookings/b001x7k.yaml"] = files["bookings/b001x7k.yaml"].replace(b"status: hold", b"status: confirmed")
    lay_out(project, files)

    found = kept(project)

    assert (found.rendered, found.bookings) == (1, 3 + MANY // 2 + 1)
    assert {path: path.stat().st_ino for path in pages} == pages
    build_into(tmp_path / "clean", project, world.wishes())
    assert tree(project / "build") == tree(tmp_path / "clean")


def test_a_hold_that_was_not_read_again_keeps_its_vessel(project: Path) -> None:
    """Whoever wants it at that time is told so, as in a clean build."""
    held = World().edited(("status", 0, 2))
    lay_out(project, held.files())
    kept(project, world=held)
    files = held.files()
    path = f"bookings/{IDS[2]}.yaml"
    files[path] = files[path].replace(b"2025-03-09 10:00", b"2024-06-01 11:00")
    lay_out(project, files)

    found, problems = keep(project, held.wishes(), project / "build")
    clean, told = build_into(project.parent / "clean", project, held.wishes())

    assert (found, clean) == (None, None)
    assert [problem.rule for problem in problems] == ["double-booked"]
    assert problems == told


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    """Return how to damage a logbook by changing its value."""

    def damage(body: bytes) -> bytes:
        digest, _, text = body.partition(b"\n")
        value = json.loads(text)
        change(value)
        return digest + b"\n" + json.dumps(value).encode()

    return damage


@pytest.mark.parametrize(
    ("description", "damage"),
    [
        ("half of it", lambda body: body[: len(body) // 2]),
        ("nothing", lambda _: b""),
        ("no text", lambda _: b"\xff\xfe\n[]"),
        ("a list, of which the digest is right", lambda _: hashlib.sha256(b"[]").hexdigest().encode() + b"\n[]"),
        ("no stamps", changed(lambda value: value.update(stamps=None))),
        ("bookings in a list", changed(lambda value: value.update(bookings=[]))),
        ("a line on the board that is too short", changed(lambda value: value["bookings"][IDS[0]][-1].pop())),
        ("an instant that is none", changed(lambda value: value["bookings"][IDS[0]].__setitem__(1, "soon"))),
        ("another vessel", changed(lambda value: value["bookings"][IDS[0]][-1].__setitem__(5, "gull"))),
    ],
)
def test_a_damaged_logbook_is_none(description: str, damage: Callable[[bytes], bytes], project: Path) -> None:
    """It costs a whole build, and is written anew."""
    file = logbook_file(project, project / "build")
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    found = kept(project)

    assert found.rendered == found.bookings, description
    assert load_logbook(file, project / "build") is not None
    assert kept(project).rendered == 0


def test_a_folder_has_one_logbook_whatever_it_is_called(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a link, from within, and with a detour: whoever builds there builds on what stands, and waits for others."""
    (project / "link").symlink_to("build")
    monkeypatch.chdir(project)
    names = [project / "link", Path("build"), project / "content/../build", project / "build"]

    files = {logbook_file(project, name) for name in names}
    found = [kept(project, name).rendered for name in names]

    assert files == {logbook_file(project, project / "build")}
    assert found == [0, 0, 0, 0]


def test_an_attempt_to_renew_leaves_nothing_in_memory(project: Path) -> None:
    """Where all is made anew in the end, what the attempt had read of the project is gone by then."""
    other = World().edited(("content", 0, 1))
    lay_out(project, other.files())
    seen: list[int] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if seen is counting and event == "open" and str(arguments[0]).endswith(".new/release.json"):
            seen.append(sum(isinstance(one, Settled) for one in gc.get_objects()))

    counting: list[int] | None = seen
    gc.collect()
    before = sum(isinstance(one, Settled) for one in gc.get_objects())
    sys.addaudithook(hook)
    kept(project, world=other)
    counting = None

    assert [count - before for count in seen] == [1]
