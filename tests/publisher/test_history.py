"""Records and history over a world in memory: what each publish did to which booking, also where it broke off."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.broken import run_killed
from support.releases import booking, make
from support.worlds import KilledError, Line, Services, Silent, broken

from castoff.contract.document import DocumentError
from castoff.contract.facts import FactChange
from castoff.contract.state import HISTORY, State
from publisher.errors import ConflictError, PublishError
from publisher.fates import Fate
from publisher.history import life_of, releases
from publisher.publish import Done, Terms, publish
from publisher.record import Deed, Record

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.folder import ReleaseFolder

RECORD = Record(
    serial=7,
    at="2024-05-28T19:00:00+00:00",
    by="publish, process 1",
    commit="c0ffee",
    as_of="2024-05-28T12:00:00-07:00",
    broke_off=False,
    actions=5,
    bookings={
        "xhqgmdh": Deed(
            Fate.CHANGED,
            "confirmed",
            "confirmed",
            pages={"body changed": 2},
            event=("update event", "changed"),
            calendar=("put calendar", "changed"),
            changed=(FactChange("starts", "2024-05-30 09:00", "2024-05-30 10:00"), FactChange("notes", None, None)),
            mended=(FactChange("dock", "Shelter Island", "Sheraton Marina"),),
            mailed=(("captain-001", "changed"), ("crew-001", "changed")),
        )
    },
    others={"files": 1},
)


def run(folder: ReleaseFolder, world: Services, **terms: Any) -> Done:
    """Publish with everything confirmed."""
    settled = {"commits": Line(), "confirm": lambda _plan: True, "max_removed": 9} | terms
    settled.pop("max_removed")
    progress = settled.pop("progress", Silent())
    return publish(lambda _state: folder, world.ports(), terms=Terms(**settled), progress=progress)


def state_of(world: Services) -> State:
    """Return the state that the world holds."""
    assert world.state_at
    return State.from_json(world.state_at[0])


def fates(world: Services, key: str = "aaaaaaa") -> list[Fate]:
    """Return what became of a booking, publish by publish."""
    life = life_of(key, state_of(world), world.ports().records, progress=Silent())
    return [moment.deed.fate for moment in life.moments]


def test_a_record_is_the_same_read_back() -> None:
    """Equal records are equal bytes, and lose nothing on the way but texts that are nobody's business."""
    assert Record.from_json(RECORD.to_json()) == RECORD
    assert RECORD.counts == {"changed": 1, "mailed": 2}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{}", id="nothing"),
        pytest.param(
            RECORD.to_json().replace('"mailed":[["captain-001","changed"]', '"mailed":[["captain-001"]'),
            id="half a mail",
        ),
        pytest.param(RECORD.to_json().replace('"broke_off":false', '"broke_off":0'), id="a number for a flag"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(text: str) -> None:
    """Whoever finds it is told what is wrong where."""
    with pytest.raises(DocumentError, match="record"):
        Record.from_json(text)


def test_a_bookings_life_is_told_in_its_order(tmp_path: Path) -> None:
    """Published, moved, cancelled, reinstated, removed: each publish once, with what it changed."""
    world = Services()
    days = [
        booking("aaaaaaa"),
        booking("aaaaaaa", dock="Shelter Island"),
        booking("aaaaaaa", status="cancelled", dock="Shelter Island"),
        booking("aaaaaaa", dock="Shelter Island"),
    ]
    for number, day in enumerate(days, 1):
        run(make(tmp_path / str(number), day, booking("bbbbbbb"), commit=str(number)), world)
    run(make(tmp_path / "5", booking("bbbbbbb"), commit="5"), world)

    life = life_of("aaaaaaa", state_of(world), world.ports().records, progress=Silent())

    assert [moment.deed.fate for moment in life.moments] == [
        Fate.NEW, Fate.CHANGED, Fate.CANCELLED, Fate.REINSTATED, Fate.REMOVED,
    ]  # fmt: skip
    assert [moment.record.commit for moment in life.moments] == ["1", "2", "3", "4", "5"]
    assert [change.line for change in life.moments[1].deed.changed] == ["dock Sheraton Marina → Shelter Island"]
    assert fates(world, "bbbbbbb") == [Fate.NEW]
    assert [line.counts.get("new", 0) for line in state_of(world).history] == [0, 0, 0, 0, 2]


def test_a_record_says_that_a_booking_was_put_on_hold(tmp_path: Path) -> None:
    """Its file is there, so that nobody looks for who took it away."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb")), world)
    folder = make(tmp_path / "2", booking("bbbbbbb"), commit="2")

    run(replace(folder, release=replace(folder.release, withheld={"aaaaaaa": "hold"})), world)

    assert fates(world) == [Fate.NEW, Fate.WITHDRAWN]


def test_a_publish_with_nothing_to_do_makes_no_record(tmp_path: Path) -> None:
    """It stands in the list of publishes, and costs no object."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    run(make(tmp_path / "2", booking("aaaaaaa"), commit="2"), world)

    assert len(world.records) == 1
    assert [(line.commit, line.actions > 0) for line in state_of(world).history] == [("2", False), ("1", True)]


def test_what_broke_off_is_told_and_what_did_the_rest(tmp_path: Path) -> None:
    """A publish that can still write says how far it came."""
    world, folder = Services(), make(tmp_path, booking("aaaaaaa"))
    world.step = lambda name: broken(name) if name == "before put entry aaaaaaa" else None
    with pytest.raises(PublishError):
        run(folder, world)
    world.step = lambda _name: None

    run(folder, world)

    rest, broke = state_of(world).history
    assert (broke.broke_off, broke.counts["new"], rest.broke_off) == (True, 1, False)
    life = life_of("aaaaaaa", state_of(world), world.ports().records, progress=Silent())
    assert [(moment.record.broke_off, moment.deed.calendar is None) for moment in life.moments] == [
        (True, True),
        (False, False),
    ]


def test_who_was_killed_is_told_by_who_takes_over(tmp_path: Path) -> None:
    """Nobody knows what it had done; that it was there, from which commit, and when it last said so."""
    world, folder = Services(), make(tmp_path, booking("aaaaaaa"))
    killed: list[str] = []

    def kill(name: str) -> None:
        killed.extend([name] if name == "before put entry aaaaaaa" else [])
        if killed:
            raise KilledError

    world.step = kill
    with pytest.raises(KilledError):
        run(folder, world)
    world.step = lambda _name: None

    run(folder, world)

    rest, broken_off = state_of(world).history
    assert (broken_off.broke_off, broken_off.actions, broken_off.commit) == (True, 0, "1")
    assert broken_off.at < rest.at
    assert re.search(r"process \d+$", broken_off.by)
    assert not rest.broke_off
    assert fates(world) == [Fate.NEW]


def test_the_same_record_again_is_well_and_another_is_not() -> None:
    """A write whose answer was lost is asked again; two publishes never have the same serial."""
    records = Services().ports().records
    records.write(RECORD)

    records.write(RECORD)

    with pytest.raises(ConflictError):
        records.write(replace(RECORD, commit="beef"))


def test_more_than_the_state_remembers_comes_from_the_records(tmp_path: Path) -> None:
    """The newest first, without a gap; few cost no request beside the state's."""
    world = Services()
    for number in range(1, HISTORY + 6):
        run(make(tmp_path / str(number), booking("aaaaaaa", dock=f"Dock {number}"), commit=str(number)), world)
    ports = world.ports()

    few = releases(state_of(world), ports.records, most=5, progress=Silent())
    more = releases(state_of(world), ports.records, most=HISTORY + 3, progress=Silent())
    every = releases(state_of(world), ports.records, most=99, progress=Silent())

    newest = [str(number) for number in range(HISTORY + 5, 0, -1)]
    assert [line.commit for line in few] == newest[:5]
    assert [line.commit for line in more] == newest[: HISTORY + 3]
    assert [line.commit for line in every] == newest


def test_a_record_that_cannot_be_written_is_said_and_no_more(tmp_path: Path) -> None:
    """All was done and is known: who pushed it is not told that it failed, and there is nothing to take over."""
    world, folder, progress = Services(), make(tmp_path, booking("aaaaaaa")), Silent()
    world.step = lambda name: broken(name) if name == "before write record" else None

    done = run(folder, world, progress=progress)

    assert done.applied
    assert progress.warned == ["all is done; only its record is not written: the service is down"]
    assert (state_of(world).in_progress, state_of(world).history[0].broke_off) == (None, False)
    world.step = lambda _name: None
    assert run(folder, world).plan.actions == ()
    assert world.mails == ["aaaaaaa call crew-001", "aaaaaaa call crew-002"]


@pytest.mark.parametrize(
    "at", ["after update event", "before save state", "after save state", "before write record", "after write record"]
)
def test_history_tells_no_mail_twice_wherever_a_publish_is_killed(tmp_path: Path, at: str) -> None:
    """First the state, then the record: a record is of what is known to be done; it may be missing, and is never wrong.

    What the state tells and no record does is a gap that a booking's life names.
    """
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")
    run_killed(moved, world, at=at, number=2 if at.endswith("state") else 1)

    run(moved, world)

    life = life_of("aaaaaaa", state_of(world), world.ports().records, progress=Silent())
    told = [mail for moment in life.moments for mail in moment.deed.mailed]
    gaps = [mail for line in life.gaps for mail in range(line.counts.get("mailed", 0))]
    assert len(told) + len(gaps) == 2 * 3  # called, and told of the change: a captain and two of the crew
    assert len(world.mails) == 2 * 2  # the captain has none in this world
    assert [line.commit for line in life.gaps] == ([] if at == "after write record" else ["2"])
    assert len({record.serial for record in (moment.record for moment in life.moments)}) == len(life.moments)
