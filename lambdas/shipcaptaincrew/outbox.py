"""The way out of the outbox: each mail judged by what holds now, claimed, sent once, and noted.

What was claimed and never confirmed is sent again only at somebody's word, with a fresh link; refused that time, it
certainly did not go out, and waits like any other for the next tick.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from lambdas.service.patience import finishing
from lambdas.service.table import Check, ConditionError, Step, Table
from lambdas.shipcaptaincrew.addresses import Addresses
from lambdas.shipcaptaincrew.calls import Call, Kind
from lambdas.shipcaptaincrew.days import day_of
from lambdas.shipcaptaincrew.event import Event, Status, event_key, from_item
from lambdas.shipcaptaincrew.invitations import invitation
from lambdas.shipcaptaincrew.letters import Letter, carries_link, letter
from lambdas.shipcaptaincrew.links import link_item, new_token
from lambdas.shipcaptaincrew.mailbox import Mailbox, NotSentError, UnknownSendingError
from lambdas.shipcaptaincrew.mails import Mail, Mails, Reason, State
from lambdas.shipcaptaincrew.members import Member, Members, address_step, member_key
from lambdas.shipcaptaincrew.pace import Hurry, Pace
from lambdas.shipcaptaincrew.settings import Settings

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_DAILY = frozenset({Kind.REMINDER, Kind.SUMMARY})


class Outcome(StrEnum):
    """How it went with one mail."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LAPSED = "lapsed"
    LEFT = "left"


@dataclass(frozen=True)
class Delivery:
    """How it went with one mail; `code` is SES's refusal, or why the mail lapses."""

    outcome: Outcome
    code: str = ""


@dataclass(frozen=True)
class _Ready:
    """A mail that may go out: what it tells, to whom, and the event as it stands."""

    call: Call
    member: Member
    revision: int
    event: Event


