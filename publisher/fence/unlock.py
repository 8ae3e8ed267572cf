"""A lease as people see it: whose it is, since when, what is under way; and taking it away, by command."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publisher.fence.holder import is_dead, this_process
from publisher.fence.lease import is_free

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.state import InProgress, State
    from publisher.ports import Loaded


@dataclass(frozen=True, slots=True)
class Lock:
    """A publish at work, or one that broke off; seconds and instants are by S3's clock.

    `left` is how long its lease still holds, 0 where it may be taken over by whoever publishes next; where it `stopped`
    in order, there is none to take. `alive` says that its process runs on this very machine. What it may have touched
    is counted by booking, and `others` of none; `token` is what it drew.
    """

    token: str
    name: str
    pid: int
    commit: str
    as_of: str
    taken: datetime
    silent: float
    left: float
    stopped: bool
    alive: bool
    bookings: Mapping[str, Mapping[str, int]]
    others: Mapping[str, int]

    @property
    def stand(self) -> str:
        """How it goes with that publish, in a word or two."""
        return "stopped" if self.stopped else "at work" if self.left else "broke off"


def lock_on(loaded: Loaded) -> Lock | None:
    """Return the lease that a state holds, None where nobody is at work."""
    working = loaded.state.in_progress
    if working is None:
        return None
    us = this_process()
    here = bool(working.holder.machine) and working.holder.machine == us.machine
    free = is_free(loaded, holder=us)
    bookings, others = _under_way(working, loaded.state)
    return Lock(
        token=working.token,
        name=working.holder.name,
        pid=working.holder.pid,
        commit=working.commit,
        as_of=working.as_of,
        taken=datetime.fromtimestamp(min(loaded.state.serial, loaded.now), tz=UTC),
        silent=max(0.0, loaded.age),
        left=0.0 if free else max(0.0, working.lease - loaded.age),
        stopped=working.lease <= 0,
        alive=here and working.lease > 0 and not is_dead(working.holder, seen_from=us),
        bookings=bookings,
        others=others,
    )


def _under_way(working: InProgress, state: State) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Return what a publish may have touched, counted by booking, and what belongs to none that is known."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    others: Counter[str] = Counter()
    intents = working.intents
    for booking in intents.events:
        found[booking]["event"] += 1
    for booking in intents.calendar:
        found[booking]["calendar entry"] += 1
    for path in intents.files:
        known = state.files.get(path)
        (others if known is None or known.booking is None else found[known.booking])["file"] += 1
    if intents.crew:
        others["crew member"] = len(intents.crew)
    return {booking: dict(found[booking]) for booking in sorted(found)}, dict(others)
