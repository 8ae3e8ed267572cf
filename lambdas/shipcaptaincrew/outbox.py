"""The outbox: mails written together with the change they tell, and sent after it at most once by themselves.

A mail is `pending`, then `claimed` by one sender, then `sent`. What breaks between the last two leaves it `claimed`:
nobody can say whether it went out, so nothing sends it again by itself. A refused one goes back to `pending`, and
the next call about its event tries it again. One whose charter is over, or whose reader has left, has `lapsed`.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lambdas.service.table import ConditionError, Key, Put, Step, Table, Update
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.calls import Call, Kind
from lambdas.shipcaptaincrew.event import from_item, to_item
from lambdas.shipcaptaincrew.letters import carries_link, letter
from lambdas.shipcaptaincrew.links import link_item, new_token
from lambdas.shipcaptaincrew.mailbox import Mailbox, NotSentError, UnknownSendingError
from lambdas.shipcaptaincrew.members import Member, Members
from lambdas.shipcaptaincrew.settings import Settings

_log = logging.getLogger(__name__)

_PARTITION = "outbox"
_KEPT = timedelta(days=30)  # what was sent or has lapsed; its revision keeps it from being written again


class State(StrEnum):
    """Where a mail stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    LAPSED = "lapsed"


def outbox_steps(calls: Sequence[Call], *, revision: int, captains: Mapping[str, str]) -> list[Step]:
    """Return the steps that put a revision's mails into the outbox, one per member and revision."""
    return [
        Put(_mail_item(call, revision=revision, captains=captains), "attribute_not_exists(#pk)", label="mail")
        for call in calls
    ]


class Outbox:
    """The mails in a table, and the way out."""

    def __init__(self, table: Table, members: Members, mailbox: Mailbox, *, settings: Settings) -> None:
        self._table = table
        self._members = members
        self._mailbox = mailbox
        self._settings = settings

    def send_pending(self, event_id: str, *, now: datetime) -> Sequence[str]:
        """Send what is pending about an event, oldest revision first; return the reasons of what was refused."""
        mails = self._table.partition(_PARTITION, first=f"{event_id}#", last=f"{event_id}#~")
        faults = [self._deliver(mail, now=now) for mail in mails if mail["state"] == State.PENDING]
        return [fault for fault in faults if fault is not None]

    def _deliver(self, mail: Item, *, now: datetime) -> str | None:
        call = _call(mail)
        member = self._members.find(call.member_id)
        if member is None or now >= call.event.ends:
            self._move(mail, State.PENDING, State.LAPSED, now=now)
            return None
        claim = secrets.token_hex(8)
        token = new_token() if carries_link(call.kind) else None
        if not self._claimed(mail, claim, token=token, member=member, now=now):
            return None
        link = self._settings.link(call.event.booking_id, token) if token else None
        written = letter(
            call,
            first_name=member.first_name,
            captain=mail["captain"],
            zone=self._settings.zone,
            link=link,
            hours=self._settings.link_hours,
        )
        try:
            self._mailbox.send(written, to=member.email)
        except NotSentError as fault:
            self._move(mail, State.CLAIMED, State.PENDING, claim=claim, now=now)
            _log.warning("mail %s was refused: %s", mail["sk"], fault.code)
            return fault.code
        except UnknownSendingError:
            _log.exception("mail %s was claimed and never confirmed", mail["sk"])
            return None
        self._move(mail, State.CLAIMED, State.SENT, claim=claim, now=now)
        return None

    def _claimed(self, mail: Item, claim: str, *, token: str | None, member: Member, now: datetime) -> bool:
        steps: list[Step] = [
            Update(
                Key(mail["pk"], mail["sk"]),
                change="SET #state = :claimed, #claim = :claim, #claimed_at = :now",
                condition="#state = :pending",
                values={
                    "claimed": str(State.CLAIMED),
                    "pending": str(State.PENDING),
                    "claim": claim,
                    "now": now.isoformat(),
                },
                label="mail",
            )
        ]
        if token is not None:
            subject, hours = mail["facts"]["booking_id"], self._settings.link_hours
            steps.append(link_item(token, subject=subject, member=member, now=now, hours=hours))
        try:
            self._table.write(*steps)
        except ConditionError:
            return False
        return True

    def _move(self, mail: Item, old: State, new: State, *, now: datetime, claim: str = "") -> None:
        values: dict[str, Any] = {"old": str(old), "new": str(new)}
        change, condition = "SET #state = :new", "#state = :old"
        if new is not State.PENDING:
            change += ", #expires_at = :expires"
            values["expires"] = int((now + _KEPT).timestamp())
        if claim:
            condition += " AND #claim = :claim"
            values["claim"] = claim
        try:
            self._table.write(Update(Key(mail["pk"], mail["sk"]), change, condition, values, label="mail"))
        except ConditionError:
            _log.warning("mail %s is no longer %s", mail["sk"], old)


def _mail_item(call: Call, *, revision: int, captains: Mapping[str, str]) -> Item:
    return {
        "pk": _PARTITION,
        "sk": f"{call.event.event_id}#{revision:08d}#{call.member_id}",
        "state": str(State.PENDING),
        "kind": str(call.kind),
        "member_id": call.member_id,
        "role": call.role,
        "changes": list(call.changes),
        "captain": captains[call.event.captain_id],
        "facts": to_item(call.event),
    }


def _call(mail: Item) -> Call:
    return Call(
        kind=Kind(mail["kind"]),
        member_id=mail["member_id"],
        role=mail["role"],
        event=from_item(mail["facts"]),
        changes=tuple(mail["changes"]),
    )
