"""Drift: where what stands is not what the last publish left there, and the state that says so, to be mended from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.mails import members_of
from castoff.contract.plan import Reason
from castoff.contract.state import PublishedEvent, PublishedFile
from publisher.fence.recovery import UNKNOWN
from publisher.meaning import means_the_same
from publisher.planning.diff import calendar_digest, event_fields
from publisher.planning.marks import Marks
from publisher.seen import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from castoff.contract.release import Booking
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.seen import Seen

_OWN: Final = {"event_id", "revision", "status"}
"""Fields of an event that are the service's own."""


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
        return Marks(Reason.DRIFTED, *marked, strays=self.strays.keys())


def drift_of(folder: ReleaseFolder, state: State, seen: Seen, *, bookings: Sequence[str]) -> Drift:
    """Return what was changed by hand of the objects, and of what the services have of these bookings."""
    files = {path: seen.objects.get(path) for path, file in state.files.items() if file_fault(path, file, seen)}
    files |= {path: seen.objects.get(path) for path in _unseen(folder.release.bookings.values(), state, seen)}
    events: dict[str, PublishedEvent | None] = {}
    entries: dict[str, bool] = {}
    for key in bookings:
        published = state.bookings.get(key)
        if published is None:
            continue
        live = event_as_it_is(seen.events.get(key))
        if event_differs(published.event, live):
            events[key] = live
        entry, wanted = seen.entries.get(key), folder.release.bookings.get(key)
        if published.calendar == UNKNOWN:
            continue
        if (published.calendar is None) != (entry is None):
            entries[key] = entry is not None
        elif entry is not None and wanted is not None and changed_in_entry(wanted, folder, published.calendar, entry):
            entries[key] = True
    return Drift(files, events, entries, strays_of(folder, state, seen), unknown_crew(state, seen))


def file_fault(path: str, file: PublishedFile, seen: Seen) -> str | None:
    """Return what is wrong with an object that a publish wrote, in words; None where nothing is known to be."""
    if file.sha256 is None:  # which the next publish writes anew in any case
        return None
    if path not in seen.objects:
        return "gone from its bucket" if file.etag else None
    if seen.objects[path] != file.etag:
        return "not what the last publish wrote"
    if file.headers and seen.headers.get(path, file.headers) != file.headers:
        return "its headers were changed by hand"
    return None


def strays_of(folder: ReleaseFolder | None, state: State, seen: Seen) -> dict[str, str]:
    """Return the objects in castoff's own folders that no publish wrote and none is about to, with their ETags."""
    wanted = folder.release.files.keys() if folder else ()
    return {path: etag for path, etag in seen.objects.items() if path not in state.files and path not in wanted}


def unknown_crew(state: State, seen: Seen) -> frozenset[str]:
    """Return the members who were published and are unknown to ShipCaptainCrew; nobody where it does not tell."""
    return frozenset() if seen.members is None else frozenset(state.crew.keys() - seen.members)


def event_as_it_is(live: Mapping[str, Any] | None) -> PublishedEvent | None:
    """Return an event as a service tells it in the form of the state."""
    if live is None:
        return None
    fields = event_fields({name: value for name, value in live.items() if name not in _OWN})
    revision = live.get("revision")
    return PublishedEvent(
        id=str(live.get("event_id")),
        revision=revision if isinstance(revision, int) else 0,
        status=str(live.get("status", "scheduled")),
        fields=fields,
        aboard=members_of(live),
    )


def event_differs(published: PublishedEvent | None, live: PublishedEvent | None) -> bool:
    """Tell whether an event is another than was published, or other in what was said of it."""
    if published is None or live is None:
        return published is not live
    if published.status == UNKNOWN:
        return False
    other = (published.id, published.status) != (live.id, live.status)
    return other or any(live.fields.get(name, mark) != mark for name, mark in published.fields.items())


def changed_in_entry(
    wanted: Booking, folder: ReleaseFolder, published: str | None, live: Mapping[str, Any]
) -> list[str]:
    """Return the fields of a calendar entry that are not as published; none where the file is ahead of that."""
    if wanted.calendar is None or calendar_digest(wanted, folder.private) != published:
        return []
    entry = dict(wanted.calendar)
    if "finance" in live:  # which a dashboard shows to holders of money alone
        entry["finance"] = folder.private.get(wanted.id)
    return sorted(name for name, value in entry.items() if not means_the_same(value, live.get(name)))


def _unseen(bookings: Iterable[Booking], state: State, seen: Seen) -> list[str]:
    """Return the guest pages that are well in their bucket while the site shows another, or none."""
    paths = {booking.id: guest_path(booking.guest_url) for booking in bookings}
    return [
        path
        for key, shown in seen.pages.items()
        if shown is not Shown.LIVE and (path := paths.get(key, "")) in state.files and path in seen.objects
    ]


def guest_path(url: str) -> str:
    """Return the path of the page behind a guest's URL."""
    return f"guest/g/{url.rpartition('/')[2]}.html" if url else ""
