"""Taking over what a publish left: its lease first, then everything that its intents name is read back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from castoff.contract.state import HISTORY, Published
from publisher.errors import ConflictError, PublishError
from publisher.fence.lease import Lease, NoLease
from publisher.fence.recovery import read_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.contract.state import State
    from publisher.ports import Loaded, Reads, World


_TRIES: Final = 3
"""How often to take a lease from whoever renews it: they do so twice a minute."""


def take_from(token: str, world: World, *, seconds: float, reads: Callable[[Lease | NoLease], Reads]) -> bool:
    """Take over from whoever drew this token, however lately they renewed; False where they are at work no more."""
    for left in reversed(range(_TRIES)):
        loaded = world.states.load()
        working = loaded.state.in_progress
        if working is None or working.token != token:
            return False
        try:
            take_over(loaded, world, seconds=seconds, reads=reads)
        except ConflictError:
            if not left:
                raise
        else:
            return True
    raise AssertionError  # the last try was good or raised


def take_over(
    loaded: Loaded, world: World, *, seconds: float, reads: Callable[[Lease | NoLease], Reads]
) -> tuple[Loaded, State]:
    """Take the lease on what a publish left, read it all back, and give up the lease.

    The lease first, so that from here on nothing of it is taken any more; whoever is stopped over it gives it back.
    Returns the state as it then is stored, and as things stand: with nothing left there may still be what came late.
    Raises LeaseLostError where another takes it over from here.
    """
    state, working = loaded.state, loaded.state.in_progress
    if working is None:
        return loaded, read_again(state, world, serial=None, reads=reads(NoLease()))
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
    taken = lease.state
    try:
        lease.finish(read_again(taken, world, serial=taken.serial, reads=reads(lease)))
    except BaseException:
        with suppress(PublishError):  # then it runs out by itself, or another has it
            lease.finish(replace(taken, in_progress=replace(working, lease=0.0)))
        raise
    return lease.loaded, lease.state
