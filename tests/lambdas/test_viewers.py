"""Where viewers call from: one network for one caller, whatever port they come from."""

import pytest

from lambdas.service.viewers import network_of


@pytest.mark.parametrize(
    ("header", "network"),
    [
        pytest.param("198.51.100.10:46532", "198.51.100.10", id="IPv4 and port"),
        pytest.param("198.51.100.10", "198.51.100.10", id="IPv4 alone"),
        pytest.param("2001:db8:1:2:3:4:5:6:46532", "2001:db8:1:2::/64", id="IPv6 and port"),
        pytest.param("2001:db8:1:2::6:443", "2001:db8:1:2::/64", id="shortened IPv6 and port"),
        pytest.param("2001::5:6:7:8:9:443", "2001:0:0:5::/64", id="a port that could be a part of it"),
        pytest.param("[2001:db8:1:2::6]:46532", "2001:db8:1:2::/64", id="IPv6 in brackets and port"),
        pytest.param("[2001:db8:1:2::6]", "2001:db8:1:2::/64", id="IPv6 in brackets"),
        pytest.param("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="IPv6 alone"),
        pytest.param(
            "2001:0db8:0001:0002:ffff:ffff:ffff:ffff:1", "2001:db8:1:2::/64", id="another host of that network"
        ),
        pytest.param("::ffff:198.51.100.10:46532", "198.51.100.10", id="IPv4 in IPv6"),
        pytest.param("::1:46532", "::/64", id="loopback"),
        pytest.param(None, "nowhere", id="no header"),
        pytest.param("", "nowhere", id="empty"),
        pytest.param("pier 39:46532", "nowhere", id="no address"),
        pytest.param("198.51.100.10, 203.0.113.7", "nowhere", id="two addresses"),
        pytest.param("x" * 10_000, "nowhere", id="long"),
        pytest.param("٣.٣.٣.٣:1", "nowhere", id="other digits"),
    ],
)
def test_a_viewer_is_counted_by_network(header: str | None, network: str) -> None:
    """An IPv4 address counts by itself, an IPv6 one by its /64, and what is no address as one place of its own."""
    assert network_of(header) == network
