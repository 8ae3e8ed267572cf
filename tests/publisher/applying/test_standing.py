"""How far a plan came, told to whoever reads why it stopped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from support.releases import booking, make
from support.worlds import Line, Services, Silent

from castoff.contract.plan import (
    CreateEvent,
    DeleteCalendar,
    Invalidate,
    Plan,
    Put,
    PutCalendar,
    PutCrewMember,
    Reason,
)
from castoff.contract.release import Site
from castoff.contract.state import PublishedEvent
from publisher.applying.outcome import Outcome
from publisher.applying.standing import how_far
from publisher.errors import ConflictError, PublishError
from publisher.ports import Loaded, Stored
from publisher.publish import PLANS, Terms, publish

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.plan import Action
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.ports import States

PUT = Put(Site.GUEST, "g/x.html", Reason.NEW, "0" * 64, 1, "xhqgmdh")
STYLE = Put(Site.GUEST, "castoff/style.css", Reason.NEW, "0" * 64, 1)
MEMBER = PutCrewMember("leo", Reason.NEW, "0" * 64)
INVALIDATE = Invalidate(Site.GUEST, ("/g/x", "/g/x.html"), Reason.PAGES_CHANGED)
EVENT = CreateEvent("xhqgmdh", Reason.NEW, "0" * 64)
ENTRY = PutCalendar("xhqgmdh", Reason.NEW, "0" * 64)
STORED = Stored('"1"', None)


@pytest.mark.parametrize(
    ("description", "actions", "outcome", "words"),
    [
        (
            "nothing yet",
            (PUT, ENTRY),
            Outcome(),
            "none of 2 actions done; left: xhqgmdh (1 file, put calendar)",
        ),
        (
            "a page is written, and an invalidation is done once the page was seen",
            (PUT, INVALIDATE, EVENT),
            Outcome(written={"guest/g/x.html": STORED}),
            "1 of 3 actions done; left: caches of guest; xhqgmdh (create event)",
        ),
        (
            "the last is left",
            (PUT, INVALIDATE, EVENT, ENTRY),
            Outcome(
                written={"guest/g/x.html": STORED},
                live=True,
                events={"xhqgmdh": PublishedEvent("e", 1, "scheduled", {})},
            ),
            "3 of 4 actions done; left: xhqgmdh (put calendar)",
        ),
        (
            "more are left than are worth naming",
            tuple(DeleteCalendar(f"booking{number}", Reason.REMOVED) for number in range(6)),
            Outcome(calendar={"booking0"}),
            (
                "1 of 6 actions done; left: booking1 (delete calendar); booking2 (delete calendar);"
                " booking3 (delete calendar); booking4 (delete calendar); 1 more"
            ),
        ),
        (
            "what belongs to no booking is told beside them",
            (MEMBER, STYLE, PUT, INVALIDATE),
            Outcome(),
            "none of 4 actions done; left: crew leo; 1 file; xhqgmdh (1 file); caches of guest",
        ),
        (
            "many members are counted",
            tuple(PutCrewMember(f"hand-{number}", Reason.NEW, "0" * 64) for number in range(5)),
            Outcome(),
            "none of 5 actions done; left: 5 crew members",
        ),
        ("all", (ENTRY,), Outcome(calendar={"xhqgmdh"}), "all of 1 action done, but not written down"),
    ],
)
def test_how_far(description: str, actions: tuple[Action, ...], outcome: Outcome, words: str) -> None:
    """What is done is counted, and what is left is named."""
    plan = Plan(target="local", commit="1", serial=1, actions=actions)

    assert how_far(plan, outcome) == words, description


def test_a_publish_that_stops_says_how_far_it_came(tmp_path: Path) -> None:
    """Whatever stopped it names the call; what of the plan is left is said with it."""
    world = Services()

    def dashboard_is_down(name: str) -> None:
        if name == "before put entry aaaaaaa":
            raise PublishError("the dashboard is down")

    world.step = dashboard_is_down

    with pytest.raises(PublishError) as refused:
        _publish(make(tmp_path, booking("aaaaaaa")), world)

    assert refused.value.so_far
    assert refused.value.so_far.endswith("; left: aaaaaaa (put calendar)")


@dataclass
class _Refusing:
    """A state that refuses every write, though nobody writes it."""

    states: States
    loads: list[None] = field(default_factory=list)

    def load(self) -> Loaded:
        self.loads.append(None)
        return self.states.load()

    def again(self, loaded: Loaded) -> Loaded:
        return self.states.again(loaded)

    def save(self, state: State, *, etag: str | None) -> str:
        raise ConflictError(f"the state of {state.target or 'nobody'} is not {etag}")


def test_a_state_that_refuses_every_write_is_given_up(tmp_path: Path) -> None:
    """A write that loses that often is a fault and no race: it plans anew some times, and then says so."""
    taken = _Refusing(Services().ports().states)

    with pytest.raises(ConflictError) as refused:
        _publish(make(tmp_path, booking("aaaaaaa")), Services(), states=taken)

    assert len(taken.loads) == PLANS
    assert refused.value.so_far
    assert refused.value.so_far.startswith("none of ")


@dataclass
class _Outrun(_Refusing):
    """A state that others take first, and are done with, so many times."""

    times: int = 0

    def save(self, state: State, *, etag: str | None) -> str:
        if not self.times:
            return self.states.save(state, etag=etag)
        self.times -= 1
        now = self.states.load()
        self.states.save(replace(now.state, serial=now.state.serial + 1), etag=now.etag)
        return super().save(state, etag=etag)


def test_whoever_is_outrun_again_and_again_gets_its_turn(tmp_path: Path) -> None:
    """Each of those who were faster is done by then: of many at once the newest commit is not left out."""
    world = Services()
    outrun = _Outrun(world.ports().states, times=PLANS - 1)

    _publish(make(tmp_path, booking("aaaaaaa")), world, states=outrun)

    assert len(outrun.loads) == PLANS
    assert world.ports().states.load().state.bookings.keys() == {"aaaaaaa"}


def _publish(folder: ReleaseFolder, world: Services, *, states: States | None = None) -> None:
    ports = world.ports()
    terms = Terms(commits=Line(), confirm=lambda _plan: True)
    publish(lambda _state: folder, replace(ports, states=states or ports.states), terms=terms, progress=Silent())
