"""Magic links: 256 random bits that let one member through one door, once, within hours.

link#<digest>        link       for whom, in which tenure, and for what a link was made, until when, whether spent
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Check, ConditionError, Key, Put, Table, Update
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.members import Member, Members, member_key

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ATTEMPTS = 5
_KEPT = timedelta(days=180)  # after it has run out: a crew call may be mailed a season ahead, and asks for a new one


class Refused(StrEnum):
    """Why a token lets nobody in."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SPENT = "spent"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Spent:
    """A token that let its member in, as they were at that moment."""

    subject: str
    member_id: str
    epoch: int


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Tell whether text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def link_item(token: str, *, subject: str, member: Member, now: datetime, hours: int) -> Put:
    """Return the step that makes a token good for so many hours: only its digest is kept, and TTL clears it away."""
    digest = _digest(token)
    until = now + timedelta(hours=hours)
    item = {
        "pk": f"link#{digest}",
        "sk": "link",
        "digest": digest,
        "subject": subject,
        "member_id": member.member_id,
        "tenure": member.tenure,
        "good_until": int(until.timestamp()),
        "expires_at": int((until + _KEPT).timestamp()),
    }
    return Put(item, "attribute_not_exists(#pk)", label="link")


class Links:
    """The links in a table."""

    def __init__(self, table: Table, members: Members, *, hours: int) -> None:
        self._table = table
        self._members = members
        self._hours = hours

    def make(self, member: Member, *, subject: str, now: datetime) -> str:
        """Make a link for a member, and return its token."""
        token = new_token()
        self._table.write(link_item(token, subject=subject, member=member, now=now, hours=self._hours))
        return token

    def made_for(self, token: str, *, subject: str) -> str | None:
        """Return the member for whom a link was made, good or not any more; None for one that is not ours."""
        link = self._find(token)
        return str(link["member_id"]) if link is not None and link["subject"] == subject else None

    def spend(self, token: str, *, subject: str, admits: Callable[[Member], bool], now: datetime) -> Spent | Refused:
        """Spend a token for a subject: of two at once, one is let in.

        `admits` reads the crew at that moment, after the member was read: whoever is taken off before it is found out
        by it, whoever is taken off after it is in another epoch when the token is spent, and is judged anew.
        """
        for _ in range(_ATTEMPTS):
            spent = self._spent(token, subject=subject, admits=admits, now=now)
            if spent is not None:
                return spent
        raise UnavailableError("the member of a link kept changing")

    def _spent(
        self, token: str, *, subject: str, admits: Callable[[Member], bool], now: datetime
    ) -> Spent | Refused | None:
        """Return how it went, None where the member changed in the meantime."""
        link = self._find(token)
        if link is None or link["subject"] != subject:
            return Refused.UNKNOWN
        if "spent_at" in link:
            return Refused.SPENT
        if link["good_until"] <= now.timestamp():
            return Refused.EXPIRED
        member = self._members.find(link["member_id"])
        made_in = link.get("tenure", link.get("epoch"))  # a link from before there were tenures
        if member is None or member.tenure != made_in or not admits(member):
            return Refused.REVOKED
        return self._spend(link, member, now=now)

    def _find(self, token: str) -> Item | None:
        digest = _digest(token)
        link = self._table.get(Key(f"link#{digest}", "link")) if is_token(token) else None
        found = link is not None and hmac.compare_digest(link["digest"].encode(), digest.encode())
        return link if found else None

    def _spend(self, link: Item, member: Member, *, now: datetime) -> Spent | Refused | None:
        spending = Update(
            Key(link["pk"], link["sk"]),
            change="SET #spent_at = :now",
            condition="#good_until > :now AND #subject = :subject AND attribute_not_exists(#spent_at)",
            values={"now": int(now.timestamp()), "subject": link["subject"]},
            label="link",
        )
        still_here = Check(
            member_key(member.member_id),
            condition="#gone = :no AND #epoch = :epoch",
            values={"no": False, "epoch": member.epoch},
            label="member",
        )
        try:
            self._table.write(spending, still_here)
        except ConditionError as refused:
            return None if "member" in refused.labels else Refused.SPENT
        return Spent(link["subject"], member.member_id, member.epoch)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
