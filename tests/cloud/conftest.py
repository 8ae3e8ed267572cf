"""A second stack in the embedded cloud, for what would disturb the one that everybody shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.edge_store import EdgeStore

from castoff.cloud import ministack
from castoff.cloud.account import account_in
from castoff.cloud.keys.vault import open_vault
from castoff.cloud.lambda_packages import Target
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent
from castoff.cloud.stack import deploy, make_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts
    from castoff.cloud.keys.vault import Vault
    from castoff.cloud.progress import Progress
    from castoff.cloud.sources import Sources
    from castoff.cloud.stack import Deployed

PARAMETERS = {
    "Name": "elsewhere",
    "GuestUrl": "https://guest.example.com",
    "OpsUrl": "https://ops.example.com",
    "MailFrom": "crew@example.com",
    "OperatorAddresses": "192.0.2.0/24",
}


@pytest.fixture(scope="session")
def deploy_elsewhere(
    cloud: Facts, sources: Sources, checkout: Path, cloud_environment: dict[str, str]
) -> Callable[[Progress], Deployed]:
    """Return a function that deploys the second stack, whose operator sits in another network."""
    place = Place(checkout)
    target = Target(ministack.find(place, cloud_environment).runtime())

    def deploy_it(progress: Progress) -> Deployed:
        return deploy(
            account_in(cloud, "admin"),
            sources,
            name="elsewhere",
            parameters={**PARAMETERS, "Runtime": target.runtime},
            target=target,
            cache=place.packages,
            progress=progress,
        )

    return deploy_it


@pytest.fixture(scope="session")
def elsewhere(deploy_elsewhere: Callable[[Progress], Deployed]) -> Deployed:
    """Return the second stack, deployed."""
    return deploy_elsewhere(Silent())


@pytest.fixture
def admin(cloud: Facts) -> Account:
    """Return the deployer's account."""
    return account_in(cloud, "admin")


@pytest.fixture
def edge_store(admin: Account, elsewhere: Deployed) -> EdgeStore:
    """Return the second stack's KeyValueStore."""
    return EdgeStore(admin, elsewhere.outputs["KeyValueStore"])


@pytest.fixture
def vault(admin: Account, elsewhere: Deployed) -> Vault:
    """Return the second stack's secrets."""
    return open_vault(admin, prefix=elsewhere.name)


@pytest.fixture
def make(admin: Account, elsewhere: Deployed) -> Callable[..., None]:
    """Return the step of the second stack's deploy that makes the keys."""

    def make_them(*, unlisted: bool = False) -> None:
        make_keys(admin, elsewhere, prefix=elsewhere.name, unlisted=unlisted)

    return make_them
