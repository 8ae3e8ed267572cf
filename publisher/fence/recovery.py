"""After a publish that broke off: everything that its intents name is unknown until it has been read again.

What can be fenced is: whatever is written anew has another ETag, and services keep the serial. A key where nothing
stands has no ETag, and a file named by its own hash always the same: those stay `late` and are looked at for a while.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from castoff.contract.release import split_path
from castoff.contract.state import PublishedBooking, PublishedFile

if TYPE_CHECKING:
    from castoff.contract.state import PublishedEvent, State
    from publisher.ports import Progress, World

UNKNOWN: Final = ""
"""A digest or status that equals none: what stands there has to be said again."""

LATE_SECONDS: Final = 2 * 86_400
"""How long a publisher that was taken over is reckoned with: a laptop that slept over a weekend's night, not a year."""

_THREADS: Final = 16

_NOTHING: Final = PublishedBooking(input=UNKNOWN, status=UNKNOWN, ends="9999-12-31T00:00:00+00:00")
"""A booking of which the broken publish was the first to know: taken as still to come, so that it can be cancelled."""


def read_again(state: State, world: World, *, serial: int | None, progress: Progress) -> State:
    """Return the state with every intent of the broken publish read back from the services, and no lease in it.

    With a serial, which a take-over has, the services refuse the broken publish from here on. Objects keep no digest,
    so that each key is written anew and its ETag changes. Events, entries and crew members that exist are unknown, and
    are said again: a service that holds just that sends nothing but the mail that it still owed. A booking that was
    touched has no input digest, so that no build reuses it. The commit is the one that was about to be live.
    """
    working = state.in_progress
    if working is None:
        return state
    intents, late = working.intents, state.serial if serial is None else serial
    progress.step("reading back what the last publish left", total=len(intents.files))
    with ThreadPoolExecutor(_THREADS) as pool:
        stored = list(pool.map(lambda path: _etag(path, world), intents.files))
        events = list(pool.map(lambda key: world.crew.find_event(key, serial=serial), intents.events))
        entries = list(pool.map(lambda key: world.calendar.has(key, serial=serial), intents.calendar))
    files = dict(state.files)
    for path, etag in zip(intents.files, stored, strict=True):
        before = files.get(path)
        if etag is not None or before is not None:
            files[path] = PublishedFile(sha256=None, etag=etag, booking=before.booking if before else None)
    bookings = dict(state.bookings)
    for key, event in zip(intents.events, events, strict=True):
        bookings[key] = replace(bookings.get(key, _NOTHING), event=_unknown(event))
    for key, there in zip(intents.calendar, entries, strict=True):
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
            for path, etag in zip(intents.files, stored, strict=True)
            if etag is None or path in state.files  # what it had made is neither made nor deleted by it any more
        },
    )


def look_again(state: State, world: World, *, progress: Progress) -> State:
    """Return the state with what stands now wherever a publisher that was taken over may still have written.

    Also where a state that was read back still waits for the publish that writes it anew. With none of these, no
    request is made.
    """
    paths = sorted({*state.late, *(path for path, file in state.files.items() if file.sha256 is None)})
    if not paths:
        return state
    progress.step("looking again at what a broken publish might still have written", total=len(paths))
    with ThreadPoolExecutor(_THREADS) as pool:
        stored = list(pool.map(lambda path: _etag(path, world), paths))
    files = dict(state.files)
    for path, etag in zip(paths, stored, strict=True):
        before = files.get(path)
        if (before.etag if before else None) != etag:
            files[path] = PublishedFile(sha256=None, etag=etag, booking=before.booking if before else None)
    changed = {file.booking for path, file in files.items() if file is not state.files.get(path)}
    bookings = {
        key: replace(booking, input=UNKNOWN) if key in changed else booking for key, booking in state.bookings.items()
    }
    release = "" if files != state.files else state.release
    return replace(state, files=files, bookings=bookings, release=release)


def later(one: str, other: str) -> str:
    """Return the later of two instants (ISO 8601 with offset); an empty one is none."""
    return max(filter(None, (one, other)), key=datetime.fromisoformat, default="")


def _unknown(event: PublishedEvent | None) -> PublishedEvent | None:
    return None if event is None else replace(event, status=UNKNOWN, fields={})


def _etag(path: str, world: World) -> str | None:
    site, key = split_path(path, place="state.json")
    stored = world.objects.head(site, key)
    return stored.etag if stored else None
