"""The use case: read the state, plan, and where there is something to do take the lease, apply, write what is true."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from castoff.contract.state import Published
from publisher.applying.apply import Applier
from publisher.applying.hands import Hands
from publisher.applying.outcome import Outcome, intents, state_after, state_broken_off, strays
from publisher.applying.standing import is_done, telling
from publisher.applying.stopping import AttentiveClock, Never, heed
from publisher.errors import ConflictError, LeaseLostError, PublishError, StoppedError
from publisher.fence.holder import this_process
from publisher.fence.lease import SECONDS, Lease, NoLease, load_free, next_serial
from publisher.fence.recovery import read_again
from publisher.fence.takeover import take_over
from publisher.looks import Look, base_for, seen_by
from publisher.planning.ancestry import check_ancestry, check_target
from publisher.planning.diff import diff
from publisher.planning.limits import Limits, heed_limits, refusals
from publisher.record import record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from castoff.contract.plan import Plan
    from castoff.contract.state import PublishedFile, State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Commits, Loaded, Progress, Reads, Stop, World
    from publisher.record import Record

WAIT_SECONDS: Final = 600.0
"""How long to wait for another publish: five leases."""

DIGITS: Final = 12
"""Digits of a plan's digest that are printed, and the fewest that `expect` takes."""

PLANS: Final = 20
"""How often to plan at most, where the state is another by the time it is taken: one of eight lost five times."""


Build: TypeAlias = "Callable[[State], ReleaseFolder]"
"""What makes the release: it is given the published state, since a build knows revisions and reuse from there."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How one publish is done; `confirm` sees the plan before the first effect, `lease` is in seconds.

    With `new_forms`, forms that are still good are renewed, too: the key that signed them may be gone.
    An `example` is a site whose clock stands still: a form that would be dead already is shown, and sends nothing.
    Once `stop` is asked no effect begins; what was under way is written down.
    """

    commits: Commits
    confirm: Callable[[Plan], bool]
    limits: Limits = field(default_factory=Limits)
    expect: str | None = None
    force_from: str | None = None
    lease: float = SECONDS
    wait: float = WAIT_SECONDS
    example: bool = False
    new_forms: bool = False
    look: Look = Look.USUAL
    stop: Stop = field(default_factory=Never)


@dataclass(frozen=True, slots=True)
class Done:
    """How a publish ended: plan, release, whether it was applied (not where declined or empty), the new bookings.

    `record` is what it did to each booking, None where it did nothing. `live` is the digest of the release of which the
    state now says that it is live, whole; empty where it says so of none.
    """

    plan: Plan
    folder: ReleaseFolder
    applied: bool
    new: tuple[str, ...] = ()
    record: Record | None = None
    live: str = ""


def make_plan(build: Build, world: World, *, terms: Terms, progress: Progress) -> Plan:
    """Return what publishing would do now: reads only, and what a broken publish left is read back first."""
    loaded = world.states.load()
    reads = Hands(NoLease(), world.clock, stop=terms.stop, progress=progress)
    state = read_again(loaded.state, world, serial=None, reads=reads)
    return _planned(build, state, world, terms=terms, now=_instant(loaded.now), reads=reads)[2]


def publish(build: Build, world: World, *, terms: Terms, progress: Progress) -> Done:
    """Make what is built true: every effect exactly once, whatever earlier publishes left behind.

    Raises PublishError where it may not or cannot; what was confirmed until then is in the state.
    """
    clock = AttentiveClock(world.clock, terms.stop)
    reads = partial(Hands, clock=clock, stop=terms.stop, progress=progress)
    broke_off = False
    for left in reversed(range(PLANS)):
        heed(terms.stop)
        loaded = load_free(world.states, clock, progress=progress, timeout=terms.wait)
        broke_off |= loaded.state.in_progress is not None
        try:
            loaded, state = take_over(loaded, world, seconds=terms.lease, reads=reads)
            now = _instant(loaded.now)
            folder, state, plan = _planned(build, state, world, terms=terms, now=now, reads=reads(NoLease()))
            heed_limits(plan)
            heed(terms.stop)
            if not plan.actions:
                after = _record(folder, world, loaded, state, plan=plan)
                return Done(plan, folder, applied=False, live=after.whole)
            if not terms.confirm(plan):
                return Done(plan, folder, applied=False)
            heed(terms.stop)
            with telling(plan, Outcome()):
                lease = Lease.take(
                    world.states,
                    world.clock,
                    loaded=replace(loaded, state=_own(state, plan)),
                    commit=folder.release.commit,
                    as_of=folder.release.as_of,
                    intents=intents(plan),
                    seconds=terms.lease,
                )
        except (ConflictError, LeaseLostError):
            if not left:
                raise
            progress.step("another publish was faster; planning anew")
            continue
        except StoppedError as error:
            if broke_off and error.so_far is None:
                error.so_far = "the publish before broke off, and is not done whole yet"
            raise
        record = _apply(plan, folder, world, lease=lease, before=state.files, terms=terms, progress=progress)
        new = _new(folder, loaded.state)
        return Done(plan, folder, applied=True, new=new, record=record, live=lease.state.whole)
    raise AssertionError  # the last plan was applied or refused


