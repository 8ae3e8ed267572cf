"""A take-over works like an apply: its lease is renewed while it reads, it hears a stop, and it may lose to another."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support.broken import as_dead, run, run_killed, state_of
from support.releases import booking, make
from support.worlds import Line, Services, Silent

from castoff.contract.plan import Reason
from castoff.contract.release import Site
from publisher.applying.hands import Hands
from publisher.applying.stopping import Never
from publisher.errors import StoppedError
from publisher.fence.takeover import take_from
from publisher.ports import Write
from publisher.publish import Terms, make_plan, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Loaded, Objects, States, Stored, World

LONG = 50.0
"""Seconds, of a lease of 120, after which it is renewed."""


@dataclass
class Meanwhile:
    """The sites' buckets, at the first look into which something happens."""

    objects: Objects
    happens: Callable[[], None]
    looks: int = 0

    def head(self, site: Site, key: str) -> Stored | None:
        """Return what stands at a key, once that has happened."""
        self.looks += 1
        if self.looks == 1:
            self.happens()
        return self.objects.head(site, key)

    put = property(lambda self: self.objects.put)
    writes = property(lambda self: self.objects.writes)
    delete = property(lambda self: self.objects.delete)


@dataclass
class Asked:
    """Somebody who asks to stop, once told to."""

    now: bool = False

    def asked(self) -> bool:
        """Tell whether they ask."""
        return self.now


@pytest.fixture
def broken(tmp_path: Path) -> Services:
    """Return a world in which a first publish of many bookings died before its crew calls."""
    world = Services()
    run_killed(_many(tmp_path / "1"), world, at="before create event")
    return world


def test_a_long_one_keeps_its_lease(tmp_path: Path, broken: Services) -> None:
    """However long it reads back: whoever waits does not begin the same a second time."""
    loads = broken.calls.count("save state")

    def dawdle() -> None:
        broken.clock.time += LONG
        _until(lambda: broken.calls.count("save state") >= loads + 2)

    _publish(_many(tmp_path / "2"), _with(broken, dawdle))

    assert broken.calls.count("save state") == loads + 5  # taken, renewed, read back; taken, done
    assert state_of(broken).in_progress is None


def test_one_that_is_asked_to_stop_gives_its_lease_back(tmp_path: Path, broken: Services) -> None:
    """What is under way is looked at, nothing more: no look, no build, no question; and nobody has to wait."""
    stop, built = Asked(), list[str]()
    world = _with(broken, lambda: setattr(stop, "now", True))
    folder = _many(tmp_path / "2")

    with pytest.raises(StoppedError) as stopped:
        publish(
            lambda _: built.append("built") or folder,  # type: ignore[func-returns-value]
            world,
            terms=Terms(commits=Line(), confirm=lambda _: True, stop=stop),
            progress=Silent(),
        )

    assert not built
    assert stopped.value.so_far == "the publish before broke off, and is not done whole yet"
    assert world.objects.looks < len(state_of(broken).in_progress.intents.files)  # type: ignore[union-attr, attr-defined]
    assert state_of(broken).in_progress.lease == 0  # type: ignore[union-attr]


def test_one_that_another_takes_away_plans_anew(tmp_path: Path, broken: Services) -> None:
    """Who slept while it read back finds another's work done: nothing is left to do, and nothing failed."""
    folder = _many(tmp_path / "2")

    def sleep() -> None:
        as_dead(broken)
        run(folder, broken)
        broken.clock.time += LONG

    _publish(folder, _with(broken, sleep))

    assert len(broken.mails) == len(set(broken.mails)) == 2 * len(folder.release.bookings)
    assert state_of(broken).in_progress is None


@pytest.mark.parametrize("only_planned", [pytest.param(True, id="planned"), pytest.param(False, id="published")])
def test_what_an_earlier_one_could_still_write_is_looked_at_too(tmp_path: Path, *, only_planned: bool) -> None:
    """Two broke off, one after the other; what the first of them wrote late is no stranger's."""
    world = Services()
    late = "guest/g/bbbbbbb-guest.html"
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    both = [booking("aaaaaaa"), booking("bbbbbbb")]
    run_killed(make(tmp_path / "2", *both, commit="2"), world, at=f"before put {late}")
    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world)
    run_killed(make(tmp_path / "4", booking("aaaaaaa", dock="Fuel Dock"), commit="4"), world, at="before put guest")
    site, _, key = late.partition("/")
    world.ports().objects.put(Write(Site(site), key, b"late", "text/html", "x", etag=None))
    both = make(tmp_path / "5", *both, commit="5")

    if only_planned:
        terms = Terms(commits=Line(), confirm=lambda _: True)
        plan = make_plan(lambda _: both, world.ports(), terms=terms, progress=Silent())
    else:
        plan = run(both, world).plan

    assert [action.reason for action in plan.actions if action.subject == late] == [Reason.UNKNOWN]


@dataclass
class Renewing:
    """States whose holder renews its lease right after each of so many reads."""

    states: States
    times: int

    def load(self) -> Loaded:
        """Read the state, which is another then."""
        loaded = self.states.load()
        working = loaded.state.in_progress
        if self.times and working:
            self.times -= 1
            self.save(
                replace(loaded.state, in_progress=replace(working, renewed=working.renewed + 1)), etag=loaded.etag
            )
        return loaded

    def save(self, state: State, *, etag: str | None) -> str:
        """Write the state."""
        return self.states.save(state, etag=etag)

    def again(self, loaded: Loaded) -> Loaded:
        """Look at it again."""
        return self.states.again(loaded)


@pytest.mark.parametrize(
    ("description", "renewed", "other", "taken"),
    [
        ("it was renewed while somebody read whose it is", 2, False, True),
        ("another has it by now", 0, True, False),
    ],
)
def test_a_lease_is_taken_from_whoever_was_shown(
    broken: Services, description: str, renewed: int, *, other: bool, taken: bool
) -> None:
    """Else it could be taken from no live publish at all, or from one that nobody was asked about."""
    token = "another" if other else state_of(broken).in_progress.token  # type: ignore[union-attr]
    ports = broken.ports()
    world = replace(ports, states=Renewing(ports.states, renewed))
    hands = partial(Hands, clock=ports.clock, stop=Never(), progress=Silent())

    assert take_from(token, world, seconds=120, reads=hands) is taken, description
    assert (state_of(broken).in_progress is None) is taken


def _many(root: Path) -> ReleaseFolder:
    return make(root, *(booking(f"aaaaaa{letter}") for letter in "abcdefghijklmnopqrstuvwxyz"))


def _with(world: Services, happens: Callable[[], None]) -> World:
    ports = world.ports()
    return replace(ports, objects=Meanwhile(ports.objects, happens))


def _publish(folder: ReleaseFolder, world: World) -> None:
    publish(lambda _: folder, world, terms=Terms(commits=Line(), confirm=lambda _: True), progress=Silent())


def _until(done: Callable[[], bool]) -> None:
    latest = time.monotonic() + 2
    while not done() and time.monotonic() < latest:
        time.sleep(0.005)
