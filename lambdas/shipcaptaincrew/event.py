"""An event: one charter as the crew knows it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lambdas.service.table import Key
from lambdas.service.wire import Item


class Status(StrEnum):
    """Whether the charter sails."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Event:
    """One charter: `date` is its start, `call_time` when the crew is to be at the dock."""

    event_id: str
    booking_id: str
    status: Status
    revision: int
    event_name: str
    captain_id: str
    crew_ids: tuple[str, ...]
    date: datetime
    duration_hours: Decimal
    call_time: datetime
    dock: str
    guest_count: int
    notes: str
    crew_page: str
    forecast: str = ""

    @property
    def ends(self) -> datetime:
        """When the charter is over."""
        return self.date + timedelta(seconds=float(self.duration_hours * 3600))

    @property
    def member_ids(self) -> tuple[str, ...]:
        """Everyone aboard who works, the captain first, each once; nobody where there is no captain."""
        return tuple(dict.fromkeys(filter(None, (self.captain_id, *self.crew_ids))))

    def role_of(self, member_id: str) -> str:
        """Return what a member does on this charter."""
        return "captain" if member_id == self.captain_id else "crew"


def event_key(event_id: str) -> Key:
    """Return where an event lies."""
    return Key(f"event#{event_id}", "event")


def to_item(event: Event) -> Item:
    """Return an event as attributes that a table stores."""
    stored = {name: getattr(event, name) for name in _NAMES}
    return {
        **stored,
        "status": str(event.status),
        "crew_ids": list(event.crew_ids),
        "date": event.date.isoformat(),
        "call_time": event.call_time.isoformat(),
    }


def from_item(item: Mapping[str, Any]) -> Event:
    """Return the event that `to_item` stored."""
    stored = {name: item[name] for name in _NAMES if name in item}  # `forecast` came later than the first events
    return Event(
        **{
            **stored,
            "status": Status(item["status"]),
            "crew_ids": tuple(item["crew_ids"]),
            "date": datetime.fromisoformat(item["date"]),
            "call_time": datetime.fromisoformat(item["call_time"]),
            "duration_hours": Decimal(item["duration_hours"]),
        }
    )


def to_answer(event: Event) -> dict[str, Any]:
    """Return an event as its JSON answer; a forecast only where there is one, as before there were any."""
    hours = event.duration_hours
    whole = hours == hours.to_integral_value()
    answer = {**to_item(event), "duration_hours": int(hours) if whole else float(hours)}
    return answer if event.forecast else {name: answer[name] for name in _NAMES if name != "forecast"}


def digest_of_facts(event: Event) -> str:
    """Return a digest of what a caller asked for: the event without what this service added."""
    answer = to_answer(event)
    facts = {name: value for name, value in answer.items() if name not in {"event_id", "status", "revision"}}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_NAMES = tuple(field.name for field in fields(Event))