def _planned(
    build: Build, state: State, world: World, *, terms: Terms, now: str, reads: Reads
) -> tuple[ReleaseFolder, State, Plan]:
    """Build on the state and plan from there, or from what was looked at and found beside it.

    `now` is the instant by S3's clock, whatever the release is built for.
    """
    folder = build(base_for(terms.look, state))
    check_target(folder, state)
    check_ancestry(folder, state, terms.commits, force_from=terms.force_from)
    state, marks = seen_by(terms.look, folder, state, world, reads=reads)
    plan = diff(folder.release, state, private=folder.private, new_forms=terms.new_forms, now=now)
    plan = replace(plan, refusals=refusals(folder.release, state, terms.limits, now=now))
    if marks is not None:
        plan = marks.retold(plan)
    _check_expected(plan, terms.expect, is_done=not plan.actions and state.commit == plan.commit)
    return folder, state, plan


def _check_expected(plan: Plan, expect: str | None, *, is_done: bool) -> None:
    """Raise PublishError where another plan was read than this one; a digest may be as short as it is printed.

    Where this very commit is live and nothing is left to do (`is_done`), whoever asks once more is not refused.
    """
    if expect is None or (len(expect) >= DIGITS and (plan.digest.startswith(expect.lower()) or is_done)):
        return
    if len(expect) < DIGITS:
        raise PublishError(f"`{expect}` is too short for a digest", hint=f"give the {DIGITS} digits that a plan shows")
    raise PublishError(
        f"the plan is {plan.digest[:DIGITS]}, not the expected {expect[:DIGITS]}: something changed since",
        hint="run `castoff plan` again and read it",
    )


def _new(folder: ReleaseFolder, state: State) -> tuple[str, ...]:
    """Return the bookings that no publish has made true before this one, whatever a broken one left of them."""
    known = {key for key, booking in state.bookings.items() if booking.since}
    return tuple(sorted(folder.release.bookings.keys() - known))


def _record(folder: ReleaseFolder, world: World, loaded: Loaded, state: State, *, plan: Plan) -> State:
    """Write down a newer commit with nothing to do, and return the state as it stands then.

    The same commit again costs no request, however much later.
    """
    state = replace(state, serial=next_serial(loaded))
    line = Published(
        state.serial, folder.release.commit, _instant(world.clock.now()), len(plan.actions), by=this_process().name
    )
    after = state_after(state, folder, Outcome(), plan=plan, line=line)
    before = loaded.state
    same = replace(after, serial=before.serial, history=before.history, as_of=before.as_of, release=before.release)
    if same == before:
        return before
    world.states.save(after, etag=loaded.etag)
    return after


def _own(state: State, plan: Plan) -> State:
    """Return the state without what no publish wrote: whichever comes next is not to take it for its own."""
    gone = strays(plan)
    return replace(state, files={path: file for path, file in state.files.items() if path not in gone})


def _apply(
    plan: Plan,
    folder: ReleaseFolder,
    world: World,
    *,
    lease: Lease,
    before: Mapping[str, PublishedFile],
    terms: Terms,
    progress: Progress,
) -> Record:
    applier = Applier(
        plan, folder, world, lease=lease, before=before, stop=terms.stop, progress=progress, example=terms.example
    )
    with telling(plan, applier.outcome):
        try:
            applier.run()
            lease.check()
        except BaseException as error:
            with suppress(PublishError), _naming(error):  # then the lease runs out by itself, or another has taken it
                record = _recorded(plan, folder, world, lease=lease, outcome=applier.outcome)
                lease.finish(state_broken_off(lease.state, folder, applier.outcome, plan=plan, line=record.line))
                world.records.write(record)
            raise
        record = _recorded(plan, folder, world, lease=lease)
        lease.finish(state_after(lease.state, folder, applier.outcome, plan=plan, line=record.line))
    for booking, fields in applier.outcome.others.items():
        words = f"ShipCaptainCrew holds another {' and '.join(fields)} of {booking} than the file"
        progress.warn(f"{words}: publish again, or look with `castoff status`")
    try:
        world.records.write(record)
    except PublishError as error:  # what is true matters more than how it came about
        progress.warn(f"all is done; only its record is not written: {error.words}")
    return record


@contextmanager
def _naming(error: BaseException) -> Iterator[None]:
    """Let an error say who has taken the lease, where that shows while it is written down."""
    try:
        yield
    except LeaseLostError as lost:
        if isinstance(error, LeaseLostError):
            error.words, error.hint = lost.words, lost.hint
        elif isinstance(error, PublishError):
            error.words = f"{error.words}; {lost.words}"
        raise


def _recorded(
    plan: Plan, folder: ReleaseFolder, world: World, *, lease: Lease, outcome: Outcome | None = None
) -> Record:
    """Return the record of a publish; with an outcome, of one that broke off, and of what it had done."""
    done = [action for action in plan.actions if outcome is None or is_done(action, outcome)]
    at, by = _instant(world.clock.now()), this_process().name
    serial, as_of = lease.state.serial, folder.release.as_of
    return record_of(done, plan, serial=serial, as_of=as_of, at=at, by=by, broke_off=outcome is not None)


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="seconds")
