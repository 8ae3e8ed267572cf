"""Files, state and what was seen, side by side: each way in which they may differ, with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from castoff.contract.release import Booking, File, Release, Site
from castoff.contract.state import (
    Holder,
    InProgress,
    Intents,
    PublishedBooking,
    PublishedEvent,
    PublishedFile,
    State,
)
from publisher.events import event_fields
from publisher.fence.unlock import Lock, lock_on
from publisher.folder import ReleaseFolder
from publisher.planning.diff import calendar_digest
from publisher.ports import Loaded
from publisher.seen import Part, Seen, Shown
from publisher.survey.compare import Comparison, Wanted, compare, looked_up

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 5, 28, 19, 0, tzinfo=UTC)
ENDS = "2024-05-30T12:00:00-07:00"
EVENT = {"booking_id": "xhqgmdh", "dock": "Sheraton Marina", "duration_hours": 3, "crew_ids": ["crew-001"]}
ENTRY = {
    "booking_id": "xhqgmdh",
    "date": "2024-05-30",
    "starts": "2024-05-30T09:00:00-07:00",
    "title": "Jada",
    "crew": [],
}
MONEY = {"revenue": "840.75", "captain_fee": 150.0}
GUEST, CREW = "guest/g/jada.html", "guest/g/xhqgmdh-crew.html"
MAIL = {"mail_id": "m1", "kind": "invited", "member_id": "crew-001", "since": "2024-05-28T12:00:00-07:00"}

BOOKING = Booking(
    id="xhqgmdh",
    status="confirmed",
    input="i",
    ends=ENDS,
    next=None,
    guest_url="https://queenofsandiego.com/g/jada",
    crew_url="",
    event=EVENT,
    calendar=ENTRY,
)


def folder(*bookings: Booking, files: bool = True, **private: Any) -> ReleaseFolder:
    """Return what the files want."""
    paths = (GUEST, CREW) if files else ()
    found = {
        path: File(Site.GUEST, path.partition("/")[2], "s", 1, "text/html", "no-store", "xhqgmdh") for path in paths
    }
    release = Release(
        "castoff",
        "local",
        "c0ffee",
        NOW.isoformat(),
        NOW.isoformat(),
        found,
        {},
        {booking.id: booking for booking in bookings},
    )
    return ReleaseFolder(None, release, dict(private))  # type: ignore[arg-type]  # no body is asked for


def state(booking: PublishedBooking | None = None, **files: PublishedFile) -> State:
    """Return what was published."""
    settled = booking or PublishedBooking(
        input="i",
        status="confirmed",
        ends=ENDS,
        event=PublishedEvent("ev-1", 1, "scheduled", event_fields(EVENT)),
        calendar=calendar_digest(BOOKING, {}),
    )
    written = {path: PublishedFile("s", f'"{path}"', booking="xhqgmdh", headers="h") for path in (GUEST, CREW)}
    return State(serial=3, commit="c0ffee", files={**written, **files}, bookings={"xhqgmdh": settled})


def seen(**other: Any) -> Seen:
    """Return all of it as it should be, with parts exchanged."""
    well = Seen(
        objects={path: f'"{path}"' for path in (GUEST, CREW)},
        pages={"xhqgmdh": Shown.LIVE},
        events={"xhqgmdh": {**EVENT, "event_id": "ev-1", "revision": 1, "status": "scheduled"}},
        entries={"xhqgmdh": {**ENTRY, "revision": 1, "updated": NOW.isoformat()}},
        mails={"xhqgmdh": ({**MAIL, "state": "sent"},)},
    )
    return replace(well, **other)


def compared(found: Seen, *, wanted: ReleaseFolder | None = None, published: State | None = None) -> Comparison:
    """Compare one booking."""
    return compare(Wanted(wanted or folder(BOOKING)), published or state(), found, bookings=["xhqgmdh"], now=NOW)


def told(found: Comparison) -> list[str]:
    """Return the differences of the one booking."""
    return [f"{one.part}: {one.words}" for one in found.rows[0].differences]


def event(**other: Any) -> dict[str, Any]:
    """Return what ShipCaptainCrew has, with fields exchanged."""
    return {"xhqgmdh": {**EVENT, "event_id": "ev-1", "revision": 2, "status": "scheduled", **other}}


def entry(**other: Any) -> dict[str, Any]:
    """Return what the dashboard has, with fields exchanged."""
    return {"xhqgmdh": {**ENTRY, "revision": 2, "updated": "", **other}}


def mails(**other: Any) -> dict[str, Any]:
    """Return one mail, with fields exchanged."""
    return {"xhqgmdh": ({**MAIL, **other},)}


AGO = {minutes: (NOW - timedelta(minutes=minutes)).isoformat() for minutes in (1, 5, 29, 31, 300)}
CLAIMED = "mail: invited to crew-001 was claimed and never confirmed: `castoff mail` says what to do"

SEEN: list[tuple[str, dict[str, Any], list[str]]] = [
    ("as it should be", {}, []),
    ("a number with a point", {"events": event(duration_hours=3.0)}, []),
    (
        "an instant in another zone",
        {"entries": entry(starts="2024-05-30T16:00:00+00:00")},
        [],
    ),
    ("a field that the dashboard leaves out when it is empty", {"entries": entry(crew=None)}, []),
    (
        "an edited event",
        {"events": event(dock="Elsewhere")},
        ["event: changed in ShipCaptainCrew by hand: dock Sheraton Marina → Elsewhere"],
    ),
    (
        "an event cancelled by hand",
        {"events": event(status="cancelled")},
        ["event: cancelled in ShipCaptainCrew by hand, published as scheduled"],
    ),
    ("no event any more", {"events": {}}, ["event: event ev-1 is gone from ShipCaptainCrew"]),
    ("another event", {"events": event(event_id="ev-2")}, ["event: it is ev-2, and ev-1 was published"]),
    ("an edited entry", {"entries": entry(title="Mine")}, ["calendar: changed in the dashboard by hand: title"]),
    (
        "money added by hand",
        {"entries": entry(finance={"revenue": 1})},
        ["calendar: changed in the dashboard by hand: finance"],
    ),
    ("no entry any more", {"entries": {}}, ["calendar: the entry is gone from the dashboard"]),
    (
        "a page kept by CloudFront",
        {"pages": {"xhqgmdh": Shown.OTHER}},
        ["page: the site shows an older page than was published: CloudFront has kept it"],
    ),
    (
        "a page that nobody can see",
        {"pages": {"xhqgmdh": Shown.MISSING}},
        ["page: it is in its bucket, and the site shows no page"],
    ),
    (
        "an overwritten page",
        {"objects": {GUEST: f'"{GUEST}"', CREW: '"other"'}},
        [f"page: not what the last publish wrote: {CREW}"],
    ),
    ("a page that is gone", {"objects": {GUEST: f'"{GUEST}"'}}, [f"page: gone from its bucket: {CREW}"]),
    ("a mail just claimed", {"mails": mails(state="claimed", since=AGO[1])}, []),
    ("a mail claimed a while ago", {"mails": mails(state="claimed", since=AGO[5])}, [CLAIMED]),
    ("a mail claimed nobody knows when", {"mails": mails(state="claimed", since=None)}, [CLAIMED]),
    ("a mail that waits", {"mails": mails(state="pending", since=AGO[29])}, []),
    (
        "a mail that waits long",
        {"mails": mails(state="pending", since=AGO[31])},
        ["mail: invited to crew-001 has been waiting for 31 min"],
    ),
    (
        "a mail that came back",
        {"mails": mails(state="lapsed", reason="address_bounced")},
        ["mail: invited to crew-001 did not arrive: the address bounced"],
    ),
    ("a mail that is needless by now", {"mails": mails(state="lapsed", reason="moved")}, []),
    (
        "an address that bounces",
        {"mails": mails(state="sent", address={"kind": "bounce"})},
        ["mail: mail to crew-001 comes back: correct the address in content/crew/crew-001.md"],
    ),
    ("a service that tells nothing of mail", {"mails": None}, []),
]


@pytest.mark.parametrize(("what", "other", "words"), SEEN, ids=[row[0] for row in SEEN])
def test_what_is_seen_beside_what_was_published(what: str, other: dict[str, Any], words: list[str]) -> None:
    """Each difference is told once, with its reason; what means the same is none."""
    found = compared(seen(**other))

    assert told(found) == words, what
    assert found.differs is bool(words)


def test_a_booking_that_is_well_is_a_line() -> None:
    """Each part in a word, and when it sails."""
    (row,) = compared(seen()).rows

    assert (row.when, list(row.cells.values())) == (
        "2024-05-30 09:00",
        ["confirmed", "live", "scheduled", "entry", "1 sent"],
    )


def test_what_is_not_yet_published_is_told_once() -> None:
    """With what of it changed; the services hold what was published, so they are told of no difference."""
    later = replace(BOOKING, event={**EVENT, "dock": "Pier 7"}, calendar={**ENTRY, "title": "Jada, Dana R."})
    wanted = folder(later)
    changed = {path: replace(file, sha256="t") for path, file in wanted.release.files.items()}
    wanted = ReleaseFolder(wanted.root, replace(wanted.release, files=changed), {})

    found = compared(seen(), wanted=wanted)

    assert told(found) == ["file: not yet published: 2 pages (headers changed), event (dock), calendar (changed)"]


def test_a_booking_that_is_new_is_told() -> None:
    """Nothing of it is anywhere yet."""
    published = State(serial=3, commit="c0ffee")

    found = compared(seen(objects={}, pages={}, events={}, entries={}, mails={}), published=published)

    assert told(found) == ["file: not yet published: 2 pages (new), event (new), calendar (new)"]
    assert list(found.rows[0].cells.values()) == ["confirmed", "-", "-", "-", "-"]


def test_a_booking_whose_file_is_gone_is_told() -> None:
    """Its pages, its event and its entry are still there."""
    found = compared(seen(), wanted=folder(files=False))

    assert told(found) == [
        "file: not yet published: 2 pages (booking removed), event (booking removed), calendar (booking removed)"
    ]
    assert found.rows[0].cells[Part.FILE] == "gone"


def test_what_no_publish_made_is_told() -> None:
    """An event and an entry of a booking of which only the file knows."""
    published = State(serial=3, commit="c0ffee")

    found = compared(seen(objects={}, pages={}, mails={}), published=published)

    assert told(found)[1:] == ["event: event ev-1 was made by no publish", "calendar: an entry that no publish made"]


def test_money_is_compared_and_never_told() -> None:
    """A figure is the same however it is written; a difference names the field alone."""
    money = {"xhqgmdh": MONEY}
    published = state()
    settled = replace(published.bookings["xhqgmdh"], calendar=calendar_digest(BOOKING, money))
    published = replace(published, bookings={"xhqgmdh": settled})
    same = entry(finance={"revenue": 840.75, "captain_fee": 150})
    other = entry(finance={"revenue": 940.75, "captain_fee": 150})

    well = compared(seen(entries=same), wanted=folder(BOOKING, **money), published=published)
    changed = compared(seen(entries=other), wanted=folder(BOOKING, **money), published=published)

    hidden = compared(seen(), wanted=folder(BOOKING, **money), published=published)

    assert told(well) == []
    assert told(hidden) == []
    assert told(changed) == ["calendar: changed in the dashboard by hand: finance"]


def test_a_publish_that_broke_off_is_told() -> None:
    """What it may have touched is unknown until the next one."""
    published = state()
    unknown = replace(published.bookings["xhqgmdh"], calendar="", event=PublishedEvent("ev-1", 1, "", {}))

    found = compared(seen(), published=replace(published, bookings={"xhqgmdh": unknown}))

    assert told(found)[1:] == [
        "event: a publish broke off here; the next one says it again",
        "calendar: a publish broke off here; the next one says it again",
    ]
    assert (found.differs, found.drifted) == (True, False)


@pytest.mark.parametrize(
    ("lease", "age", "stand"), [(120.0, 1.0, "at work"), (120.0, 900.0, "broke off"), (0.0, 1.0, "stopped")]
)
def test_what_a_publish_has_begun_was_changed_by_nobody(lease: float, age: float, stand: str) -> None:
    """It is half published, by whom, and no repair is hinted at; what that publish does not touch is as ever."""
    new = "guest/g/new.html"
    intents = Intents(files=(GUEST, new), crew=("crew-009",), events=("xhqgmdh",), calendar=("xhqgmdh",))
    begun = InProgress(Holder("", 7, "", "publish, process 7"), "c0ffee", lease, intents)
    published = replace(state(), in_progress=begun, crew={"crew-009": ""})
    by_it = {"objects": {GUEST: "other", CREW: f'"{CREW}"', new: "n"}, "events": event(dock="Elsewhere"), "entries": {}}

    def seen_under(lock: Lock | None, **other: Any) -> Comparison:
        there = seen(**{**by_it, **other}, members=frozenset())
        return compare(Wanted(folder(BOOKING)), published, there, bookings=["xhqgmdh"], now=NOW, lock=lock)

    lock = lock_on(Loaded(published, "", age, NOW.timestamp()))
    half = seen_under(lock)

    words = f"half published by publish, process 7 ({stand})"
    assert told(half)[-3:] == [f"page: {words}: {GUEST}", f"event: {words}", f"calendar: {words}"]
    assert [one for one in half.others if one.part is not Part.FILE] == []
    assert (half.differs, half.drifted) == (True, False)
    assert seen_under(None).drifted
    assert seen_under(lock, objects={GUEST: "other", CREW: "by hand"}).drifted


def test_a_stray_is_not_what_a_repair_mends() -> None:
    """It stays unless somebody asks for its removal, as its own line says; what else was changed by hand is mended."""
    stray = {"guest/g/menu.html": '"theirs"'}
    there = {path: f'"{path}"' for path in (GUEST, CREW)} | stray

    alone = compared(seen(objects=there))
    beside = compared(seen(objects={**there, CREW: '"other"'}))

    assert [one.words for one in alone.others] == [
        "written by no publish: guest/g/menu.html; `castoff publish --repair --remove-strays` removes it"
    ]
    assert (alone.differs, alone.drifted, beside.drifted) == (True, False, True)


def test_a_part_that_is_silent_is_told_once() -> None:
    """And not as a difference of every booking; the other parts are compared all the same."""
    found = compared(seen(events={}, silent={Part.EVENT: "ShipCaptainCrew did not answer"}, entries={}))

    assert found.rows[0].cells[Part.EVENT] == "?"
    assert told(found) == ["calendar: the entry is gone from the dashboard"]
    assert [f"{one.part}: {one.words}" for one in found.others] == ["event: ShipCaptainCrew did not answer"]
    assert found.differs


def test_files_that_cannot_be_built_leave_the_rest() -> None:
    """State and services are compared without them."""
    found = compare(Wanted(None), state(), seen(events={}), bookings=["xhqgmdh"], now=NOW)

    assert told(found) == ["event: event ev-1 is gone from ShipCaptainCrew"]
    assert found.rows[0].cells[Part.FILE] == "?"


def test_what_has_sailed_is_not_looked_up() -> None:
    """Nor what is only remembered; the rest comes in the order in which it sails."""
    soon = PublishedBooking(input="", status="confirmed", ends="2024-05-29T12:00:00-07:00")
    published = State(
        bookings={
            "sailed1": replace(soon, ends="2024-05-27T12:00:00-07:00"),
            "removed": replace(soon, status="removed"),
            "before1": soon,
        }
    )

    keys = looked_up(Wanted(folder(BOOKING)), published, now=NOW.isoformat())
    found = compare(Wanted(folder(BOOKING, files=False)), published, Seen(mails=None), bookings=keys, now=NOW)

    assert keys == ["before1", "xhqgmdh"]
    assert found.past == 1


def test_what_belongs_to_no_booking_is_told_beneath() -> None:
    """The board, and pages of charters that have sailed."""
    published = state(**{"ops/ops/old.html": PublishedFile("s", '"e"')})

    there = {path: file.etag for path, file in published.files.items()}

    found = compared(seen(objects=there), published=published)

    assert [f"{one.part}: {one.words}" for one in found.others] == ["file: not yet published: 1 file of no booking"]


def test_bodies_are_not_read(tmp_path: Path) -> None:
    """A comparison goes by digests: no page's body is asked for."""
    wanted = ReleaseFolder(tmp_path / "nowhere", folder(BOOKING).release, {})

    assert told(compared(seen(), wanted=wanted)) == []
