"""The release on disk: written beside the folder where it belongs and swapped in, so that no half stands there.

Each process writes its own files and its own lines of `release.json`; the lines are merged into one at the end.
"""

from __future__ import annotations

import errno
import heapq
import os
import re
import shutil
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from castoff.contract.document import canonical
from castoff.contract.lines import name_of, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from castoff.contract.release import Booking, File, Release

    Private = Mapping[str, Mapping[str, str]]

_LEFT: Final = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)\.(new|old)")
_BUFFER: Final = 1 << 18
_LONGEST: Final = 1 << 21
"""Bytes of lines that a part keeps at hand."""
_SECTIONS: Final = ("bookings", "files")
UNFINISHED: Final = "unfinished.json"
"""What `release.json` is called while a folder is renewed, and by what a renewal that was killed is known."""
_OURS: Final = ("release.json", UNFINISHED)


class ForeignFolderError(Exception):
    """What stands in a folder is no release, so it is not ours to replace."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds something that is no release")


class UnwritableFolderError(Exception):
    """A folder cannot be written to, for a reason that the system names."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(folder, error)  # as they are: a worker hands its error to its parent
        self._folder = folder
        self._error = error

    def __str__(self) -> str:
        in_the_way = isinstance(self._error, (FileExistsError, NotADirectoryError))
        reason = "a file is in the way" if in_the_way else (self._error.strerror or "the system says no more").lower()
        return f"{self._folder} cannot be written: {reason}"

    @property
    def hint(self) -> str:
        """What to do about it."""
        if self._error.errno == errno.EBUSY:
            return "it is where a disk is mounted, and is replaced whole: build into a folder below it with `--out`"
        return "see that you may write there, and that the disk has room"


class Done(NamedTuple):
    """What a part has written: how many bookings and files, and by section the files that their lines are in."""

    bookings: int
    files: int
    runs: dict[str, list[str]]


@contextmanager
def fresh_folder(folder: Path) -> Iterator[FreshFolder]:
    """Yield a sink for the release that is to stand in `folder`; what is not finished is removed again.

    Where `folder` is a link, it stays one. What killed builds left beside it goes. Raises ForeignFolderError where
    something else stands there, and UnwritableFolderError where nothing can be written, then or later in the block.
    """
    place = Path(os.path.realpath(folder))
    try:
        if place.exists() and any(place.iterdir()) and not any((place / name).is_file() for name in _OURS):
            raise ForeignFolderError(folder.absolute())
        place.parent.mkdir(parents=True, exist_ok=True)
        _remove_left(place)
        fresh = FreshFolder(place, shown=folder)
    except OSError as error:
        raise UnwritableFolderError(folder, error) from error
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh.path, ignore_errors=True)


class FreshFolder:
    """A release in the making, beside the folder where it belongs."""

    def __init__(self, place: Path, *, shown: Path) -> None:
        """Begin; `shown` is the place as it is told of."""
        self.path = f"{place.parent}/.{place.name}.{os.getpid()}.new"
        self.bookings = 0
        """How many bookings are in it."""
        self.files = 0
        """How many files are in it."""
        self._place = place
        self._shown = shown
        self._stale = place.parent / f".{place.name}.{os.getpid()}.old"
        self._runs: dict[str, list[str]] = {section: [] for section in _SECTIONS}
        os.makedirs(f"{self.path}/public")  # noqa: PTH103 - with strings, beside the calls below

    def part(self, number: int) -> FolderPart:
        """Return a part to be filled."""
        return FolderPart(self.path, number, shown=self._shown)

    def add(self, done: Done) -> None:
        """Add a part that is done."""
        self.bookings += done.bookings
        self.files += done.files
        for section, runs in done.runs.items():
            self._runs[section] += runs

    def finish(self, head: Release, private: Private) -> None:
        """Write what the release says beside its bookings and files, and put it in the place of the one before."""
        try:
            self._finish(head, private)
        except OSError as error:
            raise UnwritableFolderError(self._shown, error) from error

    def _finish(self, head: Release, private: Private) -> None:
        with ExitStack() as stack:
            sections = {section: _merged(runs, stack) for section, runs in self._runs.items()}
            whole = stack.enter_context(open(f"{self.path}/release.json", "xb", _BUFFER))  # noqa: PTH123 - as above
            whole.writelines(pieces(head.fields(), sections))
        for run in chain.from_iterable(self._runs.values()):
            os.unlink(run)  # noqa: PTH108 - as above
        money = {booking: dict(amounts) for booking, amounts in private.items()}
        _write(f"{self.path}/private.json", canonical({"format": 1, "calendar": money}).encode(), mode=0o600)
        if self._place.exists():
            self._place.rename(self._stale)
        os.rename(self.path, self._place)  # noqa: PTH104 - as above
        shutil.rmtree(self._stale, ignore_errors=True)


