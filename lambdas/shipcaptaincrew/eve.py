"""The day before a charter: a reminder for everyone aboard, and in the evening a summary for the captain.

Each is written into the outbox once for an event, a day and a member, however many ticks see to it at once; what it
says is read when it goes out. A charter that moves to another day is another day's; one that moves within its day is
told by the mail about that, and reminded of once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lambdas.service.table import Check, ConditionError, Table
from lambdas.shipcaptaincrew.calls import Call, Kind
from lambdas.shipcaptaincrew.days import day_of, events_on
from lambdas.shipcaptaincrew.event import Event, Status, event_key, from_item
from lambdas.shipcaptaincrew.letters import carries_link
from lambdas.shipcaptaincrew.mails import Mail, Mails, Reason, State, daily_id, daily_steps

LATELY = timedelta(hours=12)
"""Who was mailed the call within these hours needs no reminder."""

_DAY = timedelta(days=1)


class Eve:
    """What the day before is for, written down."""

    def __init__(self, table: Table, mails: Mails, *, zone: ZoneInfo, reminder_hour: int, summary_hour: int) -> None:
        self._table = table
        self._mails = mails
        self._zone = zone
        self._reminder_hour = reminder_hour
        self._summary_hour = summary_hour

    def due(self, *, now: datetime) -> Sequence[str]:
        """Return the ids of tomorrow's events, at the dock, once its hour has come for something."""
        local = now.astimezone(self._zone)
        if local.hour < min(self._reminder_hour, self._summary_hour):
            return ()
        return events_on(self._table, local.date() + _DAY)

    def prepare(self, event_id: str, *, now: datetime) -> None:
        """Write what a charter of tomorrow asks for by this hour; nothing is sent here."""
        local = now.astimezone(self._zone)
        item = self._table.get(event_key(event_id))
        event = from_item(item) if item is not None else None
        if event is None or event.status is Status.CANCELLED or day_of(event, self._zone) != local.date() + _DAY:
            return
        mails = {mail.mail_id: mail for mail in self._mails.of_event(event_id)}
        if local.hour >= self._reminder_hour:
            for member_id in event.member_ids:
                self._write(Kind.REMINDER, event, member_id, mails, now=now)
        if local.hour >= self._summary_hour and event.captain_id:
            self._write(Kind.SUMMARY, event, event.captain_id, mails, now=now)

    def _write(self, kind: Kind, event: Event, member_id: str, mails: dict[str, Mail], *, now: datetime) -> None:
        day = day_of(event, self._zone)
        if daily_id(event, kind, day, member_id) in mails or now >= event.call_time:
            return
        called = kind is Kind.REMINDER and _told_lately(member_id, list(mails.values()), now=now)
        call = Call(kind, member_id, event.role_of(member_id), event)
        same = Check(event_key(event.event_id), "#revision = :revision", {"revision": event.revision}, label="event")
        steps = daily_steps(call, day, reason=Reason.TOLD_LATELY if called else None, now=now)
        try:
            self._table.write(*steps, same)
        except ConditionError:
            return  # another tick wrote it, or the event has just changed: the next tick looks again


def _told_lately(member_id: str, mails: Sequence[Mail], *, now: datetime) -> bool:
    """Tell whether a member was mailed the call within the last hours, or is about to be; not by a mail in doubt."""
    return any(
        mail.call.member_id == member_id
        and carries_link(mail.call.kind)
        and mail.call.kind is not Kind.SUMMARY
        and mail.state in {State.SENT, State.PENDING}
        and now - mail.stands_since < LATELY
        for mail in mails
    )
