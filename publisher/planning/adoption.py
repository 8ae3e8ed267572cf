"""Adoption: objects, events and calendar entries that were there before castoff, looked up once and known from then on.

Also what is left where the published state was lost: the services still have all of it, and nobody is called twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from castoff.contract.plan import Reason
from castoff.contract.state import UNKNOWN, PublishedBooking, PublishedFile
from publisher.fence.recovery import CALLS, found_of
from publisher.planning.diff import calendar_digest, is_over
from publisher.planning.marks import Marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.release import Booking
    from castoff.contract.state import PublishedEvent, State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Reads, World


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is there and in no state: objects by path with their ETags, events and entries by booking."""

    files: Mapping[str, str]
    events: Mapping[str, PublishedEvent]
    entries: frozenset[str]

    @property
    def marks(self) -> Marks:
        """What is marked, and why."""
        return Marks(Reason.ADOPTED, self.files.keys(), self.events.keys(), self.entries)

    def marked(self, state: State, folder: ReleaseFolder) -> State:
        """Return the state with what was found in it: the usual plan leads on from there.

        Objects are written anew. Events are known as the service tells them, so that only what differs is said,
        to whom it concerns. Entries are said again, but for a charter that is over: that is recorded as it is.
        """
        release = folder.release
        files = dict(state.files)
        for path, etag in self.files.items():
            files[path] = PublishedFile(sha256=None, etag=etag, booking=release.files[path].booking)
        bookings = dict(state.bookings)
        for key in {*self.events, *self.entries}:
            wanted = release.bookings[key]
            known = bookings.get(key) or PublishedBooking(input=UNKNOWN, status=UNKNOWN, ends=wanted.ends)
            entry = known.calendar
            if key in self.entries:
                over = is_over(wanted.ends, release.as_of)
                entry = calendar_digest(wanted, folder.private) if over else UNKNOWN
            bookings[key] = replace(known, event=self.events.get(key, known.event), calendar=entry)
        return replace(state, files=files, bookings=bookings)


def opened(state: State) -> State:
    """Return the state so that every booking of which no event or no entry is known is built anew, and looked up."""
    return replace(
        state,
        bookings={
            key: booking if booking.event and booking.calendar is not None else replace(booking, input=UNKNOWN)
            for key, booking in state.bookings.items()
        },
    )


def look_for(folder: ReleaseFolder, state: State, world: World, *, reads: Reads) -> Adoption:
    """Return what stands where this release wants to write something that the state does not know."""
    release = folder.release
    paths = sorted(path for path in release.files if _is_free(path, state))
    wanted = [booking for _, booking in sorted(release.bookings.items())]
    called = [booking.id for booking in wanted if not _known(booking, state).event]
    entered = [booking.id for booking in wanted if _known(booking, state).calendar is None]
    files = release.files
    found = found_of(
        "looking for objects", paths, lambda path: world.objects.head(files[path].site, files[path].key), reads
    )
    events = found_of("looking for events", called, lambda key: world.crew.find_event(key, serial=None), reads, CALLS)
    entries = found_of(
        "looking for calendar entries", entered, lambda key: world.calendar.has(key, serial=None), reads, CALLS
    )
    return Adoption(
        files={path: stored.etag for path, stored in found.items() if stored},
        events={key: event for key, event in events.items() if event},
        entries=frozenset(key for key, there in entries.items() if there),
    )


def _is_free(path: str, state: State) -> bool:
    """Tell whether the state knows of nothing that stands at a path."""
    known = state.files.get(path)
    return known is None or known.etag is None


def _known(booking: Booking, state: State) -> PublishedBooking:
    return state.bookings.get(booking.id) or PublishedBooking(input=UNKNOWN, status=UNKNOWN, ends=booking.ends)
