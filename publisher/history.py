"""History: which publishes there were, and what became of one booking, read from the state and from the records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.contract.state import Published, State
    from publisher.ports import Progress, Records
    from publisher.record import Deed, Record

MOST: Final = 5_000
"""Records read for one booking, the newest: a busy year; more would take minutes."""

_THREADS: Final = 16
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Moment:
    """What one publish did to one booking, with when, by whom, and from which commit."""

    record: Record
    deed: Deed


@dataclass(frozen=True, slots=True)
class Life:
    """A booking's moments, the oldest first; `unread` records before them were too many to read.

    `gaps` are publishes of its time, this booking's perhaps among them, of which the state tells and no record does.
    """

    moments: tuple[Moment, ...]
    unread: int = 0
    gaps: tuple[Published, ...] = ()


def releases(state: State, records: Records, *, most: int, progress: Progress) -> tuple[Published, ...]:
    """Return the last publishes, the newest first: what the state does not remember comes from the records."""
    lines = state.history[:most]
    if not state.history or len(lines) == most:
        return lines
    oldest = state.history[-1].serial
    older = [serial for serial in records.serials() if serial < oldest][-(most - len(lines)) :]
    return (*lines, *(record.line for record in reversed(_read(records, older, progress=progress))))


def life_of(booking: str, state: State, records: Records, *, progress: Progress) -> Life:
    """Return a booking's life: one list of the records, and each of them since the booking was first published."""
    known = state.bookings.get(booking)
    # Serials are seconds; the first publish may have broken off a while before one made all of it true.
    after = max(0, known.since - _DAY) if known else 0
    serials = records.serials(after=after)
    found = _read(records, serials[-MOST:], progress=progress)
    moments = tuple(Moment(record, record.bookings[booking]) for record in found if booking in record.bookings)
    gaps = [
        line
        for line in state.history
        if (line.actions or line.broke_off) and line.serial > after and line.serial not in serials
    ]
    return Life(moments, unread=max(0, len(serials) - MOST), gaps=tuple(reversed(gaps)))


def _read(records: Records, serials: Sequence[int], *, progress: Progress) -> list[Record]:
    found: list[Record] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        for record in pool.map(records.read, serials):
            found.append(record)
            progress.step("reading the records", done=len(found), total=len(serials))
    return found
