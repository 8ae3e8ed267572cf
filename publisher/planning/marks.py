"""Marks: what was looked at and found to be other than the state knew, so that the plan's actions say why they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from castoff.contract.plan import (
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    Put,
    PutCalendar,
    PutCrewMember,
    Reason,
    UpdateEvent,
)
from publisher.meaning import field_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from castoff.contract.facts import FactChange
    from castoff.contract.plan import About, Plan


@dataclass(frozen=True, slots=True)
class Marks:
    """The paths of objects, bookings of events and of calendar entries, and members, that are marked for one reason."""

    reason: Reason
    files: Collection[str]
    events: Collection[str]
    entries: Collection[str]
    members: Collection[str] = ()
    strays: Collection[str] = ()
    """Paths of objects that no publish wrote: that is why they go."""
    changes: Mapping[str, tuple[FactChange, ...]] = field(default_factory=dict)
    """By booking the facts that are others where it stands than in its file, and will be as in the file."""

    def retold(self, plan: Plan) -> Plan:
        """Return a plan in which each action on what is marked has that reason, and each fact that stands is named."""
        updates = {action.booking: action for action in plan.actions if isinstance(action, UpdateEvent)}
        about = {
            key: replace(one, mended=tuple(self._mended(updates[key], one))) if key in updates else one
            for key, one in plan.about.items()
        }
        return replace(plan, actions=tuple(self._told(action) for action in plan.actions), about=about)

    def _mended(self, update: UpdateEvent, about: About) -> Iterator[FactChange]:
        """Yield what an update puts back; a fact that the file changes, too, says more than that it was touched."""
        sent = {field_words(name) for name in update.changed}
        told = {change.label for change in about.changes}
        for change in self.changes.get(update.booking, ()):
            if change.label in sent and (change.is_shown or change.label not in told):
                yield change

    def _told(self, action: Any) -> Any:
        match action:
            case Delete() if action.subject in self.strays:
                return replace(action, reason=Reason.STRAY)
            case Put():  # what goes says by itself why
                marked = action.subject in self.files
            case CreateEvent() | UpdateEvent() | CancelEvent():
                marked = action.booking in self.events
            case PutCalendar() | DeleteCalendar():
                marked = action.booking in self.entries
            case PutCrewMember():
                marked = action.member in self.members
            case _:
                marked = False
        return replace(action, reason=self.reason) if marked else action
