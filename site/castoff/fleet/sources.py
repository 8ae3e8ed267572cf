"""The files of a project as they stand on disk: none understood yet, and bookings not even read until someone asks."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

import castoff
from castoff.fleet.file_names import (
    BOOKING_NAMING,
    CONTENT_NAMING,
    Naming,
    is_left_over,
    misnamed,
    stray,
    stray_content,
)
from castoff.fleet.pictures import LARGEST_PICTURE, picture_problems
from castoff.fleet.trees import files_beneath, leads_out, unreadable
from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SETTINGS: Final = castoff.SETTINGS
BOOKINGS: Final = "bookings"
_MISSPELT: Final = "booking"
PICTURES: Final = "content/pictures"
PICTURE_TYPES: Final = frozenset({".avif", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
CONTENT: Final = ("vessels", "docks", "crew", "checklists", "guest")
LARGEST_TEXT: Final = 256_000
"""Bytes that are read of one file at most, and one more, so that whoever parses it sees that it is too large."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The bytes of castoff.yaml, of bookings by id, of content files by path, and of pictures by name."""

    settings: bytes | None
    bookings: Mapping[str, bytes]
    content: Mapping[str, bytes]
    pictures: Mapping[str, bytes]
    problems: tuple[Problem, ...]

    def read(self, booking: str) -> bytes | Problem:
        """Return a booking's bytes, or why its file cannot be read."""
        bookings = self.bookings
        return bookings.read(booking) if isinstance(bookings, BookingFiles) else bookings[booking]


class BookingFiles(Mapping[str, bytes]):
    """The bookings of a folder by id, in order: each is read anew when it is asked for, and none is kept."""

    def __init__(self, folder: Path, ids: Iterable[str]) -> None:
        self._folder = str(folder)
        self._ids = dict.fromkeys(ids)

    def read(self, booking: str) -> bytes | Problem:
        """Return a booking's bytes, or why its file cannot be read."""
        return read_file(f"{self._folder}/{booking}.yaml", booking_path(booking))

    def __getitem__(self, booking: str) -> bytes:
        """Return a booking's bytes, none where its file cannot be read; KeyError where there was no such file."""
        if booking not in self._ids:
            raise KeyError(booking)
        found = self.read(booking)
        return b"" if isinstance(found, Problem) else found

    def __contains__(self, booking: object) -> bool:
        return booking in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def booking_path(booking: str) -> str:
    """Return the path of a booking's file in the project."""
    return f"{BOOKINGS}/{booking}.yaml"


def read_sources(root: Path) -> Sources:
    """Read a project's files, all of them; what cannot be read, or is named as nothing here is, becomes a problem."""
    sources = open_sources(root)
    read = {booking: sources.read(booking) for booking in sources.bookings}
    bookings = {booking: body for booking, body in read.items() if not isinstance(body, Problem)}
    unread = [body for body in read.values() if isinstance(body, Problem)]
    return replace(sources, bookings=bookings, problems=(*sources.problems, *unread))


def open_sources(root: Path) -> Sources:
    """Read a project's files but for its bookings, which are found by their names and read when they are asked for."""
    settings, found = read_settings(root)
    problems = list(found)
    if not (root / BOOKINGS).exists():
        words, hint = "there is no folder `bookings`", "write the first booking, `bookings/<id>.yaml`"
        if (root / _MISSPELT).is_dir():
            hint = f"rename `{_MISSPELT}` to `{BOOKINGS}`"
        problems.append(Problem(BOOKINGS, 1, 1, words, "no-bookings", hint, Severity.WARNING))
    bookings = [entry.name.removesuffix(".yaml") for entry in _belonging(root, BOOKINGS, BOOKING_NAMING, problems)]
    content: dict[str, bytes] = {}
    beside = (stray_content(entry.name, (*CONTENT, "pictures")) for entry in _entries(root, "content", problems))
    problems += filter(None, beside)
    for folder in CONTENT:
        for entry in _belonging(root, f"content/{folder}", CONTENT_NAMING, problems):
            path = f"content/{folder}/{entry.name}"
            body = _noted(read_file(entry.path, path), problems)
            if body is not None:
                content[path] = body
    pictures = _pictures(root, problems)
    return Sources(settings, BookingFiles(root / BOOKINGS, bookings), content, pictures, tuple(problems))


def read_settings(root: Path) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of castoff.yaml, None where it is not there or cannot be read; the latter is a problem."""
    problems: list[Problem] = []
    there = os.path.lexists(root / SETTINGS)
    return (_noted(read_file(root / SETTINGS, SETTINGS), problems) if there else None), problems


def _pictures(root: Path, problems: list[Problem]) -> dict[str, bytes]:
    """Read the operator's pictures, by their name within `content/pictures`; one that is none keeps its name."""
    found: dict[str, bytes] = {}
    for name, file in files_beneath(root / PICTURES, shown=PICTURES, root=root, problems=problems):
        path = f"{PICTURES}/{name}"
        if PurePosixPath(name).suffix.lower() not in PICTURE_TYPES:
            if not is_left_over(PurePosixPath(name).name):
                problems.append(stray(path, f"browsers show no `{name}`", "save it as JPEG, PNG, WebP or SVG"))
            continue
        content = _noted(read_file(file, path, most=LARGEST_PICTURE + 1), problems)
        if content is not None:
            problems.extend(picture_problems(path, content))
        found[name] = content or b""
    return found


def _belonging(root: Path, folder: str, naming: Naming, problems: list[Problem]) -> Iterator[os.DirEntry[str]]:
    """Yield the files that belong into a folder, by name, in order; what does not is noted."""
    for entry in _entries(root, folder, problems):
        path = f"{folder}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            words = f"a folder stands in `{folder}`"
            problems.append(Problem(path, 1, 1, words, "wrong-file-name", "move its files up"))
            continue
        problem = misnamed(folder, entry.name, naming) or leads_out(entry, path, root)
        if problem is not None:
            problems.append(problem)
        elif naming.form.fullmatch(entry.name):
            yield entry


def _entries(root: Path, folder: str, problems: list[Problem]) -> Iterator[os.DirEntry[str]]:
    """Yield what stands in a folder, by name."""
    try:
        with os.scandir(root / folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(unreadable(folder, error, what="folder"))
        return
    yield from entries


def read_file(file: Path | str, path: str, *, most: int = LARGEST_TEXT + 1) -> bytes | Problem:
    """Return a file's bytes; bare system calls, since ten thousand files make each one count."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe must not hold the build up
        try:
            seen = os.fstat(descriptor)
            if not stat.S_ISREG(seen.st_mode):
                return Problem(path, 1, 1, "this is not a file", "unreadable", "put a file in its place")
            return read_up_to(descriptor, min(most, seen.st_size))
        finally:
            os.close(descriptor)
    except OSError as error:
        return unreadable(path, error)


def read_up_to(descriptor: int, most: int) -> bytes:
    """Return so many bytes, fewer where there are no more: one read may bring less, as from afar over a network."""
    content = os.read(descriptor, most)
    while len(content) < most and (more := os.read(descriptor, most - len(content))):
        content += more
    return content


def _noted(found: bytes | Problem, problems: list[Problem]) -> bytes | None:
    """Return what was read; a problem is noted."""
    if isinstance(found, Problem):
        problems.append(found)
        return None
    return found
