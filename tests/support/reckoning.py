"""A reckoning: do buckets, services and published state all hold what one clean build says, and each thing once?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from support.witness import without_serial

from castoff.contract.state import State
from publisher.folder import load_release
from publisher.planning.diff import diff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from support.witness import Witness

    from castoff.contract.release import Booking


def reckon(witness: Witness, *, built: Path, commit: str, gone: Iterable[str] = ()) -> list[str]:
    """Return everything in which the world differs from a clean build of what should be live; `gone` were removed."""
    release, state = load_release(built), witness.state()
    wanted = release.release.bookings
    left = diff(release.release, State.from_json(json.dumps(state)), private=release.private).actions
    return [
        *([] if state["in_progress"] is None else ["somebody is still at work"]),
        *([] if state["commit"] == commit else [f"{state['commit']} is live, not {commit}"]),
        *(f"the plan would still {action.verb} {action.subject}" for action in left),
        *_objects(witness, state, built),
        *(words for booking in wanted.values() for words in _booking(witness, state, booking)),
        *(words for key in gone for words in _gone(witness, key)),
    ]


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what a clean build made by path, which knows of no publish."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): without_serial(path.read_bytes()) for path in files}


def _objects(witness: Witness, state: dict[str, Any], built: Path) -> Iterator[str]:
    there, wanted, known = witness.objects(), files_of(built / "public"), state["files"]
    for path in sorted(there.keys() | wanted.keys() | known.keys()):
        if there.get(path) != wanted.get(path):
            yield f"{path} is not as built"
        if path not in there or path not in known:
            yield f"{path} is {'not there' if path not in there else 'not in the state'}"
        elif known[path]["etag"] != witness.stored(path)[0]:
            yield f"{path} has another ETag than in the state"


def _booking(witness: Witness, state: dict[str, Any], booking: Booking) -> Iterator[str]:
    key, cancelled = booking.id, booking.status == "cancelled"
    events, entries = witness.events(key), witness.entries(key)
    known = state["bookings"].get(key, {}).get("event")
    if len(events) > 1 or len(entries) > 1 or not (cancelled or (events and entries)):
        yield f"{key} has {len(events)} events and {len(entries)} entries"
    for event in events:
        if event["status"] != ("cancelled" if cancelled else "scheduled"):
            yield f"the event of {key} is {event['status']}"
        if not cancelled and booking.event is not None:
            yield from _differing(f"the event of {key}", event, booking.event)
        if known is None or (known["id"], known["status"]) != (event["event_id"], event["status"]):
            yield f"the state has another event of {key}: {known}"
    for entry in entries:
        yield from _differing(f"the entry of {key}", entry, booking.calendar or {})


def _gone(witness: Witness, key: str) -> Iterator[str]:
    statuses = [event["status"] for event in witness.events(key)]
    if statuses not in ([], ["cancelled"]):
        yield f"{key} is gone, and its events are {statuses}"
    if witness.entries(key):
        yield f"{key} is gone, and has an entry"


def _differing(what: str, there: Any, wanted: Any) -> Iterator[str]:
    for name, value in wanted.items():
        if there.get(name) != value:
            yield f"{what} has {name} {there.get(name)!r}, not {value!r}"
