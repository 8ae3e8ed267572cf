"""The crew's cookie, as a browser gets it when a link is spent. Pure."""

from datetime import datetime

from castoff.contract.tickets import Cookie, Key, cookie_name, sign_cookie
from lambdas.shipcaptaincrew.links import Spent


def login_cookie(spent: Spent, *, until: datetime, now: datetime, key: Key) -> str:
    """Return the `Set-Cookie` header that lets a browser in until then."""
    expires = int(until.timestamp())
    value = sign_cookie(Cookie(spent.subject, spent.member_id, spent.epoch, expires), key)
    lives = expires - int(now.timestamp())
    return f"{cookie_name(spent.subject)}={value}; Path=/; Max-Age={lives}; Secure; HttpOnly; SameSite=Lax"
