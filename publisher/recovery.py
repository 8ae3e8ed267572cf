"""After a publish that broke off: everything that its intents name is unknown until it has been read again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from castoff.contract.release import split_path
from castoff.contract.state import PublishedBooking, PublishedFile

if TYPE_CHECKING:
    from castoff.contract.state import State
    from publisher.ports import Progress, World

UNKNOWN: Final = ""
"""A digest that equals none: what stands there has to be written again."""

GONE: Final = ""
"""The ETag of a file of ours that was found missing: it stays in the state, so that its paths are invalidated."""

_THREADS: Final = 16


def read_again(state: State, world: World, *, progress: Progress) -> State:
    """Return the state with every intent of the broken publish read back from the services; the lease is gone from it.

    Objects keep no digest, so that each key is written anew and its ETag changes. Events are as ShipCaptainCrew
    believes them. Calendar entries and crew members that exist are unknown, and so put again. A booking that was
    touched has no input digest, so that no build reuses it.
    """
    working = state.in_progress
    if working is None:
        return state
    intents = working.intents
    with ThreadPoolExecutor(_THREADS) as pool:
        progress.step("reading back what the last publish left", total=len(intents.files))
        found = dict(zip(intents.files, pool.map(lambda path: _head(path, world), intents.files), strict=True))
        events = dict(zip(intents.events, pool.map(world.crew.find_event, intents.events), strict=True))
        entries = dict(zip(intents.calendar, pool.map(world.calendar.has, intents.calendar), strict=True))
    files = dict(state.files)
    for path, etag in found.items():
        before = files.get(path)
        if etag is not None or before is not None:
            files[path] = PublishedFile(sha256=None, etag=etag or GONE, booking=before.booking if before else None)
    bookings = dict(state.bookings)
    for key, event in events.items():
        bookings[key] = replace(bookings.get(key, _NOTHING), event=event)
    for key, there in entries.items():
        bookings[key] = replace(bookings.get(key, _NOTHING), calendar=UNKNOWN if there else None)
    touched = {*intents.events, *intents.calendar}
    touched.update(file.booking for path in intents.files if (file := state.files.get(path)) and file.booking)
    return replace(
        state,
        files=files,
        bookings={
            key: replace(booking, input=UNKNOWN) if key in touched else booking
            for key, booking in bookings.items()
            if booking != _NOTHING
        },
        crew=dict(state.crew) | dict.fromkeys(intents.crew, UNKNOWN),
        in_progress=None,
    )


_NOTHING: Final = PublishedBooking(input=UNKNOWN, status="", ends="9999-12-31T00:00:00+00:00")
"""A booking of which the broken publish was the first to know: taken as still to come, so that it can be cancelled."""


def _head(path: str, world: World) -> str | None:
    site, key = split_path(path, place="state.json")
    stored = world.objects.head(site, key)
    return stored.etag if stored else None
