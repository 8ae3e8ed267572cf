"""History and going back: what was published is told, and `git revert` makes the world what it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from support.projects import in_days

if TYPE_CHECKING:
    from support.harbour import Harbour

_LOCAL: Final = ("--target", "local")
_SEQUENCE: Final = re.compile(rb"SEQUENCE:(\d+)")
_STAMPS: Final = re.compile(rb"(?:SEQUENCE|DTSTAMP|LAST-MODIFIED):\S+")


def pages(harbour: Harbour) -> dict[str, bytes]:
    """Return every object, calendar files without what counts their revisions."""
    return {path: _STAMPS.sub(b"", body) for path, body in harbour.witness.objects().items()}


def sequence(harbour: Harbour, charter: str) -> int:
    """Return the revision of a guest's calendar file."""
    (body,) = [
        body for path, body in harbour.witness.objects().items() if path.endswith(f"{charter}.ics") and "guest-" in path
    ]
    found = _SEQUENCE.search(body)
    assert found, body
    return int(found[1])


def test_going_back_is_a_revert(harbour: Harbour, charter: str) -> None:
    """A time, a dock's words and the crew, changed and reverted: the same bytes, event and entry patched back."""
    file, dock = f"bookings/{charter}.yaml", "content/docks/sheraton-marina.md"
    assert harbour.publish().code == 0
    before, revision = pages(harbour), sequence(harbour, charter)
    (event,), (entry,) = harbour.witness.events(charter), harbour.witness.entries(charter)
    text = (harbour.project.root / file).read_text("utf-8")
    harbour.project.write(file, text.replace(" 09:00", " 10:00").replace("crew: [crew-001]", "crew: [crew-002]"))
    harbour.project.write(dock, (harbour.project.root / dock).read_text("utf-8") + "\nThe gate is green today.\n")
    harbour.project.commit()
    assert harbour.publish().code == 0
    assert pages(harbour) != before
    sent = len(harbour.witness.mails())

    harbour.project.git("revert", "--no-edit", "HEAD")
    plan = harbour.project.castoff("plan", *_LOCAL, "--json")
    done = harbour.publish()

    assert (plan.code, done.code) == (0, 0), done.err
    said = {action["action"]: action for action in plan.json()["actions"] if action.get("booking") == charter}
    assert {"put", "update event", "put calendar"} == said.keys()
    assert {"call_time", "crew_ids", "date"} <= {*said["update event"]["changed"]}
    assert pages(harbour) == before
    assert sequence(harbour, charter) == revision + 2
    (back,), (entry_back,) = harbour.witness.events(charter), harbour.witness.entries(charter)
    assert back["event_id"] == event["event_id"]
    assert {**back, "revision": 0} == {**event, "revision": 0}
    kept = {name: value for name, value in entry.items() if name not in {"revision", "updated"}}
    assert {name: entry_back[name] for name in kept} == kept
    told = [mail.to for mail in harbour.witness.mails()[sent:]]
    assert sorted(told) == sorted(set(told))  # each once: called again, told of the time, told not to come
    assert len(told) == 3
    assert "nothing to do" in harbour.publish().err


def test_a_cancellation_is_reverted(harbour: Harbour, charter: str) -> None:
    """The charter sails after all: the crew is told once, and the page is as before."""
    assert harbour.publish().code == 0
    before = pages(harbour)
    file = f"bookings/{charter}.yaml"
    harbour.project.replace(file, "status: confirmed", "status: cancelled\ncancelled: {on: 2024-05-28, why: weather}")
    harbour.project.commit()
    assert harbour.publish().code == 0
    sent = len(harbour.witness.mails())

    harbour.project.git("revert", "--no-edit", "HEAD")
    assert harbour.publish().code == 0

    (event,) = harbour.witness.events(charter)
    assert event["status"] == "scheduled"
    assert pages(harbour).keys() == before.keys()
    assert len(harbour.witness.mails()) - sent == 2
    life = harbour.project.castoff("history", charter, *_LOCAL, "--json").json()
    assert [moment["became"] for moment in life["moments"]] == ["new", "cancelled", "sails after all"]


