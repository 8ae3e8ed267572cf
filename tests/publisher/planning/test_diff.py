"""The difference between a release and the published state: the table is the specification."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.releases import booking, make

from castoff.contract.document import digest
from castoff.contract.state import PublishedBooking, PublishedEvent, PublishedFile, State
from publisher.errors import PublishError
from publisher.events import event_fields
from publisher.planning.diff import calendar_digest, diff, removed_bookings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publisher.folder import ReleaseFolder

KEY = "aaaaaaa"
PAGE = f"guest/g/{KEY}-guest.html"


def published(folder: ReleaseFolder) -> State:
    """Return the state in which a release is true."""
    release = folder.release
    return State(
        serial=1,
        target=release.target,
        commit=release.commit,
        files={
            path: PublishedFile(file.sha256, '"e"', file.headers, None, None, file.booking, file.size)
            for path, file in release.files.items()
        },
        bookings={
            wanted.id: PublishedBooking(
                input=wanted.input,
                status=wanted.status,
                ends=wanted.ends,
                event=PublishedEvent(
                    f"e-{wanted.id}",
                    1,
                    "cancelled" if wanted.status == "cancelled" else "scheduled",
                    event_fields(wanted.event or {}),
                ),
                calendar=calendar_digest(wanted, folder.private),
                carry=wanted.carry,
                facts=wanted.facts,
            )
            for wanted in release.bookings.values()
        },
        crew={member.id: digest(member.to_json()) for member in release.crew.values()},
    )


def changed(state: State, **fields: Any) -> State:
    """Return the state with the booking's record changed."""
    return replace(state, bookings={KEY: replace(state.bookings[KEY], **fields)})


def words(folder: ReleaseFolder, state: State) -> list[tuple[str, str, str]]:
    """Return a plan as its printed columns."""
    plan = diff(folder.release, state, private=folder.private)
    return [(action.verb, action.subject, action.reason.value) for action in plan.actions]


def _event(status: str, **fields: str) -> PublishedEvent:
    known = event_fields(booking(KEY).event or {})
    return PublishedEvent(f"e-{KEY}", 1, status, known | fields)


def _file(state: State, **fields: Any) -> State:
    return replace(state, files=dict(state.files) | {PAGE: replace(state.files[PAGE], **fields)})


INVALIDATE = ("invalidate", "guest, 2 paths", "pages changed")
TABLE: list[tuple[str, Callable[[State], State], list[tuple[str, str, str]]]] = [
    ("nothing differs", lambda state: state, []),
    ("a body", lambda state: _file(state, sha256="0"), [("put", PAGE, "body changed"), INVALIDATE]),
    ("a header", lambda state: _file(state, sha256="0", headers="x"), [("put", PAGE, "headers changed"), INVALIDATE]),
    (
        "an object that nobody knows",
        lambda state: _file(state, sha256=None),
        [("put", PAGE, "not known since a publish broke off"), INVALIDATE],
    ),
    ("no event", lambda state: changed(state, event=None), [("create event", KEY, "new")]),
    (
        "a field of the event",
        lambda state: changed(state, event=_event("scheduled", dock="x")),
        [("update event", f"{KEY} (dock)", "changed")],
    ),
    (
        "a cancelled event",
        lambda state: changed(state, event=_event("cancelled", dock="x")),
        [("update event", f"{KEY} (status, dock)", "booking reinstated")],
    ),
    ("no entry", lambda state: changed(state, calendar=None), [("put calendar", KEY, "new")]),
    ("another entry", lambda state: changed(state, calendar="x"), [("put calendar", KEY, "changed")]),
    (
        "an entry that nobody knows",
        lambda state: changed(state, calendar=""),
        [("put calendar", KEY, "not known since a publish broke off")],
    ),
    (
        "a member who changed",
        lambda state: replace(state, crew=dict(state.crew) | {"crew-001": "x"}),
        [("put crew member", "crew-001", "changed")],
    ),
    (
        "a member who left",
        lambda state: replace(state, crew=dict(state.crew) | {"crew-009": "x"}),
        [("delete crew member", "crew-009", "left the crew")],
    ),
    (
        "an object of no booking",
        lambda state: replace(state, files=dict(state.files) | {"guest/castoff/old.css": PublishedFile("0", '"e"')}),
        [
            ("delete", "guest/castoff/old.css", "no longer part of the site"),
            ("invalidate", "guest, 1 path", "pages changed"),
        ],
    ),
]


