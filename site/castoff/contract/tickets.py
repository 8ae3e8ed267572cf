"""Signed tokens: the crew's cookie and the upload ticket, each an HMAC over everything that it grants.

    1.<key id>.<part>.….<mac>       the mac: HMAC-SHA256, base64url without padding, over `<kind>:` and all before it

ShipCaptainCrew makes both, the edge function reads cookies, ShipCaptainCrew reads tickets. The kind is part of what is
signed and of nothing else, so that a ticket is no cookie even under the same key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = "1"
LONGEST: Final = 512
"""Characters of a token at most: a longer one is refused unread."""

OPS: Final = "ops"
"""The subject of a cookie for the ops site; no booking has this id, since those have seven characters."""

MOST_KEYS: Final = 2
"""Keys of a kind at a time: the one that signs, and while they change the one before it or after it."""

_SECRET: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Kind(StrEnum):
    """What a token is good for."""

    COOKIE = "cookie"
    TICKET = "ticket"


class Audience(StrEnum):
    """Whose upload form it is; the second folder of its prefix."""

    GUEST = "guest"
    CREW = "crew"


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key: `secret` is text, whose ASCII bytes are the HMAC's key, since the edge holds only text.

    People may edit keys: ValueError says which field is none, and nothing of what it holds.
    """

    id: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what the edge would not take for a key, or what is easily guessed."""
        if not _PART.fullmatch(self.id):
            raise ValueError("a key's `id` is to be 1 to 64 letters, digits, `_` or `-`")
        if not _SECRET.fullmatch(self.secret):
            raise ValueError("a key's `secret` is to be 64 hexadecimal digits in lower case")


@dataclass(frozen=True, slots=True)
class Cookie:
    """Lets one member read one booking's crew page, or with subject `ops` the board; `expires` in Unix seconds.

    `epoch` is the member's at the login: whoever leaves has a later one, and the edge refuses the earlier.
    """

    subject: str
    member: str
    epoch: int
    expires: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """Lets one audience of one booking upload within a window (Unix seconds), files of `max_size` bytes at most."""

    booking: str
    audience: Audience
    opens: int
    closes: int
    max_size: int


def cookie_name(subject: str) -> str:
    """Return the name of a subject's cookie; `__Host-` keeps it with the very host that set it."""
    return "__Host-ops" if subject == OPS else f"__Host-crew-{subject}"


def upload_prefix(booking: str, audience: Audience) -> str:
    """Return the prefix below which one audience of a booking uploads."""
    return f"uploads/{booking}/{audience.value}/"


def sign_cookie(cookie: Cookie, key: Key) -> str:
    """Return the cookie's value."""
    return _sign(Kind.COOKIE, (cookie.subject, cookie.member, str(cookie.epoch), str(cookie.expires)), key)


def read_cookie(token: str, keys: Iterable[Key]) -> Cookie | None:
    """Return what a cookie grants, None for one that none of the keys has signed; its end is the caller's to judge."""
    parts = _verified(Kind.COOKIE, token, keys, length=4)
    if parts is None:
        return None
    return Cookie(parts[0], parts[1], int(parts[2]), int(parts[3]))


def sign_ticket(ticket: Ticket, key: Key) -> str:
    """Return the ticket's text."""
    numbers = (str(ticket.opens), str(ticket.closes), str(ticket.max_size))
    return _sign(Kind.TICKET, (ticket.booking, ticket.audience.value, *numbers), key)


def read_ticket(token: str, keys: Iterable[Key]) -> Ticket | None:
    """Return what a ticket grants, None for one that none of the keys has signed; its window is the caller's to ask."""
    parts = _verified(Kind.TICKET, token, keys, length=5)
    if parts is None:
        return None
    return Ticket(parts[0], Audience(parts[1]), int(parts[2]), int(parts[3]), int(parts[4]))


def _sign(kind: Kind, parts: tuple[str, ...], key: Key) -> str:
    for part in (key.id, *parts):
        if not _PART.fullmatch(part):
            raise ValueError(f"`{part}` cannot be part of a token")
    text = ".".join((VERSION, key.id, *parts))
    return f"{text}.{_mac(kind, text, key)}"


def _verified(kind: Kind, token: str, keys: Iterable[Key], *, length: int) -> tuple[str, ...] | None:
    if len(token) > LONGEST or not token.isascii():
        return None
    text, _, mac = token.rpartition(".")
    version, *parts = text.split(".")
    if version != VERSION or len(parts) != length + 1:
        return None
    for key in keys:
        if key.id == parts[0]:
            right = hmac.compare_digest(mac.encode(), _mac(kind, text, key).encode())
            return tuple(parts[1:]) if right else None
    return None


def _mac(kind: Kind, text: str, key: Key) -> str:
    digest = hmac.digest(key.secret.encode(), f"{kind.value}:{text}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
