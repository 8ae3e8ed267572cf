"""Drift: where what stands is not what the last publish left there, and the state that says so, to be mended from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from castoff.contract.keys import page_at
from castoff.contract.plan import Reason
from castoff.contract.state import UNKNOWN, PublishedEvent, PublishedFile
from publisher.events import event_of
from publisher.planning.marks import Marks
from publisher.seen import Shown
from publisher.survey.by_hand import changes_by_hand
from publisher.survey.faults import Fault, entry_fault, event_faults, file_fault, strays_of, unknown_crew

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from castoff.contract.facts import FactChange
    from castoff.contract.release import Booking
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.seen import Seen


@dataclass(frozen=True, slots=True)
class Drift:
    """What was changed by hand.

    Objects by path, with the ETag of what stands there (None for nothing); events by booking, as they are; bookings
    whose calendar entry is gone (False) or another (True); objects that no publish wrote, with their ETags; and crew
    members whom ShipCaptainCrew does not know any more.
    """

    files: Mapping[str, str | None]
    events: Mapping[str, PublishedEvent | None]
    entries: Mapping[str, bool]
    strays: Mapping[str, str]
    members: frozenset[str] = frozenset()
    changes: Mapping[str, tuple[FactChange, ...]] = field(default_factory=dict)
    """By booking what somebody changed in its event, as facts."""

    def marked(self, state: State, *, take_strays: bool) -> State:
        """Return the state with what stands in place of what was left: the usual plan leads on from there.

        What was touched has no input digest, so that no build reuses it. Strays come into it only where they are to
        be taken away: nobody knows whether somebody needs them.
        """
        files = dict(state.files)
        for path, etag in self.files.items():
            files[path] = replace(files[path], sha256=None, etag=etag)
        if take_strays:
            files |= {path: PublishedFile(sha256=None, etag=etag) for path, etag in self.strays.items()}
        bookings = dict(state.bookings)
        for key, event in self.events.items():
            bookings[key] = replace(bookings[key], event=event)
        for key, there in self.entries.items():
            bookings[key] = replace(bookings[key], calendar=UNKNOWN if there else None)
        owners = (state.files[path].booking for path in self.files)
        for key in {*self.events, *self.entries, *filter(None, owners)} & bookings.keys():
            bookings[key] = replace(bookings[key], input=UNKNOWN)
        crew = {member: known for member, known in state.crew.items() if member not in self.members}
        return replace(state, files=files, bookings=bookings, crew=crew)

    @property
    def marks(self) -> Marks:
        """What is marked, and why."""
        marked = self.files.keys(), self.events.keys(), self.entries.keys(), self.members
        mended = {key: tuple(change.undone for change in changes) for key, changes in self.changes.items()}
        return Marks(Reason.DRIFTED, *marked, strays=self.strays.keys(), changes=mended)


def drift_of(folder: ReleaseFolder, state: State, seen: Seen, *, bookings: Sequence[str]) -> Drift:
    """Return what was changed by hand of the objects, and of what the services have of these bookings."""
    files = {path: seen.objects.get(path) for path, file in state.files.items() if file_fault(path, file, seen)}
    files |= {path: seen.objects.get(path) for path in _unseen(folder.release.bookings.values(), state, seen)}
    events: dict[str, PublishedEvent | None] = {}
    entries: dict[str, bool] = {}
    changes: dict[str, tuple[FactChange, ...]] = {}
    for key in bookings:
        published = state.bookings.get(key)
        if published is None:
            continue
        told = seen.events.get(key)
        live = None if told is None else event_of(told)
        wanted, entry = folder.release.bookings.get(key), seen.entries.get(key)
        faults = event_faults(published.event, live)
        if faults and Fault.OPEN not in faults:
            events[key] = live
            changes[key] = changes_by_hand(published.event, told, wanted, members=seen.members)
        if entry_fault(published.calendar, entry, wanted=wanted, folder=folder) not in {None, Fault.OPEN}:
            entries[key] = entry is not None
    return Drift(files, events, entries, strays_of(folder, state, seen), unknown_crew(state, seen), changes)


def _unseen(bookings: Iterable[Booking], state: State, seen: Seen) -> list[str]:
    """Return the guest pages that are well in their bucket while the site shows another, or none."""
    paths = {booking.id: page_at(booking.guest_url) for booking in bookings}
    return [
        path
        for key, shown in seen.pages.items()
        if shown is not Shown.LIVE and (path := paths.get(key, "")) in state.files and path in seen.objects
    ]
