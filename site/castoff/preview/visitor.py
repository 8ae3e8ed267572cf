"""Who asks, and for which site: the operator at this machine sees everything, anyone else the guest site alone."""

from __future__ import annotations

import ipaddress
from enum import Enum, auto
from typing import Final

OPS_HOST: Final = "ops.localhost"


class Visit(Enum):
    """What a visitor has come for."""

    HOME = auto()
    """The operator, at the guest site and the home page."""
    OPS = auto()
    """The operator, at the ops site."""
    OUTSIDE = auto()
    """Someone else in the network, or the operator's phone."""
    ASTRAY = auto()
    """A name that is not ours, brought to this machine by whoever owns it: another site's page reads what we answer."""


def visit_of(host: str, *, viewer: str) -> Visit:
    """Return what a request is for: `host` as the browser sent it, `viewer` the address that it came from."""
    name = _name(host)
    if not _is_loopback(viewer):
        return Visit.OUTSIDE
    if name == OPS_HOST:
        return Visit.OPS
    if name == "localhost" or name.endswith(".localhost") or _is_loopback(name):
        return Visit.HOME
    return Visit.ASTRAY


def _name(host: str) -> str:
    """Return a host's name without its port, an IPv6 address without its brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".").lower()


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
