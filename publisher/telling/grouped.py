"""A plan by booking: who is mailed, what vanishes, which facts are others, which pages change; then all the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.plan import (
    About,
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    Fate,
    Put,
    PutCalendar,
    Reason,
    UpdateEvent,
)

if TYPE_CHECKING:
    from castoff.contract.facts import FactChange
    from castoff.contract.mails import Mail
    from castoff.contract.plan import Action, Plan

GUEST_PAGE: Final = "guest page"
OLD_GUEST_PAGE: Final = "old guest page"
CREW_PAGE: Final = "crew page"
_ENTRY: Final = "calendar entry"
_CALL: Final = "crew call"

_FORMS: Final = {Reason.FORM_EXPIRES, Reason.FORM_RENEWED}
_WORDS: Final = {
    Reason.BODY_CHANGED: "changed",
    Reason.CANCELLED: "changed",
    Reason.FIELDS_CHANGED: "changed",
    Reason.UNKNOWN: "written anew",
    **dict.fromkeys(_FORMS, "form renewed"),
}
"""What happens to a page, by its reason; other reasons are words enough."""


class Sort(StrEnum):
    """What a plan does to a booking, the most noticed first."""

    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    REINSTATED = "sails after all"
    CHANGED = "changed"
    NEW = "new"
    MENDED = "mended"
    """Somebody changed by hand what a publish had written."""
    REWRITTEN = "rewritten"
    """Nothing is other but the pages: a layout or a text that many share."""
    RETIRED = "past retention"
    RENEWED = "forms renewed"


@dataclass(frozen=True, slots=True)
class Group:
    """What a plan does to one booking.

    `status` is what it is to be; `gone` names what vanishes; `written` has by change what is written, such as ("new",
    ("guest page",)); `untold` says what ShipCaptainCrew hears without mailing anyone.
    """

    booking: str
    heading: str
    sort: Sort
    status: str
    mails: tuple[Mail, ...]
    gone: tuple[str, ...]
    changes: tuple[FactChange, ...]
    written: tuple[tuple[str, tuple[str, ...]], ...]
    untold: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "booking": self.booking,
            "heading": self.heading,
            "sort": self.sort,
            "status": self.status,
            "mails": [{"member": member, "kind": kind} for member, kind in self.mails],
            "gone": list(self.gone),
            "facts": [change.to_json() for change in self.changes],
            "pages": [{"change": change, "names": list(names)} for change, names in self.written],
            "untold": list(self.untold),
        }


@dataclass(frozen=True, slots=True)
class Grouped:
    """A plan as people read it; `shared` are the actions about no booking."""

    plan: Plan
    groups: tuple[Group, ...]
    shared: tuple[Action, ...]

    @property
    def mails(self) -> int:
        """How many mails will be sent."""
        return sum(len(group.mails) for group in self.groups)

    @property
    def mailed(self) -> set[str]:
        """To whom."""
        return {member for group in self.groups for member, _ in group.mails}

    @property
    def sorts(self) -> Counter[Sort]:
        """How many bookings of each sort there are."""
        return Counter(group.sort for group in self.groups)

    @property
    def size(self) -> tuple[int, int]:
        """How many files will be written, and their bytes."""
        puts = [action for action in self.plan.actions if isinstance(action, Put)]
        return len(puts), sum(put.size for put in puts)

    def to_json(self) -> dict[str, Any]:
        """Return the plan for programs: what people are shown, and every action."""
        files, size = self.size
        return self.plan.to_json() | {
            "bookings": [group.to_json() for group in self.groups],
            "mails": self.mails,
            "files": files,
            "bytes": size,
        }


def grouped(plan: Plan) -> Grouped:
    """Return a plan by booking, in the order in which people ask: of each sort whoever is mailed, the soonest first."""
    actions: dict[str, list[Action]] = {booking: [] for booking in plan.about}
    shared: list[Action] = []
    for action in plan.actions:
        booking = getattr(action, "booking", None)
        if booking is None:
            shared.append(action)
        else:
            actions.setdefault(booking, []).append(action)
    unknown = About(Fate.CHANGED, "")
    groups = [_group(booking, plan.about.get(booking, unknown), found) for booking, found in actions.items()]
    order = list(Sort)
    starts = {booking: about.starts or _NEVER for booking, about in plan.about.items()}
    groups.sort(
        key=lambda group: (
            order.index(group.sort),
            not group.mails,
            starts.get(group.booking, _NEVER),
            group.booking,
        )
    )
    return Grouped(plan, tuple(groups), tuple(shared))


def _group(booking: str, about: About, actions: list[Action]) -> Group:
    mails: list[Mail] = []
    gone: list[str] = []
    untold: list[str] = []
    written: dict[str, list[str]] = {}
    for action in actions:
        match action:
            case CreateEvent() | UpdateEvent() | CancelEvent():
                mails += action.mails
                if action.reason is Reason.DRIFTED:
                    written.setdefault(action.reason.value, []).append(_CALL)
                elif not action.mails:
                    untold.append(_untold(action))
            case Put():
                change = _WORDS.get(action.reason, action.reason.value)
                written.setdefault(change, []).append(_page(action, booking, about))
            case PutCalendar():
                written.setdefault(_WORDS.get(action.reason, action.reason.value), []).append(_ENTRY)
            case Delete():
                gone.append(_page(action, booking, about))
            case DeleteCalendar():
                gone.append(_ENTRY)
            case _:
                pass
    changes = tuple(change for change in about.changes if change.label != "status")  # the sort says it
    is_lost = OLD_GUEST_PAGE in gone and any(action.reason is Reason.RETIRED for action in actions)
    sort = _sort(about, actions, is_noticed=bool(mails or untold or changes or is_lost))
    pages = tuple((change, tuple(sorted(names, key=_rank))) for change, names in written.items())
    return Group(
        booking=booking,
        heading=about.heading,
        sort=sort,
        status=about.status,
        mails=tuple(mails),
        gone=tuple(sorted(gone, key=_rank)),
        changes=changes,
        written=pages,
        untold=tuple(untold),
    )


def _sort(about: About, actions: list[Action], *, is_noticed: bool) -> Sort:
    if about.fate is not Fate.CHANGED:
        return Sort[about.fate.name]
    reasons = {action.reason for action in actions}
    if Reason.DRIFTED in reasons:
        return Sort.MENDED
    if is_noticed or any(isinstance(action, PutCalendar | DeleteCalendar) for action in actions):
        return Sort.CHANGED
    if reasons <= _FORMS:
        return Sort.RENEWED
    return Sort.RETIRED if reasons == {Reason.RETENTION} else Sort.REWRITTEN


def _untold(action: CreateEvent | UpdateEvent | CancelEvent) -> str:
    match action:
        case UpdateEvent():
            return f"{_CALL} updated ({', '.join(action.changed)})"
        case CancelEvent():
            return f"{_CALL} cancelled"
        case _:
            return f"{_CALL} written down"


def _page(action: Put | Delete, booking: str, about: About) -> str:
    """Return what people call an object, by its key."""
    name = action.key.rpartition("/")[2]
    if name.endswith(".ics"):
        return "calendar file"
    if name == f"{booking}-crew.html":
        return CREW_PAGE
    if not name.endswith(".html"):
        return "file"
    if name == f"{booking}.html":
        return _FORWARDING
    if about.guest_page in {None, action.subject}:
        return GUEST_PAGE
    return OLD_GUEST_PAGE if isinstance(action, Delete) else _FORWARDING


_FORWARDING: Final = "forwarding page"
_NEVER: Final = "~"
"""Sorts after every date: when a charter starts of which that is not known."""
NAMED: Final = (GUEST_PAGE, OLD_GUEST_PAGE, CREW_PAGE, _ENTRY)
"""What is told by name, the most noticed first; all else is counted."""


def _rank(name: str) -> tuple[int, str]:
    return (NAMED.index(name) if name in NAMED else len(NAMED), name)
