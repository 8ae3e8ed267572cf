"""Parameters that would shut the stack to everybody, or do nothing, are refused before anything is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.problems import CloudError
from castoff.cloud.setup.parameters import parameters
from castoff.cloud.setup.wanted import Site, Wanted
from castoff.cloud.standing import Standing
from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from castoff.cloud.sources import Sources

GUEST, OPS = Site("sails.example.com"), Site("board.example.com")
BY_KEY = Wanted("production", "castoff", GUEST, OPS, "America/Los_Angeles", mail_from="crew@example.com")
OFFICE = {"OperatorAddresses": "198.51.100.7/32"}


def standing(**parameters: str) -> Standing:
    """Return a stack with parameters."""
    return Standing("castoff", "UPDATE_COMPLETE", {}, parameters, {}, datetime(2024, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize("addresses", ["127.0.0.1/32", "192.0.2.0/24"])
def test_going_back_to_addresses_wants_one(sources: Sources, addresses: str) -> None:
    """A stack that knew signatures may have none, and would be shut to everybody; one that has some keeps them."""
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    there = standing(OperatorAuth="sigv4", OperatorAddresses=addresses)

    if addresses == template["Parameters"]["OperatorAddresses"]["Default"]:
        with pytest.raises(CloudError, match="nobody could call the APIs"):
            parameters(template, BY_KEY, standing=there, given={})
    given = {"OperatorAddresses": "198.51.100.7/32"}
    assert parameters(template, BY_KEY, standing=there, given=given)["OperatorAddresses"] == "198.51.100.7/32"
    if addresses == "192.0.2.0/24":
        assert parameters(template, BY_KEY, standing=there, given={})["OperatorAddresses"] is None


@pytest.mark.parametrize("site", ["guest", "ops"])
def test_a_zone_does_nothing_for_a_distribution_of_ones_own(sources: Sources, site: str) -> None:
    """Whether castoff.yaml names it now, or the stack has it from before; one that the stack makes is led to."""
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    zone, other = ("HostedZoneId", "OpsHostedZoneId") if site == "guest" else ("OpsHostedZoneId", "HostedZoneId")
    own = replace(BY_KEY, **{site: replace(BY_KEY.site(site), distribution="E1EXAMPLE")})
    there = standing(
        OperatorAuth="service-key",
        OperatorAddresses="192.0.2.0/24",
        **{f"{site.capitalize()}DistributionId": "E1EXAMPLE"},
    )

    for wanted, deployed in ((own, None), (BY_KEY, there)):
        with pytest.raises(CloudError, match=f"`{zone}` would do nothing: distribution `E1EXAMPLE` is yours"):
            parameters(template, wanted, standing=deployed, given={**OFFICE, zone: "Z1EXAMPLE"})
    assert parameters(template, own, standing=None, given={**OFFICE, other: "Z1EXAMPLE"})[other] == "Z1EXAMPLE"
