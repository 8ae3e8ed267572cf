"""The world after a death: is it the one in which nobody died?"""

from __future__ import annotations

import json
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from faults.calm import as_built
from support.projects import in_days

from castoff.contract.state import State
from publisher.folder import load_release
from publisher.planning.diff import diff

if TYPE_CHECKING:
    from crash.yard import Berth, Yard

    from publisher.folder import ReleaseFolder


def assert_as_if_nobody_died(yard: Yard, berth: Berth) -> None:
    """Assert that each thing of a booking is there once, as the last commit has it, and that the state knows it so."""
    witness, booking = yard.witness, berth.booking
    folder = load_release(yard.project.root / ".castoff" / "publish" / "local")
    last, before = berth.scenario.then(berth.follow_up), berth.scenario.before
    wanted = folder.release.bookings.get(booking)
    state = witness.state()
    known = state["bookings"].get(booking, {"event": None, "calendar": None})

    assert state["in_progress"] is None
    events, entries = witness.events(booking), witness.entries(booking)
    had_event = before.sails or last.sails or (berth.called and berth.scenario.change.sails)
    assert [event["status"] for event in events] == ([last.event] if had_event else []), events
    assert _known_event(known) == [(event["event_id"], event["status"]) for event in events], (known, events)
    has_entry = last.sails or berth.entered  # what is called off, and stands in no calendar, needs no entry there
    assert [entry["status"] for entry in entries] == ([last.entry] if last.entry and has_entry else []), entries
    assert bool(known["calendar"]) is bool(entries), (known, entries)
    if wanted is not None and wanted.event is not None and last.sails:
        assert {name: events[0][name] for name in wanted.event} == wanted.event, events
    if wanted is not None and wanted.calendar is not None and entries:
        assert {name: entries[0][name] for name in wanted.calendar} == wanted.calendar, entries
    left = diff(folder.release, State.from_json(json.dumps(state)), private=folder.private).actions
    assert left == (), left
    _assert_pages(yard, folder, booking, state)
    _assert_seen(yard, berth, state)
    assert bool([path for path in state["files"] if booking in path]) is (last.entry is not None)


def assert_told(yard: Yard, berth: Berth) -> None:
    """Assert that every change was mailed to each member whom it is for, once."""
    told, change, last = berth.told, berth.scenario.change, berth.scenario.then(berth.follow_up)
    due = told.after(change, last) if berth.called else told.after(last)
    starts = in_days(berth.day, hour=8)
    words = f", {starts:%a, %b} {starts.day}, "
    mails = [mail for mail in yard.witness.mails()[yard.heard :] if words in mail.subject]
    heard = Counter(f"{mail.subject.partition(':')[0]} {mail.to.partition('@')[0]}" for mail in mails)
    assert heard == due, f"mailed {dict(heard)}, due {dict(due)}"


def assert_nothing_to_do(yard: Yard) -> None:
    """Assert that a further publish asks for the state, and no more.

    But where whoever was taken over may still write, it looks whether they did, for as long as they could.
    """
    late = {path.partition("/")[2] for path in yard.witness.state()["late"]}
    ran = yard.publish()

    assert ran.code == 0, ran.err
    assert "nothing to do" in ran.err, ran.err
    asked = [call for turnstile in yard.turnstiles.values() for call in turnstile.passed]
    looks = [call for call in asked if call.startswith("HEAD ") and call.partition("/")[2].partition("/")[2] in late]
    assert len(asked) - len(looks) == 1, asked
    assert len(looks) == len(late), asked


def assert_whole(yard: Yard) -> None:
    """Assert that the sites are a build from nothing: each object of it, known to the state, and no other."""
    built = yard.build()
    folder, state = load_release(built), yard.witness.state()

    assert yard.witness.paths() == set(state["files"]) == set(folder.release.files)
    for path in state["files"]:
        _assert_object(yard, folder, path, state)


def _assert_pages(yard: Yard, folder: ReleaseFolder, booking: str, state: dict[str, Any]) -> None:
    for path, file in folder.release.files.items():
        if file.booking == booking or not (file.immutable or file.booking):
            _assert_object(yard, folder, path, state)


def _assert_object(yard: Yard, folder: ReleaseFolder, path: str, state: dict[str, Any]) -> None:
    etag, body = yard.witness.stored(path)
    assert as_built(body) == (folder.root / "public" / path).read_bytes(), f"{path} is not what was built"
    assert state["files"][path]["etag"] == etag, f"the state does not know {path} as it stands"


def _assert_seen(yard: Yard, berth: Berth, state: dict[str, Any]) -> None:
    """Assert that a guest sees what is stored, although a cache may have had what was there before."""
    path = f"guest{berth.seen_at}.html"
    seen = yard.witness.visit(berth.seen_at)
    if path in state["files"]:
        assert seen.text.encode() == yard.witness.stored(path)[1], (
            f"{berth.seen_at} shows something else: {seen.status}"
        )
    else:
        assert seen.status == HTTPStatus.NOT_FOUND, f"{berth.seen_at} is still seen"


def _known_event(known: dict[str, Any]) -> list[tuple[str, str]]:
    event = known["event"]
    return [(event["id"], event["status"])] if event else []