def test_the_commit_that_added_a_booking_is_reverted(harbour: Harbour, charter: str) -> None:
    """Its file vanishes: one is within the limit, its event is cancelled, its entry and pages go."""
    assert harbour.publish().code == 0
    sent = len(harbour.witness.mails())

    harbour.project.git("revert", "--no-edit", "HEAD")
    refused = harbour.publish("--max-removed", "0")
    assert refused.code == 1
    assert f"vanish without being cancelled: {charter}" in refused.err
    done = harbour.publish()

    assert done.code == 0, done.err
    (event,) = harbour.witness.events(charter)
    assert event["status"] == "cancelled"
    assert harbour.witness.entries(charter) == []
    assert not [path for path in harbour.witness.paths() if charter in path]
    assert len(harbour.witness.mails()) - sent == 2
    shown = harbour.project.castoff("history", charter, *_LOCAL)
    assert "removed: its file is gone; mailed cancelled: captain-001, crew-001" in shown.out


def test_history_tells_publishes_and_a_bookings_life(harbour: Harbour, charter: str) -> None:
    """Newest first for publishes, in its order for a booking; each with its commit, and one request for the list."""
    harbour.project.git("commit", "--quiet", "--amend", "--message", f"Add {charter}")
    assert harbour.publish().code == 0
    file = f"bookings/{charter}.yaml"
    text = (harbour.project.root / file).read_text("utf-8")
    harbour.project.write(file, text.replace(" 09:00", " 10:00"))
    harbour.project.commit()
    unpublished = harbour.project.castoff("link", charter, *_LOCAL)
    moved = harbour.publish()
    assert moved.code == 0
    told = "it starts at 10 AM now, not at 9 AM; please be there at 9:45 AM. Your page has everything."
    assert told in moved.out
    assert told in harbour.project.castoff("link", charter, *_LOCAL).out
    assert "everything for" in unpublished.out
    assert "says otherwise, and is not published yet" in unpublished.err
    harbour.turnstile.forget()

    listed = harbour.project.castoff("history", *_LOCAL, "-n", "2")

    assert [call.split()[0] for call in harbour.turnstile.passed] == ["GET"]
    assert listed.code == 0, listed.err
    lines = listed.out.splitlines()
    assert lines[0].endswith("As it stands")
    assert re.fullmatch(r" {22}1 changed, crew mailed: 2, by \S.*", lines[1])
    assert lines[2].endswith(f"Add {charter}")
    assert re.fullmatch(r" {22}1 new, crew mailed: 2, by \S.*", lines[3])

    life = harbour.project.castoff("history", charter, *_LOCAL)

    moments = [line[22:] for line in life.out.splitlines()[::2]]
    assert moments[0] == "published; mailed crew call: captain-001, crew-001"
    assert moments[1].startswith("starts 09:00 → 10:00; ")
    assert moments[1].endswith("; mailed changed: captain-001, crew-001")
    assert f"{charter}  Jada, {in_days(0, hour=10):%Y}"[:14] in life.err


def test_history_keeps_who_and_money_out(harbour: Harbour, charter: str) -> None:
    """Neither a guest's nor a crew member's name, nor a figure of money, lies in any record."""
    assert harbour.publish().code == 0

    records = str(harbour.witness.records())

    assert charter in records
    crew = (harbour.project.root / "content/crew").glob("*.md")
    names = [line.removeprefix("name: ") for file in crew for line in file.read_text("utf-8").splitlines()[:3]]
    assert "Dana" not in records
    assert [word for word in ("840.75", "@example.com", "555-01", *names[1::3]) if word in records] == []


def test_a_booking_that_history_does_not_know(harbour: Harbour, charter: str) -> None:
    """One that is not published says so; a slip of the finger names the one that was meant."""
    unpublished = harbour.project.castoff("history", charter, *_LOCAL)
    no_link = harbour.project.castoff("link", charter, *_LOCAL)

    assert unpublished.refusal == (
        f"error: booking `{charter}` was never published to local\n  hint: `castoff publish --target local` does\n"
    )
    assert no_link.refusal.startswith(f"error: booking `{charter}` is not published yet: its guest has no page\n")
    assert "did you mean `regular`?" in harbour.project.castoff("history", "regulra", *_LOCAL).refusal
