"""Passes into what is gated: cookies of a key that exists only in this process, tokens that bring them to a host.

The gate is the real one of the edge; it knows this key and no other.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Final

from castoff.contract.tickets import OPS, Cookie, Key, cookie_name, read_cookie, sign_cookie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MEMBER: Final = "preview"
"""Whom the cookies name; no one who could leave."""

SECONDS: Final = 7 * 24 * 3600
"""How long a cookie is good; the key rarely lives as long."""

MOST: Final = 4
"""Crew pages that stay open at a time: a browser holds so many cookies a host, and sends them all on every request."""

TOKENS: Final = 16
TOKEN_SECONDS: Final = 60.0


class Passes:
    """The key of one preview, and what is signed with it; `clock` gives seconds since 1970."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._key = Key(secrets.token_hex(4), secrets.token_hex(32))
        self._tokens: dict[str, float] = {}

    @property
    def values(self) -> dict[str, str]:
        """What the edge function's key-value store holds."""
        return {f"key:{self._key.id}": self._key.secret}

    def crew(self, booking: str, cookies: Iterable[tuple[str, str]]) -> list[str]:
        """Return the `Set-Cookie` lines that open one booking's crew page, and drop what too many came before it.

        `cookies` are those that the browser sent, the oldest first.
        """
        name = cookie_name(booking)
        before = [(known, value) for known, value in cookies if known.startswith(cookie_name("")) and known != name]
        ours = [known for known, value in before if read_cookie(value, (self._key,)) is not None]
        gone = [known for known, _ in before if known not in ours[-(MOST - 1) :]]
        return [self._line(booking), *(f"{known}=; Path=/; Secure; Max-Age=0" for known in gone)]

    def ops(self) -> str:
        """Return the `Set-Cookie` line that opens the board."""
        return self._line(OPS)

    def token(self) -> str:
        """Return a token that is good for once, within a minute."""
        token = secrets.token_urlsafe(24)
        self._tokens[token] = self._clock() + TOKEN_SECONDS
        while len(self._tokens) > TOKENS:
            self._tokens.pop(next(iter(self._tokens)))
        return token

    def spend(self, token: str) -> bool:
        """Tell whether a token is good, and let it be good no more."""
        known = next((one for one in list(self._tokens) if hmac.compare_digest(one.encode(), token.encode())), None)
        return known is not None and self._clock() < self._tokens.pop(known, 0.0)

    def _line(self, subject: str) -> str:
        expires = int(self._clock()) + SECONDS
        value = sign_cookie(Cookie(subject=subject, member=MEMBER, epoch=0, expires=expires), self._key)
        return f"{cookie_name(subject)}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"
