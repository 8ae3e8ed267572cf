"""Drift over a world in memory: whatever was changed by hand, a repair plans what mends it, once, and says so."""

from __future__ import annotations

import hashlib
import itertools
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.broken import run_failing, run_killed
from support.releases import booking, make
from support.worlds import Impatient, Line, Services, Silent, broken

from castoff.contract.plan import Reason
from castoff.contract.state import UNKNOWN, State
from publisher.errors import PublishError, StoppedError
from publisher.looks import Look
from publisher.publish import Done, Terms, make_plan, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publisher.folder import ReleaseFolder

GUEST, CREW, BOARD = "guest/g/aaaaaaa-guest.html", "guest/g/aaaaaaa-crew.html", "ops/ops/index.html"


def run(folder: ReleaseFolder, world: Services, **terms: Any) -> Done:
    """Publish with everything confirmed."""
    settled = {"commits": Line(), "confirm": lambda _plan: True, "look": Look.REPAIR} | terms
    return publish(lambda _state: folder, world.ports(), terms=Terms(**settled), progress=Silent())


def state_of(world: Services) -> State:
    """Return the state that the world holds."""
    assert world.state_at
    return State.from_json(world.state_at[0])


_MENDS = {Reason.DRIFTED, Reason.STRAY}


def told(done: Done) -> list[str]:
    """Return what a plan says that it mends, invalidations left out."""
    return [f"{action.verb} {action.subject}" for action in done.plan.actions if action.reason in _MENDS]


