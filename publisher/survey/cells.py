"""The cells of one booking: what each part says in a word or two, and in words whatever is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from castoff.contract.counts import counted
from castoff.contract.plan import (
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    Put,
    PutCalendar,
    Reason,
    UpdateEvent,
)
from castoff.contract.state import Intents
from publisher.events import event_of
from publisher.meaning import field_words
from publisher.seen import Part, Seen, Shown
from publisher.survey.by_hand import changes_by_hand
from publisher.survey.faults import Fault, changed_in_entry, entry_fault, event_faults, file_fault
from publisher.survey.mails import troubles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from castoff.contract.plan import Action
    from castoff.contract.release import Booking
    from castoff.contract.state import PublishedBooking, PublishedFile, State
    from publisher.folder import ReleaseFolder

_LOOKS: Final = {Reason.BODY_CHANGED: "changed"}
"""Reasons of which people say less."""
_FEW: Final = 5
"""Objects that are named one by one."""
_OBJECT: Final = {
    Fault.GONE: "gone from its bucket",
    Fault.ANOTHER: "not what the last publish wrote",
    Fault.HEADERS: "its headers were changed by hand",
}
_BROKE_OFF: Final = "a publish broke off here; the next one says it again"
_EVENT: Final = {
    Fault.STRANGE: "event {live.id} was made by no publish",
    Fault.GONE: "event {was.id} is gone from ShipCaptainCrew",
    Fault.ANOTHER: "it is {live.id}, and {was.id} was published",
    Fault.OPEN: _BROKE_OFF,
    Fault.STATUS: "{live.status} in ShipCaptainCrew by hand, published as {was.status}",
    Fault.EDITED: "changed in ShipCaptainCrew by hand: {changed}",
}
_ENTRY: Final = {
    Fault.STRANGE: "an entry that no publish made",
    Fault.GONE: "the entry is gone from the dashboard",
    Fault.OPEN: _BROKE_OFF,
    Fault.EDITED: "changed in the dashboard by hand: {changed}",
}
"""What is wrong with each part, in words."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be, and why; `silent` is a part that did not answer.

    `half` is one that a publish has begun, which is at work or broke off: nobody changed it by hand. `stray` is what no
    publish wrote, which only whoever asks for that has removed.
    """

    part: Part
    words: str
    silent: bool = False
    half: bool = False
    stray: bool = False


@dataclass(frozen=True, slots=True)
class Half:
    """What a publish may have touched that is at work or broke off, and how that is said; nothing where none is."""

    words: str = ""
    touched: Intents = field(default_factory=Intents)


@dataclass(slots=True)
class Case:
    """One booking while it is compared."""

    key: str
    published: PublishedBooking | None
    wanted: Booking | None
    seen: Seen
    half: Half = field(default_factory=Half)
    cells: dict[Part, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def differs(self, part: Part, words: str, *, half: bool = False) -> None:
        """Say that a part is not as it should be."""
        self.differences.append(Difference(part, words, half=half))

    def is_half(self, part: Part) -> None:
        """Say of a part that differs, and that a publish has begun, only that."""
        if any(one.part is part for one in self.differences):
            self.cells[part] = "half"
            self.differences[:] = [one for one in self.differences if one.part is not part]
            self.differs(part, self.half.words, half=True)


def fill(case: Case, state: State, *, folder: ReleaseFolder | None, actions: Sequence[Action], now: datetime) -> None:
    """Fill in the cells of a booking; `actions` are what a publish would do to it, `folder` is what the files want."""
    seen, touched = case.seen, case.half.touched
    _file(case, folder, actions)
    if Part.PAGE in seen.silent:
        case.cells[Part.PAGE] = "?"
    else:
        _page(case, state)
    for part, look in ((Part.EVENT, _event), (Part.CALENDAR, lambda one: _calendar(one, folder))):
        if part in seen.silent:
            case.cells[part] = "?"
        else:
            look(case)
    for part, begun in ((Part.EVENT, touched.events), (Part.CALENDAR, touched.calendar)):
        if case.key in begun:
            case.is_half(part)
    _mail(case, now)


def faulty(files: Mapping[str, PublishedFile], seen: Seen, half: Half) -> dict[str, list[str]]:
    """Return the objects that are not as a publish left them, by what is wrong with them."""
    faults: dict[str, list[str]] = {}
    touched = {*half.touched.files}
    for path in sorted(files):
        if fault := file_fault(path, files[path], seen):
            faults.setdefault(half.words if path in touched else _OBJECT[fault], []).append(path)
    return faults


def some(paths: Sequence[str]) -> str:
    """Return the first few paths, and how many more there are."""
    more = f" and {len(paths) - _FEW:,} more" if len(paths) > _FEW else ""
    return f"{', '.join(paths[:_FEW])}{more}"


def _file(case: Case, folder: ReleaseFolder | None, actions: Sequence[Action]) -> None:
    gone = folder is not None and case.wanted is None
    case.cells[Part.FILE] = "gone" if gone else case.wanted.status if case.wanted else "?"
    left = list(_unpublished(actions))
    if left:
        case.differs(Part.FILE, f"not yet published: {', '.join(left)}")


def _unpublished(actions: Sequence[Action]) -> Iterator[str]:
    """Yield what a publish would do to a booking, in few words."""
    pages = [action.reason for action in actions if isinstance(action, Put | Delete)]
    if pages:
        reasons = ", ".join(dict.fromkeys(_LOOKS.get(reason, reason.value) for reason in pages))
        yield f"{counted(len(pages), 'page')} ({reasons})"
    for action in actions:
        match action:
            case CreateEvent() | CancelEvent():
                yield f"event ({action.reason.value})"
            case UpdateEvent():
                changed = ", ".join(field_words(name) for name in action.changed if name != "status")
                yield f"event ({changed or action.reason.value})"
            case PutCalendar() | DeleteCalendar():
                yield f"calendar ({action.reason.value})"
            case _:
                pass


def _page(case: Case, state: State) -> None:
    files = {path: file for path, file in state.files.items() if file.booking == case.key}
    if not files:
        case.cells[Part.PAGE] = "-"
        return
    faults = faulty(files, case.seen, case.half)
    if faults.keys() == {case.half.words}:
        case.cells[Part.PAGE] = "half"
        case.differs(Part.PAGE, f"{case.half.words}: {some(faults[case.half.words])}", half=True)
        return
    missing = any(path not in case.seen.objects for paths in faults.values() for path in paths)
    shown = case.seen.pages.get(case.key, Shown.LIVE)
    case.cells[Part.PAGE] = "gone" if missing or shown is Shown.MISSING else "changed" if faults else shown.value
    for fault, paths in faults.items():
        case.differs(Part.PAGE, f"{fault}: {', '.join(paths)}", half=fault == case.half.words)
    if not faults and shown is not Shown.LIVE and files.keys() & {*case.half.touched.files}:
        case.cells[Part.PAGE] = "half"
        case.differs(Part.PAGE, case.half.words, half=True)
        return
    if not faults and shown is Shown.MISSING:
        case.differs(Part.PAGE, "it is in its bucket, and the site shows no page")
    if not faults and shown is Shown.OTHER:
        case.cells[Part.PAGE] = "older"
        case.differs(Part.PAGE, "the site shows an older page than was published: CloudFront has kept it")


def _event(case: Case) -> None:
    published, told = case.published.event if case.published else None, case.seen.events.get(case.key)
    live = None if told is None else event_of(told)
    faults = event_faults(published, live)
    case.cells[Part.EVENT] = live.status if live else "gone" if published else "-"
    if Fault.EDITED in faults:
        case.cells[Part.EVENT] = "edited"
    by_hand = changes_by_hand(published, told, case.wanted, members=case.seen.members)
    changed = "; ".join(change.line if change.is_shown else change.label for change in by_hand)
    for fault in faults:
        words = _EVENT[fault].format(was=published, live=live, changed=changed)
        case.differs(Part.EVENT, words, half=fault is Fault.OPEN)


def _calendar(case: Case, folder: ReleaseFolder | None) -> None:
    published, live = case.published.calendar if case.published else None, case.seen.entries.get(case.key)
    fault = entry_fault(published, live, wanted=case.wanted, folder=folder)
    case.cells[Part.CALENDAR] = "entry" if live else "gone" if published is not None else "-"
    if fault is Fault.EDITED:
        case.cells[Part.CALENDAR] = "edited"
    if fault is not None:
        changed = ", ".join(changed_in_entry(case.wanted, folder, published, live or {}))
        case.differs(Part.CALENDAR, _ENTRY[fault].format(changed=changed), half=fault is Fault.OPEN)


def _mail(case: Case, now: datetime) -> None:
    if Part.MAIL in case.seen.silent or case.seen.mails is None:
        case.cells[Part.MAIL] = "?"
        return
    mails = case.seen.mails.get(case.key, ())
    counts = Counter(str(mail.get("state")) for mail in mails)
    told = [f"{counts[state]} {state}" for state in ("sent", "pending", "claimed") if counts[state]]
    case.cells[Part.MAIL] = ", ".join(told) or "-"
    for words in troubles(mails, now):
        case.differs(Part.MAIL, words)