class Outbox:
    """The mails of a table, and the way out."""

    def __init__(self, table: Table, members: Members, mailbox: Mailbox, *, settings: Settings) -> None:
        self._table = table
        self._members = members
        self._mailbox = mailbox
        self._settings = settings
        self._addresses = Addresses(table, members)
        self.mails = Mails(table)

    def send_pending(self, event_id: str, *, now: datetime, pace: Pace | None = None) -> None:
        """Send what is pending about an event, oldest revision first; what cannot go out now is left to the next time.

        While an older mail is refused, in doubt or still on its way, nothing newer goes to the same member: they would
        read it in the wrong order.
        """
        pace = pace or Hurry()
        mark = self.mails.mark(event_id)
        waiting: dict[str, str] = {}
        still_open = False
        mails = self.mails.of_event(event_id)
        reached: set[str] = set()
        for mail in mails:
            member_id = mail.call.member_id
            still_open |= mail.state is State.CLAIMED or (mail.is_bounced and not self.is_over(mail, now=now))
            if mail.is_in_flight(now):
                waiting[member_id] = _IN_FLIGHT
            if mail.state is not State.PENDING or member_id in waiting:
                continue
            unheard = member_id not in reached and _never_called(mail, mails)
            delivery = self._deliver(mail, unheard=unheard, now=now, pace=pace)
            match delivery.outcome:
                case Outcome.LAPSED:
                    still_open |= delivery.code == Reason.ADDRESS_BOUNCED
                case Outcome.SENT:
                    reached.add(member_id)
                case Outcome.REFUSED:
                    waiting[member_id] = delivery.code
                case Outcome.UNKNOWN | Outcome.LEFT:
                    waiting[member_id] = _IN_FLIGHT
        if waiting:
            _log.warning("mails of %s wait: %s", event_id, ", ".join(sorted(set(waiting.values()))))
        elif mark is not None and not still_open:
            self.mails.close(event_id, mark)

    def is_over(self, mail: Mail, *, now: datetime) -> bool:
        """Tell whether the charter of a mail is over, as it stands now and not as it was when the mail was written."""
        item = self._table.get(event_key(mail.call.event.event_id))
        return item is None or now >= from_item(item).ends

    def is_owed(self, mail: Mail, *, now: datetime) -> bool:
        """Tell whether a mail still says what its reader has to know."""
        return isinstance(self._judged(mail, now=now, by_command=True), _Ready)

    def resend(self, mail: Mail, *, asked: str, now: datetime) -> Delivery:
        """Send a mail at somebody's word, with a fresh link, once for each word; LEFT when another came before."""
        judged = self._judged(mail, now=now, by_command=True)
        if isinstance(judged, Reason):
            return Delivery(Outcome.LAPSED, judged)
        return self._send(mail, judged, asked=digest_of_word(asked), now=now)

    def _deliver(self, mail: Mail, *, unheard: bool, now: datetime, pace: Pace) -> Delivery:
        for _ in range(_ATTEMPTS):
            judged = Reason.NEVER_CALLED if unheard else self._judged(mail, now=now)
            if isinstance(judged, Reason):
                self.mails.lapse(mail, judged, now=now)
                _log.warning("mail %s has lapsed: %s", mail.mail_id, judged)
                return Delivery(Outcome.LAPSED, judged)
            if not pace.ready():
                return Delivery(Outcome.REFUSED, "no_time_left")
            delivery = self._send(mail, judged, asked="", now=now)
            pace.heard(delivery.code or None)
            if delivery.outcome is not Outcome.LEFT or delivery.code != _CHANGED:
                return delivery
        return Delivery(Outcome.REFUSED, "event_kept_changing")

    def _judged(self, mail: Mail, *, now: datetime, by_command: bool = False) -> _Ready | Reason:
        """Return what a mail would say now, or why it is not to go out."""
        call = mail.call
        member = self._members.find(call.member_id)
        item = self._table.get(event_key(call.event.event_id))
        if member is None or item is None:
            return Reason.MEMBER_GONE if member is None else Reason.CHARTER_OVER
        event = from_item(item)
        # A farewell is about the charter that its reader knows, anything else about the one that sails.
        if now >= (event if carries_link(call.kind) else call.event).ends:
            return Reason.CHARTER_OVER
        if not by_command and self._addresses.stops(member):
            return Reason.ADDRESS_BOUNCED
        reason = self._outdated(mail, event, now=now) if carries_link(call.kind) else _untrue(mail, event)
        if reason is not None and (by_command or carries_link(call.kind)):
            return reason
        if call.kind in _DAILY or (by_command and carries_link(call.kind) and mail.revision != event.revision):
            role = event.role_of(call.member_id)
            return _Ready(replace(call, event=event, role=role, changes=(), kept=()), member, event.revision, event)
        return _Ready(call, member, mail.revision, event)

    def _outdated(self, mail: Mail, event: Event, *, now: datetime) -> Reason | None:
        """Return why a mail that calls somebody is not to go out any more, by the event as it stands."""
        call = mail.call
        if event.status is Status.CANCELLED:
            return Reason.EVENT_CANCELLED
        if call.member_id not in event.member_ids:
            return Reason.NOT_ABOARD
        if call.kind in _DAILY and now >= event.call_time:
            return Reason.CHARTER_OVER
        if call.kind is Kind.SUMMARY and call.member_id != event.captain_id:
            return Reason.NOT_ABOARD
        if call.kind in _DAILY and day_of(event, self._settings.zone).isoformat() != mail.day:
            return Reason.MOVED
        return None

    def _send(self, mail: Mail, ready: _Ready, *, asked: str, now: datetime) -> Delivery:
        token = new_token() if carries_link(ready.call.kind) else None
        written = self._letter(mail, ready, token=token, now=now)
        # The address again: of members written before bounces were, nobody would know.
        member = ready.member
        same = {"no": False, "epoch": member.epoch}
        steps: list[Step] = [
            address_step(member.member_id, member.email),
            Check(member_key(member.member_id), "#gone = :no AND #epoch = :epoch", same, label="member"),
        ]
        if token is not None:
            steps.append(self._link(ready, token, now=now))
            unchanged = {"revision": ready.event.revision}
            steps.append(Check(event_key(ready.event.event_id), "#revision = :revision", unchanged, label="event"))
        try:
            claim = self.mails.claim(mail, *steps, asked=asked, now=now)
        except ConditionError as refused:
            return Delivery(Outcome.LEFT, "" if "mail" in refused.labels else _CHANGED)
        return self._sent(mail, written, to=ready.member.email, claim=claim, now=now)

    def _sent(self, mail: Mail, written: Letter, *, to: str, claim: str, now: datetime) -> Delivery:
        try:
            self._mailbox.send(written, to=to)
        except NotSentError as fault:
            with finishing():
                self.mails.give_back(mail, claim, now=now)
            _log.warning("mail %s was refused: %s", mail.mail_id, fault.code)
            return Delivery(Outcome.REFUSED, fault.code)
        except UnknownSendingError:
            _log.exception("mail %s was claimed and never confirmed", mail.mail_id)
            return Delivery(Outcome.UNKNOWN)
        with finishing():
            if not self.mails.confirm(mail, claim, now=now):
                _log.warning("mail %s was sent, and has been claimed by another since", mail.mail_id)
        return Delivery(Outcome.SENT)

    def _link(self, ready: _Ready, token: str, *, now: datetime) -> Step:
        booking_id, hours = ready.call.event.booking_id, self._settings.link_hours
        return link_item(token, subject=booking_id, member=ready.member, now=now, hours=hours)

    def _letter(self, mail: Mail, ready: _Ready, *, token: str | None, now: datetime) -> Letter:
        call, member, zone = ready.call, ready.member, self._settings.zone
        link = self._settings.link(call.event.booking_id, token) if token else None
        crew: tuple[str, ...] = ()
        if call.kind is Kind.SUMMARY:
            crew = tuple(self._name(one) for one in call.event.member_ids if one != member.member_id)
        written = letter(
            call,
            first_name=member.first_name,
            captain=mail.captain if call is mail.call else self._name(call.event.captain_id),
            zone=zone,
            link=link,
            hours=self._settings.link_hours,
            crew=crew,
            brand=self._settings.brand,
            now=now,
        )
        reader, sender = (member.name, member.email), self._settings.sender
        file = invitation(call, revision=ready.revision, reader=reader, sender=sender, zone=zone, now=now)
        return replace(written, invitation=file)

    def _name(self, member_id: str) -> str:
        member = self._members.find(member_id)
        return member.name if member is not None else member_id


