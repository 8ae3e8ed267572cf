"""Magic links: 256 random bits that let one member into one booking's page, once, within hours."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lambdas.service.table import Check, ConditionError, Key, Put, Table, Update
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.members import Member, member_key

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Refused(StrEnum):
    """Why a token lets nobody in."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SPENT = "spent"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Spent:
    """A token that let its member in."""

    booking_id: str
    member_id: str


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Tell whether text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def link_item(token: str, *, booking_id: str, member: Member, expires: datetime) -> Put:
    """Return the step that makes a token good: only its digest is kept, and TTL clears it away in time."""
    digest = _digest(token)
    item = {
        "pk": f"link#{digest}",
        "sk": "link",
        "digest": digest,
        "booking_id": booking_id,
        "member_id": member.member_id,
        "epoch": member.epoch,
        "expires_at": int(expires.timestamp()),
    }
    return Put(item, "attribute_not_exists(#pk)", label="link")


class Links:
    """The links in a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def spend(self, token: str, *, booking_id: str, aboard: Callable[[str], bool], now: datetime) -> Spent | Refused:
        """Spend a token for a booking whose crew is judged by `aboard`: of two at once, one is let in."""
        digest = _digest(token)
        key = Key(f"link#{digest}", "link")
        link = self._table.get(key) if is_token(token) else None
        if link is None or not hmac.compare_digest(link["digest"].encode(), digest.encode()):
            return Refused.UNKNOWN
        fault = _fault(link, booking_id=booking_id, now=now)
        if fault is not None:
            return fault
        if not aboard(link["member_id"]):
            return Refused.REVOKED
        return self._spend(key, booking_id, link["member_id"], epoch=link["epoch"], now=now)

    def _spend(self, key: Key, booking_id: str, member_id: str, *, epoch: int, now: datetime) -> Spent | Refused:
        spending = Update(
            key,
            change="SET #spent_at = :now",
            condition="#expires_at > :now AND #booking_id = :booking AND attribute_not_exists(#spent_at)",
            values={"now": int(now.timestamp()), "booking": booking_id},
            label="link",
        )
        still_here = Check(
            member_key(member_id),
            condition="#gone = :no AND #epoch = :epoch",
            values={"no": False, "epoch": epoch},
            label="member",
        )
        try:
            self._table.write(spending, still_here)
        except ConditionError as refused:
            return Refused.REVOKED if "member" in refused.labels else Refused.SPENT
        return Spent(booking_id, member_id)


def expiry(now: datetime, *, hours: int) -> datetime:
    """Return when a link made now stops working."""
    return now + timedelta(hours=hours)


def _fault(link: Item, *, booking_id: str, now: datetime) -> Refused | None:
    if link["booking_id"] != booking_id:
        return Refused.UNKNOWN
    if "spent_at" in link:
        return Refused.SPENT
    return Refused.EXPIRED if link["expires_at"] <= now.timestamp() else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
