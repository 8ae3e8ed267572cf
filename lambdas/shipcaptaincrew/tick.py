"""What the scheduler asks for every quarter of an hour: write what the day before is for, and send what waits.

A tick that is ended in the midst leaves nothing half done: the next one finds what is left. Two at once write and
send nothing twice, since each mail is written under one key and claimed by one sender.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lambdas.service.instants import Clock
from lambdas.service.patience import seconds_left, within
from lambdas.shipcaptaincrew.eve import Eve
from lambdas.shipcaptaincrew.mails import Reason, State
from lambdas.shipcaptaincrew.outbox import Outbox
from lambdas.shipcaptaincrew.pace import MARGIN, Stroll

_log = logging.getLogger(__name__)

EVENT: Final = {"castoff": "tick"}
"""What the scheduler sends: no request of API Gateway has this form."""

_SECONDS = 12.0  # of the Lambda's 20: what was begun by then still ends in time
_MOST = 60  # mails a tick
_APART = 0.1  # seconds: SES lets a new account in production send 14 a second
_TURN = 900  # seconds: which event is first changes with each tick, so that none waits behind others forever


@dataclass(frozen=True)
class Tally:
    """What is not out after a tick: neither sent nor lapsed, of so many events."""

    pending: int
    claimed: int
    events: int

    @property
    def unsent(self) -> int:
        """Mails that somebody may be waiting for."""
        return self.pending + self.claimed


class Tick:
    """One round through the outbox."""

    def __init__(self, outbox: Outbox, eve: Eve, *, now: Clock, pause: Callable[[float], None]) -> None:
        self._outbox = outbox
        self._eve = eve
        self._now = now
        self._pause = pause

    def run(self) -> Tally:
        """Go round once, for as long as a Lambda may, and count what is left."""
        pace = Stroll(most=_MOST, apart=_APART, pause=self._pause)
        with within(_SECONDS):
            self._eve.prepare(now=self._now())
            events = _turned(self._outbox.mails.open_events(), self._now())
            left = [state for event_id in events for state in self._seen_to(event_id, pace)]
        return Tally(left.count(State.PENDING), left.count(State.CLAIMED), len(events))

    def _seen_to(self, event_id: str, pace: Stroll) -> Sequence[State]:
        if seconds_left() <= MARGIN:
            return [State.PENDING]  # not looked at: the next tick begins elsewhere
        now = self._now()
        refused = self._outbox.send_pending(event_id, now=now, pace=pace)
        if refused:
            _log.warning("mails of %s wait: %s", event_id, ", ".join(sorted(set(refused))))
        left: list[State] = []
        for mail in self._outbox.mails.of_event(event_id):
            if mail.state is State.CLAIMED and now >= mail.call.event.ends:
                self._outbox.mails.lapse(mail, Reason.NEVER_CONFIRMED, now=now)
            elif mail.state.is_open:
                left.append(mail.state)
        return left


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
        "Events": tally.events,
    }
    return json.dumps(line)


def _turned(events: Sequence[str], now: datetime) -> Sequence[str]:
    first = int(now.timestamp()) // _TURN % len(events) if events else 0
    return [*events[first:], *events[:first]]
