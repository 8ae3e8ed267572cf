"""Files, state and what was seen, side by side for each booking: where they differ, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.plan import (
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    DeleteCrewMember,
    Put,
    PutCalendar,
    PutCrewMember,
    UpdateEvent,
)
from castoff.contract.state import REMOVED, Intents
from publisher.meaning import instant_of
from publisher.planning.diff import diff, event_fields, is_over
from publisher.seen import Part, Seen, Shown
from publisher.survey.drift import changed_in_entry, file_fault, strays_of, unknown_crew
from publisher.survey.mails import IN_FLIGHT, UNDELIVERED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from castoff.contract.plan import Action
    from castoff.contract.release import Booking
    from castoff.contract.state import PublishedBooking, PublishedFile, State
    from publisher.fence.unlock import Lock
    from publisher.folder import ReleaseFolder

_SOON: Final = timedelta(minutes=30)
"""A mail that waits is tried every quarter of an hour; twice may go wrong."""


_MENDED: Final = {Part.PAGE, Part.EVENT, Part.CALENDAR}
"""What a repair mends; files are published, and mail is seen to by itself or by `castoff mail`."""
_FEW: Final = 5
"""Objects that are named one by one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be, and why; `silent` is a part that did not answer.

    `half` is one that a publish has begun, which is at work or broke off: nobody changed it by hand.
    """

    part: Part
    words: str
    silent: bool = False
    half: bool = False


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
        """Whether anything is not as a publish left it, in a part that answered."""
        found = [*self.others, *(one for row in self.rows for one in row.differences)]
        return any(one.part in _MENDED and not (one.silent or one.half) for one in found)

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


@dataclass(frozen=True, slots=True)
class _Half:
    """What a publish may have touched that is at work or broke off, and how that is said; nothing where none is."""

    words: str = ""
    touched: Intents = field(default_factory=Intents)


def _half(state: State, lock: Lock | None) -> _Half:
    if lock is None or state.in_progress is None:
        return _Half()
    return _Half(f"half published by {lock.name} ({lock.stand})", state.in_progress.intents)


@dataclass(slots=True)
class _Case:
    """One booking while it is compared."""

    key: str
    published: PublishedBooking | None
    wanted: Booking | None
    seen: Seen
    half: _Half = field(default_factory=_Half)
    cells: dict[Part, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def differs(self, part: Part, words: str) -> None:
        half = bool(self.half.words) and words.startswith(self.half.words)
        self.differences.append(Difference(part, words, half=half))

    def is_half(self, part: Part) -> None:
        """Say of a part that differs, and that a publish has begun, only that."""
        if any(one.part is part for one in self.differences):
            self.cells[part] = "half"
            self.differences[:] = [one for one in self.differences if one.part is not part]
            self.differs(part, self.half.words)


def _row(
    key: str, wanted: Wanted, state: State, seen: Seen, *, actions: Sequence[Action], half: _Half, now: datetime
) -> Row:
    case = _Case(key, state.bookings.get(key), wanted.booking(key), seen, half)
    _file(case, wanted, actions)
    if Part.PAGE in seen.silent:
        case.cells[Part.PAGE] = "?"
    else:
        _page(case, state)
    for part, look in ((Part.EVENT, _event), (Part.CALENDAR, lambda one: _calendar(one, wanted))):
        if part in seen.silent:
            case.cells[part] = "?"
        else:
            look(case)
    for part, touched in ((Part.EVENT, half.touched.events), (Part.CALENDAR, half.touched.calendar)):
        if key in touched:
            case.is_half(part)
    _mail(case, now)
    return Row(key, _when(case), case.cells, tuple(case.differences))


def _when(case: _Case) -> str:
    """Return when it sails, by the clock at the dock; when it ends, where no more is known."""
    starts = (case.wanted.calendar or {}).get("starts") if case.wanted else None
    entry = case.seen.entries.get(case.key, {}).get("starts")
    found = starts or entry or (case.published.ends if case.published else "")
    return str(found)[:16].replace("T", " ")


def _file(case: _Case, wanted: Wanted, actions: Sequence[Action]) -> None:
    gone = wanted.folder is not None and case.wanted is None
    case.cells[Part.FILE] = "gone" if gone else case.wanted.status if case.wanted else "?"
    left = list(_unpublished(actions))
    if left:
        case.differs(Part.FILE, f"not yet published: {', '.join(left)}")


def _unpublished(actions: Sequence[Action]) -> Iterator[str]:
    """Yield what a publish would do to a booking, in few words."""
    pages = [action.reason for action in actions if isinstance(action, Put | Delete)]
    if pages:
        reasons = ", ".join(dict.fromkeys(reason.value for reason in pages))
        yield f"{_counted(len(pages), 'page')} ({reasons})"
    for action in actions:
        match action:
            case CreateEvent() | CancelEvent():
                yield f"event ({action.reason.value})"
            case UpdateEvent():
                changed = ", ".join(name for name in action.changed if name != "status")
                yield f"event ({changed or action.reason.value})"
            case PutCalendar() | DeleteCalendar():
                yield f"calendar ({action.reason.value})"
            case _:
                pass


def _page(case: _Case, state: State) -> None:
    files = {path: file for path, file in state.files.items() if file.booking == case.key}
    if not files:
        case.cells[Part.PAGE] = "-"
        return
    faults = _faults(files, case.seen, case.half)
    if faults.keys() == {case.half.words}:
        case.cells[Part.PAGE] = "half"
        case.differs(Part.PAGE, f"{case.half.words}: {_some(faults[case.half.words])}")
        return
    missing = any(path not in case.seen.objects for paths in faults.values() for path in paths)
    shown = case.seen.pages.get(case.key, Shown.LIVE)
    case.cells[Part.PAGE] = "gone" if missing or shown is Shown.MISSING else "other" if faults else shown.value
    for fault, paths in faults.items():
        case.differs(Part.PAGE, f"{fault}: {', '.join(paths)}")
    if not faults and shown is not Shown.LIVE and files.keys() & {*case.half.touched.files}:
        case.cells[Part.PAGE] = "half"
        case.differs(Part.PAGE, case.half.words)
        return
    if not faults and shown is Shown.MISSING:
        case.differs(Part.PAGE, "it is in its bucket, and the site shows no page")
    if not faults and shown is Shown.OTHER:
        case.cells[Part.PAGE] = "older"
        case.differs(Part.PAGE, "the site shows an older page than was published: CloudFront has kept it")


def _faults(files: Mapping[str, PublishedFile], seen: Seen, half: _Half) -> dict[str, list[str]]:
    """Return the objects that are not as a publish left them, by what is wrong with them."""
    faults: dict[str, list[str]] = {}
    touched = {*half.touched.files}
    for path in sorted(files):
        if fault := file_fault(path, files[path], seen):
            faults.setdefault(half.words if path in touched else fault, []).append(path)
    return faults


def _event(case: _Case) -> None:
    published, live = case.published.event if case.published else None, case.seen.events.get(case.key)
    case.cells[Part.EVENT] = str(live.get("status", "scheduled")) if live else "gone" if published else "-"
    if published is None:
        if live is not None:
            case.differs(Part.EVENT, f"event {live.get('event_id')} was made by no publish")
        return
    if live is None:
        case.differs(Part.EVENT, f"event {published.id} is gone from ShipCaptainCrew")
        return
    if live.get("event_id") != published.id:
        case.differs(Part.EVENT, f"it is {live.get('event_id')}, and {published.id} was published")
    if not published.status:
        case.differs(Part.EVENT, "a publish broke off here; the next one says it again")
        return
    if live.get("status", published.status) != published.status:
        words = f"{live['status']} in ShipCaptainCrew by hand, published as {published.status}"
        case.differs(Part.EVENT, words)
    marks = event_fields(live)
    changed = sorted(name for name, mark in published.fields.items() if marks.get(name, mark) != mark)
    if changed:
        case.cells[Part.EVENT] = "edited"
        case.differs(Part.EVENT, f"changed in ShipCaptainCrew by hand: {', '.join(changed)}")


def _calendar(case: _Case, wanted: Wanted) -> None:
    published, live = case.published.calendar if case.published else None, case.seen.entries.get(case.key)
    case.cells[Part.CALENDAR] = "entry" if live else "gone" if published is not None else "-"
    if published is None:
        if live is not None:
            case.differs(Part.CALENDAR, "an entry that no publish made")
        return
    if live is None:
        case.differs(Part.CALENDAR, "the entry is gone from the dashboard")
        return
    if not published:
        case.differs(Part.CALENDAR, "a publish broke off here; the next one says it again")
        return
    booking, folder = case.wanted, wanted.folder
    if booking is None or folder is None:
        return
    changed = changed_in_entry(booking, folder, published, live)
    if changed:
        case.cells[Part.CALENDAR] = "edited"
        case.differs(Part.CALENDAR, f"changed in the dashboard by hand: {', '.join(changed)}")


def _mail(case: _Case, now: datetime) -> None:
    if Part.MAIL in case.seen.silent or case.seen.mails is None:
        case.cells[Part.MAIL] = "?"
        return
    mails = case.seen.mails.get(case.key, ())
    counts = Counter(str(mail.get("state")) for mail in mails)
    told = [f"{counts[state]} {state}" for state in ("sent", "pending", "claimed") if counts[state]]
    case.cells[Part.MAIL] = ", ".join(told) or "-"
    for mail in mails:
        whom, since = f"{mail.get('kind')} to {mail.get('member_id')}", _age(mail, now)
        match mail.get("state"):
            case "claimed" if since > IN_FLIGHT:
                case.differs(Part.MAIL, f"{whom} was claimed and never confirmed: `castoff mail` says what to do")
            case "pending" if since > _SOON:
                case.differs(Part.MAIL, f"{whom} has been waiting for {_hours(since)}")
            case "lapsed" if mail.get("reason") in UNDELIVERED:
                case.differs(Part.MAIL, f"{whom} did not arrive: {UNDELIVERED[str(mail['reason'])]}")
            case _:
                pass
    for member in dict.fromkeys(str(mail.get("member_id")) for mail in mails if mail.get("address")):
        case.differs(Part.MAIL, f"mail to {member} comes back: correct the address in content/crew/{member}.md")


def _others(
    actions: Sequence[Action], wanted: Wanted, state: State, seen: Seen, *, bookings: Sequence[str], half: _Half
) -> Iterator[Difference]:
    """Yield what belongs to no booking that is looked up: the board, assets, pages of charters that have sailed."""
    files = [action for action in actions if isinstance(action, Put | Delete)]
    own = sum(action.booking is None for action in files)
    past = len({action.booking for action in files if action.booking is not None})
    crew = sum(isinstance(action, PutCrewMember | DeleteCrewMember) for action in actions)
    told = [f"{_counted(own, 'file')} of no booking"] if own else []
    told += [f"pages of {_counted(past, 'charter')} that sailed"] if past else []
    told += [f"{_counted(crew, 'crew member')}"] if crew else []
    if told:
        yield Difference(Part.FILE, f"not yet published: {', '.join(told)}")
    if Part.PAGE not in seen.silent:
        files_of_none = {path: file for path, file in state.files.items() if file.booking not in bookings}
        for fault, paths in _faults(files_of_none, seen, half).items():
            yield Difference(Part.PAGE, f"{fault}: {_some(paths)}", half=fault == half.words)
        strays = sorted(strays_of(wanted.folder, state, seen).keys() - {*half.touched.files})
        if strays:
            yield Difference(Part.PAGE, f"written by no publish: {_some(strays)}")
    unknown = sorted(unknown_crew(state, seen) - {*half.touched.crew})
    if unknown:
        yield Difference(Part.EVENT, f"crew whom ShipCaptainCrew does not know any more: {_some(unknown)}")
    for part, why in seen.silent.items():
        yield Difference(part, why, silent=True)


def _some(paths: Sequence[str]) -> str:
    """Return the first few paths, and how many more there are."""
    more = f" and {len(paths) - _FEW:,} more" if len(paths) > _FEW else ""
    return f"{', '.join(paths[:_FEW])}{more}"


def _age(mail: Mapping[str, Any], now: datetime) -> timedelta:
    since = instant_of(mail.get("since"))
    return now - since if since is not None else timedelta.max


def _hours(since: timedelta) -> str:
    if since == timedelta.max:
        return "nobody knows how long"
    hours = int(since.total_seconds() // 3600)
    return f"{hours} h" if hours else f"{int(since.total_seconds() // 60)} min"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
