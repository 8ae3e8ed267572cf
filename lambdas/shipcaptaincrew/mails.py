"""The mails in a table: each is written with the change that it tells, and remembers where it stands.

outbox               <event>#<revision>#<member>          what a revision of an event has to tell somebody
outbox               <event>#<kind>-<day>#<member>        a reminder or a summary of the day before
open                 <event>                              that some of an event's mails may not be out yet

A mail is `pending`, then `claimed` by one sender, then `sent`. What breaks between the last two leaves it `claimed`:
nobody can say whether it went out, so nothing sends it again by itself. A refused one goes back to `pending`. One
that would come too late, or reach nobody, has `lapsed`, with the reason.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from lambdas.service.table import ConditionError, Delete, Key, Put, Step, Table, Update
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.calls import Call, Kind
from lambdas.shipcaptaincrew.event import Event, from_item, to_item

_OUTBOX = "outbox"
_OPEN = "open"
_IN_FLIGHT = timedelta(minutes=1)  # for which a Lambda that has just claimed a mail may still be sending it
_KEPT = timedelta(days=30)  # what was sent or has lapsed; its key keeps it from being written again while it matters


class State(StrEnum):
    """Where a mail stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    LAPSED = "lapsed"

    @property
    def is_open(self) -> bool:
        """Whether it may still have to be seen to."""
        return self in {State.PENDING, State.CLAIMED}


class Reason(StrEnum):
    """Why a mail has lapsed."""

    MEMBER_GONE = "member_gone"
    CHARTER_OVER = "charter_over"
    EVENT_CANCELLED = "event_cancelled"
    NOT_ABOARD = "not_aboard"
    MOVED = "moved"
    TOLD_LATELY = "told_lately"
    ADDRESS_BOUNCED = "address_bounced"
    NEVER_CONFIRMED = "never_confirmed"
    NEVER_CALLED = "never_called"


@dataclass(frozen=True)
class Mail:
    """One mail to one member; `captain` is their name as it was then, `day` that of which a reminder reminds."""

    mail_id: str
    state: State
    call: Call
    revision: int
    captain: str
    day: str
    since: str
    claim: str
    asked: str
    reason: str

    @property
    def key(self) -> Key:
        """Where it lies."""
        return Key(_OUTBOX, _sort_key(self.mail_id))

    @property
    def is_bounced(self) -> bool:
        """Whether it lapsed since nothing arrives at its reader's address."""
        return self.state is State.LAPSED and self.reason == Reason.ADDRESS_BOUNCED

    def is_in_flight(self, now: datetime) -> bool:
        """Tell whether somebody may be sending it this very moment."""
        return self.state is State.CLAIMED and now - self.stands_since < _IN_FLIGHT

    @property
    def stands_since(self) -> datetime:
        """Since when it stands where it does: one that was refused waits since it first did."""
        return datetime.fromisoformat(self.since)


def mail_steps(calls: Sequence[Call], *, revision: int, captains: Mapping[str, str], now: datetime) -> Sequence[Step]:
    """Return the steps that put a revision's mails into the outbox, one per member and revision."""
    if not calls:
        return ()
    # Not here before: a transaction that is asked for again after its answer was lost must not write them again.
    return (
        *(
            Put(_item(call, f"{revision:08d}", captains.get(call.event.captain_id, ""), now), _NEW, label="mail")
            for call in calls
        ),
        _open_step(calls[0].event.event_id),
    )


def daily_steps(call: Call, day: date, *, reason: Reason | None, now: datetime) -> Sequence[Step]:
    """Return the steps that put a reminder or a summary there, once a day and member; with a reason it has lapsed."""
    item = _item(call, f"{call.kind}-{day.isoformat()}", "", now) | {"day": day.isoformat()}
    if reason is None:
        return (Put(item, _NEW, label="mail"), _open_step(call.event.event_id))
    item |= {"state": str(State.LAPSED), "reason": str(reason), "expires_at": _expiry(now)}
    return (Put(item, _NEW, label="mail"),)


def daily_id(event: Event, kind: Kind, day: date, member_id: str) -> str:
    """Return the id of a reminder or a summary."""
    return f"{event.event_id}.{kind}-{day.isoformat()}.{member_id}"


