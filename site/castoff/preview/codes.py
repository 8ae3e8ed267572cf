"""Codes that a phone's camera reads, and the address at which a phone in the same network finds this machine."""

from __future__ import annotations

import io
import ipaddress
import socket
from typing import Final

import segno

_ELSEWHERE: Final = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): asking for the way there sends nothing."""


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
    if not address.is_unspecified:
        return str(address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if ipaddress.ip_address(found).is_loopback else found
