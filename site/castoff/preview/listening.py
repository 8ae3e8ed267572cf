"""Where the preview listens: both loopback addresses, since browsers try either, and what else was asked for."""

from __future__ import annotations

import errno
import ipaddress
import socket
from contextlib import ExitStack
from typing import Final

PORT: Final = 4747
TRIES: Final = 50

_ABSENT: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT})
"""What a machine without IPv6 says of its loopback address."""


class TakenError(Exception):
    """Another program listens on that port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


class NoSuchAddressError(Exception):
    """This machine does not have the address that it was to listen on."""

    def __init__(self, host: str) -> None:
        super().__init__(f"this machine has no address `{host}`")


class RefusedError(Exception):
    """The system lets nobody listen there; the words are its own."""

    def __init__(self, address: str, port: int, error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        super().__init__(f"cannot listen on `{address}`, port {port}: {reason}")


def listen(host: str | None, port: int | None, *, usual: int = PORT) -> tuple[list[socket.socket], int]:
    """Return sockets that listen, and their port: the one asked for, or from the usual one on the first that is free.

    Raises TakenError where it is not free, NoSuchAddressError for a host of another machine, RefusedError otherwise.
    """
    if port is not None:
        return _listen(host, port), port
    for free in range(usual, usual + TRIES):
        try:
            return _listen(host, free), free
        except TakenError:
            continue
    raise TakenError(usual)


def addresses_of(host: str | None) -> list[str]:
    """Return what to listen on; every address includes loopback's own of the same kind."""
    wanted = ["127.0.0.1", "::1"]
    if host is not None:
        kind = ipaddress.ip_address(host)
        if kind.is_unspecified:
            wanted[kind.version == 6] = host  # noqa: PLR2004 - the version of the protocol
        elif not kind.is_loopback:
            wanted.append(host)
    return wanted


def _listen(host: str | None, port: int) -> list[socket.socket]:
    with ExitStack() as opened:
        found = [opened.enter_context(one) for address in addresses_of(host) if (one := _open(address, port))]
        opened.pop_all()
        return found


def _open(address: str, port: int) -> socket.socket | None:
    """Return a socket that listens, None where this machine has no IPv6."""
    try:
        return _bound(address, port)
    except OSError as error:
        if error.errno in _ABSENT and address == "::1":
            return None
        if error.errno == errno.EADDRNOTAVAIL:
            raise NoSuchAddressError(address) from error
        if error.errno == errno.EADDRINUSE:
            raise TakenError(port) from error
        raise RefusedError(address, port, error) from error


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with ExitStack() as opened:
        # The protocol by name: asyncio turns Nagle's algorithm off for no other, and each answer would wait 40 ms.
        found = opened.enter_context(socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP))
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((address, port))
        found.listen()
        opened.pop_all()
        return found