class FolderPart:
    """A part of a release in the making: folders are made once and files by bare system calls, five a booking."""

    def __init__(self, path: str, number: int, *, shown: Path) -> None:
        self._public = f"{path}/public/"
        self._shown = shown
        self._made: set[str] = set()
        self._lines = {section: _Lines(f"{path}/{section}.{number}") for section in _SECTIONS}

    def put(self, file: File, body: bytes) -> None:
        """Write a file, and note its line."""
        path = file.path
        if "/.." in path or "\0" in path:
            raise ValueError("a file's key leads out of the release")
        parent = path.rpartition("/")[0]
        try:
            if parent not in self._made:
                os.makedirs(self._public + parent, exist_ok=True)  # noqa: PTH103 - as above
                self._made.add(parent)
            _write(self._public + path, body, mode=0o644)
            self._lines["files"].add(file.line())
        except OSError as error:
            raise UnwritableFolderError(self._shown, error) from error

    def book(self, booking: Booking) -> None:
        """Note a booking's line."""
        try:
            self._lines["bookings"].add(booking.line())
        except OSError as error:
            raise UnwritableFolderError(self._shown, error) from error

    def done(self) -> Done:
        """Write the lines that are left, and tell where all of them are."""
        try:
            runs = {section: lines.written() for section, lines in self._lines.items()}
        except OSError as error:
            raise UnwritableFolderError(self._shown, error) from error
        return Done(self._lines["bookings"].count, self._lines["files"].count, runs)


class _Lines:
    """Lines of one section, on their way into the whole: of ten thousand bookings they are more than memory is for."""

    def __init__(self, path: str) -> None:
        self.count = 0
        self._path = path
        self._lines: list[bytes] = []
        self._size = 0
        self._runs: list[str] = []

    def add(self, line: bytes) -> None:
        """Take a line; write those at hand once they are many."""
        self.count += 1
        self._lines.append(line)
        self._size += len(line)
        if self._size > _LONGEST:
            self.written()

    def written(self) -> list[str]:
        """Write the lines at hand, sorted by what they are of, and return all files that lines are in."""
        if self._lines:
            self._lines.sort(key=name_of)
            self._runs.append(f"{self._path}.{len(self._runs)}")
            _write(self._runs[-1], b"\n".join([*self._lines, b""]), mode=0o644)
            self._lines, self._size = [], 0
        return self._runs


def _merged(runs: Sequence[str], stack: ExitStack) -> Iterator[bytes]:
    """Yield the lines of all runs, sorted by what they are of, never more than a few at hand."""
    files = [stack.enter_context(open(run, "rb")) for run in runs]  # noqa: PTH123, SIM115 - as above
    return (line[:-1] for line in heapq.merge(*files, key=name_of))


def _write(file: str, body: bytes, *, mode: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        view = memoryview(body)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _remove_left(folder: Path) -> None:
    """Remove what builds of this folder left beside it whose processes are gone."""
    for entry in os.scandir(folder.parent):
        left = _LEFT.fullmatch(entry.name)
        if left is not None and left["name"] == folder.name and not _runs(int(left["pid"])):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:  # a link, which is not followed
                os.unlink(entry.path)  # noqa: PTH108 - as above


def _runs(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # someone else's
        return True
    return True
