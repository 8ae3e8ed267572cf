"""What can be done with an event: create, find, change, cancel; each in one transaction with the mails it causes.

booking#<booking>    event      which event a booking has
event#<event>        event      the event as it stands
request#<digest>     request    what a creation's Idempotency-Key asked for, and the event it got
outbox, open, day#   see `mails` and `days`
fence#booking#<id>   fence      the highest serial seen
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence

from lambdas.service.fence import LABEL, fence_steps, raise_fence, stale_serial
from lambdas.service.instants import Clock
from lambdas.service.refusals import RefusalError, UnavailableError
from lambdas.service.table import Check, ConditionError, Key, Put, Step, Table, Update
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.bodies import EventBody, EventChanges
from lambdas.shipcaptaincrew.calls import plan_calls
from lambdas.shipcaptaincrew.days import day_steps
from lambdas.shipcaptaincrew.debts import Debts
from lambdas.shipcaptaincrew.event import Event, digest_of_facts, event_key, from_item, to_item
from lambdas.shipcaptaincrew.mails import mail_steps
from lambdas.shipcaptaincrew.members import Members
from lambdas.shipcaptaincrew.outbox import Outbox
from lambdas.shipcaptaincrew.settings import Settings

_ATTEMPTS = 5


class Events:
    """The events in a table, and the mails they cause."""

    def __init__(
        self, table: Table, members: Members, outbox: Outbox, *, debts: Debts, settings: Settings, now: Clock
    ) -> None:
        self._table = table
        self._members = members
        self._debts = debts
        self._outbox = outbox
        self._settings = settings
        self._now = now

    def create(self, body: EventBody, *, request_key: str, serial: int | None) -> Event:
        """Create a booking's event and call its crew; the same request again returns that event as it stands now."""
        subject = _subject(body.booking_id)
        raise_fence(self._table, subject, serial)
        event = body.event(f"ev-{body.booking_id}-{secrets.token_hex(4)}")
        asked = digest_of_facts(event)
        lost = self._lost_event(body.booking_id)
        answered = self._answered(request_key, asked, lost=lost)
        if answered is None:
            request = {**_request_item(request_key), "asked": asked, "event_id": event.event_id}
            booking = {"pk": f"booking#{event.booking_id}", "sk": "event", "event_id": event.event_id}
            free, known = "attribute_not_exists(#pk) OR #event_id = :lost", {"lost": lost}
            try:
                self._table.write(
                    Put(request, free, known, label="request"),
                    Put(booking, free, known, label="booking"),
                    *_still_lost(lost),
                    *self._revision_steps(None, event),
                    *fence_steps(subject, serial),
                )
            except ConditionError as refused:
                answered = self._faster(refused, request_key, asked, booking_id=event.booking_id)
            else:
                answered = request
        event_id = str(answered["event_id"])
        self._send(event_id)
        # Not what the first call was answered: a caller who kept no state believes this, cancelled or changed since.
        return self._stored(event_id)

    def get(self, event_id: str, *, serial: int | None) -> Event:
        """Return an event; RefusalError 404 for one that is not known."""
        raise_fence(self._table, _subject(self._stored(event_id).booking_id), serial)
        return self._stored(event_id)

    def of_booking(self, booking_id: str, *, serial: int | None = None) -> Sequence[Event]:
        """Return a booking's events: one or none, which it is, too, where the table has lost the one it had."""
        raise_fence(self._table, _subject(booking_id), serial)
        booking = self._table.get(_booking_key(booking_id))
        item = self._table.get(event_key(booking["event_id"])) if booking is not None else None
        return [from_item(item)] if item is not None else []

    def change(self, event_id: str, changes: EventChanges, *, serial: int | None) -> Event:
        """Apply changes and tell the crew what concerns them; with nothing to change, only do what is left to do.

        Whoever is taken off the charter is logged out everywhere, and logs in anew where they are still aboard.
        """
        return self._revise(event_id, changes.applied, serial=serial)

    def cancel(self, event_id: str, *, serial: int | None) -> Event:
        """Cancel an event and tell the crew once."""
        cancelled = EventChanges.model_validate({"status": "cancelled"})
        return self._revise(event_id, cancelled.applied, serial=serial)

    def _revise(self, event_id: str, revised: Callable[[Event], Event], *, serial: int | None) -> Event:
        subject = _subject(self._stored(event_id).booking_id)
        raise_fence(self._table, subject, serial)
        for _ in range(_ATTEMPTS):
            before = self._stored(event_id)
            after = revised(before)
            if after is before or self._replaced(before, after, fence_steps(subject, serial)):
                self._debts.pay()
                self._send(event_id)
                return after
        raise UnavailableError(f"event {event_id} kept changing")

    def _replaced(self, before: Event, after: Event, fence: Sequence[Update]) -> bool:
        steps = self._revision_steps(before, after)
        taken_off = [member_id for member_id in before.member_ids if member_id not in after.member_ids]
        logged_out = [step for member_id in taken_off for step in self._members.log_out_steps(member_id)]
        try:
            self._table.write(*steps, *logged_out, *fence)
        except ConditionError as refused:
            if LABEL in refused.labels:
                raise stale_serial() from None
            return False
        return True

    def _revision_steps(self, before: Event | None, after: Event) -> Sequence[Step]:
        names = self._names(before, after)
        zone, now = self._settings.zone, self._now()
        calls = plan_calls(before, after, names=names, zone=zone, now=now)
        stored = {**_event_item(after.event_id), **to_item(after)}
        put = Put(stored, "attribute_not_exists(#pk)", label="event")
        if before is not None:
            put = Put(stored, "#revision = :revision", {"revision": before.revision}, label="event")
        mails = mail_steps(calls, revision=after.revision, captains=names, now=now)
        return [put, *day_steps(before, after, zone=zone), *mails]

    def _names(self, before: Event | None, after: Event) -> dict[str, str]:
        """Return the names of all concerned; who is newly aboard must be known, who was before may have left."""
        aboard = before.member_ids if before is not None else ()
        names: dict[str, str] = {}
        for member_id in dict.fromkeys((*aboard, *after.member_ids)):
            member = self._members.find(member_id)
            if member is None and member_id not in aboard:
                words = f"crew member `{member_id}` is not known; send them first"
                field = "captain_id" if member_id == after.captain_id else "crew_ids"
                raise RefusalError(422, "unknown_member", words, field=field)
            names[member_id] = member.name if member is not None else member_id
        return names

    def _lost_event(self, booking_id: str) -> str:
        """Return the event that a booking had and the table has lost, as one half restored has; nothing, if none.

        It stands for no event any more: the next creation is a new one, whatever was asked for before.
        """
        booking = self._table.get(_booking_key(booking_id))
        event_id = str(booking["event_id"]) if booking is not None else ""
        return event_id if event_id and self._table.get(event_key(event_id)) is None else ""

    def _answered(self, request_key: str, asked: str, *, lost: str = "") -> Item | None:
        request = self._table.get(Key(**_request_item(request_key)))
        if request is not None and request["event_id"] == lost:
            return None
        if request is not None and request["asked"] != asked:
            words = "this Idempotency-Key came with another body before; look the event up and patch it"
            raise RefusalError(422, "idempotency_mismatch", words, field="Idempotency-Key")
        return request

    def _faster(self, refused: ConditionError, request_key: str, asked: str, *, booking_id: str) -> Item:
        if LABEL in refused.labels:
            raise stale_serial() from None
        answered = self._answered(request_key, asked)
        if answered is not None:
            return answered
        words = f"booking `{booking_id}` has an event already; look it up and patch it"
        raise RefusalError(409, "event_exists", words, field="booking_id") from None

    def _send(self, event_id: str) -> None:
        # A mail that waits is no fault of the caller's, and the tick sees to it: nobody has to ask again.
        self._outbox.send_pending(event_id, now=self._now())

    def _stored(self, event_id: str) -> Event:
        key = _event_item(event_id)
        item = self._table.get(Key(**key))
        if item is None:
            raise RefusalError(404, "event_unknown", f"there is no event `{event_id}`", field="event_id")
        return from_item(item)


def _still_lost(event_id: str) -> Sequence[Step]:
    """Return the step that holds that an event is lost: one that is being made just now may be seen in part."""
    return (Check(event_key(event_id), "attribute_not_exists(#pk)", label="booking"),) if event_id else ()


def _booking_key(booking_id: str) -> Key:
    return Key(f"booking#{booking_id}", "event")


def _event_item(event_id: str) -> dict[str, str]:
    return {"pk": f"event#{event_id}", "sk": "event"}


def _request_item(request_key: str) -> dict[str, str]:
    digest = hashlib.sha256(request_key.encode()).hexdigest()
    return {"pk": f"request#{digest}", "sk": "request"}


def _subject(booking_id: str) -> str:
    return f"booking#{booking_id}"
