"""How far a publish came, in words for whoever reads why it stopped."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from castoff.contract.counts import counted
from castoff.contract.plan import (
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    DeleteCrewMember,
    Invalidate,
    Put,
    PutCalendar,
    PutCrewMember,
    UpdateEvent,
)
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.contract.plan import Action, Plan
    from publisher.applying.outcome import Outcome

_NAMED: Final = 4
"""Bookings, and what is beside them, that are named: more are a plan, and `castoff plan` shows it."""


@contextmanager
def telling(plan: Plan, outcome: Outcome) -> Iterator[None]:
    """Let a PublishError that passes say how far the plan came."""
    try:
        yield
    except PublishError as error:
        error.so_far = how_far(plan, outcome)
        raise


def how_far(plan: Plan, outcome: Outcome) -> str:
    """Return what of a plan is done, and what is left of it."""
    total = counted(len(plan.actions), "action")
    left = [action for action in plan.actions if not is_done(action, outcome)]
    if not left:
        return f"all of {total} done, but not written down"
    done = len(plan.actions) - len(left)
    named = list(_named(left))
    if len(named) > _NAMED:
        named = [*named[:_NAMED], f"{len(named) - _NAMED:,} more"]
    return f"{f'{done:,}' if done else 'none'} of {total} done; left: {'; '.join(named)}"


def _named(left: list[Action]) -> Iterator[str]:
    """Yield what is left, a piece a booking: those whose crew is to be mailed first, then in the order of the plan."""
    groups: dict[str, list[Action]] = defaultdict(list)
    for action in left:
        groups[_group(action)].append(action)
    for group, actions in sorted(
        groups.items(), key=lambda item: not any(getattr(one, "mails", ()) for one in item[1])
    ):
        match group:
            case _Beside.CREW:
                members = sorted(action.subject for action in actions)
                yield f"crew {', '.join(members)}" if len(members) <= _NAMED else counted(len(members), "crew member")
            case _Beside.FILES:
                yield counted(len(actions), "file")
            case _Beside.CACHES:
                yield f"caches of {' and '.join(a.site.value for a in actions if isinstance(a, Invalidate))}"
            case _:
                files = sum(isinstance(action, Put | Delete) for action in actions)
                verbs = [action.verb for action in actions if not isinstance(action, Put | Delete)]
                yield f"{group} ({', '.join([*([counted(files, 'file')] if files else []), *verbs])})"


class _Beside(StrEnum):
    """What belongs to no booking."""

    CREW = "crew"
    FILES = "files"
    CACHES = "caches"


def _group(action: Action) -> str:
    match action:
        case PutCrewMember() | DeleteCrewMember():
            return _Beside.CREW
        case Invalidate():
            return _Beside.CACHES
        case Put() | Delete():
            return action.booking or _Beside.FILES
        case _:
            return action.booking


def is_done(action: Action, outcome: Outcome) -> bool:
    """Tell whether an action is confirmed."""
    match action:
        case Put():
            return action.subject in outcome.written
        case Delete():
            return action.subject in outcome.deleted
        case Invalidate():
            return outcome.live
        case PutCrewMember() | DeleteCrewMember():
            return action.member in outcome.crew
        case CreateEvent() | UpdateEvent() | CancelEvent():
            return action.booking in outcome.events
        case PutCalendar() | DeleteCalendar():
            return action.booking in outcome.calendar
        case _:
            assert_never(action)
