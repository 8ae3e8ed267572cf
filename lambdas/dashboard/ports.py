"""What the app reaches the world through, and how its routes find it."""

from dataclasses import dataclass

from fastapi import Request

from lambdas.dashboard.calendar import Calendar
from lambdas.dashboard.settings import Settings
from lambdas.service.fence import HEADER, parse_serial
from lambdas.service.instants import Clock
from lambdas.service.keys import KeyRing
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
        vault, secret = ports.vault, ports.settings.token_secret
        self.ports = ports
        self.calendar = Calendar(ports.table, now=ports.now)
        self.keys = KeyRing(
            lambda: vault.texts(secret, "token_hashes"),
            lambda: vault.texts(secret, "token_hashes", after_miss=True),
        )


def service(request: Request) -> Service:
    """Return the service that an app was built with."""
    found = request.app.state.service
    if not isinstance(found, Service):
        raise TypeError("the app was built without its service")
    return found


def require_token(request: Request) -> None:
    """Refuse a call without a right X-Dashboard-Token."""
    if not service(request).keys.opens(request.headers.get("X-Dashboard-Token")):
        raise RefusalError(401, "unauthorized", "a right X-Dashboard-Token is needed", field="X-Dashboard-Token")


def serial(request: Request) -> int | None:
    """Return the serial a call carries."""
    return parse_serial(request.headers.get(HEADER))
