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

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from castoff.contract.facts import FactChange
    from castoff.contract.plan import Plan


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
        about = {key: replace(one, mended=self.changes.get(key, ())) for key, one in plan.about.items()}
        return replace(plan, actions=tuple(self._told(action) for action in plan.actions), about=about)

    def _told(self, action: Any) -> Any:
        match action:
            case Delete() if action.subject in self.strays:
                return replace(action, reason=Reason.STRAY)
            case Put() | Delete():
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
