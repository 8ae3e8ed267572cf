"""A look at what stands: bookings and pages by their stamps, taken by a child while its parent still imports the rest.

Ten thousand bookings have sixty thousand files to be looked at. That takes as long as Python takes to start, and there
are two cores. This module imports nothing of castoff's, so that the child is out early.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RELEASE = "release.json"


class View(NamedTuple):
    """What was seen: the stamp and the last writing (ns) of each file in `bookings/`, and a folder's release.

    `since` is when its `release.json` was written, 0 where there is none; `names` a digest of the names of all bodies
    that are not younger; `odd` whatever else there is below `public/`, a folder that is empty with a slash at its end.
    """

    bookings: dict[str, tuple[str, int]]
    since: int
    names: str
    odd: list[str]


class Lookout:
    """Someone who looks while others work; whoever asks waits for the answer, or looks again without it."""

    def __init__(self, bookings: Path, folder: Path) -> None:
        self._bookings = bookings
        self._folder = folder
        self._answer: IO[bytes] | None = None
        self._child = 0

    def __enter__(self) -> Self:
        """Send a child to look, where that is safe; it is gone again when the block ends."""
        if not hasattr(os, "fork") or threading.active_count() > 1:
            return self
        try:
            reading, writing = os.pipe()
        except OSError:  # too many files are open: whoever asks looks
            return self
        try:
            self._child = os.fork()
        except OSError:  # there are too many processes
            os.close(reading)
            os.close(writing)
            return self
        if self._child == 0:
            with suppress(BaseException), os.fdopen(writing, "wb") as answer:
                os.close(reading)
                marshal.dump(tuple(look(self._bookings, self._folder)), answer)
            os._exit(0)
        os.close(writing)
        self._answer = os.fdopen(reading, "rb")
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of a child that nobody asked."""
        if self._answer is not None:
            self._answer.close()
            with suppress(ChildProcessError):  # where such ends are ignored, it is gone by itself
                os.waitpid(self._child, 0)
            self._answer = None

    def view(self) -> View:
        """Return what stands."""
        seen = b"" if self._answer is None else self._answer.read()
        self.__exit__()
        with suppress(EOFError, ValueError, TypeError):
            return View(*marshal.loads(seen))  # noqa: S302 - our own child wrote it
        return look(self._bookings, self._folder)


def look(bookings: Path, folder: Path) -> View:
    """Look at both; what is not there is seen as empty."""
    since = 0
    with suppress(OSError):
        since = os.stat(f"{folder}/{RELEASE}").st_ctime_ns  # noqa: PTH116 - strings, as below
    sound, odd = bodies(folder, since=since)
    return View(_stamps(bookings), since, names_digest(sorted(sound)), odd)


def bodies(folder: Path, *, since: int) -> tuple[list[str], list[str]]:
    """Return the bodies below `public/` that were not written after `since`, and whatever else is odd there."""
    sound: list[str] = []
    odd: list[str] = []
    folders = [""]
    while folders:
        name = folders.pop()
        empty = bool(name)
        with suppress(OSError), os.scandir(f"{folder}/public/{name}") as entries:
            for entry in entries:
                empty = False
                path = name + entry.name
                seen = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(seen.st_mode):
                    folders.append(f"{path}/")
                elif stat.S_ISREG(seen.st_mode) and seen.st_ctime_ns <= since and seen.st_mtime_ns <= since:
                    sound.append(path)
                else:
                    odd.append(path)
        if empty:
            odd.append(name)
    return sound, odd


def names_digest(names: Iterable[str]) -> str:
    """Return one digest of many names, in order."""
    hashed = hashlib.sha256()
    for name in names:
        hashed.update(f"{name}\n".encode(errors="surrogateescape"))
    return hashed.hexdigest()


def stamp_of(path: Path | str) -> str:
    """Return a file's stamp, empty where there is no such file."""
    try:
        return _stamp(os.stat(path, follow_symlinks=False))  # noqa: PTH116 - as above
    except OSError:
        return ""


def _stamps(folder: Path) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):  # a link that leads nowhere: whoever reads it says so
                seen = entry.stat()
                found[entry.name] = _stamp(seen), max(seen.st_mtime_ns, seen.st_ctime_ns)
    return found


def _stamp(seen: os.stat_result) -> str:
    return f"{seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns}"
