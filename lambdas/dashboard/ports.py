"""What the app reaches the world through, how its routes find it, and who may call them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from lambdas.dashboard.calendar import Calendar
from lambdas.dashboard.feeds import Feeds
from lambdas.dashboard.settings import Settings
from lambdas.service.fence import HEADER, parse_serial, reads_serial
from lambdas.service.instants import Clock
from lambdas.service.keys import KeyRing, sole
from lambdas.service.limits import Limits
from lambdas.service.promises import needs_key, refuses
from lambdas.service.refusals import RefusalError
from lambdas.service.table import Table
from lambdas.service.vault import Vault


@dataclass(frozen=True)
class Ports:
    """Table, secrets and clock."""

    table: Table
    vault: Vault
    now: Clock
    settings: Settings


class Service:
    """The use cases over their ports."""

    def __init__(self, ports: Ports) -> None:
        vault, secret, zone = ports.vault, ports.settings.token_secret, ports.settings.zone
        self.ports = ports
        self.calendar = Calendar(ports.table, now=ports.now, zone=zone)
        self.feeds = Feeds(ports.table, Limits(ports.table), now=ports.now, zone=zone)
        self.keys = KeyRing(
            lambda: vault.texts(secret, "token_hashes"),
            lambda: vault.texts(secret, "token_hashes", after_miss=True),
        )

        def who_see_money() -> Sequence[str]:
            return vault.texts(secret, "finance_token_hashes", default=())

        # Not read anew after a miss of its own: the other ring's has just been, of the same secret.
        self.money_keys = KeyRing(who_see_money, who_see_money)


class Reader:
    """Who may read the calendar: whether they may write it, too, and whether they may see its money."""

    def __init__(self, token: str | None, *, keys: KeyRing, money_keys: KeyRing) -> None:
        self._token = token
        self._keys = keys
        self._money_keys = money_keys

    @cached_property
    def writes(self) -> bool:
        """Whether they may write."""
        return self._keys.opens(self._token)

    @cached_property
    def sees_money(self) -> bool:
        """Whether they may see money: looked up only where an answer might show some."""
        return self._money_keys.opens(self._token)


def service(request: Request) -> Service:
    """Return the service that an app was built with."""
    found = request.app.state.service
    if not isinstance(found, Service):
        raise TypeError("the app was built without its service")
    return found


@needs_key("X-Dashboard-Token")
@refuses(401, "unauthorized")
def reader(request: Request) -> Reader:
    """Return what the call's X-Dashboard-Token allows; RefusalError 401 for one that allows nothing."""
    to, token = service(request), sole(request.headers.getlist("X-Dashboard-Token"))
    found = Reader(token, keys=to.keys, money_keys=to.money_keys)
    if not (found.writes or found.sees_money):
        raise RefusalError(401, "unauthorized", "a right X-Dashboard-Token is needed", field="X-Dashboard-Token")
    return found


@refuses(403, "read_only")
def require_token(by: Annotated[Reader, Depends(reader)]) -> None:
    """Refuse a call whose X-Dashboard-Token may not write."""
    if not by.writes:
        raise RefusalError(403, "read_only", "this X-Dashboard-Token only reads", field="X-Dashboard-Token")


@reads_serial
@refuses(409, "stale_serial")
@refuses(422, "invalid_field")
def serial(request: Request) -> int | None:
    """Return the serial a call carries."""
    return parse_serial(request.headers.get(HEADER))
