"""Codes that a phone's camera reads, and the address at which a phone in the same network finds this machine."""

from __future__ import annotations

import io
import ipaddress
import socket
from typing import Final

import segno

_ELSEWHERE: Final = {4: (socket.AF_INET, ("192.0.2.1", 9)), 6: (socket.AF_INET6, ("2001:db8::1", 9))}
"""By version, an address for documentation (RFC 5737, RFC 3849): asking for the way there sends nothing."""


def code_picture(text: str) -> bytes:
    """Return a code as SVG."""
    picture = io.BytesIO()
    segno.make(text, micro=False).save(picture, kind="svg", scale=4, border=2, xmldecl=False, svgns=True)
    return picture.getvalue()


def code_lines(text: str) -> str:
    """Return a code as a terminal shows it, two rows of it a line."""
    drawn = io.StringIO()
    segno.make(text, micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()


def network_address(host: str) -> str | None:
    """Return this machine's address in its network, None where it has none; `host` is what the server listens on."""
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        found = _own_address(address.version)
        if found is None:
            return None
        address = ipaddress.ip_address(found)
    if address.is_loopback or (address.version == 6 and address.is_link_local):  # noqa: PLR2004 - the version of IP
        return None  # of no use in a link: it is the phone itself, or lacks the name of the phone's own interface
    return str(address)


def origin(address: str, port: int) -> str:
    """Return what the links to a server begin with."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def _own_address(version: int) -> str | None:
    """Return the address that this machine would send from, None where it knows no way out."""
    family, elsewhere = _ELSEWHERE[version]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(elsewhere)
            return str(probe.getsockname()[0])
    except OSError:
        return None
