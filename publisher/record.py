"""The record of one publish: what it did to each booking, whom that mailed; ids and facts, no names and no money."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import DocumentError, Fields, canonical, parse
from castoff.contract.facts import FactChange
from castoff.contract.mails import Kind
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
from castoff.contract.state import Published
from publisher.fates import Fate, fate_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from castoff.contract.plan import About, Action, Plan

FORMAT: Final = 1
MAILED: Final = "mailed"
"""Among the counts of a publish: how many mails to the crew it asked for, those left out of which nobody knows."""

_SERVED: Final = CreateEvent | UpdateEvent | CancelEvent | PutCalendar | DeleteCalendar


@dataclass(frozen=True, slots=True)
class Deed:
    """What one publish did to one booking: `was` is its status before, empty where none was published whole.

    `pages` counts objects by the reason of their writing or going; `event` and `calendar` are verb and reason;
    `changed` are the facts that are others now, `mended` those that somebody had made others by hand; `mailed` members
    and what each was told.
    """

    fate: Fate
    status: str
    was: str = ""
    pages: Mapping[str, int] = field(default_factory=dict)
    event: tuple[str, str] | None = None
    calendar: tuple[str, str] | None = None
    changed: tuple[FactChange, ...] = ()
    mended: tuple[FactChange, ...] = ()
    mailed: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "became": self.fate,
            "status": self.status,
            "was": self.was,
            "pages": dict(self.pages),
            "event": list(self.event) if self.event else [],
            "calendar": list(self.calendar) if self.calendar else [],
            "changed": [change.to_json() for change in self.changed],
            "mended": [change.to_json() for change in self.mended],
            "mailed": [list(mail) for mail in self.mailed],
        }

    @classmethod
    def from_json(cls, fields: Fields) -> Deed:
        """Read the JSON form."""
        return cls(
            fate=_fate(fields),
            status=fields.text("status"),
            was=fields.text("was"),
            pages=fields.named_integers("pages"),
            event=_pair(fields.texts("event"), fields.place),
            calendar=_pair(fields.texts("calendar"), fields.place),
            changed=tuple(map(_change, fields.objects("changed"))),
            mended=tuple(map(_change, fields.objects("mended"))),
            mailed=tuple(_two(mail, fields.place) for mail in _list(fields, "mailed")),
        )


@dataclass(frozen=True, slots=True)
class Record:
    """What one publish did: when (ISO 8601), by whom (a workflow or machine), from which commit, to which bookings.

    `others` counts what belongs to no booking, such as assets, the board and crew members. With `broke_off` it is
    what was done until then; the next publish did the rest.
    """

    serial: int
    at: str
    by: str
    commit: str
    as_of: str
    broke_off: bool
    actions: int
    bookings: Mapping[str, Deed]
    others: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many bookings became what, and how many mails were asked for."""
        counts = Counter(deed.fate.value for deed in self.bookings.values())
        counts[MAILED] = sum(kind != Kind.PERHAPS for deed in self.bookings.values() for _, kind in deed.mailed)
        return {what: count for what, count in counts.items() if count}

    @property
    def line(self) -> Published:
        """The line of the state's history that stands for it."""
        return Published(
            serial=self.serial,
            commit=self.commit,
            at=self.at,
            actions=self.actions,
            by=self.by,
            counts=self.counts,
            broke_off=self.broke_off,
        )

    def to_json(self) -> str:
        """Return the canonical text: the same record is the same bytes."""
        return canonical(
            {
                "format": FORMAT,
                "serial": self.serial,
                "at": self.at,
                "by": self.by,
                "commit": self.commit,
                "as_of": self.as_of,
                "broke_off": self.broke_off,
                "actions": self.actions,
                "bookings": {key: deed.to_json() for key, deed in self.bookings.items()},
                "others": dict(self.others),
            }
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Record:
        """Read that text; raise DocumentError with the place of what is wrong."""
        fields = parse(text, name="record")
        return cls(
            serial=fields.integer("serial"),
            at=fields.text("at"),
            by=fields.text("by"),
            commit=fields.text("commit"),
            as_of=fields.text("as_of"),
            broke_off=fields.flag("broke_off"),
            actions=fields.integer("actions"),
            bookings={key: Deed.from_json(value) for key, value in fields.named("bookings").items()},
            others=fields.named_integers("others"),
        )


def record_of(
    done: Sequence[Action], plan: Plan, *, serial: int, as_of: str, at: str, by: str, broke_off: bool = False
) -> Record:
    """Return the record of what was done of a plan, under a lease of this serial; `as_of` is what was built for."""
    by_booking: dict[str, list[Action]] = {}
    others: Counter[str] = Counter()
    for action in done:
        booking = getattr(action, "booking", None)
        if booking is not None:
            by_booking.setdefault(booking, []).append(action)
        elif isinstance(action, Put | Delete):
            others["files"] += 1
        elif isinstance(action, PutCrewMember | DeleteCrewMember):
            others["crew members"] += 1
    return Record(
        serial=serial,
        at=at,
        by=by,
        commit=plan.commit,
        as_of=as_of,
        broke_off=broke_off,
        actions=len(done),
        bookings={key: _deed(plan.about[key], of) for key, of in sorted(by_booking.items())},
        others=others,
    )


def _deed(about: About, actions: Sequence[Action]) -> Deed:
    pages: Counter[str] = Counter()
    said: dict[str, tuple[str, str]] = {}
    mailed: list[tuple[str, str]] = []
    for action in actions:
        if isinstance(action, Put | Delete):
            pages[action.reason.value] += 1
        elif isinstance(action, _SERVED):
            part = "calendar" if isinstance(action, PutCalendar | DeleteCalendar) else "event"
            said[part] = (action.verb, action.reason.value)
            mailed += [(member, str(kind)) for member, kind in getattr(action, "mails", ())]
    return Deed(
        fate=fate_of(about, actions),
        status=about.status,
        was=about.was,
        pages=pages,
        event=said.get("event"),
        calendar=said.get("calendar"),
        changed=about.changes,
        mended=about.mended if "event" in said else (),
        mailed=tuple(mailed),
    )


def _fate(fields: Fields) -> Fate:
    word = fields.text("became")
    if word not in {*Fate}:
        raise DocumentError(f"{fields.place}.became is `{word}`, which nothing becomes")
    return Fate(word)


def _change(fields: Fields) -> FactChange:
    return FactChange(fields.text("label"), fields.optional_text("before"), fields.optional_text("after"))


def _pair(words: tuple[str, ...], place: str) -> tuple[str, str] | None:
    return _two(words, place) if words else None


def _two(value: Any, place: str) -> tuple[str, str]:
    match value:
        case [str(one), str(other)] | (str(one), str(other)):
            return one, other
        case _:
            raise DocumentError(f"{place} must have two texts where it has {value!r}")


def _list(fields: Fields, name: str) -> list[Any]:
    found = fields.value.get(name)
    if not isinstance(found, list):
        raise DocumentError(f"{fields.place}.{name} must be a list")
    return found
