"""Taking over what a publish left: its lease first, then everything that its intents name is read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from castoff.contract.state import HISTORY, Published
from publisher.fence.lease import Lease
from publisher.fence.recovery import read_again

if TYPE_CHECKING:
    from publisher.ports import Loaded, Progress, World


def take_over(loaded: Loaded, world: World, *, seconds: float, progress: Progress) -> Loaded:
    """Take the lease on what a publish left, read it all back, and give up the lease; return the state as it then is.

    The lease first, so that from here on nothing of it is taken any more. With nothing left nothing is done.
    """
    state, working = loaded.state, loaded.state.in_progress
    if working is None:
        return loaded
    if working.lease > 0:  # one that gave up by itself has said so
        at = datetime.fromtimestamp(loaded.now - loaded.age, tz=UTC).isoformat(timespec="seconds")
        line = Published(state.serial, working.commit, at, 0, by=working.holder.name, broke_off=True)
        state = replace(state, history=(line, *state.history)[:HISTORY])
    lease = Lease.take(
        world.states,
        world.clock,
        loaded=replace(loaded, state=state),
        commit=working.commit,
        as_of=working.as_of,
        intents=working.intents,
        seconds=seconds,
    )
    lease.finish(read_again(lease.state, world, serial=lease.state.serial, progress=progress))
    return lease.loaded
