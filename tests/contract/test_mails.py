"""Who is mailed about a charter: the rule, row by row."""

from __future__ import annotations

from typing import Final

import pytest

from castoff.contract.mails import Aboard, Kind, Mail, mails, members_of

SAILS: Final = Aboard(("cap", "one", "two"), sails=True)
OFF: Final = Aboard(("cap", "one", "two"), sails=False)


FIELDS: Final = ("call_time", "captain_id", "date", "dock", "duration_hours", "event_name")


def _all(kind: Kind) -> list[Mail]:
    return [(member, kind) for member in SAILS.members]


TABLE: Final[list[tuple[str, Aboard | None, Aboard, set[str], list[Mail]]]] = [
    ("a new charter", None, SAILS, set(), _all(Kind.CALL)),
    ("a new charter that is off", None, OFF, set(), []),
    ("nothing", SAILS, SAILS, set(), []),
    ("what nobody is told of", SAILS, SAILS, {"notes", "guest_count", "crew_page", "forecast"}, []),
    *((f"another {field}", SAILS, SAILS, {field, "notes"}, _all(Kind.CHANGED)) for field in FIELDS),
    ("called off", SAILS, OFF, {"date"}, _all(Kind.CANCELLED)),
    ("off, and others named", OFF, Aboard(("new",), sails=False), {"crew_ids"}, []),
    ("back on", OFF, SAILS, set(), _all(Kind.REINSTATED)),
    (
        "back on with another crew",
        OFF,
        Aboard(("cap", "new"), sails=True),
        {"crew_ids"},
        [("cap", Kind.REINSTATED), ("new", Kind.CALL)],
    ),
    (
        "one for another",
        SAILS,
        Aboard(("cap", "new", "two"), sails=True),
        {"crew_ids"},
        [("new", Kind.CALL), ("one", Kind.NOT_NEEDED)],
    ),
    (
        "one for another, and later",
        SAILS,
        Aboard(("cap", "new"), sails=True),
        {"crew_ids", "date"},
        [("cap", Kind.CHANGED), ("new", Kind.CALL), ("one", Kind.NOT_NEEDED), ("two", Kind.NOT_NEEDED)],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "changed", "told"), [row[1:] for row in TABLE], ids=[row[0].replace(" ", "-") for row in TABLE]
)
def test_who_is_told_what(before: Aboard | None, after: Aboard, changed: set[str], told: list[Mail]) -> None:
    """Those who stay hear of their time, dock, boat and captain alone; who joins is called, who leaves is told."""
    assert list(mails(before, after, changed=changed)) == told


@pytest.mark.parametrize(
    ("payload", "members"),
    [
        ({"captain_id": "cap", "crew_ids": ["one", "cap", "one"]}, ("cap", "one")),
        ({"captain_id": "", "crew_ids": []}, ()),
        ({}, ()),
    ],
    ids=["each-once", "nobody", "nothing-said"],
)
def test_members_come_captain_first_and_each_once(payload: dict[str, object], members: tuple[str, ...]) -> None:
    """Whoever is named twice works once, and an event that names nobody mails nobody."""
    assert members_of(payload) == members
