"""A folder's release kept true: renewed where a sound one stands, made anew where none does, in the same bytes."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from castoff.build import assemble, no_collector
from castoff.contract.lines import names_in
from castoff.explain import Explanation, Story
from castoff.fleet.sources import BOOKINGS, booking_path, open_sources
from castoff.logbook import (
    Known,
    Logbook,
    NothingStandsError,
    held,
    load_logbook,
    logbook_file,
    settled,
    write_logbook,
)
from castoff.lookout import RELEASE, Lookout, names_digest, stamp_of
from castoff.pages.theme import load_theme
from castoff.renewal import PRIVATE, Renewal, ops_path, standing_in
from castoff.writing import build_into

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from castoff.build import Build
    from castoff.logbook import Account, Entry
    from castoff.lookout import View
    from castoff.problems import Problem
    from castoff.renewal import Standing
    from castoff.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Kept:
    """What it took: bookings rendered and files written, of how many there are; and why, for those asked about."""

    rendered: int
    bookings: int
    written: int
    files: int
    explained: tuple[Explanation, ...]


def keep(
    root: Path,
    wishes: Wishes,
    folder: Path,
    *,
    explain: Sequence[str] = (),
    lookout: Lookout | None = None,
    waiting: Callable[[], None] | None = None,
) -> tuple[Kept | None, tuple[Problem, ...]]:
    """Make a folder hold the release that a clean build would put there; return None where a problem stops it.

    Where `wishes.full`, all of it is made anew. Whatever stood there and is none of it goes. `lookout` may have been
    sent before; `waiting` is called where another build of the folder takes its time. Raises as `fresh_folder`.
    """
    file = logbook_file(root, folder)
    wishes = replace(wishes, cache=file.parents[1] / "layouts")
    with held(file, waiting=waiting), no_collector():
        before = _Before.of(wishes, folder, file, (lookout or Lookout(root / BOOKINGS, folder)).view())
        return _Keeping(root, wishes, folder, before, explain).done(file)


@dataclass(frozen=True, slots=True)
class _Before:
    """How things stood when the build began."""

    stamps: Mapping[str, str]
    logbook: Logbook | None
    standing: Standing | None

    @classmethod
    def of(cls, wishes: Wishes, folder: Path, file: Path, view: View) -> _Before:
        stamps = settled(view.bookings, started=wishes.clock.timestamp())
        by_id = {name.removesuffix(".yaml"): stamp for name, stamp in stamps.items() if name.endswith(".yaml")}
        logbook = load_logbook(file, folder)
        return cls(by_id, logbook, None if logbook is None or wishes.full else standing_in(folder, logbook, view))

    @property
    def known(self) -> Known | None:
        """What need not be made again, by files and pages; whether clock and settings agree, the build will see."""
        if self.logbook is None or self.standing is None:
            return None
        entries, disturbed = self.logbook.bookings, self.standing.touched
        return Known(
            self.logbook,
            frozenset(
                booking
                for booking, stamp in self.stamps.items()
                if stamp and booking in entries and entries[booking].stamp == stamp and booking not in disturbed
            ),
            {key: made for key, made in self.logbook.boards.items() if ops_path(key) not in self.standing.disturbed},
        )


@dataclass(frozen=True, slots=True)
class _Keeping:
    """One build of one folder."""

    root: Path
    wishes: Wishes
    folder: Path
    before: _Before
    explain: Sequence[str]

    def done(self, file: Path) -> tuple[Kept | None, tuple[Problem, ...]]:
        """Renew what stands, or make all of it anew."""
        known = self.before.known
        if known is not None and self.before.standing is not None:
            with suppress(NothingStandsError):  # whose traceback would keep alive what the first attempt has made
                build, problems = assemble(
                    open_sources(self.root), load_theme(self.root), replace(self.wishes, known=known)
                )
                return (None, problems) if build is None else self._renewed(build, problems, self.before.standing, file)
        return self._made_anew(file)

    def _made_anew(self, file: Path) -> tuple[Kept | None, tuple[Problem, ...]]:
        written, problems = build_into(self.folder, self.root, self.wishes)
        if written is None:
            return None, problems
        account = written.account
        with (self.folder / RELEASE).open("rb") as lines:
            names = names_digest(names_in(lines, "files"))
        self._note(file, account, names=names, reused={}, problems=problems)
        explained = self._explained(account, reused=())
        return Kept(len(account.rows), len(account.rows), written.files, written.files, explained), problems

    def _renewed(
        self, build: Build, problems: tuple[Problem, ...], standing: Standing, file: Path
    ) -> tuple[Kept, tuple[Problem, ...]]:
        account, book = build.account, self.before.logbook
        if account is None or book is None:
            raise AssertionError("a build that renews tells of itself")
        renewal = Renewal(standing, build, before=[key for key, entry in book.bookings.items() if not entry.waits])
        written = renewal.done()
        reused = {booking: book.bookings[booking] for booking in build.release.reused}
        names = book.names if renewal.same_names else names_digest(renewal.files.names())
        self._note(file, account, names=names, reused=reused, problems=problems)
        explained = self._explained(account, reused=reused)
        bookings = len(account.rows) + sum(not entry.waits for entry in reused.values())
        return Kept(len(account.rows), bookings, written, renewal.files.count, explained), problems

    def _note(
        self,
        file: Path,
        account: Account,
        *,
        names: str,
        reused: Mapping[str, Entry],
        problems: tuple[Problem, ...],
    ) -> None:
        """Write down what stands now, once it does."""
        told = {problem.path for problem in problems}
        logbook = Logbook(
            folder=os.path.realpath(self.folder),
            parts=account.parts,
            stamps={name: stamp_of(self.folder / name) for name in (RELEASE, PRIVATE)},
            names=names,
            boards=account.boards,
            bookings={**reused, **account.entries(self.before.stamps)},
            warned=frozenset(booking for booking in self.before.stamps if booking_path(booking) in told),
        )
        if logbook != self.before.logbook:
            write_logbook(file, logbook)

    def _explained(self, account: Account, *, reused: Mapping[str, Entry] | Sequence[str]) -> tuple[Explanation, ...]:
        before = self.before
        story = Story(
            folder=self.folder.name,
            full=self.wishes.full,
            book=before.logbook,
            stamps=before.stamps,
            touched=None if before.standing is None else before.standing.touched,
            account=account,
            reused=frozenset(reused),
        )
        return tuple(story.of(booking) for booking in self.explain)
