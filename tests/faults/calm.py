"""The world after a fault: is it the one that would be without?"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from support.projects import in_days
from support.witness import without_serial

from castoff.contract.slots import ORIGIN_MARK
from castoff.contract.state import State
from publisher.folder import load_release
from publisher.planning.diff import diff

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from faults.bay import Bay
    from faults.scenes import Scene

_FORM: Final = re.compile(
    rb'<form id="([a-z0-9-]+)" action="(https?://[^/"]+)[^"]*" method="post".*?</form>', re.DOTALL
)


def assert_as_without(bay: Bay, scene: Scene, booking: str, *, day: int, built: Path) -> None:
    """Assert that services, buckets and state hold of a booking what a build from nothing says, each thing once."""
    witness = bay.witness
    release = load_release(built)
    wanted = release.release.bookings.get(booking)

    events, entries, told = witness.events(booking), witness.entries(booking), _told(bay, day)
    assert [event["status"] for event in events] == [scene.event], events
    assert [entry["status"] for entry in entries] == ([scene.entry] if scene.entry else []), entries
    assert told == sorted(kind.replace("{booking}", booking) for kind in scene.told), told
    if wanted is not None and wanted.event is not None and scene.event == "scheduled":
        assert {name: events[0][name] for name in wanted.event} == wanted.event, events
    if wanted is not None and wanted.calendar is not None:
        assert {name: entries[0][name] for name in wanted.calendar} == wanted.calendar, entries

    state = witness.state()
    assert state["in_progress"] is None
    left = diff(release.release, State.from_json(json.dumps(state)), private=release.private).actions
    assert left == (), left
    pages = {path for path in state["files"] if booking in path}
    assert bool(pages) is scene.pages
    assert_objects(bay, state, pages, built=built)
    assert bay.witness.visit(f"/g/jada-guest-{booking}").status == (200 if scene.pages else 404)


def assert_objects(bay: Bay, state: dict[str, Any], paths: Iterable[str], *, built: Path) -> None:
    """Assert that objects are those of a build, byte for byte but for serial and forms, under the state's ETags."""
    for path in paths:
        etag, body = bay.witness.stored(path)
        assert as_built(body) == (built / "public" / path).read_bytes(), path
        assert state["files"][path]["etag"] == etag, path


def as_built(body: bytes) -> bytes:
    """Return a page as it was built: neither serial nor form."""
    form = _FORM.search(body)
    if form is not None:
        body = _FORM.sub(rb"<!--castoff:slot \1-->", body).replace(form[2], ORIGIN_MARK.encode())
    return without_serial(body)


def _told(bay: Bay, day: int) -> list[str]:
    """Return of each mail about a day's charter what kind it is and to whom."""
    words = f", {in_days(day, hour=8):%a, %b} {in_days(day, hour=8).day}, "
    mails = [mail for mail in bay.witness.mails() if words in mail.subject]
    return sorted(f"{mail.subject.partition(':')[0]} {mail.to.partition('@')[0]}" for mail in mails)
