"""A plan by booking: who is mailed, what vanishes, which facts are others, which pages change; then all the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.keys import crew_name, page_key
from castoff.contract.mails import Kind
from castoff.contract.plan import (
    About,
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    Put,
    PutCalendar,
    Reason,
    UpdateEvent,
)
from publisher.fates import Fate, fate_of, is_former_page
from publisher.meaning import field_words

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
    Reason.DRIFTED: "mended",
    **dict.fromkeys(_FORMS, "form renewed"),
}
"""What happens to a page, by its reason; other reasons are words enough."""


@dataclass(frozen=True, slots=True)
class Group:
    """What a plan does to one booking.

    `status` is what it is to be; `gone` names what vanishes; `written` has by change what is written, such as ("new",
    ("guest page",)); `calls` says of the crew call what mails and facts do not.
    """

    booking: str
    heading: str
    fate: Fate
    status: str
    mails: tuple[Mail, ...]
    gone: tuple[str, ...]
    changes: tuple[FactChange, ...]
    written: tuple[tuple[str, tuple[str, ...]], ...]
    calls: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "booking": self.booking,
            "heading": self.heading,
            "sort": self.fate,
            "status": self.status,
            "mails": [{"member": member, "kind": kind} for member, kind in self.mails],
            "gone": list(self.gone),
            "facts": [change.to_json() for change in self.changes],
            "pages": [{"change": change, "names": list(names)} for change, names in self.written],
            "calls": list(self.calls),
        }


@dataclass(frozen=True, slots=True)
class Grouped:
    """A plan as people read it; `shared` are the actions about no booking."""

    plan: Plan
    groups: tuple[Group, ...]
    shared: tuple[Action, ...]

    @property
    def mails(self) -> int:
        """How many mails will be sent, beside those of which nobody knows."""
        return sum(kind is not Kind.PERHAPS for group in self.groups for _, kind in group.mails)

    @property
    def perhaps(self) -> int:
        """How many more may be: what their members were told before is not known."""
        return sum(len(group.mails) for group in self.groups) - self.mails

    @property
    def mailed(self) -> set[str]:
        """To whom."""
        return {member for group in self.groups for member, kind in group.mails if kind is not Kind.PERHAPS}

    @property
    def fates(self) -> Counter[str]:
        """Of how many bookings becomes what."""
        return Counter(group.fate.value for group in self.groups)

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
            "perhaps": self.perhaps,
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
    groups = [_group(booking, plan.about[booking], found) for booking, found in actions.items()]
    order = list(Fate)
    starts = {booking: about.starts or _NEVER for booking, about in plan.about.items()}
    groups.sort(
        key=lambda group: (
            order.index(group.fate),
            not group.mails,
            starts.get(group.booking, _NEVER),
            group.booking,
        )
    )
    return Grouped(plan, tuple(groups), tuple(shared))


def _group(booking: str, about: About, actions: list[Action]) -> Group:
    mails: list[Mail] = []
    gone: list[str] = []
    calls: list[str] = []
    written: dict[str, list[str]] = {}
    fate = fate_of(about, actions)
    for action in actions:
        match action:
            case CreateEvent() | UpdateEvent() | CancelEvent():
                mails += action.mails
                if not action.mails or _is_unexplained(action, about, fate):
                    calls.append(_call(action))
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
    told = {"status", *(change.label for change in about.mended)}  # what becomes of it says the status
    changes = (*(change for change in about.changes if change.label not in told), *about.mended)
    pages = tuple((change, tuple(sorted(names, key=_rank))) for change, names in written.items())
    return Group(
        booking=booking,
        heading=about.heading,
        fate=fate,
        status=about.status,
        mails=tuple(mails),
        gone=tuple(sorted(gone, key=_rank)),
        changes=changes,
        written=pages,
        calls=tuple(calls),
    )


def _is_unexplained(action: CreateEvent | UpdateEvent | CancelEvent, about: About, fate: Fate) -> bool:
    """Tell whether neither a fact nor what becomes of the booking says why a crew is mailed."""
    if about.changes or about.mended or fate not in {Fate.CHANGED, Fate.MENDED, Fate.NEW}:
        return False
    return action.reason in {Reason.ADOPTED, Reason.DRIFTED, Reason.FIELDS_CHANGED}


def _call(action: CreateEvent | UpdateEvent | CancelEvent) -> str:
    match action:
        case UpdateEvent():
            how = "mended" if action.reason is Reason.DRIFTED else "updated"
            words = f"{_CALL} {how} ({', '.join(map(field_words, action.changed))})"
        case CancelEvent():
            words = f"{_CALL} cancelled"
        case CreateEvent():
            words = f"{_CALL} made anew" if action.reason is Reason.DRIFTED else "the charter is over"
    return words if action.mails else f"{words}, nobody is mailed"


def _page(action: Put | Delete, booking: str, about: About) -> str:
    """Return what people call an object, by its key."""
    if isinstance(action, Delete) and is_former_page(action, about):
        return OLD_GUEST_PAGE
    if action.key.endswith(".ics"):
        return "calendar file"
    if action.key == page_key(crew_name(booking)):
        return CREW_PAGE
    if not action.key.endswith(".html"):
        return "file"
    if action.key == page_key(booking):
        return _FORWARDING
    return GUEST_PAGE if about.guest_page in {None, action.subject} else _FORWARDING


_FORWARDING: Final = "forwarding page"
_NEVER: Final = "~"
"""Sorts after every date: when a charter starts of which that is not known."""
NAMED: Final = (GUEST_PAGE, OLD_GUEST_PAGE, CREW_PAGE, _ENTRY)
"""What is told by name, the most noticed first; all else is counted."""


def _rank(name: str) -> tuple[int, str]:
    return (NAMED.index(name) if name in NAMED else len(NAMED), name)
