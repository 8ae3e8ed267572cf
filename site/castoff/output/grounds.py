"""The grounds on which an address is judged: what the release holds, what stands beside it, what operators chose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

OURS: Final = frozenset({"www.google.com", "tidesandcurrents.noaa.gov", "forecast.weather.gov"})
"""Hosts that castoff itself makes links to (castoff.pages): the way to a dock, its tides, its weather."""
_NAMED: Final = re.compile(rb"https://([A-Za-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What addresses may lead to: the two sites by their base addresses, and every file that stands there.

    `hosts` are those that links may leave for, `domains` those on which the sites will be seen; `standing` is what a
    publish left there that the release does not repeat, as the files of bookings that are reused.
    """

    guest: str
    ops: str
    files: Collection[str]
    standing: Collection[str] = ()
    hosts: frozenset[str] = field(default_factory=lambda: OURS)
    domains: frozenset[str] = frozenset()

    def holds(self, path: str) -> bool:
        """Tell whether a file stands there."""
        return path in self.files or path in self.standing

    def split(self, address: str) -> tuple[str, str] | None:
        """Return site and the rest of an address of our own, None for one that is not."""
        for site, base in (("guest", self.guest), ("ops", self.ops)):
            rest = address.removeprefix(base)
            if rest != address and rest[:1] in {"", "/", "?", "#"}:
                return site, rest
        return None


def hosts_named(texts: Iterable[bytes]) -> frozenset[str]:
    """Return the hosts of every https address in these texts: where an operator's own words may lead."""
    return frozenset(host.decode().lower().rstrip(".") for text in texts for host in _NAMED.findall(text))


def host_of(address: str) -> str:
    """Return the host of an absolute address, empty where it has none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:  # such as an address in brackets that are never closed
        return ""
