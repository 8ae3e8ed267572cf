"""What becomes of a booking: of everything that a publish does to it the weightiest, and the same word everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from support.broken import run
from support.releases import booking, make
from support.worlds import Services

from castoff.contract.facts import FactChange
from castoff.contract.plan import (
    About,
    CreateEvent,
    Delete,
    DeleteCalendar,
    Put,
    PutCalendar,
    Reason,
    UpdateEvent,
)
from castoff.contract.release import Site
from publisher.errors import PublishError
from publisher.fates import LIVED, Fate, fate_of
from publisher.looks import Look
from publisher.telling.grouped import grouped

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.plan import Action

KEY: Final = "aaaaaaa"
MOVED: Final = (FactChange("starts", "2024-05-30 09:00", "2024-05-30 10:00"),)
GUEST_PAGE: Final = f"guest/g/{KEY}-guest.html"


def put(reason: Reason) -> Put:
    """Return the writing of the guest page."""
    return Put(Site.GUEST, f"g/{KEY}-guest.html", reason, "0" * 64, 1, KEY)


def gone(name: str, reason: Reason) -> Delete:
    """Return the going of one of its objects."""
    return Delete(Site.GUEST, f"g/{name}", reason, KEY)


def event(reason: Reason) -> UpdateEvent:
    """Return a change of the crew call."""
    return UpdateEvent(KEY, "e", ("dock",), reason, "0" * 64)


def entry(reason: Reason) -> PutCalendar:
    """Return the writing of the calendar entry."""
    return PutCalendar(KEY, reason, "0" * 64)


NEW: Final = [put(Reason.NEW), CreateEvent(KEY, Reason.NEW, "0" * 64), entry(Reason.NEW)]
SAILS: Final = {"status": "confirmed", "was": "confirmed"}
TABLE: Final[list[tuple[str, dict[str, str], tuple[FactChange, ...], list[Action], Fate]]] = [
    ("first published", {"status": "confirmed"}, (), NEW, Fate.NEW),
    ("first published when it is cancelled already", {"status": "cancelled"}, (), NEW[:1], Fate.NEW),
    ("removed before it was ever whole", {"status": "removed"}, (), [gone("x.html", Reason.REMOVED)], Fate.REMOVED),
    ("removed", {"status": "removed", "was": "confirmed"}, (), [DeleteCalendar(KEY, Reason.REMOVED)], Fate.REMOVED),
    ("removed, and cancelled long ago", {"status": "removed", "was": "cancelled"}, (), [], Fate.REMOVED),
    ("a draft again", {"status": "draft", "was": "confirmed"}, (), [], Fate.WITHDRAWN),
    ("on hold before it was ever whole", {"status": "hold"}, (), [], Fate.WITHDRAWN),
    ("cancelled", {"status": "cancelled", "was": "confirmed"}, MOVED, [], Fate.CANCELLED),
    ("back from hold", {"status": "confirmed", "was": "removed"}, MOVED, [], Fate.REINSTATED),
    ("back, and cancelled", {"status": "cancelled", "was": "removed"}, (), [put(Reason.NEW)], Fate.CANCELLED),
    ("cancelled, and its page is other", {"status": "cancelled", "was": "cancelled"}, (),
     [put(Reason.BODY_CHANGED)], Fate.REWRITTEN),
    ("moved", SAILS, MOVED, [put(Reason.BODY_CHANGED), event(Reason.FIELDS_CHANGED)], Fate.CHANGED),
    ("moved, and its page was changed by hand", SAILS, MOVED, [put(Reason.DRIFTED)], Fate.CHANGED),
    ("a note for the dashboard alone", SAILS, (), [entry(Reason.FIELDS_CHANGED)], Fate.CHANGED),
    ("a crew call that a broken publish left", SAILS, (), [event(Reason.UNKNOWN)], Fate.CHANGED),
    ("a link that somebody has dies", SAILS, (), [gone("memorial-day.html", Reason.RETIRED)], Fate.CHANGED),
    ("a calendar file that no layout makes any more", SAILS, (), [gone("x.ics", Reason.RETIRED)], Fate.REWRITTEN),
    ("its page was changed by hand", SAILS, (), [put(Reason.DRIFTED)], Fate.MENDED),
    ("its event was, and a layout is new", SAILS, (), [event(Reason.DRIFTED), put(Reason.BODY_CHANGED)], Fate.MENDED),
    ("a new layout", SAILS, (), [put(Reason.BODY_CHANGED), put(Reason.FORM_EXPIRES)], Fate.REWRITTEN),
    ("a page more for each booking", SAILS, (), [put(Reason.NEW)], Fate.REWRITTEN),
    ("its forms run out", SAILS, (), [put(Reason.FORM_EXPIRES), put(Reason.FORM_RENEWED)], Fate.RENEWED),
    ("retention passed", SAILS, (), [gone("memorial-day.html", Reason.RETENTION)], Fate.RETIRED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "changes", "actions", "fate"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_becomes_of_a_booking(
    status: dict[str, str], changes: tuple[FactChange, ...], actions: list[Action], fate: Fate
) -> None:
    """Only what is there is new, only what has no file any more is removed; the weightiest of all is told."""
    about = About("Jada, 2024-05-30 09:00", status["status"], status.get("was", ""), changes, GUEST_PAGE)

    assert fate_of(about, actions) is fate


def test_every_fate_has_its_words() -> None:
    """In a booking's life, too."""
    assert LIVED.keys() == {*Fate}


@pytest.mark.parametrize(
    ("moved", "by_hand", "fate"),
    [
        pytest.param(True, True, Fate.CHANGED, id="moved, and changed by hand"),
        pytest.param(False, True, Fate.MENDED, id="changed by hand"),
        pytest.param(True, False, Fate.CHANGED, id="moved"),
    ],
)
def test_history_says_what_the_plan_said(tmp_path: Path, fate: Fate, *, moved: bool, by_hand: bool) -> None:
    """Whoever said yes to a plan finds in history what they said yes to."""
    world = Services()
    run(make(tmp_path / "1", booking(KEY)), world)
    if by_hand:
        world.objects_at.pop(GUEST_PAGE)
    dock = {"dock": "Fuel Dock"} if moved else {}

    done = run(make(tmp_path / "2", booking(KEY, **dock), commit="2"), world, look=Look.REPAIR)

    assert done.record is not None
    assert {**grouped(done.plan).fates} == {fate.value: 1}
    assert done.record.bookings[KEY].fate is fate


@pytest.mark.parametrize("at", ["before put guest/", "before cancel event", "after cancel event", "before put entry"])
def test_a_cancellation_that_broke_off_is_one_still(tmp_path: Path, at: str) -> None:
    """However far the publish before it came, whoever reads plan, history or the guest's message reads of it."""
    world = Services()
    run(make(tmp_path / "1", booking(KEY)), world)
    folder = make(tmp_path / "2", booking(KEY, status="cancelled"), commit="2")

    def refuse(name: str) -> None:
        if name.startswith(at):
            raise PublishError("no", hint="wait")

    world.step = refuse
    with pytest.raises(PublishError):
        run(folder, world)
    world.step = lambda _name: None
    done = run(folder, world)

    assert done.record is not None
    assert {**grouped(done.plan).fates} == {"cancelled": 1}
    assert done.record.bookings[KEY].fate is Fate.CANCELLED
