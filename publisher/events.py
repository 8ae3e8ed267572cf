"""A booking's event as ShipCaptainCrew tells it: which of several counts, and the form that it has in the state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import digest
from castoff.contract.mails import members_of
from castoff.contract.state import PublishedEvent
from publisher.errors import PublishError
from publisher.meaning import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OWN: Final = {"event_id", "revision", "status"}
"""Fields of an event that are the service's own, not the booking's."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""A member's id: whatever else somebody writes among them is nobody's, and may be a name or a sum."""


def event_of(value: Any) -> PublishedEvent:
    """Return an event in the form of the state; raise PublishError for what is none."""
    try:
        return PublishedEvent(
            id=str(value["event_id"]),
            revision=int(value.get("revision", 0)),
            status=str(value.get("status", "scheduled")),
            fields=event_fields({name: value[name] for name in value if name not in _OWN}),
            aboard=tuple(filter(_ID.fullmatch, members_of(value))),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PublishError(
            "ShipCaptainCrew answered with something that is not an event",
            hint="check its address in castoff.yaml, with its stage at the end, then publish again",
        ) from error


def one_event(events: Sequence[Any], booking: str) -> Any | None:
    """Return a booking's event of those that are listed: the one that sails, or the first that is called off.

    Raises PublishError where more than one sails: nobody here knows which of them the crew should go by.
    """
    sailing = [event for event in events if not (isinstance(event, dict) and event.get("status") == "cancelled")]
    if len(sailing) > 1:
        ids = " and ".join(f"`{event.get('event_id') if isinstance(event, dict) else '?'}`" for event in sailing)
        raise PublishError(
            f"ShipCaptainCrew has {len(sailing)} events of booking {booking}: {ids}",
            hint="cancel there what nobody should go by, then run it again",
        )
    return next(iter([*sailing, *events]), None)


def event_fields(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return a short digest of each field of a crew call: enough to see which one changed, and nothing to read.

    A number is the same with and without a decimal point, and an instant at whatever offset: services say either.
    """
    return {name: digest(plain(value))[:16] for name, value in payload.items()}
