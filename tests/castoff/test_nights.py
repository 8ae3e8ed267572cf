"""A season of nights: one commit, published night after night; each night does what its instants need, and no more."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from support.broken import run_killed, state_of
from support.worlds import Line, Services, Silent

from castoff.fleet.settings import Addresses
from castoff.wishes import Wishes
from castoff.writing import build_into
from publisher.folder import ReleaseFolder, load_release
from publisher.planning.ancestry import instant_after
from publisher.publish import Done, Terms, publish

if TYPE_CHECKING:
    from castoff.contract.state import State

BASE: Final = Path(__file__).resolve().parents[1] / "invalid" / "_base"
ZONE: Final = ZoneInfo("America/Los_Angeles")
FIRST: Final = datetime(2024, 5, 20, 3, tzinfo=ZONE)
_GUEST, _CREW = "g/lark-guest-a7kq4wt", "g/a7kq4wt-crew"
NIGHTS: Final = {
    11: [f"{_CREW}.html body changed", f"{_GUEST}.html body changed"],  # the day before
    12: [f"{_GUEST}.html body changed"],  # the day itself: the window for photos has opened
    13: [f"{_CREW}.html body changed", f"{_GUEST}.html body changed"],  # it is over
    19: [f"{_CREW}.html form expires", f"{_GUEST}.html form expires"],
    25: [f"{_CREW}.html form expires", f"{_GUEST}.html form expires"],
    27: [f"{_CREW}.html body changed", f"{_GUEST}.html body changed"],  # the window has closed
    43: [
        f"{page} retention passed"
        for page in (f"{_CREW}.html", f"{_CREW}.ics", "g/a7kq4wt.html", f"{_GUEST}.html", f"{_GUEST}.ics")
    ],
}
"""What a night does to the charter's own pages, by nights since it was first published; on all others nothing."""
_SERIAL: Final = re.compile(rb"castoff:serial:\d+")
_FORM: Final = re.compile(
    rb"<form id=.*?</form>|https://uploads\.example\.com|<!--castoff:slot [a-z0-9-]+-->", re.DOTALL
)


@dataclass
class Operator:
    """A project of one charter, the world in memory that it is published to, and somebody who builds for an instant."""

    root: Path
    out: Path
    world: Services
    commit: str = "1"

    def build(self, state: State, at: datetime, *, out: str = "release") -> ReleaseFolder:
        """Build on what was published."""
        wishes = Wishes(
            target="local",
            clock=instant_after(state.as_of, at),
            commit=self.commit,
            prior=state.bookings,
            publishing=True,
            addresses=Addresses(guest="https://guest.example.com", ops="https://ops.example.com"),
        )
        made, problems = build_into(self.out / out, self.root, wishes)
        assert made is not None, problems
        return load_release(self.out / out)

    def publish(self, at: datetime) -> Done:
        """Publish at an instant, by a clock that shows it."""
        self.world.clock.time = at.timestamp()
        terms = Terms(commits=Line(), confirm=lambda _plan: True)
        return publish(lambda state: self.build(state, at), self.world.ports(), terms=terms, progress=Silent())

    def clean(self, at: datetime) -> dict[str, bytes]:
        """Return what a clean build on what is known would have written, by path, whichever forms are in it."""
        state = state_of(self.world)
        known = replace(state, bookings={key: replace(one, input="") for key, one in state.bookings.items()})
        folder = self.build(known, at, out="clean")
        return {path: _plain(folder.body(file)) for path, file in folder.release.files.items()}


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Return an operator with one charter on June 1, first published twelve days before."""
    root = tmp_path / "project"
    shutil.copytree(BASE, root)
    with (root / "castoff.yaml").open("a", encoding="utf-8") as settings:
        settings.write("retention: {pages: 30d after end}\ntargets:\n  local: {embedded: true}\n")
    found = Operator(root, tmp_path, Services())
    found.publish(FIRST)
    return found


def test_each_night_of_a_season_does_what_its_instants_need(operator: Operator) -> None:
    """From the first publish until nothing is left: pages as a clean build's, forms alive, never a mail or a call."""
    world, told = operator.world, dict[int, list[str]]()
    mails, events = list(world.mails), dict(world.events)

    for night in range(1, 60):
        at = FIRST + timedelta(days=night)
        plan = operator.publish(at).plan
        told[night] = [f"{one.key} {one.reason}" for one in plan.actions if getattr(one, "booking", None)]
        others = {one.subject for one in plan.actions if not getattr(one, "booking", None)}
        assert others <= {"ops/ops/index.html", *(one for one in others if one.startswith(("guest, ", "ops, ")))}, night
        _assert_true(operator, at)
        world.calls.clear()
        operator.publish(at)
        assert world.calls == ["load state"], night

    assert {night: what for night, what in told.items() if what} == NIGHTS
    assert (world.mails, world.events) == (mails, events)
    assert world.entries.keys() == events.keys()
    assert not [path for path in world.objects_at if path.startswith("guest/g/")]


