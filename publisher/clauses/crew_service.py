"""What the publisher relies on in ShipCaptainCrew, tried with one event in the far future that names nobody."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from publisher.clauses.clause import Clause, UntriedClauseError, must
from publisher.clauses.crew_trial import DOCK, NAME, CrewTrial
from publisher.clauses.keys import key_clauses
from publisher.meaning import instant_of

_MOVED: Final = "a castoff contract test, moved"
_MONEY: Final = "840.75"
_LONGEST: Final = timedelta(hours=1)
_FORM: Final = frozenset({"key", "policy", "x-amz-signature"})


def _created(trial: CrewTrial) -> None:
    expected = "201 with an `event_id`"
    value = trial.create().object(expected=expected)
    must(isinstance(value.get("event_id"), str) and value["event_id"], expected=expected, seen="no `event_id`")
    must(trial.is_own(value), expected=expected, seen="an event of another booking")
    trial.event, trial.before = value["event_id"], value
    trial.mails = trial.mailed()


def _same_answer(trial: CrewTrial) -> None:
    expected = f"201 with event `{trial.event}`, unchanged"
    value = trial.create().object(expected=expected)
    must(value.get("event_id") == trial.event, expected=expected, seen=f"event `{value.get('event_id')}`")
    revisions = (trial.before.get("revision"), value.get("revision"))
    must(revisions[0] == revisions[1], expected=expected, seen=f"revision {revisions[1]} after {revisions[0]}")


def _one_event(trial: CrewTrial) -> None:
    events = [str(event.get("event_id")) for event in trial.listed()]
    must(events == [trial.event], expected=f"event `{trial.event}` alone", seen=", ".join(events) or "no event")


def _filtered(trial: CrewTrial) -> None:
    reply = trial.ask("GET", f"/events?booking_id={quote(trial.booking)}-other")
    found = reply.items("events", expected='200 with `{"events": []}`')
    must(not found, expected="no event of a booking that has none", seen=f"{len(found)} of other bookings")


def _sent_once(trial: CrewTrial) -> None:
    mails = trial.mailed()
    if mails is None or trial.mails is None:
        raise UntriedClauseError(f"this {NAME} tells nothing about mail")
    more = len(mails) - len(trial.mails)
    must(not more, expected="no mail after the first answer", seen=f"{more} more")


def _other_body(trial: CrewTrial) -> None:
    reply = trial.create(dock="a castoff contract test, another body")
    must(reply.status == HTTPStatus.UNPROCESSABLE_ENTITY, expected="422", seen=reply)
    dock = trial.stands().get("dock")
    must(dock in {None, DOCK}, expected="the event as it was", seen=f"dock `{dock}`")


def _money(trial: CrewTrial) -> None:
    notes = str(trial.stands().get("notes", ""))
    must(_MONEY not in notes, expected="the notes without their line about revenue", seen="that line")
    must("nobody sails" in notes or not notes, expected="the other line of the notes", seen="notes without it")


def _read(trial: CrewTrial) -> None:
    value = trial.stands()
    sent = {name: value.get(name, told) == told for name, told in trial.body.items() if name != "notes"}
    differing = [name for name, same in sent.items() if not same and name not in {"date", "call_time"}]
    must(not differing, expected="what was sent", seen=f"another {', '.join(differing)}")
    for name in ("date", "call_time"):
        told = value.get(name, trial.body[name])
        same = instant_of(told) == instant_of(trial.body[name])
        must(same, expected=f"{name} {trial.body[name]}", seen=f"{name} {told}")


def _patched(trial: CrewTrial) -> None:
    expected = "200 with the new dock, and the rest as it was"
    value = trial.change({"dock": _MOVED}, serial=trial.serial).object(expected=expected)
    must(value.get("dock", _MOVED) == _MOVED, expected=expected, seen=f"dock `{value.get('dock')}`")
    stands = trial.stands()
    must(stands.get("dock", _MOVED) == _MOVED, expected=expected, seen=f"dock `{stands.get('dock')}`")
    name = stands.get("event_name", trial.body["event_name"])
    must(name == trial.body["event_name"], expected=expected, seen=f"event_name `{name}`")
    trial.before = stands


def _patched_again(trial: CrewTrial) -> None:
    expected = "200, and nothing changed"
    value = trial.change({"dock": _MOVED}, serial=trial.serial).object(expected=expected)
    revisions = (trial.before.get("revision"), value.get("revision"))
    must(revisions[0] == revisions[1], expected=expected, seen=f"revision {revisions[1]} after {revisions[0]}")


def _fenced(trial: CrewTrial) -> None:
    _is_stale(trial, serial=trial.serial - 1)


def _fenced_by_look(trial: CrewTrial) -> None:
    trial.serial += 10
    trial.listed(serial=trial.serial)
    _is_stale(trial, serial=trial.serial - 5)


def _is_stale(trial: CrewTrial, *, serial: int) -> None:
    reply = trial.change({"dock": "a castoff contract test, too late"}, serial=serial)
    must(reply.status == HTTPStatus.CONFLICT, expected="409", seen=reply)
    dock = trial.stands().get("dock")
    must(dock in {None, _MOVED}, expected="the event as it was", seen=f"dock `{dock}`")


def _unknown_event(trial: CrewTrial) -> None:
    reply = trial.ask("GET", f"/events/{quote(trial.booking)}-nothing")
    must(reply.status == HTTPStatus.NOT_FOUND and reply.value is not None, expected="404 as JSON", seen=reply)


def _cancelled(trial: CrewTrial) -> None:
    expected = "200 with `status: cancelled`"
    value = trial.cancel().object(expected=expected)
    must(value.get("status") == "cancelled", expected=expected, seen=f"status `{value.get('status')}`")
    must("event_id" in value, expected="the event, with its `event_id`", seen="no `event_id`")


def _reinstated(trial: CrewTrial) -> None:
    expected = "200 with `status: scheduled`"
    value = trial.change({"status": "scheduled"}, serial=trial.serial).object(expected=expected)
    must(value.get("status") == "scheduled", expected=expected, seen=f"status `{value.get('status')}`")
    trial.cancel()


def _unknown_member(trial: CrewTrial) -> None:
    reply = trial.ask("DELETE", f"/crew-members/{quote(trial.booking)}-nobody", serial=trial.serial)
    unknown = (reply.value or {}).get("error") == "member_unknown"
    must(reply.well or unknown, expected="200, or 404 with `error: member_unknown`", seen=reply)


def _form(trial: CrewTrial) -> None:
    expected = "200 with `url`, `fields`, `expires` and `ticket` of a presigned POST"
    closes = (trial.now + _LONGEST).isoformat(timespec="seconds")
    opens = trial.now.isoformat(timespec="seconds")
    wish = {"booking": trial.booking, "audience": "guest", "opens": opens, "closes": closes, "until": closes}
    value = trial.ask("POST", "/g/PRESIGN", {**wish, "max_size": 1}).object(expected=expected)
    fields = value.get("fields")
    must(isinstance(fields, dict) and fields.keys() >= _FORM, expected=expected, seen="other `fields`")
    texts = all(isinstance(value.get(name), str) for name in ("url", "expires", "ticket"))
    must(texts, expected=expected, seen="not all of them")
    key, within = str(value["fields"]["key"]), f"uploads/{trial.booking}/guest/"
    must(key.startswith(within), expected=f"a key below `{within}`", seen=f"key `{key}`")
    expires = instant_of(value["expires"])
    must(expires is not None and expires <= trial.now + _LONGEST * 2, expected="an end within the window", seen="none")


def _member(trial: CrewTrial) -> None:
    if not trial.members:
        raise UntriedClauseError("a service may mail whom it is told of: `--with-a-member` tries it")
    body = {"name": "castoff contract test", "role": "crew", "email": "castoff-contract@example.com"}
    path = f"/crew-members/{quote(trial.member)}"
    for _ in range(2):
        reply = trial.ask("PUT", path, body, serial=trial.serial)
        must(reply.well and reply.value is not None, expected="200 as JSON", seen=reply)
    stale = trial.ask("PUT", path, body, serial=trial.serial - 1)
    must(stale.status == HTTPStatus.CONFLICT, expected="409 for a lower serial", seen=stale)
    gone = trial.ask("DELETE", path, serial=trial.serial)
    must(gone.well, expected="200 for its going", seen=gone)


_KEY: Final = ("right-key",)
_EVENT: Final = ("created",)

CLAUSES: Final[tuple[Clause[CrewTrial], ...]] = (
    *key_clauses("key", "/events", "events", "event"),
    Clause("created", "an event is created", _created, _KEY),
    Clause("same-answer", "the same Idempotency-Key again has the same answer", _same_answer, _EVENT),
    Clause("one-event", "then the booking has that one event", _one_event, _EVENT),
    Clause("filtered", "no events of other bookings are listed", _filtered, _EVENT),
    Clause("sent-once", "then nothing was sent a second time", _sent_once, _EVENT),
    Clause("other-body", "the same key with another body is 422, and changes nothing", _other_body, _EVENT),
    Clause("read", "an event holds what was sent", _read, _EVENT),
    Clause("money", "notes come back without their lines about money", _money, _EVENT),
    Clause("unknown-event", "an event that is not there is 404", _unknown_event, _KEY),
    Clause("patched", "changed fields are taken, the others stay", _patched, _EVENT),
    Clause("patched-again", "the same change again changes nothing", _patched_again, ("patched",)),
    Clause("fence", "a lower serial is 409, and changes nothing", _fenced, ("patched",)),
    Clause("fence-by-look", "a serial that was only seen refuses lower ones too", _fenced_by_look, ("fence",)),
    Clause("cancelled", "an event is cancelled", _cancelled, _EVENT),
    Clause("cancelled-again", "cancelling it again is well", _cancelled, ("cancelled",)),
    Clause("reinstated", "`status: scheduled` reinstates it", _reinstated, ("cancelled",)),
    Clause("unknown-member", "letting go a member it does not know is well", _unknown_member, _KEY),
    Clause("member", "a crew member is written, written again, and let go", _member, _KEY),
    Clause("upload-form", "a page's slot gets an upload form", _form, _KEY),
)

NAMES: Final = tuple(clause.name for clause in CLAUSES)
