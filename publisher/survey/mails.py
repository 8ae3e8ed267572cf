"""A mail to the crew as ShipCaptainCrew tells it: to whom, about which booking, and where it stands for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from publisher.meaning import instant_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

IN_FLIGHT: Final = timedelta(minutes=2)
"""A mail that was claimed this lately may be on its way at this very moment."""
BOUNCED: Final = "address_bounced"
UNDELIVERED: Final = {BOUNCED: "the address bounced", "never_confirmed": "nobody knows whether it went out"}
"""Why a mail has lapsed, where somebody waits for it in vain."""

_WORD: Final = re.compile(r"[A-Za-z0-9_.:-]{1,240}")


class Stand(StrEnum):
    """Where a mail stands, for a person."""

    OUT = "sent"
    WAITS = "waiting"
    FLIES = "on its way"
    DOUBTFUL = "in doubt"
    BOUNCED = "bounced"
    LAPSED = "not sent"


@dataclass(frozen=True, slots=True)
class CrewMail:
    """One mail; `since` is None where the service gives no instant."""

    id: str
    booking: str
    member: str
    kind: str
    state: str
    since: datetime | None
    reason: str = ""

    def stand(self, now: datetime) -> Stand:
        """Return where it stands; a state that nobody knows is in doubt."""
        match self.state:
            case "sent":
                return Stand.OUT
            case "pending":
                return Stand.WAITS
            case "claimed" if self.since is not None and now - self.since < IN_FLIGHT:
                return Stand.FLIES
            case "lapsed":
                return Stand.BOUNCED if self.reason == BOUNCED else Stand.LAPSED
            case _:
                return Stand.DOUBTFUL


def crew_mail(value: Mapping[str, Any]) -> CrewMail:
    """Return a mail from a service's JSON; what is no plain word, such as an address, is `?`."""
    named = {name: _word(value.get(name)) for name in ("mail_id", "booking_id", "member_id", "kind", "state")}
    since, reason = value.get("since"), value.get("reason")
    return CrewMail(
        id=named["mail_id"],
        booking=named["booking_id"],
        member=named["member_id"],
        kind=named["kind"],
        state=named["state"],
        since=instant_of(since),
        reason=_word(reason) if reason else "",
    )


def _word(value: Any) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "?"
