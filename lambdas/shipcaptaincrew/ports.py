"""What the app reaches the world through, and how its routes find it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from lambdas.service.fence import HEADER, parse_serial
from lambdas.service.instants import Clock
from lambdas.service.keys import KeyRing, same_secret
from lambdas.service.limits import Limits
from lambdas.service.refusals import RefusalError
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.service.viewers import HEADER as VIEWER
from lambdas.service.viewers import network_of
from lambdas.shipcaptaincrew.departures import Departures
from lambdas.shipcaptaincrew.doors import Doors
from lambdas.shipcaptaincrew.events import Events
from lambdas.shipcaptaincrew.gate import Gate
from lambdas.shipcaptaincrew.links import Links
from lambdas.shipcaptaincrew.mailbox import Mailbox
from lambdas.shipcaptaincrew.members import Members
from lambdas.shipcaptaincrew.new_links import NewLinks
from lambdas.shipcaptaincrew.outbox import Outbox
from lambdas.shipcaptaincrew.presigner import Presigner
from lambdas.shipcaptaincrew.settings import Settings
from lambdas.shipcaptaincrew.uploads import Uploads


@dataclass(frozen=True)
class Ports:
    """Table, mailbox, secrets, the edge's memory, the forms' signer, and clocks."""

    table: Table
    mailbox: Mailbox
    vault: Vault
    departures: Departures
    presigner: Presigner
    now: Clock
    settings: Settings
    ticks: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


class Service:
    """The use cases over their ports."""

    def __init__(self, ports: Ports) -> None:
        settings, now = ports.settings, ports.now
        vault, secret = ports.vault, settings.key_secret
        limits = Limits(ports.table)
        self.ports = ports
        self.members = Members(ports.table, ports.departures)
        outbox = Outbox(ports.table, self.members, ports.mailbox, settings=settings)
        self.events = Events(ports.table, self.members, outbox, settings=settings, now=now)
        self.doors = Doors(self.events, self.members)
        self.links = Links(ports.table, self.members, hours=settings.link_hours)
        self.gate = Gate(vault, secret=settings.gate_secret)
        self.new_links = NewLinks(
            self.doors, self.members, self.links, ports.mailbox, limits, settings=settings, now=now
        )
        self.uploads = Uploads(ports.presigner, self.gate, limits, settings=settings, now=now)
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


def viewer_network(request: Request) -> str:
    """Return the network that a viewer calls from; only after `require_origin` is it more than a claim."""
    return network_of(request.headers.get(VIEWER))


def serial(request: Request) -> int | None:
    """Return the serial a call carries."""
    return parse_serial(request.headers.get(HEADER))
