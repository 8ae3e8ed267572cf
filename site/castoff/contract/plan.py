"""The plan: what a publish will do, as an ordered tuple of actions; each says what, on what and why."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from castoff.contract.counts import counted
from castoff.contract.document import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.facts import FactChange
    from castoff.contract.mails import Mail
    from castoff.contract.release import Site


_FEW = 4
"""Fields of an event that are named one by one."""


class Reason(StrEnum):
    """Why an action is in the plan, in the operator's words."""

    NEW = "new"
    BODY_CHANGED = "body changed"
    HEADERS_CHANGED = "headers changed"
    FORM_EXPIRES = "form expires"
    FORM_RENEWED = "form renewed"
    UNKNOWN = "not known since a publish broke off"
    CANCELLED = "booking cancelled"
    REINSTATED = "booking reinstated"
    REMOVED = "booking removed"
    WITHDRAWN = "booking withdrawn"
    RETIRED = "no longer part of the site"
    FIELDS_CHANGED = "changed"
    RETENTION = "retention passed"
    LEFT = "left the crew"
    PAGES_CHANGED = "pages changed"
    DRIFTED = "changed by hand"
    STRAY = "known to no publish"
    ADOPTED = "there before castoff"


@dataclass(frozen=True, slots=True)
class PutCrewMember:
    """Make a crew member known to ShipCaptainCrew."""

    verb: ClassVar = "put crew member"
    member: str
    reason: Reason
    payload: str

    @property
    def subject(self) -> str:
        """What the action is about."""
        return self.member


@dataclass(frozen=True, slots=True)
class DeleteCrewMember:
    """Make ShipCaptainCrew forget a crew member."""

    verb: ClassVar = "delete crew member"
    member: str
    reason: Reason

    @property
    def subject(self) -> str:
        """What the action is about."""
        return self.member


@dataclass(frozen=True, slots=True)
class Put:
    """Write one object."""

    verb: ClassVar = "put"
    site: Site
    key: str
    reason: Reason
    sha256: str
    size: int
    booking: str | None = None

    @property
    def subject(self) -> str:
        """What the action is about."""
        return f"{self.site.value}/{self.key}"


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete one object."""

    verb: ClassVar = "delete"
    site: Site
    key: str
    reason: Reason
    booking: str | None = None

    @property
    def subject(self) -> str:
        """What the action is about."""
        return f"{self.site.value}/{self.key}"


@dataclass(frozen=True, slots=True)
class Invalidate:
    """Make one distribution forget these viewer paths."""

    verb: ClassVar = "invalidate"
    site: Site
    paths: tuple[str, ...]
    reason: Reason

    @property
    def subject(self) -> str:
        """What the action is about."""
        return f"{self.site.value}, {counted(len(self.paths), 'path')}"


@dataclass(frozen=True, slots=True)
class CreateEvent:
    """Call the crew: a new event in ShipCaptainCrew, which mails them."""

    verb: ClassVar = "create event"
    booking: str
    reason: Reason
    payload: str
    mails: tuple[Mail, ...] = ()

    @property
    def subject(self) -> str:
        """What the action is about."""
        return self.booking


@dataclass(frozen=True, slots=True)
class UpdateEvent:
    """Tell ShipCaptainCrew the fields that changed; it tells the crew where that matters to them."""

    verb: ClassVar = "update event"
    booking: str
    event: str
    changed: tuple[str, ...]
    reason: Reason
    payload: str
    mails: tuple[Mail, ...] = ()

    @property
    def subject(self) -> str:
        """What the action is about."""
        few = len(self.changed) <= _FEW
        return f"{self.booking} ({', '.join(self.changed) if few else f'{len(self.changed)} fields'})"


@dataclass(frozen=True, slots=True)
class CancelEvent:
    """Cancel the event; the crew is told."""

    verb: ClassVar = "cancel event"
    booking: str
    event: str
    reason: Reason
    mails: tuple[Mail, ...] = ()

    @property
    def subject(self) -> str:
        """What the action is about."""
        return self.booking


@dataclass(frozen=True, slots=True)
class PutCalendar:
    """Write the dashboard's calendar entry."""

    verb: ClassVar = "put calendar"
    booking: str
    reason: Reason
    payload: str

    @property
    def subject(self) -> str:
        """What the action is about."""
        return self.booking


@dataclass(frozen=True, slots=True)
class DeleteCalendar:
    """Remove the dashboard's calendar entry."""

    verb: ClassVar = "delete calendar"
    booking: str
    reason: Reason

    @property
    def subject(self) -> str:
        """What the action is about."""
        return self.booking


Action = (
    PutCrewMember
    | DeleteCrewMember
    | Put
    | Delete
    | Invalidate
    | CreateEvent
    | UpdateEvent
    | CancelEvent
    | PutCalendar
    | DeleteCalendar
)


def to_json(action: Action) -> dict[str, Any]:
    """Return the action for programs; payloads appear by their digest only."""
    value = {"action": action.verb} | {part.name: getattr(action, part.name) for part in fields(action)}
    if "mails" in value:
        value["mails"] = [{"member": member, "kind": kind} for member, kind in value["mails"]]
    return value


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a booking in a plan, beside the actions: by what it is known, and which facts are others now.

    `was` is its status before, empty where no publish has made all of it true; `status` what it is to be: `removed`
    where its file is gone. `guest_page` is the path of its guest page, None where it is not known; `starts` is as facts
    have it, empty where it is not known.
    """

    heading: str
    status: str
    was: str = ""
    changes: tuple[FactChange, ...] = ()
    guest_page: str | None = None
    starts: str = ""
    mended: tuple[FactChange, ...] = ()
    """Facts of which somebody had said otherwise by hand."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan goes too far to be applied, and what allows it."""

    words: str
    hint: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An ordered tuple of actions that leads from the state with `serial` to the release of `commit`."""

    target: str
    commit: str
    serial: int
    actions: tuple[Action, ...]
    about: Mapping[str, About] = field(default_factory=dict)
    """The bookings that it is about, by id: every one that an action is about."""
    refusals: tuple[Refusal, ...] = ()
    """What publishing it would refuse."""

    @property
    def digest(self) -> str:
        """SHA-256 over the actions: what `publish --expect` compares."""
        return digest([to_json(action) for action in self.actions])

    def to_json(self) -> dict[str, Any]:
        """Return the plan for programs."""
        return {
            "format": 1,
            "target": self.target,
            "commit": self.commit,
            "serial": self.serial,
            "digest": self.digest,
            "actions": [to_json(action) for action in self.actions],
            "refused": [{"words": refusal.words, "hint": refusal.hint} for refusal in self.refusals],
        }
