"""What the scheduler asks for every quarter of an hour: write what the day before is for, and send what waits.

A tick that is ended in the midst leaves nothing half done: the next one finds what is left. Two at once write and
send nothing twice, since each mail is written under one key and claimed by one sender.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lambdas.service.instants import Clock
from lambdas.service.patience import seconds_left, within
from lambdas.shipcaptaincrew.debts import Debts
from lambdas.shipcaptaincrew.eve import Eve
from lambdas.shipcaptaincrew.mails import Reason, State
from lambdas.shipcaptaincrew.outbox import Outbox
from lambdas.shipcaptaincrew.pace import MARGIN, Stroll

_log = logging.getLogger(__name__)

EVENT: Final = {"castoff": "tick"}
"""What the scheduler sends: no request of API Gateway has this form."""

SECONDS: Final = 9.5
"""Of the Lambda's 28: a claim, its mail and the note of it, begun by then, still end in time (see `patience`)."""

_TO_PREPARE = 4.0  # of these, so that a busy eve leaves time for sending
_MOST = 60  # mails a tick
_APART = 0.1  # seconds: SES lets a new account in production send 14 a second
_TO_PAY = 2.0  # seconds for telling the edge who left, of whom it seldom has not heard
_TURN = 900  # seconds: which event is first changes with each tick, so that none waits behind others forever
_PATIENCE = timedelta(minutes=30)  # for which a mail may wait: a busy eve takes more than one tick


@dataclass
class Tally:
    """What is not out after a tick, of so many events: neither sent nor lapsed, or lapsed where nothing arrives.

    `overdue` are those of the pending that have waited too long, `faults` how often an event, or what the round asks
    first, could not be seen to at all.
    """

    pending: int = 0
    claimed: int = 0
    events: int = 0
    overdue: int = 0
    bounced: int = 0
    faults: int = 0

    @property
    def unsent(self) -> int:
        """What somebody may be waiting for, and has to be looked at."""
        return self.overdue + self.claimed + self.bounced + self.faults


class Tick:
    """One round through the outbox."""

    def __init__(
        self,
        outbox: Outbox,
        eve: Eve,
        debts: Debts,
        *,
        now: Clock,
        pause: Callable[[float], None],
        to_prepare: float = _TO_PREPARE,
    ) -> None:
        self._outbox = outbox
        self._eve = eve
        self._debts = debts
        self._now = now
        self._pause = pause
        self._to_prepare = to_prepare

    def run(self) -> Tally:
        """Go round once, for as long as a Lambda may, and count what is left; what fails is one event's own affair."""
        pace, tally = Stroll(most=_MOST, apart=_APART, pause=self._pause), Tally()
        with within(SECONDS):
            self._pay(tally)
            with within(self._to_prepare):
                self._each(lambda: self._eve.due(now=self._now()), self._prepare, tally)
            self._each(self._outbox.mails.open_events, lambda event_id: self._see_to(event_id, pace, tally), tally)
        return tally

    def _pay(self, tally: Tally) -> None:
        try:
            with within(_TO_PAY):
                self._debts.pay()
        except Exception:  # noqa: BLE001 - whatever it was, the mails are seen to and the metric is told
            tally.faults += 1
            _log.exception("the edge may not have heard of everyone who left")

    def _each(self, find: Callable[[], Sequence[str]], do: Callable[[str], None], tally: Tally) -> None:
        """Do a thing for each event that is found: a fault of one is told, counted, and stops none of the others."""
        try:
            events = _turned(find(), self._now())
        except Exception:  # noqa: BLE001 - whatever it was, the others are seen to and the metric is told
            tally.faults += 1
            _log.exception("a tick could not see which events there are")
            return
        for event_id in events:
            try:
                do(event_id)
            except Exception:  # noqa: BLE001 - whatever it was, the others are seen to and the metric is told
                tally.faults += 1
                _log.exception("a tick could not see to %s", event_id)

    def _prepare(self, event_id: str) -> None:
        if seconds_left() > MARGIN:  # or else the next tick writes it, and begins elsewhere
            self._eve.prepare(event_id, now=self._now())

    def _see_to(self, event_id: str, pace: Stroll, tally: Tally) -> None:
        tally.events += 1
        if seconds_left() <= MARGIN:
            tally.pending += 1  # not looked at: the next tick begins elsewhere
            return
        now = self._now()
        self._outbox.send_pending(event_id, now=now, pace=pace)
        for mail in self._outbox.mails.of_event(event_id):
            match mail.state:
                case State.PENDING:
                    tally.pending += 1
                    tally.overdue += now - mail.stands_since > _PATIENCE
                case State.CLAIMED if self._outbox.is_over(mail, now=now):
                    self._outbox.mails.lapse(mail, Reason.NEVER_CONFIRMED, now=now)
                case State.CLAIMED:
                    tally.claimed += 1
                case State.LAPSED if mail.is_bounced and self._outbox.is_owed(mail, now=now):
                    tally.bounced += 1
                case _:
                    pass


def metric_line(tally: Tally, *, function: str, now: datetime) -> str:
    """Return what CloudWatch reads out of the log as a metric (embedded metric format)."""
    line: dict[str, Any] = {
        "_aws": {
            "Timestamp": int(now.timestamp() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "castoff",
                    "Dimensions": [["Function"]],
                    "Metrics": [{"Name": "UnsentMail", "Unit": "Count"}],
                }
            ],
        },
        "Function": function,
        "UnsentMail": tally.unsent,
        "Pending": tally.pending,
        "Claimed": tally.claimed,
        "Overdue": tally.overdue,
        "Bounced": tally.bounced,
        "Faults": tally.faults,
        "Events": tally.events,
    }
    return json.dumps(line)


def _turned(events: Sequence[str], now: datetime) -> Sequence[str]:
    first = int(now.timestamp()) // _TURN % len(events) if events else 0
    return [*events[first:], *events[:first]]
