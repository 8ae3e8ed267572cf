"""The published state by itself: its bytes at many bookings, and the seconds to write, to read, to plan upon it."""

from __future__ import annotations

import gc
import gzip
import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from paired import say, table

from castoff.contract.release import Booking, File, Release, Site
from castoff.contract.state import PublishedBooking, PublishedEvent, PublishedFile, State
from publisher.planning.diff import diff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from castoff.contract.plan import Plan

COUNTS: Final = (10_000, 100_000)

_LEVEL: Final = 4
"""As the publisher compresses."""
_ENDS: Final = "2024-05-30T12:00:00-07:00"
_KINDS: Final = ("{}.html", "{}.ics", "{}-crew.html", "{}-crew.ics", "jada-guest-{}.html")


def measure(counts: Sequence[int], *, rounds: int) -> str:
    """Return the table."""
    return table(
        ["bookings", "files", "MB", "MB gzipped", "write, s", "read, s", "plan of one change, s"],
        [_row(count, rounds=rounds) for count in counts],
    )


def _row(count: int, *, rounds: int) -> list[str]:
    say(f"a state of {count:,} bookings")
    state, release = _pair(count)
    text = state.to_json().encode()
    packed = gzip.compress(text, compresslevel=_LEVEL, mtime=0)
    write = _seconds(lambda: gzip.compress(state.to_json().encode(), compresslevel=_LEVEL, mtime=0), rounds)
    read = _seconds(lambda: State.from_json(gzip.decompress(packed)), rounds)
    plan = _seconds(lambda: _one_change(release, state), rounds)
    sizes = [f"{len(text) / 1e6:.1f}", f"{len(packed) / 1e6:.1f}"]
    return [f"{count:,}", f"{len(state.files):,}", *sizes, f"{write:.2f}", f"{read:.2f}", f"{plan:.2f}"]


def _one_change(release: Release, state: State) -> None:
    plan: Plan = diff(release, state, private={})
    if not plan.actions:
        raise AssertionError("one booking is at another time")


def _seconds(work: Callable[[], Any], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        gc.collect()
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _pair(count: int) -> tuple[State, Release]:
    """Return a state, and a release upon it that has rendered one booking anew and reuses all others."""
    ids = [f"b{number:06}" for number in range(count)]
    files = {
        f"guest/g/{kind.format(booking)}": _published_file(booking, number)
        for number, booking in enumerate(ids)
        for kind in _KINDS
    }
    bookings = {booking: _published(booking, number) for number, booking in enumerate(ids)}
    state = State(serial=1, target="local", commit="c" * 40, as_of=_ENDS, files=files, bookings=bookings)
    changed = Booking(
        id=ids[0],
        status="confirmed",
        input="0" * 64,
        ends=_ENDS,
        next=None,
        guest_url="https://guest.example.com/g/x",
        crew_url="https://guest.example.com/g/x-crew",
        event=None,
        calendar=None,
    )
    rendered = {
        path: File(Site.GUEST, path.partition("/")[2], "1" * 64, 8000, "text/html", "no-store", booking=ids[0])
        for path, file in files.items()
        if file.booking == ids[0]
    }
    release = Release(
        generator="bench",
        target="local",
        commit="d" * 40,
        as_of=_ENDS,
        next_run=_ENDS,
        files=rendered,
        crew={},
        bookings={ids[0]: changed},
        reused={booking: bookings[booking].input for booking in ids[1:]},
    )
    return state, release


def _published_file(booking: str, number: int) -> PublishedFile:
    return PublishedFile(
        sha256=f"{number * 2654435761 % 2**64:064x}",
        etag=f'"{number * 40503 % 2**64:032x}"',
        headers="0a1b2c3d",
        version=f"{number * 69069 % 2**64:032x}",
        booking=booking,
        size=8000 + number % 4000,
    )


def _published(booking: str, number: int) -> PublishedBooking:
    mark = f"{number * 2654435761 % 2**64:016x}"
    names = ("event_name", "captain_id", "crew_ids", "date", "duration_hours", "call_time", "dock", "guest_count")
    event = PublishedEvent(f"{mark}{mark}", 1, "scheduled", dict.fromkeys(names, mark), ("captain-001", "crew-001"))
    carry = {
        "revision": 1,
        "vessel": "jada",
        "crew": ["captain-001", "crew-001"],
        "slug": f"jada-guest-{booking}",
        "from": _ENDS,
        "to": _ENDS,
    }
    facts = {
        "vessel": "Jada",
        "starts": "2024-05-30 09:00",
        "duration": "3 h",
        "dock": "Sheraton Marina",
        "guests": "6",
    }
    return replace(
        PublishedBooking(input=mark * 4, status="confirmed", ends=_ENDS, since=1, event=event, calendar=mark * 4),
        carry=carry,
        facts=facts,
    )
