"""What a project's files look like from outside: a stamp each, cheap enough to be taken on every request."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.fleet.sources import BOOKINGS, SETTINGS
from castoff.pages.theme import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

WATCHED: Final = (BOOKINGS, "content", FOLDER)
"""The folders of a project that a build reads, beside its settings."""

YOUNG_NS: Final = 2_500_000_000
"""Nanoseconds within which two writes may leave the same times: FAT counts in steps of two seconds."""

_DEEPEST: Final = 12

Stamp = tuple[int, ...]
"""Mode, inode, size, time of the content and of the inode, which changes with permissions, too; or what forbade it."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamps of every file and folder by path, and digests of the files whose stamps prove nothing yet."""

    files: Mapping[str, Stamp]
    young: Mapping[str, str | None]
    newest: int
    """When the last of them changed, in nanoseconds since 1970; a time to come says nothing, and is left out."""


def take_stamps(root: Path, *, now_ns: int) -> Stamps:
    """Return the stamps of everything that a build of the project would read."""
    files = dict(_walk(root))
    changed = {path: max(stamp[3:]) for path, stamp in files.items() if len(stamp) > 1 and stat.S_ISREG(stamp[0])}
    young = {path: digest_of(root, path) for path, when in changed.items() if now_ns - when < YOUNG_NS}
    return Stamps(files, young, max((when for when in changed.values() if when <= now_ns), default=0))


class ProjectFiles:
    """A project's files as the builder looks at them."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def look(self) -> Stamps:
        """Return what the files look like now."""
        return take_stamps(self._root, now_ns=time.time_ns())

    def same(self, then: Stamps, now: Stamps) -> bool:
        """Tell whether they are what they were."""
        return unchanged(then, now, lambda path: digest_of(self._root, path))


def unchanged(then: Stamps, now: Stamps, digest: Callable[[str], str | None]) -> bool:
    """Tell whether the files are what they were; `digest` reads one whose stamp was too young to tell by."""
    return then.files == now.files and all(
        (now.young[path] if path in now.young else digest(path)) == before for path, before in then.young.items()
    )


def digest_of(root: Path, path: str) -> str | None:
    """Return a digest of a file's content, None where it cannot be read."""
    try:
        return hashlib.sha256((root / path).read_bytes()).hexdigest()
    except OSError:
        return None


def _walk(root: Path) -> Iterator[tuple[str, Stamp]]:
    base = os.fspath(root)
    yield SETTINGS, _stamp(lambda: os.stat(f"{base}/{SETTINGS}"))  # noqa: PTH116 - a string, as everything below
    for folder in WATCHED:
        yield from _walk_folder(base, folder, deeper=_DEEPEST)


def _walk_folder(base: str, folder: str, *, deeper: int) -> Iterator[tuple[str, Stamp]]:
    """Yield a folder and what stands in it; one that is linked into itself is not followed for ever."""
    try:
        with os.scandir(f"{base}/{folder}") as entries:
            found = list(entries)
    except OSError as error:
        yield f"{folder}/", (error.errno or -1,)
        return
    yield f"{folder}/", (0,)
    for entry in found:
        if entry.name.startswith("."):
            continue  # an editor's own, which no build reads
        path, stamp = f"{folder}/{entry.name}", _stamp(entry.stat)
        if len(stamp) > 1 and stat.S_ISDIR(stamp[0]):
            if deeper:
                yield from _walk_folder(base, path, deeper=deeper - 1)
        else:
            yield path, stamp


def _stamp(look: Callable[[], os.stat_result]) -> Stamp:
    try:
        found = look()
    except OSError as error:
        return (error.errno or -1,)
    return (found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
