"""The looks: what a publish asks the world before it plans, and the state that it then plans from."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, assert_never

from castoff.contract.state import UNKNOWN
from publisher.planning.adoption import look_for, opened

if TYPE_CHECKING:
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.planning.marks import Marks
    from publisher.ports import Reads, World


class Look(Enum):
    """What a publish looks at."""

    USUAL = "usual"
    """The state alone: it is taken at its word."""
    ADOPT = "adopt"
    """What stands where the state knows of nothing: it becomes castoff's own, and a crew hears only of what differs."""
    REPAIR = "repair"
    """Everything that stands: what was changed by hand is mended."""
    SWEEP = "sweep"
    """Everything, too; and what stands in castoff's folders and was written by no publish goes."""


def base_for(look: Look, state: State) -> State:
    """Return the state to build on: one that lets nothing be reused of which the look wants to know what it is."""
    match look:
        case Look.USUAL:
            return state
        case Look.ADOPT:
            return opened(state)
        case Look.REPAIR | Look.SWEEP:
            unlike = {key: replace(booking, input=UNKNOWN) for key, booking in state.bookings.items()}
            return replace(state, bookings=unlike)
        case _:
            assert_never(look)


def seen_by(
    look: Look, folder: ReleaseFolder, state: State, world: World, *, reads: Reads
) -> tuple[State, Marks | None]:
    """Return the state as things stand, and which actions of the plan that leads on from it the look accounts for."""
    match look:
        case Look.USUAL:
            return state, None
        case Look.ADOPT:
            adoption = look_for(folder, state, world, reads=reads)
            return adoption.marked(state, folder), adoption.marks
        case Look.REPAIR | Look.SWEEP:
            from publisher.survey.look import look_closely  # noqa: PLC0415 - dear: only who looks pays for it

            drift = look_closely(folder, state, world, reads=reads)
            return drift.marked(state, take_strays=look is Look.SWEEP), drift.marks
        case _:
            assert_never(look)