class Mails:
    """The mails, and how each comes to stand where it does."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, mail_id: str) -> Mail | None:
        """Return a mail, or None."""
        item = self._table.get(Key(_OUTBOX, _sort_key(mail_id)))
        return _mail(item) if item is not None else None

    def of_event(self, event_id: str) -> Sequence[Mail]:
        """Return an event's mails, in the order in which they are to go out."""
        return [_mail(item) for item in self._table.partition(_OUTBOX, first=f"{event_id}#", last=f"{event_id}#~")]

    def page(self, place: str, *, most: int) -> tuple[Sequence[Mail], str]:
        """Return mails of the last weeks from a place on, in order, and where more follow, if any."""
        items = self._table.partition(_OUTBOX, first=place, most=most + 1)
        return [_mail(item) for item in items[:most]], items[most]["sk"] if len(items) > most else ""

    def page_of(self, event_ids: Sequence[str], place: str, *, most: int) -> tuple[Sequence[Mail], str]:
        """Return mails of some events as `page` does."""
        found: list[Mail] = []
        for event_id in sorted(event_ids):
            if len(found) > most:
                break
            last = f"{event_id}#~"
            if last > place:
                first, left = max(place, f"{event_id}#"), most + 1 - len(found)
                found += map(_mail, self._table.partition(_OUTBOX, first=first, last=last, most=left))
        return found[:most], found[most].key.sk if len(found) > most else ""

    def open_events(self) -> Sequence[str]:
        """Return the ids of the events of which some mail may not be out yet."""
        return [item["sk"] for item in self._table.partition(_OPEN)]

    def mark(self, event_id: str) -> str | None:
        """Return what `close` asks for: another one once more mails have been written."""
        item = self._table.get(Key(_OPEN, event_id))
        return str(item["mark"]) if item is not None else None

    def close(self, event_id: str, mark: str) -> None:
        """Note that all of an event's mails are out, unless more were written since the mark was read."""
        try:
            self._table.write(Delete(Key(_OPEN, event_id), "#mark = :mark", {"mark": mark}, label="open"))
        except ConditionError:
            return

    def claim(self, mail: Mail, *steps: Step, asked: str = "", now: datetime) -> str:
        """Claim a mail together with other steps, and return the claim; ConditionError when it is not as it was."""
        claim = secrets.token_hex(8)
        values: dict[str, Any] = {"was": str(mail.state), "new": str(State.CLAIMED), "claim": claim}
        condition = "#state = :was"
        if mail.claim and mail.state is State.CLAIMED:
            condition += " AND #claim = :old"
            values["old"] = mail.claim
        change = "SET #state = :new, #claim = :claim, #since = :now"
        if asked:
            change += ", #asked = :asked"
            values["asked"] = asked
        change += " REMOVE #reason, #expires_at"
        values["now"] = now.isoformat()
        reopened = () if mail.state.is_open else (_open_step(mail.call.event.event_id),)
        self._table.write(Update(mail.key, change, condition, values, label="mail"), *steps, *reopened)
        return claim

    def confirm(self, mail: Mail, claim: str, *, now: datetime) -> bool:
        """Note that a claimed mail went out; False when somebody else has claimed it since."""
        return self._moved(mail, State.CLAIMED, State.SENT, claim=claim, now=now)

    def give_back(self, mail: Mail, claim: str, *, now: datetime) -> bool:
        """Note that a claimed mail certainly did not go out: it waits as long as it did before."""
        since = mail.stands_since if mail.state.is_open else now
        return self._moved(mail, State.CLAIMED, State.PENDING, claim=claim, now=now, since=since)

    def close_arrived(self, mail: Mail, *, now: datetime) -> bool:
        """Note at somebody's word that a mail need not be sent again; False when it is not as it was."""
        return self._moved(mail, mail.state, State.SENT, claim=mail.claim, now=now)

    def lapse(self, mail: Mail, reason: Reason, *, now: datetime) -> bool:
        """Note that a mail is not to go out any more."""
        return self._moved(mail, mail.state, State.LAPSED, claim=mail.claim, reason=reason, now=now)

    def _moved(
        self,
        mail: Mail,
        old: State,
        new: State,
        *,
        claim: str,
        now: datetime,
        since: datetime | None = None,
        reason: Reason | None = None,
    ) -> bool:
        values: dict[str, Any] = {"old": str(old), "new": str(new), "since": (since or now).isoformat()}
        change, condition = "SET #state = :new, #since = :since", "#state = :old"
        if not new.is_open:
            change += ", #expires_at = :expires"
            values["expires"] = _expiry(now)
        if reason is not None:
            change += ", #reason = :reason"
            values["reason"] = str(reason)
        else:
            change += " REMOVE #reason"
        if claim and old is State.CLAIMED:
            condition += " AND #claim = :claim"
            values["claim"] = claim
        try:
            self._table.write(Update(mail.key, change, condition, values, label="mail"))
        except ConditionError:
            return False
        return True


def _item(call: Call, part: str, captain: str, now: datetime) -> Item:
    return {
        "pk": _OUTBOX,
        "sk": f"{call.event.event_id}#{part}#{call.member_id}",
        "state": str(State.PENDING),
        "since": now.isoformat(),
        "kind": str(call.kind),
        "member_id": call.member_id,
        "role": call.role,
        "changes": list(call.changes),
        "kept": list(call.kept),
        "captain": captain,
        "facts": to_item(call.event),
    }


def _mail(item: Mapping[str, Any]) -> Mail:
    event = from_item(item["facts"])
    part = item["sk"].split("#")[1]
    return Mail(
        mail_id=item["sk"].replace("#", "."),
        state=State(item["state"]),
        call=Call(
            kind=Kind(item["kind"]),
            member_id=item["member_id"],
            role=item["role"],
            event=event,
            changes=tuple(item["changes"]),
            kept=tuple(item.get("kept", ())),
        ),
        revision=int(part) if part.isdigit() else event.revision,
        captain=item["captain"],
        day=item.get("day", ""),
        since=item["since"],
        claim=item.get("claim", ""),
        asked=item.get("asked", ""),
        reason=item.get("reason", ""),
    )


def _sort_key(mail_id: str) -> str:
    return mail_id.replace(".", "#")


def _open_step(event_id: str) -> Step:
    return Put({"pk": _OPEN, "sk": event_id, "mark": secrets.token_hex(8)}, label="open")


def _expiry(now: datetime) -> int:
    return int((now + _KEPT).timestamp())


_NEW = "attribute_not_exists(#pk)"
