"""The use case: read the state, plan, and where there is something to do take the lease, apply, write what is true."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from publisher.apply import Applier
from publisher.diff import diff, removed_bookings
from publisher.errors import ConflictError, LeaseLostError, PublishError
from publisher.lease import SECONDS, Lease, load_free, next_serial
from publisher.outcome import Outcome, intents, state_after, state_broken_off
from publisher.recovery import read_again
from publisher.standing import telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.contract.plan import Plan
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Clock, Loaded, Progress, World

WAIT_SECONDS: Final = 600.0
"""How long to wait for another publish: five leases."""

PLANS: Final = 5
"""How often to plan anew where the state is another by the time it is taken: someone is that fast once, or twice."""


Build: TypeAlias = "Callable[[State], ReleaseFolder]"
"""What makes the release: it is given the published state, since a build knows revisions and reuse from there."""


class Commits(Protocol):
    """The history that releases come from."""

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether `older` is `newer` or one of its ancestors; a commit that is not known is none."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a publish refuses without being told otherwise: bookings vanishing, and an empty release."""

    max_removed: int = 3
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How one publish is done; `confirm` sees the plan before the first effect, `lease` is in seconds.

    With `new_forms`, forms that are still good are renewed, too: the key that signed them may be gone.
    An `example` is a site whose clock stands still: a form that would be dead already is shown, and sends nothing.
    """

    commits: Commits
    confirm: Callable[[Plan], bool]
    limits: Limits = Limits()
    expect: str | None = None
    force_from: str | None = None
    lease: float = SECONDS
    wait: float = WAIT_SECONDS
    example: bool = False
    new_forms: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """How a publish ended: plan, release, whether it was applied (not where declined or empty), the new bookings."""

    plan: Plan
    folder: ReleaseFolder
    applied: bool
    new: tuple[str, ...] = ()


def make_plan(build: Build, world: World, *, terms: Terms, progress: Progress) -> Plan:
    """Return what publishing would do now: reads only, and what a broken publish left is read back first."""
    state = read_again(world.states.load().state, world, serial=None, progress=progress)
    return _plan(build(state), state, terms)


def publish(build: Build, world: World, *, terms: Terms, progress: Progress) -> Done:
    """Make what is built true: every effect exactly once, whatever earlier publishes left behind.

    Raises PublishError where it may not or cannot; what was confirmed until then is in the state.
    """
    for left in reversed(range(PLANS)):
        loaded = load_free(world.states, world.clock, progress=progress, timeout=terms.wait)
        try:
            loaded = _recovered(loaded, world, terms, progress)
            folder = build(loaded.state)
            plan = _plan(folder, loaded.state, terms)
            if not plan.actions:
                _record(folder, world, loaded, plan)
                return Done(plan, folder, applied=False)
            if not terms.confirm(plan):
                return Done(plan, folder, applied=False)
            with telling(plan, Outcome()):
                lease = Lease.take(
                    world.states,
                    world.clock,
                    loaded=loaded,
                    commit=folder.release.commit,
                    intents=intents(plan),
                    seconds=terms.lease,
                )
        except ConflictError:
            if not left:
                raise
            progress.step("another publish was faster; planning anew")
            continue
        _apply(plan, folder, world, lease=lease, terms=terms, progress=progress)
        return Done(plan, folder, applied=True, new=_new(folder, loaded.state))
    raise AssertionError  # the last plan was applied or refused


def _recovered(loaded: Loaded, world: World, terms: Terms, progress: Progress) -> Loaded:
    """Take over what a broken publish left: its lease first, so that from here on nothing of it is taken any more."""
    working = loaded.state.in_progress
    if working is None:
        return loaded
    lease = Lease.take(
        world.states,
        world.clock,
        loaded=loaded,
        commit=working.commit,
        intents=working.intents,
        seconds=terms.lease,
    )
    lease.finish(read_again(lease.state, world, serial=lease.state.serial, progress=progress))
    return lease.loaded


def _plan(folder: ReleaseFolder, state: State, terms: Terms) -> Plan:
    _check_target(folder, state)
    _check_ancestry(folder, state, terms)
    _check_limits(folder, state, terms.limits)
    plan = diff(folder.release, state, private=folder.private, new_forms=terms.new_forms)
    if terms.expect is not None and terms.expect != plan.digest:
        raise PublishError(
            f"the plan is {plan.digest[:12]}, not the expected {terms.expect[:12]}: something changed since",
            hint="run `castoff plan` again and read it",
        )
    return plan


def _new(folder: ReleaseFolder, state: State) -> tuple[str, ...]:
    """Return the bookings that no publish has made true before this one, whatever a broken one left of them."""
    known = {key for key, booking in state.bookings.items() if booking.since}
    return tuple(sorted(folder.release.bookings.keys() - known))


def _check_target(folder: ReleaseFolder, state: State) -> None:
    if state.target and state.target != folder.release.target:
        raise PublishError(
            f"the release was built for target `{folder.release.target}`, the state is that of `{state.target}`",
            hint="give each target a state bucket of its own in castoff.yaml",
        )


def _check_ancestry(folder: ReleaseFolder, state: State, terms: Terms) -> None:
    """Never backwards: what is live, or was about to be when a publish broke off, must be an ancestor."""
    live, commit = state.commit, folder.release.commit
    if not live or (terms.force_from is not None and live.startswith(terms.force_from)):
        return
    if not terms.commits.is_ancestor(live, commit):
        raise PublishError(
            f"commit {live[:12]} is live, or was being published, and {commit[:12]} does not come after it",
            hint="publish the newest commit (going back is `git revert`);"
            f" after a rewritten history, `--force-from {live[:12]}`",
        )


def _check_limits(folder: ReleaseFolder, state: State, limits: Limits) -> None:
    removed = removed_bookings(folder.release, state)
    empty = not folder.release.bookings and not folder.release.reused
    if empty and state.bookings and not limits.allow_empty:
        raise PublishError(
            f"the release is empty, and {len(state.bookings)} bookings are live",
            hint="check that bookings/ is there; `--allow-empty` removes them all",
        )
    if len(removed) > limits.max_removed and not empty:
        raise PublishError(
            f"{len(removed)} bookings would vanish without being cancelled: {', '.join(removed)}",
            hint=f"cancel them with `status: cancelled`, or allow it with `--max-removed {len(removed)}`",
        )


def _record(folder: ReleaseFolder, world: World, loaded: Loaded, plan: Plan) -> None:
    """Write down a newer commit with nothing to do; the same commit again costs no request."""
    state = replace(loaded.state, serial=next_serial(loaded.state, world.clock))
    after = state_after(state, folder, Outcome(), plan=plan, at=_instant(world.clock))
    if replace(after, serial=loaded.state.serial, history=loaded.state.history) != loaded.state:
        world.states.save(after, etag=loaded.etag)


def _apply(plan: Plan, folder: ReleaseFolder, world: World, *, lease: Lease, terms: Terms, progress: Progress) -> None:
    applier = Applier(plan, folder, world, lease=lease, progress=progress, example=terms.example)
    with telling(plan, applier.outcome):
        try:
            applier.run()
        except LeaseLostError:
            raise
        except BaseException:
            with suppress(PublishError):  # then the lease runs out by itself
                lease.finish(state_broken_off(lease.state, folder, applier.outcome, plan=plan))
            raise
        lease.finish(state_after(lease.state, folder, applier.outcome, plan=plan, at=_instant(world.clock)))


def _instant(clock: Clock) -> str:
    return datetime.fromtimestamp(clock.now(), tz=UTC).isoformat(timespec="seconds")
