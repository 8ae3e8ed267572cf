"""How far a publish came, in words for whoever reads why it stopped."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, assert_never

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
    from publisher.outcome import Outcome

_NAMED: Final = 4
"""Actions that are named one by one: more are a plan, and `castoff plan` shows it."""


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
    total = f"{len(plan.actions):,} action{'' if len(plan.actions) == 1 else 's'}"
    left = [action for action in plan.actions if not _is_done(action, outcome)]
    if not left:
        return f"all of {total} done, but not written down"
    done = len(plan.actions) - len(left)
    named = [f"{action.verb} {action.subject}" for action in left[:_NAMED]]
    if len(left) > _NAMED:
        named.append(f"{len(left) - _NAMED:,} more")
    return f"{f'{done:,}' if done else 'none'} of {total} done; left: {'; '.join(named)}"


def _is_done(action: Action, outcome: Outcome) -> bool:
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
