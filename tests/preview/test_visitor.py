"""Who may see what: the operator at this machine everything, anyone else the guest site alone."""

from __future__ import annotations

import pytest

from castoff.preview.visitor import Visit, visit_of

HERE, NETWORK = "127.0.0.1", "192.168.1.20"

VISITS = [
    ("localhost", "localhost:4747", HERE, Visit.HOME),
    ("its address", "127.0.0.1:4747", HERE, Visit.HOME),
    ("its address in IPv6", "[::1]:4747", "::1", Visit.HOME),
    ("another name of loopback", "guest.localhost:4747", HERE, Visit.HOME),
    ("in capitals, with a dot at the end", "LOCALHOST.:4747", HERE, Visit.HOME),
    ("without a port", "localhost", HERE, Visit.HOME),
    ("over a socket of both kinds", "localhost:4747", "::ffff:127.0.0.1", Visit.HOME),
    ("the ops site", "ops.localhost:4747", HERE, Visit.OPS),
    ("a name that its owner points to this machine", "evil.example:4747", HERE, Visit.ASTRAY),
    ("a name that only begins like ours", "localhost.evil.example:4747", HERE, Visit.ASTRAY),
    ("a name that only ends like ours", "evillocalhost:4747", HERE, Visit.ASTRAY),
    ("a tunnel's name", "abc.tunnel.example", HERE, Visit.ASTRAY),
    ("no name", "", HERE, Visit.ASTRAY),
    ("a phone", "192.168.1.5:4747", NETWORK, Visit.OUTSIDE),
    ("a phone that says it is here", "localhost:4747", NETWORK, Visit.OUTSIDE),
    ("a phone that asks for the board", "ops.localhost:4747", NETWORK, Visit.OUTSIDE),
    ("nobody knows from where", "localhost:4747", "", Visit.OUTSIDE),
]


@pytest.mark.parametrize(("host", "viewer", "visit"), [row[1:] for row in VISITS], ids=[row[0] for row in VISITS])
def test_a_visit_is_judged_by_name_and_address(host: str, viewer: str, visit: Visit) -> None:
    """A loopback name from a loopback address is the operator; from elsewhere no name helps."""
    assert visit_of(host, viewer=viewer) is visit
