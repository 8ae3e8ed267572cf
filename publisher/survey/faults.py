"""Faults: what is not as the last publish left it. One judgement, which `status` tells and a repair mends."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from castoff.contract.state import UNKNOWN
from publisher.meaning import means_the_same
from publisher.planning.diff import calendar_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.release import Booking
    from castoff.contract.state import PublishedEvent, PublishedFile, State
    from publisher.folder import ReleaseFolder
    from publisher.seen import Seen


class Fault(Enum):
    """What may be wrong with an object, an event or a calendar entry."""

    STRANGE = auto()
    """No publish made it."""
    GONE = auto()
    ANOTHER = auto()
    """Another stands in its place."""
    OPEN = auto()
    """A publish broke off here: nobody knows what should stand there, and the next one says it again."""
    STATUS = auto()
    """Somebody cancelled the event, or took that back."""
    EDITED = auto()
    """What was said in it is other."""
    HEADERS = auto()


def file_fault(path: str, file: PublishedFile, seen: Seen) -> Fault | None:
    """Return what is wrong with an object that a publish wrote; None where nothing is known to be."""
    if file.sha256 is None:  # which the next publish writes anew in any case
        return None
    if path not in seen.objects:
        return Fault.GONE if file.etag else None
    if seen.objects[path] != file.etag:
        return Fault.ANOTHER
    if file.headers and seen.headers.get(path, file.headers) != file.headers:
        return Fault.HEADERS
    return None


def strays_of(folder: ReleaseFolder | None, state: State, seen: Seen) -> dict[str, str]:
    """Return the objects in castoff's own folders that no publish wrote and none is about to, with their ETags."""
    wanted = folder.release.files.keys() if folder else ()
    return {path: etag for path, etag in seen.objects.items() if path not in state.files and path not in wanted}


def unknown_crew(state: State, seen: Seen) -> frozenset[str]:
    """Return the members who were published and are unknown to ShipCaptainCrew; nobody where it does not tell."""
    return frozenset() if seen.members is None else frozenset(state.crew.keys() - seen.members)


def event_faults(published: PublishedEvent | None, live: PublishedEvent | None) -> tuple[Fault, ...]:
    """Return what is wrong with an event."""
    if published is None:
        return () if live is None else (Fault.STRANGE,)
    if live is None:
        return (Fault.GONE,)
    found = {
        Fault.ANOTHER: live.id != published.id,
        Fault.OPEN: published.status == UNKNOWN,
        Fault.STATUS: published.status not in {UNKNOWN, live.status},
        Fault.EDITED: bool(changed_fields(published, live)),
    }
    return tuple(fault for fault, is_so in found.items() if is_so)


def changed_fields(published: PublishedEvent, live: PublishedEvent) -> list[str]:
    """Return the fields of an event that hold something else than was published."""
    return sorted(name for name, mark in published.fields.items() if live.fields.get(name, mark) != mark)


def entry_fault(
    published: str | None, live: Mapping[str, Any] | None, *, wanted: Booking | None, folder: ReleaseFolder | None
) -> Fault | None:
    """Return what is wrong with a calendar entry of which this digest was published."""
    if published is None:
        return None if live is None else Fault.STRANGE
    if live is None:
        return Fault.GONE
    if published == UNKNOWN:
        return Fault.OPEN
    return Fault.EDITED if changed_in_entry(wanted, folder, published, live) else None


def changed_in_entry(
    wanted: Booking | None, folder: ReleaseFolder | None, published: str | None, live: Mapping[str, Any]
) -> list[str]:
    """Return the fields of a calendar entry that are not as published; none where its file is gone or ahead of that."""
    if wanted is None or wanted.calendar is None or folder is None:
        return []
    if calendar_digest(wanted, folder.private) != published:
        return []
    entry = dict(wanted.calendar)
    if "finance" in live:  # which a dashboard shows to holders of money alone
        entry["finance"] = folder.private.get(wanted.id)
    return sorted(name for name, value in entry.items() if not means_the_same(value, live.get(name)))