def write(world: Services, path: str, body: bytes = b"by hand") -> None:
    """Put an object there by hand."""
    world.objects_at[path] = (body, f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"')


def edit(world: Services, **fields: Any) -> None:
    """Edit the event by hand."""
    event = world.events["aaaaaaa"]
    event.update(fields, revision=event["revision"] + 1)


HANDS: Final[dict[str, tuple[Callable[[Services], Any], list[str], list[str]]]] = {
    "a page was written over": (lambda world: write(world, GUEST), [f"put {GUEST}"], []),
    "a page was deleted": (lambda world: world.objects_at.pop(CREW), [f"put {CREW}"], []),
    "a page has other headers": (lambda world: world.headers_at.update({CREW: "other"}), [f"put {CREW}"], []),
    "the board was deleted": (lambda world: world.objects_at.pop(BOARD), [f"put {BOARD}"], []),
    "the event has another dock": (
        lambda world: edit(world, dock="Elsewhere"),
        ["update event aaaaaaa (dock)"],
        ["aaaaaaa changed dock crew-001", "aaaaaaa changed dock crew-002"],
    ),
    "the event was cancelled": (
        lambda world: edit(world, status="cancelled"),
        ["update event aaaaaaa (status)"],
        ["aaaaaaa changed status crew-001", "aaaaaaa changed status crew-002"],
    ),
    "the event is gone": (
        lambda world: world.events.pop("aaaaaaa"),
        ["create event aaaaaaa"],
        ["aaaaaaa call crew-001", "aaaaaaa call crew-002"],
    ),
    "the entry was changed": (
        lambda world: world.entries["aaaaaaa"].update(dock="Elsewhere"),
        ["put calendar aaaaaaa"],
        [],
    ),
    "a crew member is unknown": (lambda world: world.members.pop("crew-001"), ["put crew member crew-001"], []),
    "the entry is gone": (lambda world: world.entries.pop("aaaaaaa"), ["put calendar aaaaaaa"], []),
}


@pytest.fixture
def world() -> Services:
    """Return a world to which nothing was published yet."""
    return Services()


@pytest.fixture
def folder(tmp_path: Path, world: Services) -> ReleaseFolder:
    """Publish a booking, and return its release."""
    made = make(tmp_path, booking("aaaaaaa"))
    run(made, world, look=Look.USUAL)
    world.mails.clear()
    return made


@pytest.mark.parametrize("name", HANDS)
def test_each_drift_is_mended_by_just_what_it_asks(name: str, world: Services, folder: ReleaseFolder) -> None:
    """Nothing else is written, nobody else is mailed, and afterwards there is nothing to mend."""
    meddle, mended, mails = HANDS[name]
    before = dict(world.objects_at), {**world.entries["aaaaaaa"]}
    meddle(world)

    done = run(folder, world)

    assert told(done) == mended
    assert world.mails == mails
    assert sorted(world.objects_at) == sorted(before[0])
    assert world.entries["aaaaaaa"] == before[1]
    assert (world.events["aaaaaaa"]["dock"], world.events["aaaaaaa"]["status"]) == ("Sheraton Marina", "scheduled")
    world.calls.clear()
    assert (run(folder, world).plan.actions, run(folder, world, look=Look.USUAL).plan.actions) == ((), ())
    assert not [call for call in world.calls if call != "load state"]


@pytest.mark.parametrize("names", [*itertools.combinations(HANDS, 2)], ids="+".join)
def test_two_at_once_are_mended_at_once(names: tuple[str, str], world: Services, folder: ReleaseFolder) -> None:
    """Whatever comes together, where one does not undo the other."""
    for name in names:
        try:
            HANDS[name][0](world)
        except KeyError:
            pytest.skip("the one undoes the other")

    done = run(folder, world)

    assert {line.partition(" (")[0] for line in told(done)} == {
        line.partition(" (")[0]
        for name in names
        for line in HANDS[name][1]
        if "the event is gone" not in names or "event" not in line or "create" in line
    }
    assert run(folder, world).plan.actions == ()


def test_a_plan_of_a_repair_shows_it_before(world: Services, folder: ReleaseFolder) -> None:
    """It looks, says what it would mend, and writes nothing."""
    write(world, GUEST)
    world.calls.clear()

    terms = Terms(commits=Line(), confirm=lambda _plan: False, look=Look.REPAIR)
    plan = make_plan(lambda _state: folder, world.ports(), terms=terms, progress=Silent())

    assert [action.reason for action in plan.actions] == [Reason.DRIFTED, Reason.PAGES_CHANGED]
    assert world.calls == ["load state"]


def test_without_a_repair_nothing_is_looked_at(world: Services, folder: ReleaseFolder) -> None:
    """A publish with nothing to do asks for the state alone, whatever was done by hand."""
    write(world, GUEST)
    world.calls.clear()

    done = run(folder, world, look=Look.USUAL)

    assert (done.plan.actions, world.calls) == ((), ["load state"])


def test_what_no_publish_wrote_stays_unless_it_is_to_go(world: Services, folder: ReleaseFolder) -> None:
    """A page of the operator's own, from before castoff, goes by command only, and shown in the plan."""
    write(world, "guest/g/old.html")

    kept = run(folder, world)

    assert kept.plan.actions == ()
    assert "guest/g/old.html" in world.objects_at

    done = run(folder, world, look=Look.SWEEP)

    assert told(done) == ["delete guest/g/old.html"]
    assert "guest/g/old.html" not in world.objects_at


@pytest.mark.parametrize("ends", ["killed", "fails"])
def test_a_sweep_that_broke_off_leaves_the_rest_to_the_next_one(
    ends: str, world: Services, folder: ReleaseFolder
) -> None:
    """Whoever comes next was not told to take anything away, and somebody may have put another there since."""
    write(world, "guest/g/old.html")
    write(world, GUEST)
    ended = {"killed": run_killed, "fails": run_failing}[ends]
    ended(folder, world, at="before delete", look=Look.SWEEP)
    write(world, "guest/g/old.html", b"new by hand")

    usual = run(folder, world, look=Look.USUAL)
    kept = world.objects_at["guest/g/old.html"]
    swept = run(folder, world, look=Look.SWEEP)

    assert not [action for action in usual.plan.actions if action.subject == "guest/g/old.html"]
    assert kept[0] == b"new by hand"
    assert told(swept) == ["delete guest/g/old.html"]
    assert "guest/g/old.html" not in world.objects_at


@pytest.mark.parametrize("ends", ["killed", "fails"])
@pytest.mark.parametrize("at", ["after delete", "before invalidate"])
def test_what_a_sweep_that_broke_off_had_deleted_is_forgotten(
    at: str, ends: str, world: Services, folder: ReleaseFolder
) -> None:
    """Nobody would list it again: a cache that has it still would show it for ever."""
    write(world, "guest/g/old.html")
    world.cached["guest/g/old"] = b"by hand"
    ended = {"killed": run_killed, "fails": run_failing}[ends]
    ended(folder, world, at=at, look=Look.SWEEP)
    assert "guest/g/old" in world.cached

    run(folder, world, look=Look.USUAL)

    assert "guest/g/old" not in world.cached
    assert "guest/g/old.html" not in state_of(world).files
    assert run(folder, world, look=Look.USUAL).plan.actions == ()


@pytest.mark.parametrize("path", ["guest/g/", "guest/g//x", "ops/ops/../x"])
def test_a_key_that_castoff_would_never_write_goes_like_any_other(
    path: str, world: Services, folder: ReleaseFolder
) -> None:
    """S3's console makes an empty object `g/` where somebody clicks "Create folder"."""
    write(world, path, b"")

    done = run(folder, world, look=Look.SWEEP)

    assert told(done) == [f"delete {path}"]
    assert path not in world.objects_at


def test_an_object_changed_between_look_and_write_is_not_written_over(world: Services, folder: ReleaseFolder) -> None:
    """What the plan did not show is not done: the write is refused, and the next repair sees it."""
    write(world, GUEST)

    def meddle_again(name: str) -> None:
        if name == f"before put {GUEST}":
            write(world, GUEST, b"by hand again")

    world.step = meddle_again
    with pytest.raises(PublishError, match="not what was left"):
        run(folder, world)
    world.step = lambda _name: None

    run(folder, world)

    assert b"by hand" not in world.objects_at[GUEST][0]


@pytest.mark.parametrize("at", range(1, 24))
def test_a_repair_that_breaks_off_is_made_good(at: int, world: Services, folder: ReleaseFolder) -> None:
    """Wherever it stops once it has its lease, the next publish, repair or not, does the rest: mailed once."""
    write(world, GUEST)
    edit(world, dock="Elsewhere")
    world.entries.pop("aaaaaaa")
    steps = itertools.count()
    world.step = lambda name: broken(name) if next(steps) == at else None
    with suppress(PublishError):
        run(folder, world)
    world.step = lambda _name: None

    run(folder, world, look=Look.USUAL)

    assert run(folder, world).plan.actions == ()
    assert world.mails == ["aaaaaaa changed dock crew-001", "aaaaaaa changed dock crew-002"]


def test_what_will_not_answer_stops_a_repair(world: Services, folder: ReleaseFolder) -> None:
    """Half a look would take what it did not see for gone."""
    world.silent = {"event": "it is down"}

    with pytest.raises(PublishError, match="has to see everything, and could not: it is down"):
        run(folder, world)


def test_what_a_broken_publish_left_was_not_changed_by_hand(tmp_path: Path, world: Services) -> None:
    """A repair right after it says that it is not known, and mends only what somebody did."""
    first = make(tmp_path / "1", booking("aaaaaaa"))
    run(first, world, look=Look.USUAL)
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")
    run_killed(moved, world, at="after update event")

    done = run(moved, world)

    reasons = {action.verb: action.reason for action in done.plan.actions if action.verb in {"update event", "put"}}
    assert reasons == {"update event": Reason.UNKNOWN, "put": Reason.UNKNOWN}


@pytest.mark.parametrize("look", [Look.REPAIR, Look.SWEEP])
def test_a_repair_builds_everything_to_have_what_it_mends(look: Look, world: Services, folder: ReleaseFolder) -> None:
    """Nothing can be reused of what is built on: whatever was changed by hand is there to be written."""
    bases: list[State] = []
    terms = Terms(commits=Line(), confirm=lambda _plan: True, look=look)

    publish(lambda state: bases.append(state) or folder, world.ports(), terms=terms, progress=Silent())  # type: ignore[func-returns-value]

    assert [booking.input for base in bases for booking in base.bookings.values()] == [UNKNOWN]


def test_a_look_that_somebody_stops_ends_there(world: Services, folder: ReleaseFolder) -> None:
    """Who presses Ctrl-C while it looks waits for no more of it, is asked nothing, and nothing is changed."""
    write(world, GUEST)
    world.calls.clear()
    progress = Impatient("looking at what stands", most=0)
    terms = Terms(commits=Line(), confirm=lambda _plan: False, look=Look.REPAIR, stop=progress)

    with pytest.raises(StoppedError):
        publish(lambda _state: folder, world.ports(), terms=terms, progress=progress)

    assert progress.seen == [(0, len(state_of(world).files))]
    assert world.calls == ["load state"]


@pytest.mark.usefixtures("folder")
def test_a_charter_that_sailed_is_not_called_again(tmp_path: Path, world: Services) -> None:
    """Its event may go, and nobody is called into the past; its pages are mended all the same."""
    later = make(tmp_path / "later", booking("aaaaaaa"), as_of="2024-05-31T12:00:00-07:00")
    run(later, world, look=Look.USUAL)
    world.events.pop("aaaaaaa")
    write(world, GUEST)

    done = run(later, world)

    assert told(done) == [f"put {GUEST}"]
    assert world.mails == []


def test_the_record_says_mended(world: Services, folder: ReleaseFolder) -> None:
    """History tells a repair from a change."""
    write(world, GUEST)

    done = run(folder, world)

    assert done.record is not None
    assert done.record.counts == {"mended": 1}
    assert state_of(world).history[0].counts == {"mended": 1}


def test_the_record_says_what_was_mended(world: Services, folder: ReleaseFolder) -> None:
    """What somebody had written into the crew call is found in history; a guest, who never saw it, is told nothing."""
    edit(world, dock="Elsewhere")

    done = run(folder, world)

    assert done.record is not None
    deed = done.record.bookings["aaaaaaa"]
    assert [change.line for change in deed.mended] == ["dock Elsewhere → Sheraton Marina"]
    assert deed.changed == ()


@pytest.mark.usefixtures("folder")
def test_an_entry_of_a_cancelled_charter_that_is_gone_stays_gone(tmp_path: Path, world: Services) -> None:
    """Whoever took it out of the calendar meant it: it is known, and asks for nothing."""
    cancelled = make(tmp_path / "cancelled", booking("aaaaaaa", status="cancelled"), commit="2")
    run(cancelled, world, look=Look.USUAL)
    world.entries.pop("aaaaaaa")

    done = run(cancelled, world)

    assert done.plan.actions == ()
    assert world.entries == {}
    assert state_of(world).bookings["aaaaaaa"].calendar is None
