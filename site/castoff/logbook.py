"""The logbook: what the release in a folder was built from, so that the next build makes anew only what it must.

It lies in the project's `.castoff/builds/`, a file a folder, and never in the folder itself, which holds what a clean
build would put there and nothing else. To lose it costs one whole build.

A booking's file is known again by its stamp: size, time of writing, and time of the last change of any kind, which no
program can set. Git's index trusts the same three.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from castoff.fleet.carry import BoardRow
from castoff.reuse import Reused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from castoff.pages.phase import Standing

FORMAT: Final = 3
_FEW: Final = 100
_PART: Final = 5
"""Of more bookings than a fifth the pages are not made one by one into a folder that stands, but all of them anew."""
_SOON: Final = 1.0
"""Seconds for which whoever waits is told nothing."""
_FINE: Final = 100_000_000
_COARSE: Final = 2_000_000_000
"""Nanoseconds within which two writings may bear one time: a tick of the system's clock, or a file system's seconds."""


class Entry(NamedTuple):
    """What a booking was rendered from, and the instants (ISO 8601) from and until which its pages stay as they are.

    `row` holds the fields of its line on the board, in their order.
    """

    stamp: str
    since: str
    until: str | None
    standing: tuple[str, str]
    """How it stood then: the charter, and sending its photos; nothing where it has no pages."""
    row: list[Any]

    @property
    def waits(self) -> bool:
        """Tell whether it is a draft or a hold: it has no pages, and others are held against it all the same."""
        return not self.standing[0]


@dataclass(frozen=True, slots=True)
class Logbook:
    """All that a folder's release was built from; `parts` is what all bookings share, as `Inputs` names it."""

    folder: str
    parts: Mapping[str, str]
    stamps: Mapping[str, str]
    """The stamps of `release.json` and `private.json`, the last files that a build writes."""
    names: str
    """A digest of the names of all bodies."""
    boards: Mapping[str, str]
    """What each page of the board was made from, as a digest, by its key."""
    bookings: Mapping[str, Entry]
    warned: frozenset[str] = frozenset()
    """The bookings that were warned of: whether that is still so, only another reading tells."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a build tells for the logbook: what all bookings share, and of those that it rendered how and until when."""

    parts: Mapping[str, str]
    as_of: str
    rows: Mapping[str, BoardRow]
    stands: Mapping[str, tuple[Standing, str | None]]
    boards: Mapping[str, str]
    """What each page of the board is made from, as a digest, by its key."""
    stood: frozenset[str] = frozenset()
    """The pages of the board that were left as they stood in the folder."""
    waiting: Mapping[str, tuple[BoardRow, str]] = field(default_factory=dict)
    """Drafts and holds: what others are held against, and until when nothing is to be said of them."""

    def entries(self, stamps: Mapping[str, str]) -> dict[str, Entry]:
        """Return the entries of all bookings that were read, by the stamps of their files."""
        rendered = {
            booking: Entry(
                stamps.get(booking, ""),
                self.as_of,
                self.stands[booking][1],
                (self.stands[booking][0].charter, self.stands[booking][0].photos),
                row.fields(),
            )
            for booking, row in self.rows.items()
        }
        waiting = {
            booking: Entry(stamps.get(booking, ""), self.as_of, until, ("", ""), row.fields())
            for booking, (row, until) in self.waiting.items()
        }
        return rendered | waiting


class NothingStandsError(Exception):
    """Say that so much has to be made anew that all of it may be: in one go, and with as many processes as pay."""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in a folder and is sound: the logbook, and the bookings that nobody touched, nor their pages."""

    logbook: Logbook
    untouched: frozenset[str]
    boards: Mapping[str, str]
    """The pages of the board that nobody touched, by their keys, with the digests of what they were made from."""

    def reusable(self, parts: Mapping[str, str], *, among: Collection[str], as_of: datetime) -> dict[str, Reused]:
        """Return the bookings whose pages stay as they are, where these are their shared parts, at this instant.

        Raises NothingStandsError where they are few of those that there are.
        """
        if parts != self.logbook.parts:
            raise NothingStandsError
        entries = self.logbook.bookings
        spans = {(entry.since, entry.until) for entry in entries.values()}
        during = {span for span in spans if _within(*span, as_of)}
        found = {
            booking: Reused("", BoardRow.of(entry.row))
            for booking, entry in entries.items()
            if booking in self.untouched and (entry.since, entry.until) in during and booking not in self.logbook.warned
        }
        if len(among) - len(found) > max(_FEW, len(among) // _PART):
            raise NothingStandsError
        return found


def logbook_file(root: Path, folder: Path) -> Path:
    """Return where the logbook of a folder is kept, whichever of its names it is called by."""
    name = hashlib.sha256(os.fsencode(_named(folder))).hexdigest()[:16]
    return root / ".castoff" / "builds" / f"{name}.json"


@contextmanager
def held(file: Path, *, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold a folder's logbook: of two builds of one folder the later waits for the earlier.

    Whoever waits for a second is told by `waiting`. A project that cannot be written to has no logbooks, and nobody
    waits.
    """
    with ExitStack() as stack:
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(file.with_suffix(".lock").open("w"))
            if waiting is not None and not _locked_soon(lock):
                waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _locked_soon(lock: IO[str]) -> bool:
    """Take a lock within a second, and tell whether that went well."""
    until = time.monotonic() + _SOON
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)
        else:
            return True


def load_logbook(file: Path, folder: Path) -> Logbook | None:
    """Return the logbook of a folder, None where there is none that this castoff wrote, and nobody since."""
    try:
        digest, _, body = file.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        found = json.loads(body)
        if found["format"] != FORMAT or found["folder"] != _named(folder):
            return None
        return Logbook(
            folder=found["folder"],
            parts=found["parts"],
            stamps=found["stamps"],
            names=found["names"],
            boards=found["boards"],
            bookings={booking: Entry._make(entry) for booking, entry in found["bookings"].items()},
            warned=frozenset(found["warned"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_logbook(file: Path, logbook: Logbook) -> None:
    """Write a logbook, whole or not at all; without one the next build is a whole one, and no worse comes of it."""
    value = {
        "format": FORMAT,
        "folder": logbook.folder,
        "parts": dict(logbook.parts),
        "stamps": dict(logbook.stamps),
        "names": logbook.names,
        "boards": dict(logbook.boards),
        "bookings": logbook.bookings,
        "warned": sorted(logbook.warned),
    }
    body = json.dumps(value, separators=(",", ":")).encode()
    fresh = file.with_suffix(".new")
    with suppress(OSError):
        fresh.write_bytes(b"%s\n%s" % (hashlib.sha256(body).hexdigest().encode(), body))
        fresh.replace(file)


def settled(stamps: Mapping[str, tuple[str, int]], *, started: float) -> dict[str, str]:
    """Return the stamps of files, by name, as they were when they were read after `started`, in seconds.

    One written so shortly before that another writing could bear the same time has none: it will be read again.
    """
    latest = int(started * 1_000_000_000)
    return {
        name: stamp if written + (_FINE if written % 1_000_000_000 else _COARSE) < latest else ""
        for name, (stamp, written) in stamps.items()
    }


def _named(folder: Path) -> str:
    """Return the one name that a folder has, links followed, whether it is there or is to be."""
    return os.path.realpath(folder)


def _within(since: str, until: str | None, as_of: datetime) -> bool:
    """Tell whether an instant is in a span; each ends where the next begins."""
    return datetime.fromisoformat(since) <= as_of and (until is None or as_of < datetime.fromisoformat(until))
