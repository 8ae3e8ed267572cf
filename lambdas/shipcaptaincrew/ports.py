"""What the app reaches the world through, and how its routes find it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from lambdas.service.fence import HEADER, parse_serial, reads_serial
from lambdas.service.instants import Clock
from lambdas.service.keys import KeyRing, same_secret, sole
from lambdas.service.limits import Limits
from lambdas.service.promises import needs_key, refuses
from lambdas.service.refusals import RefusalError
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.service.viewers import HEADER as VIEWER
from lambdas.service.viewers import network_of
from lambdas.shipcaptaincrew.addresses import Addresses
from lambdas.shipcaptaincrew.bounces import Bounces
from lambdas.shipcaptaincrew.debts import Debts
from lambdas.shipcaptaincrew.departures import Departures
from lambdas.shipcaptaincrew.doors import Doors
from lambdas.shipcaptaincrew.eve import Eve
from lambdas.shipcaptaincrew.events import Events
from lambdas.shipcaptaincrew.gate import Gate
from lambdas.shipcaptaincrew.links import Links
from lambdas.shipcaptaincrew.mailbox import Mailbox
from lambdas.shipcaptaincrew.members import Members
from lambdas.shipcaptaincrew.new_links import NewLinks
from lambdas.shipcaptaincrew.outbox import Outbox
from lambdas.shipcaptaincrew.presigner import Presigner
from lambdas.shipcaptaincrew.settings import Settings
from lambdas.shipcaptaincrew.tick import Tick
from lambdas.shipcaptaincrew.tries import Tries
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
        debts = Debts(ports.table, ports.departures)
        self.members = Members(ports.table, debts)
        self.addresses = Addresses(ports.table, self.members)
        self.outbox = Outbox(ports.table, self.members, ports.mailbox, settings=settings)
        self.events = Events(ports.table, self.members, self.outbox, debts=debts, settings=settings, now=now)
        eve = Eve(
            ports.table,
            self.outbox.mails,
            zone=settings.zone,
            reminder_hour=settings.reminder_hour,
            summary_hour=settings.summary_hour,
        )
        self.tick = Tick(self.outbox, eve, debts, now=now, pause=ports.pause)
        self.bounces = Bounces(self.addresses, topic=settings.mail_topic)
        self.doors = Doors(self.events, self.members)
        self.links = Links(ports.table, self.members, hours=settings.link_hours)
        self.tries = Tries(self.links, limits)
        self.gate = Gate(vault, secret=settings.gate_secret)
        self.new_links = NewLinks(
            self.doors,
            self.members,
            self.links,
            ports.mailbox,
            limits,
            addresses=self.addresses,
            settings=settings,
            now=now,
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


@needs_key("X-Service-Key")
@refuses(401, "unauthorized")
def require_service_key(request: Request) -> None:
    """Refuse a call without a right X-Service-Key."""
    if not service(request).keys.opens(sole(request.headers.getlist("X-Service-Key"))):
        raise RefusalError(401, "unauthorized", "a right X-Service-Key is needed", field="X-Service-Key")


@needs_key("X-Castoff-Origin")
@refuses(403, "not_through_the_site")
def require_origin(request: Request) -> None:
    """Refuse a viewer who did not come through a distribution, which adds a secret header."""
    ports = service(request).ports
    expected = ports.vault.text(ports.settings.origin_secret, "header")
    if not same_secret(sole(request.headers.getlist("X-Castoff-Origin")), expected):
        raise RefusalError(403, "not_through_the_site", "open this page on the site itself")


def viewer_network(request: Request) -> str:
    """Return the network that a viewer calls from; only after `require_origin` is it more than a claim."""
    return network_of(request.headers.get(VIEWER))


@reads_serial
@refuses(409, "stale_serial")
@refuses(422, "invalid_field")
def serial(request: Request) -> int | None:
    """Return the serial a call carries."""
    return parse_serial(request.headers.get(HEADER))
