"""What a preview shows at one time: the last good build, whole, and what is wrong with the files as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from castoff.contract.state import PublishedBooking
from castoff.fleet.sources import booking_path
from castoff.pages.wording import counted
from castoff.problems import Severity, in_order, stops

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.build import Build
    from castoff.contract.release import Booking, File
    from castoff.problems import Problem


@dataclass(frozen=True, slots=True)
class Pages:
    """A good build with what it took over from the one before it: files and unfilled bodies by path, bookings by id."""

    files: Mapping[str, File]
    bodies: Mapping[str, bytes]
    bookings: Mapping[str, Booking]
    as_of: datetime
    next_run: str
    due: datetime | None
    """When time alone changes the pages; None where the clock stands still."""
    rendered: int
    """How many bookings were rendered for it."""
    problems: tuple[Problem, ...]
    """What there is to be warned of in all of its files, those that were not read again included."""
    outgoing: Mapping[str, tuple[File, bytes]] = field(default_factory=dict)
    """Assets of the build before that are gone: a page that is just being loaded may still ask for them."""

    def find(self, path: str) -> tuple[File, bytes] | None:
        """Return a file with its unfilled body."""
        file = self.files.get(path)
        return self.outgoing.get(path) if file is None else (file, self.bodies[path])

    @property
    def kept(self) -> dict[str, PublishedBooking]:
        """What the next build need not render again where it is unchanged."""
        return {
            booking.id: PublishedBooking(booking.input, booking.status, booking.ends, carry=booking.carry)
            for booking in self.bookings.values()
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """One state of the preview: `number` counts the builds, `edition` those of them that changed a page."""

    number: int
    edition: int
    pages: Pages | None
    problems: tuple[Problem, ...] = ()
    fault: str | None = None
    """What castoff itself broke over, in a line."""

    @property
    def stopped(self) -> bool:
        """Whether the files as they stand make no pages, so that older ones are shown, or none."""
        return self.fault is not None or stops(self.problems)

    @property
    def report(self) -> str:
        """The problems as `castoff check` prints them."""
        return "\n".join([*map(str, self.problems), *([self.fault] if self.fault else [])])

    @property
    def summary(self) -> str:
        """How many errors and warnings there are, in words."""
        if self.fault is not None:
            return "castoff broke"
        errors = sum(problem.severity is Severity.ERROR for problem in self.problems)
        counts = [(errors, "error"), (len(self.problems) - errors, "warning")]
        return ", ".join(counted(count, noun) for count, noun in counts if count)


NOTHING = Shown(number=0, edition=0, pages=None)
"""What there is to show before the first build."""


def laid_over(build: Build, problems: tuple[Problem, ...], before: Pages | None, *, clock: datetime) -> Pages:
    """Return a build made whole: whatever belongs to the bookings that it reuses is that of the one before.

    `clock` is the instant at which it was asked for.
    """
    release = build.release
    files, bodies, bookings = dict(release.files), dict(build.bodies), dict(release.bookings)
    outgoing: dict[str, tuple[File, bytes]] = {}
    if before is not None:
        bookings.update({booking: before.bookings[booking] for booking in release.reused})
        unread = {booking_path(booking) for booking in release.reused}
        problems = in_order((*problems, *(problem for problem in before.problems if problem.path in unread)))
        for path, file in before.files.items():
            if file.booking in release.reused:
                files[path], bodies[path] = file, before.bodies[path]
            elif file.immutable and path not in files:
                outgoing[path] = (file, before.bodies[path])
    as_of = datetime.fromisoformat(release.as_of)
    return Pages(
        files=files,
        bodies=bodies,
        bookings=bookings,
        as_of=as_of,
        next_run=release.next_run,
        due=_due(bookings, release.next) if as_of == clock else None,
        rendered=len(release.bookings),
        problems=problems,
        outgoing=outgoing,
    )


def _due(bookings: Mapping[str, Booking], board: str | None) -> datetime | None:
    """Return the next instant at which time alone changes a page: a charter's, or the board."""
    changes = (board, *(booking.next for booking in bookings.values()))
    return min((datetime.fromisoformat(change) for change in changes if change), default=None)
