"""What values of a service mean, however it writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_CALLED: Final = {
    "call_time": "crew call",
    "captain_id": "captain",
    "crew_ids": "crew",
    "crew_page": "link to the crew page",
    "date": "starts",
    "duration_hours": "duration",
    "event_name": "vessel",
    "guest_count": "guests",
}
"""Fields of a crew call that people call otherwise: by the labels of the facts."""


def field_words(name: str) -> str:
    """Return what people call a field of a crew call."""
    return _CALLED.get(name, name.replace("_", " "))


def means_the_same(one: Any, other: Any) -> bool:
    """Tell whether two values of an entry mean the same: a service may write instants and figures in its own way."""
    if one == other or (not one and not other and one != 0 and other != 0):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return all(means_the_same(one.get(name), other.get(name)) for name in {*one, *other})
    for read in (instant_of, _figure):
        found = read(one), read(other)
        if None not in found:
            return bool(found[0] == found[1])
    return False


def instant_of(value: Any) -> datetime | None:
    """Return the instant that a text names, with its offset (ISO 8601); None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def plain(value: Any) -> Any:
    """Return the one form of a value that services may write in their own way: an instant, or a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    instant = instant_of(value)
    return value if instant is None else instant.astimezone(UTC).isoformat()


def _figure(value: Any) -> Decimal | None:
    try:
        return None if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None
