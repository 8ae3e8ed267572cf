"""A mail to the crew as ShipCaptainCrew tells it: to whom, about which booking, and where it stands for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from publisher.meaning import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

IN_FLIGHT: Final = timedelta(minutes=2)
"""A mail that was claimed this lately may be on its way at this very moment."""
BOUNCED: Final = "address_bounced"
UNDELIVERED: Final = {BOUNCED: "the address bounced", "never_confirmed": "nobody knows whether it went out"}
"""Why a mail has lapsed, where somebody waits for it in vain."""
_SOON: Final = timedelta(minutes=30)
"""A mail that waits is tried every quarter of an hour; twice may go wrong."""

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


def troubles(mails: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[str]:
    """Yield what is wrong with a booking's mails, as the service tells them, in words."""
    for mail in mails:
        whom, since = f"{mail.get('kind')} to {mail.get('member_id')}", _age(mail, now)
        match mail.get("state"):
            case "claimed" if since > IN_FLIGHT:
                yield f"{whom} was claimed and never confirmed: `castoff mail` says what to do"
            case "pending" if since > _SOON:
                yield f"{whom} has been waiting for {_hours(since)}"
            case "lapsed" if mail.get("reason") in UNDELIVERED:
                yield f"{whom} did not arrive: {UNDELIVERED[str(mail['reason'])]}"
            case _:
                pass
    for member in dict.fromkeys(str(mail.get("member_id")) for mail in mails if mail.get("address")):
        yield f"mail to {member} comes back: correct the address in content/crew/{member}.md"


def _word(value: Any) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "?"


def _age(mail: Mapping[str, Any], now: datetime) -> timedelta:
    since = instant_of(mail.get("since"))
    return now - since if since is not None else timedelta.max


def _hours(since: timedelta) -> str:
    if since == timedelta.max:
        return "nobody knows how long"
    hours = int(since.total_seconds() // 3600)
    return f"{hours} h" if hours else f"{int(since.total_seconds() // 60)} min"
