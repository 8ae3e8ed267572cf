"""A publish that is killed at any place and run again: the world is as if nothing had happened."""

from __future__ import annotations

import signal
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from support.turnstile import Arrives, Held
from support.witness import without_serial

if TYPE_CHECKING:
    from pathlib import Path

    from support.harbour import Harbour

_PUBLISH: Final = ("publish", "--target", "local", "--yes")

_STATE: Final = r"^PUT .*/state\.json\.gz$"
_MEMBER: Final = r"^PUT .*/prod/crew-members/"
_PAGE: Final = r"^PUT .*/g/.*\.html$"
_BOARD: Final = r"^PUT .*/ops/index\.html$"
_INVALIDATION: Final = r"^POST .*/invalidation$"
_EVENT: Final = r"^POST .*/prod/event$"
_ENTRY: Final = r"^PUT .*/prod/calendar/doom"

_ANSWERED: Final = {Arrives.NEVER: {None}, Arrives.UNANSWERED: {200, 201}, Arrives.LATE: {409, 412}}
"""What the cloud says to a call: whatever comes late is refused."""

_SEEN: Final = "/g/jada-guest-regular"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a publisher dies: with the first such call, after one like `since`, on its way."""

    call: str
    arrives: Arrives
    since: str | None = None


PLACES: Final = {
    "the lease is taken and nobody knows": Place(_STATE, Arrives.UNANSWERED),
    "a crew member is told and nobody knows": Place(_MEMBER, Arrives.UNANSWERED),
    "the first page is there and nobody knows": Place(_PAGE, Arrives.UNANSWERED),
    "the board arrives late over a newer one": Place(_BOARD, Arrives.LATE),
    "the invalidation never arrives": Place(_INVALIDATION, Arrives.NEVER),
    "the event is made and nobody knows": Place(_EVENT, Arrives.UNANSWERED),
    "the event arrives late": Place(_EVENT, Arrives.LATE),
    "the entry is made and nobody knows": Place(_ENTRY, Arrives.UNANSWERED),
    "the entry arrives late": Place(_ENTRY, Arrives.LATE),
    "the last state arrives late": Place(_STATE, Arrives.LATE, since=_ENTRY),
}


@dataclass(frozen=True, slots=True)
class Charter:
    """A booking that a publish dies over, and the address of a crew member who sails on no other."""

    booking: str
    address: str


@pytest.fixture
def doomed(harbour: Harbour) -> Charter:
    """Commit a charter over which a publish is to die, and other words on a page that is live and seen."""
    project, day = harbour.project, next(harbour.days)
    charter = Charter(f"doom{day:03}", f"hand-{day}@example.com")
    project.write(
        f"content/crew/hand-{day}.md",
        f"---\nname: Hand {day}\nrole: crew\nemail: {charter.address}\n---\nSails once.\n",
    )
    project.book(charter.booking, days=day, crew=f"hand-{day}, crew-001")
    project.book("regular", days=7, lead=f"Dana {string.ascii_uppercase[day % 26]}.")
    project.commit()
    harbour.witness.visit(_SEEN)
    harbour.turnstile.forget()
    return charter


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_killed_and_run_again(harbour: Harbour, doomed: Charter, place: Place, tmp_path: Path) -> None:
    """One event, one entry, one mail each, the pages of a calm publish; no lease, and nothing that nobody explains."""
    held = Held(place.arrives)
    harbour.turnstile.treat(place.call, held, since=place.since)

    with harbour.project.running("build", "--target", "local", "--out", str(tmp_path)) as builder:
        with harbour.project.running(*_PUBLISH) as publisher:
            held.wait()
            publisher.kill()
            publisher.wait()
        assert builder.wait() == 0
    harbour.turnstile.settle(held=1)
    if place.arrives is not Arrives.LATE:
        held.release()
    again = harbour.publish()
    held.release()

    assert again.code == 0, again.err
    assert held.status in _ANSWERED[place.arrives]
    _assert_calm(harbour, doomed, built=tmp_path)


def test_slept_and_taken_over(harbour: Harbour, doomed: Charter, tmp_path: Path) -> None:
    """A publisher that sleeps past its lease is taken over; it wakes to do nothing more, and says who was first."""
    held = Held(Arrives.LATE)
    harbour.project.castoff("build", "--target", "local", "--out", str(tmp_path))
    harbour.turnstile.treat(_EVENT, held)

    with harbour.project.running(*_PUBLISH, "--lease", "1") as sleeper:
        held.wait()
        sleeper.send_signal(signal.SIGSTOP)
        other = harbour.publish()
        held.release()
        sleeper.send_signal(signal.SIGCONT)
        _, words = sleeper.communicate()

    assert (other.code, sleeper.returncode) == (0, 1), other.err
    assert "another publish has taken over the lease: " in words
    _assert_calm(harbour, doomed, built=tmp_path)


def _assert_calm(harbour: Harbour, charter: Charter, *, built: Path) -> None:
    witness, turnstile = harbour.witness, harbour.turnstile
    turnstile.forget()
    with harbour.project.running(*_PUBLISH) as third:
        objects = witness.objects()
        assert [event["status"] for event in witness.events(charter.booking)] == ["scheduled"]
        assert [entry["status"] for entry in witness.entries(charter.booking)] == ["confirmed"]
        told = sorted(mail.to for mail in witness.mails(charter.booking))
        assert told == sorted([charter.address, "leo@example.com", "maya@example.com"])
        assert len(witness.mails("regular")) == 2
        assert objects == _files(built / "public")
        assert witness.state()["in_progress"] is None
        assert "nothing to do" in third.communicate()[1]
    assert len(turnstile.passed) == 1
    for page in (f"/g/jada-guest-{charter.booking}", _SEEN):
        assert without_serial(witness.visit(page).text.encode()) == objects[f"guest{page}.html"]


def _files(folder: Path) -> dict[str, bytes]:
    """Return what a clean build makes, which knows of no publish: what a calm one would have written."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): without_serial(path.read_bytes()) for path in files}
