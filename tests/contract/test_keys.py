"""Where a charter's pages stand: what is written at a key is seen at its address, and found again by it."""

from __future__ import annotations

import pytest

from castoff.contract.keys import address_of, calendar_key, crew_name, page_at, page_key


@pytest.mark.parametrize("name", ["jada-guest-xhqgmdh", crew_name("xhqgmdh")])
@pytest.mark.parametrize("site", ["https://queenofsandiego.com", "http://guest.localhost:8443", ""])
def test_a_page_is_found_by_its_address(name: str, site: str) -> None:
    """On whatever site it is, and on none."""
    assert page_at(address_of(name, site=site)) == f"guest/{page_key(name)}"


def test_the_keys_are_those_that_everyone_links_to() -> None:
    """The edge, ShipCaptainCrew and every message that was ever sent know them by heart."""
    assert page_key(crew_name("xhqgmdh")) == "g/xhqgmdh-crew.html"
    assert calendar_key("jada-may30") == "g/jada-may30.ics"
    assert address_of("jada-may30", site="https://queenofsandiego.com") == "https://queenofsandiego.com/g/jada-may30"


def test_no_address_has_no_page() -> None:
    """A booking of which no page was made."""
    assert page_at("") == ""
