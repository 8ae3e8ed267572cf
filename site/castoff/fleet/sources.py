"""The files of a project as they stand on disk: each read once, none understood yet."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

SETTINGS: Final = "castoff.yaml"
BOOKINGS: Final = "bookings"
PICTURES: Final = "content/pictures"
PICTURE_TYPES: Final = frozenset({".avif", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
CONTENT: Final = ("vessels", "docks", "crew", "checklists", "guest")
LARGEST_TEXT: Final = 256_000
"""Bytes that are read of one file at most, and one more, so that whoever parses it sees that it is too large."""
_BOOKING: Final = re.compile(r"(?P<id>[a-z0-9]{7})\.yaml")
_CONTENT: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.md")


@dataclass(frozen=True, slots=True)
class Sources:
    """The bytes of castoff.yaml, of bookings by id, of content files by path, and of pictures by name."""

    settings: bytes | None
    bookings: Mapping[str, bytes]
    content: Mapping[str, bytes]
    pictures: Mapping[str, bytes]
    problems: tuple[Problem, ...]


def booking_path(booking: str) -> str:
    """Return the path of a booking's file in the project."""
    return f"{BOOKINGS}/{booking}.yaml"


def read_sources(root: Path) -> Sources:
    """Read a project's files; what cannot be read, or is named as nothing here is, becomes a problem."""
    problems: list[Problem] = []
    settings, unreadable = read_settings(root)
    problems += unreadable
    if not (root / BOOKINGS).exists():
        words, hint = "there is no folder `bookings`", "write the first booking, `bookings/<id>.yaml`"
        problems.append(Problem(BOOKINGS, 1, 1, words, "no-bookings", hint, Severity.WARNING))
    bookings = {
        name.removesuffix(".yaml"): content
        for name, content in _read_folder(root, BOOKINGS, _is_booking, problems).items()
    }
    content = {
        f"content/{folder}/{name}": body
        for folder in CONTENT
        for name, body in _read_folder(root, f"content/{folder}", _is_content, problems).items()
    }
    return Sources(settings, bookings, content, _pictures(root, problems), tuple(problems))


def read_settings(root: Path) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of castoff.yaml, None where it is not there or cannot be read; the latter is a problem."""
    problems: list[Problem] = []
    there = os.path.lexists(root / SETTINGS)
    return (_read(root / SETTINGS, SETTINGS, problems) if there else None), problems


def _pictures(root: Path, problems: list[Problem]) -> dict[str, bytes]:
    """Read the operator's pictures, by their name within `content/pictures`; one that is none keeps its name."""
    folder = root / PICTURES
    found: dict[str, bytes] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if name.suffix.lower() not in PICTURE_TYPES or any(part.startswith(".") for part in name.parts):
            continue
        path = f"{PICTURES}/{name.as_posix()}"
        content = _read(file, path, problems, most=file.stat().st_size if file.exists() else 0)
        if content == b"":
            problems.append(Problem(path, 1, 1, "the picture is empty", "empty-picture", "put the picture here anew"))
        found[name.as_posix()] = content or b""
    return found


def _read_folder(
    root: Path, folder: str, wanted: Callable[[str], str | None], problems: list[Problem]
) -> dict[str, bytes]:
    """Return the contents of the files that belong into a folder, by name, in order."""
    found: dict[str, bytes] = {}
    for entry in _entries(root, folder, problems):
        path = f"{folder}/{entry.name}"
        hint = wanted(entry.name)
        if entry.is_dir():
            problems.append(
                Problem(path, 1, 1, f"a folder stands in `{folder}`", "wrong-file-name", "move its files up")
            )
        elif hint is not None:
            problems.append(
                Problem(path, 1, 1, f"`{entry.name}` does not belong here by its name", "wrong-file-name", hint)
            )
        elif entry.name.endswith((".yaml", ".md")):
            content = _read(entry.path, path, problems)
            if content is not None:
                found[entry.name] = content
    return found


def _is_booking(name: str) -> str | None:
    """Return a hint where a file looks like a booking and is not named like one."""
    if not name.lower().endswith((".yaml", ".yml")) or _BOOKING.fullmatch(name):
        return None
    return "name it `<id>.yaml`, the id being 7 lower-case letters or digits"


def _is_content(name: str) -> str | None:
    """Return a hint where a file looks like content and is not named like it."""
    if not name.lower().endswith((".md", ".markdown")) or _CONTENT.fullmatch(name):
        return None
    return "name it like `sheraton-marina.md`: lower-case letters, digits and single hyphens"


def _entries(root: Path, folder: str, problems: list[Problem]) -> Iterator[os.DirEntry[str]]:
    """Yield what stands in a folder, by name; hidden files and editors' leavings are nobody's."""
    try:
        with os.scandir(root / folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(unreadable(folder, error))
        return
    yield from (entry for entry in entries if not entry.name.startswith((".", "#")) and not entry.name.endswith("~"))


def _read(file: Path | str, path: str, problems: list[Problem], *, most: int = LARGEST_TEXT + 1) -> bytes | None:
    """Return a file's bytes; bare system calls, since ten thousand files make each one count."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe must not hold the build up
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                problems.append(Problem(path, 1, 1, "this is not a file", "unreadable", "put a file in its place"))
                return None
            return os.read(descriptor, most)
        finally:
            os.close(descriptor)
    except OSError as error:
        problems.append(unreadable(path, error))
        return None


def unreadable(path: str, error: OSError) -> Problem:
    """Return the problem of a file that the system does not let be read."""
    reason = (error.strerror or "it cannot be read").lower()
    return Problem(path, 1, 1, f"the file cannot be read: {reason}", "unreadable", "see to the file's permissions")
