"""Files, state and what was seen, side by side for each booking: where they differ, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.contract.counts import counted
from castoff.contract.plan import Delete, DeleteCrewMember, Put, PutCrewMember
from castoff.contract.state import REMOVED
from publisher.planning.diff import diff, is_over
from publisher.seen import Part
from publisher.survey.cells import Case, Difference, Half, faulty, fill, some
from publisher.survey.faults import strays_of, unknown_crew

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from castoff.contract.plan import Action
    from castoff.contract.release import Booking
    from castoff.contract.state import State
    from publisher.fence.unlock import Lock
    from publisher.folder import ReleaseFolder
    from publisher.seen import Seen

_MENDED: Final = {Part.PAGE, Part.EVENT, Part.CALENDAR}
"""What a repair mends; files are published, and mail is seen to by itself or by `castoff mail`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One booking: what each part says in a word or two, and where they differ."""

    booking: str
    when: str
    cells: Mapping[Part, str]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All bookings that are looked up, in the order in which they sail; `others` are of no booking of these."""

    rows: tuple[Row, ...]
    past: int
    others: tuple[Difference, ...] = ()

    @property
    def drifted(self) -> bool:
        """Whether anything is not as a publish left it that a repair mends, in a part that answered."""
        found = [*self.others, *(one for row in self.rows for one in row.differences)]
        return any(one.part in _MENDED and not (one.silent or one.half or one.stray) for one in found)

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(self.others) or any(row.differences for row in self.rows)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files want: the release built on the state, None where they cannot be built."""

    folder: ReleaseFolder | None

    def booking(self, key: str) -> Booking | None:
        """Return a booking as the files want it."""
        return self.folder.release.bookings.get(key) if self.folder else None

    def actions(self, state: State) -> Sequence[Action]:
        """Return what a publish would do."""
        return diff(self.folder.release, state, private=self.folder.private).actions if self.folder else ()


def looked_up(wanted: Wanted, state: State, *, now: str) -> list[str]:
    """Return the bookings that have not sailed yet, of files and state; who is only remembered is none of them."""
    ends = {key: booking.ends for key, booking in state.bookings.items() if booking.status != REMOVED}
    if wanted.folder is not None:
        ends |= {key: booking.ends for key, booking in wanted.folder.release.bookings.items()}
    return sorted((key for key, end in ends.items() if not is_over(end, now)), key=lambda key: (ends[key], key))


def compare(
    wanted: Wanted, state: State, seen: Seen, *, bookings: Sequence[str], now: datetime, lock: Lock | None = None
) -> Comparison:
    """Return these bookings side by side; what the publish that has the `lock` may have touched is its own."""
    half = _half(state, lock)
    actions: dict[str | None, list[Action]] = {}
    for action in wanted.actions(state):
        actions.setdefault(getattr(action, "booking", None), []).append(action)
    rows = tuple(_row(key, wanted, state, seen, actions=actions.get(key, ()), half=half, now=now) for key in bookings)
    known = {key for key, booking in state.bookings.items() if booking.status != REMOVED}
    others = [action for key, found in actions.items() if key not in bookings for action in found]
    found = _others(others, wanted, state, seen, bookings=bookings, half=half)
    return Comparison(rows, past=len(known - {*bookings}), others=tuple(found))


def _half(state: State, lock: Lock | None) -> Half:
    if lock is None or state.in_progress is None:
        return Half()
    return Half(f"half published by {lock.name} ({lock.stand})", state.in_progress.intents)


def _row(
    key: str, wanted: Wanted, state: State, seen: Seen, *, actions: Sequence[Action], half: Half, now: datetime
) -> Row:
    case = Case(key, state.bookings.get(key), wanted.booking(key), seen, half)
    fill(case, state, folder=wanted.folder, actions=actions, now=now)
    return Row(key, _when(case), case.cells, tuple(case.differences))


def _when(case: Case) -> str:
    """Return when it sails, by the clock at the dock; when it ends, where no more is known."""
    starts = (case.wanted.calendar or {}).get("starts") if case.wanted else None
    entry = case.seen.entries.get(case.key, {}).get("starts")
    found = starts or entry or (case.published.ends if case.published else "")
    return str(found)[:16].replace("T", " ")


def _others(
    actions: Sequence[Action], wanted: Wanted, state: State, seen: Seen, *, bookings: Sequence[str], half: Half
) -> Iterator[Difference]:
    """Yield what belongs to no booking that is looked up: the board, assets, pages of charters that have sailed."""
    files = [action for action in actions if isinstance(action, Put | Delete)]
    own = sum(action.booking is None for action in files)
    past = len({action.booking for action in files if action.booking is not None})
    crew = sum(isinstance(action, PutCrewMember | DeleteCrewMember) for action in actions)
    told = [f"{counted(own, 'file')} of no booking"] if own else []
    told += [f"pages of {counted(past, 'charter')} that sailed"] if past else []
    told += [f"{counted(crew, 'crew member')}"] if crew else []
    if told:
        yield Difference(Part.FILE, f"not yet published: {', '.join(told)}")
    if Part.PAGE not in seen.silent:
        files_of_none = {path: file for path, file in state.files.items() if file.booking not in bookings}
        for fault, paths in faulty(files_of_none, seen, half).items():
            yield Difference(Part.PAGE, f"{fault}: {some(paths)}", half=fault == half.words)
        strays = sorted(strays_of(wanted.folder, state, seen).keys() - {*half.touched.files})
        if strays:
            words = f"written by no publish: {some(strays)}; `castoff publish --repair --remove-strays` removes it"
            yield Difference(Part.PAGE, words, stray=True)
    unknown = sorted(unknown_crew(state, seen) - {*half.touched.crew})
    if unknown:
        yield Difference(Part.EVENT, f"crew whom ShipCaptainCrew does not know any more: {some(unknown)}")
    for part, why in seen.silent.items():
        yield Difference(part, why, silent=True)
