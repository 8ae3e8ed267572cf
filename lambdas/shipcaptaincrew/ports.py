"""What the app reaches the world through, and how its routes find it."""

from dataclasses import dataclass

from fastapi import Request

from lambdas.service.fence import HEADER, parse_serial
from lambdas.service.instants import Clock
from lambdas.service.keys import KeyRing, same_secret
from lambdas.service.refusals import RefusalError
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.events import Events
from lambdas.shipcaptaincrew.links import Links
from lambdas.shipcaptaincrew.mailbox import Mailbox
from lambdas.shipcaptaincrew.members import Members
from lambdas.shipcaptaincrew.outbox import Outbox
from lambdas.shipcaptaincrew.settings import Settings


@dataclass(frozen=True)
class Ports:
    """Table, mailbox, secrets and clock."""

    table: Table
    mailbox: Mailbox
    vault: Vault
    now: Clock
    settings: Settings


class Service:
    """The use cases over their ports."""

    def __init__(self, ports: Ports) -> None:
        vault, secret = ports.vault, ports.settings.key_secret
        outbox = Outbox(ports.table, ports.mailbox, settings=ports.settings)
        self.ports = ports
        self.events = Events(ports.table, outbox, settings=ports.settings, now=ports.now)
        self.members = Members(ports.table)
        self.links = Links(ports.table)
        self.keys = KeyRing(
            lambda: vault.texts(secret, "service_key_hashes"),
            lambda: vault.texts(secret, "service_key_hashes", after_miss=True),
        )


def service(request: Request) -> Service:
    """Return the service that an app was built with."""
    found = request.app.state.service
    if not isinstance(found, Service):
        raise TypeError("the app was built without its service")
    return found


def require_service_key(request: Request) -> None:
    """Refuse a call without a right X-Service-Key."""
    if not service(request).keys.opens(request.headers.get("X-Service-Key")):
        raise RefusalError(401, "unauthorized", "a right X-Service-Key is needed", field="X-Service-Key")


def require_origin(request: Request) -> None:
    """Refuse a viewer who did not come through a distribution, which adds a secret header."""
    ports = service(request).ports
    expected = ports.vault.text(ports.settings.origin_secret, "header")
    if not same_secret(request.headers.get("X-Castoff-Origin"), expected):
        raise RefusalError(403, "not_through_the_site", "open this page on the site itself")


def serial(request: Request) -> int | None:
    """Return the serial a call carries."""
    return parse_serial(request.headers.get(HEADER))
