"""The lease on a target: taken by compare-and-swap on the published state, renewed while work goes on, given back.

Whether another's lease has run out is judged by S3's clock (the state's age as it was read); whether one's own still
holds by one's own monotonic clock since the last renewal, less a margin. No clock of a publisher tells the time of day
to another: serials come from S3's, too.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from castoff.contract.state import InProgress
from publisher.errors import ConflictError, LeaseLostError, PublishError
from publisher.fence.holder import is_dead, this_process

if TYPE_CHECKING:
    from castoff.contract.state import Holder, Intents, State
    from publisher.ports import Clock, Loaded, Progress, States

SECONDS: Final = 120.0
"""How long a lease holds without renewal: longer than the slowest single call with its retries."""

_MARGIN: Final = 0.25
_RENEW: Final = 0.4
_BEAT: Final = 0.15
_CLOCK_GRAIN: Final = 1.0
"""S3's `Last-Modified` and `Date` tell whole seconds."""
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 5.0
"""Between two looks at another's lease."""


def is_free(loaded: Loaded, *, holder: Holder) -> bool:
    """Tell whether the state may be taken: nobody at work, given up, run out, or held by a dead process of ours."""
    working = loaded.state.in_progress
    if working is None or working.lease <= 0:
        return True
    if loaded.age > working.lease + _CLOCK_GRAIN:
        return True
    return is_dead(working.holder, seen_from=holder)


def next_serial(loaded: Loaded) -> int:
    """Return `max(last + 1, S3's now in seconds)`: a lost state never restarts below what the services have seen."""
    return max(loaded.state.serial + 1, int(loaded.now))


class Lease:
    """A lease that this process holds: the only way to write the state while a publish is at work."""

    def __init__(self, states: States, clock: Clock, *, taken: Loaded, at: float) -> None:
        self._states = states
        self._clock = clock
        self._renewed = at
        self._taken = taken
        self._etag = taken.etag
        self.state = taken.state

    @classmethod
    def take(
        cls,
        states: States,
        clock: Clock,
        *,
        loaded: Loaded,
        commit: str,
        as_of: str,
        intents: Intents,
        seconds: float,
    ) -> Lease:
        """Write holder, commit, intents and next serial into the state; ConflictError where another was faster.

        The time that it holds runs from before the request: S3 dates the state later than that, never earlier.
        """
        token = secrets.token_hex(8)
        working = InProgress(
            holder=this_process(), commit=commit, lease=seconds, intents=intents, as_of=as_of, token=token
        )
        state = replace(loaded.state, serial=next_serial(loaded), in_progress=working, release="")
        at = clock.monotonic()
        etag = states.save(state, etag=loaded.etag)
        return cls(states, clock, taken=replace(loaded, state=state, etag=etag, age=0.0), at=at)

    @property
    def loaded(self) -> Loaded:
        """The state as this lease wrote it last."""
        return replace(self._taken, state=self.state, etag=self._etag)

    @property
    def beat(self) -> float:
        """How many seconds whoever works under this lease may wait before it asks for renewal again."""
        return min(1.0, self._seconds * _BEAT)

    @property
    def _seconds(self) -> float:
        return self.state.in_progress.lease if self.state.in_progress else 0.0

    def check(self) -> None:
        """Raise LeaseLostError where the lease may have run out: called before each effect."""
        if self._clock.monotonic() - self._renewed > self._seconds * (1 - _MARGIN):
            raise LeaseLostError(
                "this publish took longer than its lease and stopped before the next effect",
                hint="run `castoff publish` again: it reads back what was done and does the rest",
            )

    def renew(self) -> None:
        """Renew the lease where a good part of it is used up; raise LeaseLostError where someone else has taken it."""
        if self._clock.monotonic() - self._renewed < self._seconds * _RENEW or self.state.in_progress is None:
            return
        working = replace(self.state.in_progress, renewed=self.state.in_progress.renewed + 1)
        self._write(replace(self.state, in_progress=working))

    def finish(self, state: State) -> None:
        """Write the state that is now true, without the lease, or with what is still unknown."""
        self._write(state)

    def _write(self, state: State) -> None:
        started = self._clock.monotonic()
        try:
            self._etag = self._states.save(state, etag=self._etag)
        except ConflictError as error:
            raise LeaseLostError(
                f"another publish has taken over the lease{self._by_whom()}",
                hint="run `castoff publish` again once it has finished",
            ) from error
        self._renewed = started
        self.state = state

    def _by_whom(self) -> str:
        """Return who has it now, or had it last, and with which commit; nothing where the state does not tell."""
        try:
            now = self._states.load().state
        except PublishError:
            return ""
        ours, theirs = self.state.in_progress, now.in_progress
        if theirs is not None and (ours is None or theirs.token != ours.token):
            return f": {theirs.holder.name} publishes {theirs.commit[:12]}"
        last = next(iter(now.history), None)
        if last is not None and last.serial > self.state.serial:
            return f": {last.by} published {last.commit[:12]}"
        return ""


class NoLease:
    """What stands in for a lease where nothing is written."""

    def check(self) -> None:
        """Let it begin."""

    def renew(self) -> None:
        """Renew nothing."""


def load_free(states: States, clock: Clock, *, progress: Progress, timeout: float) -> Loaded:
    """Return the state once it may be taken: one request where nobody is at work, else a look every few seconds.

    Raises PublishError where another publish holds it for longer than `timeout` seconds.
    """
    holder = this_process()
    deadline = clock.monotonic() + timeout
    loaded, pause = states.load(), _FIRST_PAUSE
    while True:
        working = loaded.state.in_progress
        if working is None or is_free(loaded, holder=holder):
            return loaded
        if clock.monotonic() > deadline:
            raise PublishError(
                f"{working.holder.name} has been publishing {working.commit[:12]} for longer than {timeout:.0f} s",
                hint="wait for it to finish, then run `castoff publish` again",
            )
        left = working.lease + _CLOCK_GRAIN - loaded.age
        progress.step(f"waiting for {working.holder.name}: {left:.0f} s if it is dead; `castoff unlock` says more")
        clock.sleep(min(pause, working.lease / 4, left + _FIRST_PAUSE))
        pause = min(_LONGEST_PAUSE, pause * 1.5)
        loaded = states.again(loaded)
