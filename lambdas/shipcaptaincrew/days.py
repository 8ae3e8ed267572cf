"""On which day the crew of each charter is called, so that tomorrow's are found without looking through all.

day#<date>           <event>    written with each revision of the event; the date is the dock's own
"""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from lambdas.service.table import Delete, Key, Put, Step, Table
from lambdas.shipcaptaincrew.event import Event


def day_of(event: Event, zone: ZoneInfo) -> date:
    """Return the day of a charter as its crew lives it: that of the crew call, at the dock."""
    return event.call_time.astimezone(zone).date()


def day_steps(before: Event | None, after: Event, *, zone: ZoneInfo) -> Sequence[Step]:
    """Return the steps that keep an event findable by its day."""
    key = _key(after, zone)
    steps: list[Step] = [Put({"pk": key.pk, "sk": key.sk}, label="day")]
    if before is not None and _key(before, zone) != key:
        steps.append(Delete(_key(before, zone), label="day"))
    return steps


def events_on(table: Table, day: date) -> Sequence[str]:
    """Return the ids of the events whose crew is called on a day, cancelled ones among them."""
    return [item["sk"] for item in table.partition(f"day#{day.isoformat()}")]


def _key(event: Event, zone: ZoneInfo) -> Key:
    return Key(f"day#{day_of(event, zone).isoformat()}", event.event_id)
