"""A release renewed where it stands: what changed is written over what was there, and the rest is not touched.

All that is new is written beside its place first: where the disk has no room for it, what stands is left as it was.
Then `release.json` is put aside and comes back last, so that nobody reads half a release; a renewal that is killed on
the way leaves a folder without one, which the next build makes anew.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from castoff.contract.document import canonical
from castoff.contract.lines import pieces, same, taken_apart
from castoff.contract.release import Site, files_of, files_of_none
from castoff.folder import UNFINISHED, UnwritableFolderError
from castoff.lookout import RELEASE, bodies, stamp_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from castoff.build import Build
    from castoff.contract.lines import Section
    from castoff.logbook import Logbook
    from castoff.lookout import View

PRIVATE: Final = "private.json"
SECTIONS: Final = ("bookings", "files")


@dataclass(frozen=True, slots=True)
class Standing:
    """The release that stands in a folder: its text, and what of its files was touched or is missing since."""

    folder: Path
    text: bytes
    bookings: Section
    files: Section
    disturbed: frozenset[str] = frozenset()
    """Files of the release that are not as they were built."""
    strange: frozenset[str] = frozenset()
    """What nobody built: files, links, and folders, which are told by a slash at their end."""

    @property
    def touched(self) -> dict[str, tuple[str, ...]]:
        """The files that are not as they were built, by the bookings that explain them."""
        if not self.disturbed:
            return {}
        owned = files_of(self.files, set(self.bookings.names()))
        found = {booking: tuple(path for path in paths if path in self.disturbed) for booking, paths in owned.items()}
        return {booking: paths for booking, paths in found.items() if paths}


def ops_path(key: str) -> str:
    """Return the path of a file of the ops site."""
    return f"{Site.OPS}/{key}"


def standing_in(folder: Path, logbook: Logbook, view: View) -> Standing | None:
    """Return the release that stands in a folder, None where it is not the one that the logbook is about.

    `view` is what was seen of it; where another release has come to stand there since, it is looked at again.
    """
    if any(not stamp or stamp_of(folder / name) != stamp for name, stamp in logbook.stamps.items()):
        return None
    try:
        text = (folder / RELEASE).read_bytes()
        sections = taken_apart(text, SECTIONS)
        since = (folder / RELEASE).stat().st_ctime_ns
        standing = Standing(folder, text, sections["bookings"], sections["files"])
        if since == view.since and view.names == logbook.names and not view.odd:
            return standing
        sound, odd = bodies(folder, since=since)
    except (OSError, ValueError):
        return None
    known = frozenset(standing.files.names())
    return replace(standing, disturbed=known.difference(sound), strange=frozenset({*odd, *sound}) - known)


class Renewal:
    """One renewal: what is to be, held against what stands."""

    def __init__(self, standing: Standing, build: Build, *, before: Iterable[str]) -> None:
        """Take what stands, what was built, and the bookings that stand."""
        self._standing = standing
        self._build = build
        self._public = standing.folder / "public"
        release = build.release
        bookings = {booking: one.line() for booking, one in release.bookings.items()}
        files = {path: file.line() for path, file in release.files.items()}
        unbooked = {booking for booking in before if booking not in release.reused and booking not in bookings}
        old = self._not_reused({*bookings, *unbooked})
        self._gone = old - files.keys()
        self._new = {
            path: line
            for path, line in files.items()
            if path in standing.disturbed or standing.files.line(path) != line
        }
        self.same_names = self._new.keys() <= old and not self._gone
        self.files = standing.files.renewed(gone=self._gone, new=self._new)
        self._bookings = standing.bookings.renewed(gone=unbooked, new=bookings)

    def _text(self) -> Iterator[bytes | memoryview]:
        """Yield the new `release.json`: of a season it is too long to be held beside the old one."""
        fields = {**self._build.release.fields(), "reused": {}}
        return pieces(fields, {"bookings": self._bookings.lines(), "files": self.files.lines()})

    def _not_reused(self, bookings: Collection[str]) -> set[str]:
        """Return the files that stand and are not reused: those of these bookings, and those of none."""
        owned = files_of(self._standing.files, bookings)
        found = {*files_of_none(self._standing.files), *(path for paths in owned.values() for path in paths)}
        account = self._build.account
        return found if account is None else found.difference(map(ops_path, account.stood))

    def done(self) -> int:
        """Make the folder hold what a clean build would put there; return how many files were written.

        Nothing is touched where nothing is to be. Raises UnwritableFolderError.
        """
        try:
            return self._written()
        except OSError as error:
            raise UnwritableFolderError(self._standing.folder, error) from error

    def _written(self) -> int:
        folder, strange = self._standing.folder, self._standing.strange
        private = self._private()
        for name in (PRIVATE, RELEASE):  # of a renewal that was killed
            _fresh(folder / name).unlink(missing_ok=True)
        unchanged = private == (folder / PRIVATE).read_bytes() and same(self._standing.text, self._text())
        if unchanged and not self._new and not self._gone and not strange:
            return 0
        for path in sorted(strange, reverse=True):
            self._remove(path)
        self._prune(strange)
        bodies = [self._public / path for path in self._new]
        try:
            for path in self._new:
                _write(self._public / path, (self._build.bodies[path],), mode=0o644)
            _write(folder / PRIVATE, (private,), mode=0o600)
            _write(folder / RELEASE, self._text(), mode=0o644)
        except BaseException:  # as of a full disk: what stands is whole, and there must be room to try again
            for file in (*bodies, folder / PRIVATE, folder / RELEASE):
                _fresh(file).unlink(missing_ok=True)
            self._prune(self._new)
            raise
        (folder / RELEASE).rename(folder / UNFINISHED)
        for path in self._gone:
            (self._public / path).unlink(missing_ok=True)
        for file in (*bodies, folder / PRIVATE, folder / RELEASE):
            _fresh(file).replace(file)
        self._prune(self._gone)
        (folder / UNFINISHED).unlink()
        return len(self._new)

    def _private(self) -> bytes:
        """Return the money of all bookings: of those that are reused as it was."""
        document = json.loads((self._standing.folder / PRIVATE).read_bytes())
        before: Mapping[str, dict[str, str]] = document["calendar"]
        kept = {booking: money for booking, money in before.items() if booking in self._build.release.reused}
        new = {booking: dict(money) for booking, money in self._build.private.items()}
        return canonical({"format": 1, "calendar": kept | new}).encode()

    def _remove(self, path: str) -> None:
        """Remove what nobody built."""
        if path.endswith("/"):
            shutil.rmtree(self._public / path, ignore_errors=True)
        else:
            (self._public / path).unlink(missing_ok=True)

    def _prune(self, paths: Iterable[str]) -> None:
        """Remove the folders of these files that are empty now, and those above them that this leaves empty."""
        for path in paths:
            folder = (self._public / path).parent
            while folder != self._public:
                try:
                    folder.rmdir()
                except OSError:  # it is not empty, or gone already
                    break
                folder = folder.parent


def _fresh(file: Path) -> Path:
    """Return where a file is written before it is put into its place: whoever opens it reads the old or the new one."""
    return file.with_name(f".{file.name}.new")


def _write(file: Path, body: Iterable[bytes | memoryview], *, mode: int) -> None:
    """Write what is to be put into a file's place, beside it."""
    fresh = _fresh(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as writing:
        writing.writelines(body)
