"""Applying a plan: in which order, how much at once, and what one failure leaves to the others."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from support.releases import booking, make
from support.worlds import Line, Services, Silent

from castoff.contract.plan import UpdateEvent
from castoff.contract.state import State
from publisher.applying.hands import HOPELESS
from publisher.applying.services import CALLS
from publisher.applying.steps import Step
from publisher.applying.width import FEW
from publisher.errors import PublishError, StoppedError
from publisher.fence.unlock import lock_on
from publisher.ports import End, Write
from publisher.publish import Terms, publish

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.release import Booking
    from publisher.folder import ReleaseFolder
    from publisher.ports import Progress, Stop, Stored, World
    from publisher.publish import Done


def run(
    folder: ReleaseFolder,
    world: Services,
    *,
    ports: World | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Done:
    """Publish with everything confirmed."""
    terms = Terms(commits=Line(), confirm=lambda _plan: True)
    terms = terms if stop is None else replace(terms, stop=stop)
    return publish(lambda _state: folder, ports or world.ports(), terms=terms, progress=progress or Silent())


def many(count: int) -> list[str]:
    """Return the ids of so many bookings."""
    return [f"book{number:03}" for number in range(count)]


def told(world: Services, verb: str) -> set[str]:
    """Return the bookings that were called with."""
    return {call.removeprefix(f"{verb} ") for call in world.calls if call.startswith(f"{verb} ")}


def _with_mate(known: Booking, member: str) -> Booking:
    """Return a booking with one more of the crew."""
    event = known.event or {}
    return replace(known, event={**event, "crew_ids": [*event["crew_ids"], member]})


def state_of(world: Services) -> State:
    """Return the state that the world holds."""
    assert world.state_at
    return State.from_json(world.state_at[0])


@dataclass
class Pressed:
    """Ctrl-C, pressed when an effect of that name comes by."""

    name: str
    pressed: bool = False

    def asked(self) -> bool:
        """Tell whether it was."""
        return self.pressed

    def step(self, name: str) -> None:
        """See an effect come by."""
        if name == self.name:  # and never back: others come by at the same moment
            self.pressed = True


@dataclass
class Steps:
    """Every step that was reported, once."""

    seen: list[str] = field(default_factory=list)
    sent: list[tuple[int, int]] = field(default_factory=list)

    def step(self, words: str, *, done: int = 0, total: int = 0, sent: int = 0, size: int = 0) -> None:
        """Note a step."""
        assert done <= total or not total
        if words not in self.seen:
            self.seen.append(words)
        if size:
            self.sent.append((sent, size))

    def warn(self, words: str) -> None:
        """Let nothing go wrong."""
        raise AssertionError(words)


def test_changes_and_cancellations_come_before_new_calls(tmp_path: Path) -> None:
    """Who is freed from one charter is free before they are called to another."""
    world = Services()
    run(make(tmp_path / "1", booking("mmmmmmm"), booking("zzzzzzz")), world)
    ways = len(world.calls)
    second = make(
        tmp_path / "2",
        booking("aaaaaaa"),
        booking("mmmmmmm", status="cancelled"),
        booking("zzzzzzz", dock="Fuel Dock"),
        commit="2",
    )

    done = run(second, world)

    events = [call for call in world.calls[ways:] if " event " in call]
    assert events == ["cancel event mmmmmmm", "update event zzzzzzz", "create event aaaaaaa"]
    assert [action.verb for action in done.plan.actions if "event" in action.verb][-1] == "create event"


def test_every_step_is_told_by_its_name(tmp_path: Path) -> None:
    """A log of requests falls into these steps, in this order; bytes are counted up to the last."""
    world, steps = Services(), Steps()

    run(make(tmp_path, booking("aaaaaaa")), world, progress=steps)

    named = [step for step in steps.seen if step in set(Step)]
    assert named == [Step.GATE, Step.MEMBERS, Step.ASSETS, Step.PAGES, Step.LIVE, Step.CALLS, Step.CALENDAR]
    assert steps.sent[0][0] == 0
    assert steps.sent[-1][0] == steps.sent[-1][1] > 0


@dataclass
class _Counted:
    """Objects or a service behind which it is counted how many are inside at once."""

    behind: Any
    method: str
    enough: int
    inside: int = 0
    most: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __getattr__(self, name: str) -> Any:
        if name != self.method:
            return getattr(self.behind, name)

        def counted(*given: Any, **named: Any) -> Any:
            with self._changed:
                self.inside += 1
                self.most = max(self.most, self.inside)
                self._changed.notify_all()
                self._changed.wait_for(lambda: self.most >= self.enough, timeout=5)
            try:
                return getattr(self.behind, name)(*given, **named)
            finally:
                with self._changed:
                    self.inside -= 1

        return counted


@pytest.mark.parametrize(
    ("port", "method", "bound"),
    [("crew", "create_event", CALLS), ("calendar", "put", CALLS)],
    ids=["crew calls", "entries"],
)
def test_so_many_calls_at_once_and_no_more(tmp_path: Path, port: str, method: str, bound: int) -> None:
    """Requests overlap up to their bound, whatever there is to do."""
    world = Services()
    ports = world.ports()
    counted = _Counted(getattr(ports, port), method, enough=bound)
    crowd = many(45)

    run(make(tmp_path, *map(booking, crowd)), world, ports=replace(ports, **{port: counted}))

    assert counted.most == bound
    assert told(world, "create event") == set(crowd)


@dataclass
class _Slow:
    """Objects that take long, and of which none is written before no more are begun."""

    objects: Any
    under_way: list[Write] = field(default_factory=list)
    most: int = 0
    ends: int = 0

    head = property(lambda self: self.objects.head)
    put = property(lambda self: self.objects.put)
    delete = property(lambda self: self.objects.delete)

    def writes(self) -> _Slow:
        return self

    def begin(self, write: Write) -> None:
        self.under_way.append(write)
        self.most = max(self.most, len(self.under_way))

    def ended(self, _seconds: float) -> list[End[Write, Stored]]:
        ended, self.under_way = self.under_way, []
        self.ends += len(ended)
        return [End(write, self.objects.put(write), 2.0) for write in ended]

    def close(self) -> None:
        assert not self.under_way


def test_so_many_objects_at_once_as_their_answers_bear(tmp_path: Path) -> None:
    """A few, as long as answers take long."""
    world = Services()
    ports = world.ports()
    slow = _Slow(ports.objects)
    crowd = many(45)

    run(make(tmp_path, *map(booking, crowd)), world, ports=replace(ports, objects=slow))

    assert slow.most == FEW
    assert slow.ends == len(world.objects_at)


def test_a_booking_that_fails_keeps_no_other_from_its_calls(tmp_path: Path) -> None:
    """The first failure is told with how many more there were, all else is done and known, and the rest comes next."""
    world = Services()
    crowd = many(30)
    failing = {crowd[3], crowd[17]}

    def refuse(name: str) -> None:
        if name.removeprefix("before create event ") in failing:
            raise PublishError(f"no event for {name[-7:]}", hint="wait")

    world.step = refuse
    folder = make(tmp_path, *map(booking, crowd))

    with pytest.raises(PublishError, match=r"^no event for book0\d\d$") as refused:
        run(folder, world)

    assert re.fullmatch(r"no event for book0\d\d; 1 more call failed", refused.value.words)
    assert world.entries.keys() == set(crowd) - failing
    state = state_of(world)
    assert {key for key, known in state.bookings.items() if known.event} == set(crowd) - failing
    assert state.in_progress
    assert (set(state.in_progress.intents.events), state.in_progress.intents.calendar) == (failing, ())
    assert state.in_progress.intents.files == ()

    world.step = lambda _name: None
    run(folder, world)

    assert sorted(world.mails) == sorted(f"{key} call {who}" for key in crowd for who in ("crew-001", "crew-002"))
    assert world.entries.keys() == set(crowd)


def test_a_service_that_is_down_is_not_asked_for_each_of_a_thousand(tmp_path: Path) -> None:
    """After a few failures in a row nothing more is asked of it; what needs it not is done all the same."""
    world = Services()
    crowd = many(60)
    run(make(tmp_path / "1", *map(booking, crowd[:10])), world)

    def refuse(name: str) -> None:
        if name.startswith("before create event"):
            raise PublishError("down")

    world.step = refuse
    second = make(tmp_path / "2", *(booking(key, dock="Fuel Dock") for key in crowd[:10]), *map(booking, crowd[10:]))

    with pytest.raises(PublishError, match="down"):
        run(second, world)

    assert HOPELESS <= sum(call.startswith("create event") for call in world.calls) - 10 < HOPELESS + CALLS
    assert {entry["dock"] for entry in world.entries.values()} == {"Fuel Dock"}


def test_failures_far_apart_keep_nobody_from_being_called(tmp_path: Path) -> None:
    """More than a few refusals, each for a reason of its own, are no service that is down."""
    world = Services()
    crowd, failing = many(80), set(many(80)[::12])
    run(make(tmp_path / "1", *map(booking, crowd)), world)

    def refuse(name: str) -> None:
        if name.removeprefix("before update event ") in failing:
            raise PublishError("not this one")

    world.step = refuse
    changed = [booking(key, dock="Fuel Dock") for key in crowd]
    second = make(tmp_path / "2", *changed, booking("newcome"), commit="2")

    with pytest.raises(PublishError, match="not this one") as refused:
        run(second, world)

    assert len(failing) > HOPELESS
    assert refused.value.words.endswith(f"{len(failing) - 1} more calls failed")
    assert world.events["newcome"]["status"] == "scheduled"


@pytest.mark.parametrize("aboard", [False, True], ids=["of others", "of the one that fails"])
def test_who_left_is_dismissed_unless_aboard_of_what_could_not_be_told(tmp_path: Path, *, aboard: bool) -> None:
    """One booking that is refused every night leaves nobody inside who is off everything else."""
    world = Services()
    crew = ("captain-001", "crew-001", "crew-002", "crew-003")
    left, other = _with_mate(booking("aaaaaaa"), "crew-003"), booking("bbbbbbb")
    run(make(tmp_path / "1", left, other, crew=crew), world)
    fails = "aaaaaaa" if aboard else "bbbbbbb"

    def refuse(name: str) -> None:
        if name == f"before update event {fails}":
            raise PublishError("refused")

    world.step = refuse
    changed = [booking(key, dock="Fuel Dock") for key in ("aaaaaaa", "bbbbbbb")]

    with pytest.raises(PublishError, match="refused"):
        run(make(tmp_path / "2", *changed, commit="2"), world)

    assert ("crew-003" in world.members) is aboard
    world.step = lambda _name: None
    run(make(tmp_path / "2", *changed, commit="2"), world)
    assert "crew-003" not in world.members


@pytest.mark.parametrize("fault", [BrokenPipeError("nobody reads"), KeyboardInterrupt()], ids=["pipe", "second Ctrl-C"])
def test_progress_that_cannot_be_shown_ends_the_work(tmp_path: Path, fault: BaseException) -> None:
    """What is under way ends; nothing else begins while nobody keeps the lease."""
    world = Services()
    written = threading.Event()

    @dataclass
    class Torn:
        def step(self, words: str, **_: int) -> None:
            if words == Step.PAGES and written.wait(5):
                raise fault

    def slow(name: str) -> None:
        if name.startswith("after put guest/g/"):
            written.set()
            threading.Event().wait(0.1)

    world.step = slow

    with pytest.raises(type(fault)):
        run(make(tmp_path, *map(booking, many(300))), world, progress=Torn())

    assert 0 < len([path for path in world.objects_at if path.startswith("guest/g/")]) < 600
    assert not world.events


def test_nothing_is_deleted_unless_everything_was_put(tmp_path: Path) -> None:
    """A page that could not be written leaves every old one where it was."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb")), world)
    before = set(world.objects_at)

    def refuse(name: str) -> None:
        if name == "before put guest/g/aaaaaaa-guest.html":
            raise PublishError("no room")

    world.step = refuse

    with pytest.raises(PublishError, match="no room"):
        run(make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2"), world)

    assert before <= set(world.objects_at)
    assert not [call for call in world.calls if call.startswith("delete ")]


def _story(root: Path) -> list[ReleaseFolder]:
    first = [booking(key) for key in ("aaaaaaa", "bbbbbbb", "ccccccc")]
    second = [booking("aaaaaaa", dock="Fuel Dock"), booking("bbbbbbb", status="cancelled"), booking("ddddddd")]
    return [make(root / "1", *first), make(root / "2", *second, commit="2", style="body{margin:0}")]


def test_stopped_anywhere_it_says_what_is_left_and_the_next_does_it(tmp_path: Path) -> None:
    """Ctrl-C at any effect lets it finish, begins no other, writes down what is done; then the world comes out calm."""
    first, second = _story(tmp_path)
    calm = Services()
    run(first, calm)
    ways = len(calm.calls)
    run(second, calm)
    effects = [call for call in dict.fromkeys(calm.calls[ways:]) if "state" not in call and call != "write record"]
    last = {call for call in effects if "entry" in call}

    for effect in effects:
        world, pressed = Services(), Pressed(f"before {effect}")
        run(first, world)
        world.step = pressed.step
        if effect in last and effect == [call for call in effects if "entry" in call][-1]:
            continue  # nothing is left to be stopped

        with pytest.raises(StoppedError) as stopped:
            run(second, world, stop=pressed)

        assert stopped.value.so_far, effect
        assert "left: " in stopped.value.so_far, effect
        working = state_of(world).in_progress
        assert working, effect
        assert working.lease == 0, effect

        world.step = lambda _name: None
        run(second, world)

        assert sorted(world.mails) == sorted(calm.mails), effect
        assert world.entries == calm.entries, effect
        assert world.objects_at.keys() == calm.objects_at.keys(), effect
        assert state_of(world).in_progress is None, effect


def test_what_never_began_is_as_it_was_before(tmp_path: Path) -> None:
    """Stopped before the first call, the next plan says who is mailed what, and not that nobody knows."""
    first, second = _story(tmp_path)
    world, pressed = Services(), Pressed("before invalidate guest")
    run(first, world)
    world.step = pressed.step
    with pytest.raises(StoppedError):
        run(second, world, stop=pressed)
    world.step = lambda _name: None

    loaded = world.ports().states.load()
    lock, working = lock_on(loaded), loaded.state.in_progress
    plan = run(second, world).plan

    assert lock
    assert (lock.stopped, lock.stand) == (True, "stopped")
    assert working
    assert (working.intents.crew, working.intents.events, working.intents.calendar) == ((), (), ())
    assert {str(kind) for action in plan.actions for _, kind in getattr(action, "mails", ())} == {
        "crew call",
        "changed",
        "cancelled",
    }


def test_a_call_that_began_and_was_not_confirmed_stays_in_doubt(tmp_path: Path) -> None:
    """The service may have done it, and mailed: of that booking alone nobody knows until it is read back."""
    first, second = _story(tmp_path)
    world = Services()
    run(first, world)

    def fail(name: str) -> None:
        if name == "after update event aaaaaaa":
            raise PublishError("no answer")

    world.step = fail
    with pytest.raises(PublishError, match="no answer"):
        run(second, world)

    working = state_of(world).in_progress
    assert working
    assert (working.intents.events, working.intents.calendar) == (("aaaaaaa",), ())


def test_a_change_by_hand_that_an_update_meets_is_told_and_left_for_the_next_plan(tmp_path: Path) -> None:
    """What was not sent is not mended unseen: the publish says so, and the next one plans it, with its mails."""
    world, progress = Services(), Silent()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    world.events["aaaaaaa"]["dock"] = "Elsewhere"
    known = booking("aaaaaaa")
    five = replace(known, input="of five", event={**(known.event or {}), "guest_count": 5})
    folder = make(tmp_path / "2", five, commit="2")

    done = run(folder, world, progress=progress)

    assert world.events["aaaaaaa"]["dock"] == "Elsewhere"
    assert progress.warned == [
        "ShipCaptainCrew holds another dock of aaaaaaa than the file: publish again, or look with `castoff status`"
    ]
    assert (done.live, state_of(world).bookings["aaaaaaa"].input) == ("", "")
    mended = run(folder, world, progress=progress)
    assert [action.changed for action in mended.plan.actions if isinstance(action, UpdateEvent)] == [("dock",)]
    assert world.events["aaaaaaa"]["dock"] != "Elsewhere"
    assert state_of(world).bookings["aaaaaaa"].input
    assert len(progress.warned) == 1


def test_effects_under_way_are_finished_and_known(tmp_path: Path) -> None:
    """What was already in flight when somebody asked to stop is waited for, and not left in doubt."""
    world, pressed = Services(), Pressed("before put guest/g/book005-guest.html")
    world.step = pressed.step

    with pytest.raises(StoppedError):
        run(make(tmp_path, *map(booking, many(99))), world, stop=pressed)

    written = {path for path in world.objects_at if path.startswith("guest/g/")}
    assert "guest/g/book005-guest.html" in written
    assert len(written) <= 2 * 6 + FEW
    assert not world.events


def test_stopped_before_the_first_effect_nothing_was_changed(tmp_path: Path) -> None:
    """Whoever asks before the lease is taken leaves no trace."""
    world = Services()

    with pytest.raises(StoppedError):
        run(make(tmp_path, booking("aaaaaaa")), world, stop=Pressed("", pressed=True))

    assert world.state_at is None
    assert world.calls == []
