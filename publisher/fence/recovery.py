"""After a publish that broke off: everything that its intents name is unknown until it has been read again.

What can be fenced is: whatever is written anew has another ETag, and services keep the serial. A key where nothing
stands has no ETag, and a file named by its own hash always the same: those stay `late` and are looked at for a while.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from castoff.contract.release import split_path
from castoff.contract.state import UNKNOWN, Intents, PublishedBooking, PublishedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from castoff.contract.state import PublishedEvent, State
    from publisher.ports import Reads, World

    Found = TypeVar("Found")

LATE_SECONDS: Final = 2 * 86_400
"""How long a publisher that was taken over is reckoned with: a laptop that slept over a weekend's night, not a year."""

THREADS: Final = 16
CALLS: Final = 4
"""At once to a service, each of which may start a Lambda."""

_NOTHING: Final = PublishedBooking(input=UNKNOWN, status=UNKNOWN, ends="9999-12-31T00:00:00+00:00")
"""A booking of which the broken publish was the first to know: taken as still to come, so that it can be cancelled."""


def read_again(state: State, world: World, *, serial: int | None, reads: Reads) -> State:
    """Return the state with what stands now of all that a broken publish meant or may still mean, and no lease in it.

    With a serial, which a take-over has, the services refuse the broken publish from here on. Objects keep no digest,
    so that each key is written anew and its ETag changes. Events, entries and crew members that exist are unknown, and
    are said again: a service that holds just that sends nothing but the mail that it still owed. A booking that was
    touched has no input digest, so that no build reuses it. The commit is the one that was about to be live.
    """
    state = _look_again(state, world, reads)
    working = state.in_progress
    if working is None:
        return state
    intents, late = working.intents, state.serial if serial is None else serial
    stored = found_of("reading back objects", intents.files, lambda path: _etag(path, world), reads)
    events = found_of(
        "reading back events", intents.events, lambda key: world.crew.find_event(key, serial=serial), reads, CALLS
    )
    entries = found_of(
        "reading back the calendar", intents.calendar, lambda key: world.calendar.has(key, serial=serial), reads, CALLS
    )
    strays = found_of("reading back objects", intents.strays, lambda path: _etag(path, world), reads)
    files = dict(state.files)
    # What was to be swept and stands is left alone: whoever comes next was not told to. What is gone, caches forget.
    files |= {path: PublishedFile(sha256=None, etag=None) for path, etag in strays.items() if etag is None}
    for path, etag in stored.items():
        before = files.get(path)
        if etag is not None or before is not None:
            files[path] = PublishedFile(sha256=None, etag=etag, booking=before.booking if before else None)
    bookings = dict(state.bookings)
    for key, event in events.items():
        bookings[key] = replace(bookings.get(key, _NOTHING), event=_unknown(event))
    for key, there in entries.items():
        bookings[key] = replace(bookings.get(key, _NOTHING), calendar=UNKNOWN if there else None)
    touched = {*intents.events, *intents.calendar}
    touched.update(file.booking for path in intents.files if (file := state.files.get(path)) and file.booking)
    return replace(
        state,
        commit=working.commit,
        as_of=later(state.as_of, working.as_of),
        release="",
        files=files,
        bookings={
            key: replace(booking, input=UNKNOWN) if key in touched else booking
            for key, booking in bookings.items()
            if booking != _NOTHING
        },
        crew=dict(state.crew) | dict.fromkeys(intents.crew, UNKNOWN),
        in_progress=None,
        late=dict(state.late)
        | {
            path: late
            for path, etag in stored.items()
            if etag is None or path in state.files  # what it had made is neither made nor deleted by it any more
        },
    )


def found_of(
    step: str, work: Iterable[str], ask: Callable[[str], Found], reads: Reads, threads: int = THREADS
) -> dict[str, Found]:
    """Return what is found of each, in order; the first failure is raised."""
    found: dict[str, Found] = {}

    def look(one: str) -> None:
        found[one] = ask(one)

    reads.each(step, work, look, threads=threads)
    return {one: found[one] for one in work}


def later(one: str, other: str) -> str:
    """Return the later of two instants (ISO 8601 with offset); an empty one is none."""
    return max(filter(None, (one, other)), key=datetime.fromisoformat, default="")


def _look_again(state: State, world: World, reads: Reads) -> State:
    """Return the state with what stands now wherever a publisher that was taken over may still have written.

    Also where a state that was read back still waits for the publish that writes it anew. With none of these, no
    request is made.
    """
    unknown = {*state.late, *(path for path, file in state.files.items() if file.sha256 is None)}
    unknown -= {*(state.in_progress.intents if state.in_progress else Intents()).files}
    if not unknown:
        return state
    stored = found_of("looking again at what came late", sorted(unknown), lambda path: _etag(path, world), reads)
    files = dict(state.files)
    for path, etag in stored.items():
        before = files.get(path)
        if (before.etag if before else None) != etag:
            files[path] = PublishedFile(sha256=None, etag=etag, booking=before.booking if before else None)
    changed = {file.booking for path, file in files.items() if file is not state.files.get(path)}
    bookings = {
        key: replace(booking, input=UNKNOWN) if key in changed else booking for key, booking in state.bookings.items()
    }
    release = "" if files != state.files else state.release
    return replace(state, files=files, bookings=bookings, release=release)


def _unknown(event: PublishedEvent | None) -> PublishedEvent | None:
    return None if event is None else replace(event, status=UNKNOWN, fields={})


def _etag(path: str, world: World) -> str | None:
    site, key = split_path(path, place="state.json")
    stored = world.objects.head(site, key)
    return stored.etag if stored else None
