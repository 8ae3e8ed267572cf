"""Marks: a repair says of each action that it mends, and of none that would be there without it."""

from __future__ import annotations

from typing import Final

import pytest

from castoff.contract.facts import FactChange
from castoff.contract.plan import About, CancelEvent, Delete, Plan, Put, Reason, UpdateEvent
from castoff.contract.release import Site
from publisher.planning.marks import Marks

KEY: Final = "aaaaaaa"
UNDONE: Final = FactChange("dock", "Shelter Island", "Sheraton Marina")
HIDDEN: Final = FactChange("dock", "mark:1", "mark:2")
MOVED: Final = FactChange("dock", "Sheraton Marina", "Fuel Dock")
NOTED: Final = FactChange("notes", "mark:3", "mark:4")


def retold(*actions: Put | Delete | UpdateEvent | CancelEvent, about: About, by_hand: FactChange = UNDONE) -> Plan:
    """Return a plan all of whose actions are about what somebody touched."""
    plan = Plan(target="test", commit="1", serial=1, actions=actions, about={KEY: about})
    files = {action.subject for action in actions}
    return Marks(Reason.DRIFTED, files, {KEY}, {KEY}, changes={KEY: (by_hand,)}).retold(plan)


def update(*fields: str) -> UpdateEvent:
    """Return an update of the crew call that sends these fields."""
    return UpdateEvent(KEY, "e", fields, Reason.FIELDS_CHANGED, "0" * 64)


@pytest.mark.parametrize(
    ("by_hand", "changes", "mended"),
    [
        pytest.param(UNDONE, (), (UNDONE,), id="by hand"),
        pytest.param(HIDDEN, (), (HIDDEN,), id="by hand, and not shown"),
        pytest.param(HIDDEN, (NOTED,), (HIDDEN,), id="by hand, and another in the file"),
        pytest.param(HIDDEN, (MOVED,), (), id="by hand and in the file, which says what of"),
    ],
)
def test_the_fact_that_says_most_is_told(
    by_hand: FactChange, changes: tuple[FactChange, ...], mended: tuple[FactChange, ...]
) -> None:
    """That a field was touched hides nothing of what the file says of it."""
    about = About("Jada", "confirmed", "confirmed", changes)

    plan = retold(update("dock", "notes"), about=about, by_hand=by_hand)

    assert plan.about[KEY].mended == mended


@pytest.mark.parametrize(
    "action", [CancelEvent(KEY, "e", Reason.CANCELLED), update("notes")], ids=["called off", "notes"]
)
def test_what_is_not_put_back_is_not_told_as_mended(action: CancelEvent | UpdateEvent) -> None:
    """A call that is called off, or told of something else, brings no dock back."""
    plan = retold(action, about=About("Jada", "cancelled", "confirmed"))

    assert plan.about[KEY].mended == ()


def test_what_goes_keeps_its_reason() -> None:
    """A page at a former slug, or past retention, goes whether somebody touched it or not."""
    put = Put(Site.GUEST, "g/x.html", Reason.BODY_CHANGED, "0" * 64, 1, KEY)
    deletes = [Delete(Site.GUEST, f"g/{reason}.html", reason, KEY) for reason in (Reason.RETIRED, Reason.RETENTION)]

    plan = retold(put, *deletes, about=About("Jada", "confirmed", "confirmed"))

    assert [action.reason for action in plan.actions] == [Reason.DRIFTED, Reason.RETIRED, Reason.RETENTION]
