"""Where a viewer calls from, as CloudFront tells it: `198.51.100.10:46532`, `2001:db8::10:46532`."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

HEADER = "CloudFront-Viewer-Address"
NOWHERE = "nowhere"


def network_of(header: str | None) -> str:
    """Return what a limit by address counts: an IPv4 address, or the /64 that one IPv6 subscriber has for themselves.

    A header that names no address counts as one place of its own, so that leaving it out evades nothing.
    """
    address = _address(header or "")
    if address is None:
        return NOWHERE
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Network((address, 64), strict=False))
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    # The port comes last whether or not an IPv6 address stands in brackets; without a port the whole is the address.
    for candidate in (text.rpartition(":")[0], text):
        try:
            return ip_address(candidate.removeprefix("[").removesuffix("]"))
        except ValueError:
            continue
    return None