@pytest.mark.parametrize("first", ["night", "push"])
def test_a_night_and_a_push_may_come_in_any_order(operator: Operator, first: str) -> None:
    """A push that is built for earlier than the night which is live does not take the pages back in time."""
    world = operator.world
    night = datetime(2024, 6, 1, 0, 5, tzinfo=ZONE)
    push = night - timedelta(minutes=10)
    booking = next((operator.root / "bookings").glob("*.yaml"))

    def pushed() -> None:
        booking.write_text(booking.read_text("utf-8") + "requests: one guest uses a cane\n", "utf-8")
        operator.commit = "2"
        operator.publish(push)

    for step in (
        (lambda: operator.publish(night), pushed) if first == "night" else (pushed, lambda: operator.publish(night))
    ):
        step()

    _assert_true(operator, night)
    assert len(world.mails) == len(set(world.mails))
    assert operator.publish(night).plan.actions == ()


def test_a_night_that_breaks_off_is_done_by_the_next(operator: Operator) -> None:
    """Killed in the middle of its pages, nothing is lost, and the day after has everything as it should be."""
    night = datetime(2024, 6, 1, 3, tzinfo=ZONE)
    operator.world.clock.time = night.timestamp()
    mails = list(operator.world.mails)
    folder = operator.build(state_of(operator.world), night)
    run_killed(folder, operator.world, at="after put guest/g/")

    operator.publish(night + timedelta(days=1))

    _assert_true(operator, night + timedelta(days=1))
    assert operator.world.mails == mails


def test_an_instant_far_ahead_holds_nothing_there(operator: Operator) -> None:
    """Published for another year by mistake, the site comes back with the next night, and what was removed is there."""
    before = {path: _plain(body) for path, (body, _) in operator.world.objects_at.items()}
    operator.publish(FIRST + timedelta(days=365))
    assert not [path for path in operator.world.objects_at if path.startswith("guest/g/")]

    operator.publish(FIRST + timedelta(minutes=5))

    assert {path: _plain(body) for path, (body, _) in operator.world.objects_at.items()} == before


def _assert_true(operator: Operator, at: datetime) -> None:
    """Assert that state, world and a clean build are one."""
    world, state = operator.world, state_of(operator.world)
    assert {path: file.etag for path, file in state.files.items()} == {
        path: etag for path, (_, etag) in world.objects_at.items()
    }
    assert {path: _plain(body) for path, (body, _) in world.objects_at.items()} == operator.clean(at)
    known = {key for key, one in state.bookings.items() if one.event}
    assert known == world.events.keys()
    assert state.in_progress is None


def _plain(body: bytes) -> bytes:
    """Return a page without what each publish fills in: its serial, its forms and where they go."""
    body = _SERIAL.sub(b"castoff:serial:0", body).replace(
        b"https://castoff-slot.invalid", b"https://uploads.example.com"
    )
    return _FORM.sub(b"", body)