def _untrue(mail: Mail, event: Event) -> Reason | None:
    """Return a reason where a mail says that somebody is not needed, and they are needed again."""
    still_aboard = event.status is Status.SCHEDULED and mail.call.member_id in event.member_ids
    return Reason.MOVED if still_aboard else None


def _never_called(mail: Mail, mails: Sequence[Mail]) -> bool:
    """Tell whether a farewell is to somebody of whose call, and of all that followed, nothing ever left the outbox.

    Whose call is not in the outbox any more was called: what went out is kept there for some weeks only.
    """
    if carries_link(mail.call.kind):
        return False
    before = [one for one in mails if one.call.member_id == mail.call.member_id and one.revision < mail.revision]
    calls = [place for place, one in enumerate(before) if one.call.kind is Kind.INVITED]
    return bool(calls) and all(_never_left(one) for one in before[calls[-1] :])


def _never_left(mail: Mail) -> bool:
    lapsed = mail.state is State.LAPSED and mail.reason != Reason.NEVER_CONFIRMED
    return lapsed or mail.state is State.PENDING


def digest_of_word(request_key: str) -> str:
    """Return what is kept of the Idempotency-Key with which a mail was asked for again."""
    return hashlib.sha256(request_key.encode()).hexdigest()


_CHANGED = "event_changed"
_IN_FLIGHT = "in_flight"