@pytest.mark.parametrize(("description", "change", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_difference(
    tmp_path: Path,
    description: str,
    change: Callable[[State], State],
    expected: list[tuple[str, str, str]],
) -> None:
    """Each difference is its actions with their reason, and nothing besides."""
    folder = make(tmp_path, booking(KEY))

    assert words(folder, change(published(folder))) == expected, description


def test_planning_twice_is_planning_once(tmp_path: Path) -> None:
    """The same release against the same state is the same plan, digest and all."""
    folder = make(tmp_path, booking(KEY))

    first, second = (diff(folder.release, State(), private={}) for _ in range(2))

    assert (first, first.digest) == (second, second.digest)


def test_money_is_in_no_plan_but_decides(tmp_path: Path) -> None:
    """Other figures for the calendar are a reason to write it again; the plan looks the same for all figures."""
    one = make(tmp_path / "1", booking(KEY), private={KEY: {"revenue": "840.75"}})
    other = make(tmp_path / "2", booking(KEY), private={KEY: {"revenue": "123.45"}})

    assert words(other, published(one)) == [("put calendar", KEY, "changed")]
    assert diff(one.release, State(), private=one.private) == diff(other.release, State(), private=other.private)


def test_reused_booking_keeps_its_files(tmp_path: Path) -> None:
    """A booking that the release names by its digest is left as the state has it."""
    state = published(make(tmp_path / "1", booking(KEY)))
    folder = make(tmp_path / "2", reused={KEY: booking(KEY).input})

    assert [row for row in words(folder, state) if KEY in row[1]] == []


def test_reused_booking_that_the_state_lacks_is_refused(tmp_path: Path) -> None:
    """Reuse is proven, never guessed."""
    state = published(make(tmp_path / "1", booking(KEY)))
    folder = make(tmp_path / "2", reused={KEY: "another digest"})

    with pytest.raises(PublishError, match=f"reuses booking `{KEY}`"):
        diff(folder.release, state, private={})


def test_what_has_ended_or_was_cancelled_may_vanish(tmp_path: Path) -> None:
    """Only a booking still to come counts as removed."""
    keys = {"aaaaaaa": {}, "bbbbbbb": {"ends": "2024-05-01T00:00:00-07:00"}, "ccccccc": {"status": "cancelled"}}
    state = published(make(tmp_path / "1", *(booking(key, **fields) for key, fields in keys.items())))

    assert removed_bookings(make(tmp_path / "2").release, state) == ["aaaaaaa"]


@pytest.mark.parametrize(
    ("description", "sent", "told", "same"),
    [
        ("another offset", "2024-05-30T09:00:00-07:00", "2024-05-30T16:00:00Z", True),
        ("no seconds", "2024-05-30T09:00:00-07:00", "2024-05-30T09:00-07:00", True),
        ("another instant", "2024-05-30T09:00:00-07:00", "2024-05-30T09:00:00Z", False),
        ("no offset, so nobody knows", "2024-05-30T09:00:00-07:00", "2024-05-30T09:00:00", False),
        ("a decimal point", 3, 3.0, True),
        ("a text that begins like one", "2024-05-30T09:00 sharp", "2024-05-30T09:00 Sharp", False),
    ],
)
def test_field_is_the_same_however_a_service_writes_it(description: str, sent: Any, told: Any, *, same: bool) -> None:
    """Else each publish would send it anew, and foretell a mail to everyone."""
    assert (event_fields({"a": sent}) == event_fields({"a": told})) is same, description
