"""Least privilege: each grant of each role is needed by what the role is for, and none lets it do what it must not."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError
from support.edge_store import EdgeStore
from support.errands import CalendarErrand, CrewErrand, FailedError, publish_errand
from support.gateway import Caller
from support.privilege import Grants
from support.rights import FORBIDDEN, NOT_ASKED_HERE, STACK, STEPS

from castoff.cloud import identities, ministack
from castoff.cloud.account import account_in, account_of
from castoff.cloud.facts import Credentials
from castoff.cloud.keys.vault import open_vault
from castoff.cloud.lambda_packages import Target
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent
from castoff.cloud.stack import deploy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.privilege import Grant

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts
    from castoff.cloud.keys.vault import Vault
    from castoff.cloud.sources import Sources
    from castoff.cloud.stack import Deployed

pytestmark = pytest.mark.matrix

PARAMETERS: Final = {
    "Name": STACK,
    "GuestUrl": "https://guest.example.com",
    "OpsUrl": "https://ops.example.com",
    "MailFrom": "crew@example.com",
    "OperatorAuth": "sigv4",
}


# Secrets are remembered by whoever read them.
REMEMBERED: Final = "OwnSecrets"

# What could not be told to the edge is owed to it, and stops whoever changes an event.
OWED: Final = "Gone"


def some() -> list[Grant]:
    """Return every grant for a proof, else one of each principal, always the same."""
    if os.environ.get("CASTOFF_PROOF"):
        return sorted(STEPS)
    draw = random.Random(5)  # noqa: S311 - a sample, not a secret
    whose: dict[str, list[Grant]] = {}
    for grant in sorted(STEPS):
        if grant.sid != REMEMBERED:  # with a start of its Lambda before and after, a dozen seconds
            whose.setdefault(grant.principal, []).append(grant)
    return [draw.choice(grants) for grants in whose.values()]


@pytest.fixture(scope="module")
def admin(cloud: Facts) -> Account:
    """Return the deployer's account."""
    return account_in(cloud, "admin")


@pytest.fixture(scope="module")
def deployed(admin: Account, sources: Sources, checkout: Path, cloud_environment: dict[str, str]) -> Deployed:
    """Return a stack of this module's own, since others would miss what is taken from its roles."""
    place, me = Place(checkout), identities.admin_arn(admin)
    runtime = ministack.find(place, cloud_environment).runtime()
    made = deploy(
        admin,
        sources,
        name=STACK,
        parameters={**PARAMETERS, "Runtime": runtime, "PublisherPrincipal": me, "Administrators": me},
        target=Target(runtime),
        cache=place.packages,
        progress=Silent(),
    )
    identities.open_store_to_scc(admin, stack=STACK)
    return made


@pytest.fixture(scope="module")
def grants(admin: Account, deployed: Deployed) -> Grants:
    """Return what the stack's roles and users may do."""
    return Grants(admin, deployed.name)


@pytest.fixture(scope="module")
def vault(admin: Account, deployed: Deployed) -> Vault:
    """Return the stack's secrets."""
    return open_vault(admin, prefix=deployed.name)


@pytest.fixture(scope="module")
def errands(admin: Account, deployed: Deployed, vault: Vault) -> dict[str, Callable[[], None]]:
    """Return what runs everything that each principal is for; ShipCaptainCrew's includes the upload signer's."""
    assert admin.endpoint
    lent = identities.lend_publisher(admin, deployed.outputs)
    store = EdgeStore(admin, deployed.outputs["KeyValueStore"])

    def operator(url: str, secret: str, field: str, header: str) -> Caller:
        key = vault.read(secret)[field]
        assert isinstance(key, str)
        return Caller(admin.endpoint or "", deployed.outputs[url], lent).bringing(**{header: key})

    origin = vault.read("origin")["header"]
    viewer = Caller(admin.endpoint, deployed.outputs["SccUrl"]).bringing(X_Castoff_Origin=origin)
    scc = operator("SccUrl", "scc", "service_key", "X-Service-Key")
    dashboard = operator("DashboardUrl", "dashboard", "token", "X-Dashboard-Token")
    feed = Caller(admin.endpoint, deployed.outputs["DashboardUrl"])
    crew = CrewErrand(scc, viewer, store.entries).run
    return {
        "SccRole": crew,
        "UploadSigner": crew,
        "DashboardRole": CalendarErrand(dashboard, feed).run,
        "PublisherRole": publish_errand(admin, deployed, lent).run,
    }


@pytest.fixture(scope="module")
def start_afresh(admin: Account, deployed: Deployed) -> Callable[[], None]:
    """Return a function after which each Lambda starts anew: it remembers no secret that it has read."""
    client = admin.session.client("lambda", **admin.options)
    assert deployed.name == STACK

    def again() -> None:
        for service in ("scc", "dashboard"):
            name = f"{STACK}-{service}"
            variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            turn = str(int(variables.get("TURN", "0")) + 1)
            client.update_function_configuration(
                FunctionName=name, Environment={"Variables": {**variables, "TURN": turn}}
            )

    return again


def test_every_grant_is_accounted_for(grants: Grants) -> None:
    """Whoever adds a statement says what fails without it, or why that shows on AWS alone."""
    assert grants.all() == STEPS.keys() | NOT_ASKED_HERE


def test_each_errand_goes_well(errands: dict[str, Callable[[], None]]) -> None:
    """With every grant in its place nothing fails, so that it is the grant's absence that the next test sees."""
    for run in dict.fromkeys(errands.values()):
        run()


@pytest.mark.parametrize("grant", some(), ids=lambda grant: f"{grant.principal} {grant.action} {grant.resource}")
def test_without_it_something_fails(
    grants: Grants, errands: dict[str, Callable[[], None]], start_afresh: Callable[[], None], grant: Grant
) -> None:
    """Each grant is taken in turn: what its principal is for then fails, at the step that needs it."""
    try:
        with grants.without(grant):
            if grant.sid == REMEMBERED:
                start_afresh()
            with pytest.raises(FailedError) as failed:
                errands[grant.principal]()
    finally:
        if grant.sid == REMEMBERED:
            start_afresh()
        if grant.sid == OWED:
            errands[grant.principal]()  # pays the edge what it is owed, or the next grant's errand would stop there

    assert failed.value.step == STEPS[grant], str(failed.value)


def test_what_was_taken_is_given_back(grants: Grants) -> None:
    """After a grant was taken the policies are those of the template again."""
    before = grants.all()

    with grants.without(min(STEPS)):
        within = grants.all()

    assert min(STEPS) in before - within
    assert grants.all() == before


def _who(admin: Account, deployed: Deployed, vault: Vault, grants: Grants) -> dict[str, Account]:
    held = vault.read("upload-signer")
    lent = {
        "SccRole": grants.credentials("SccRole"),
        "DashboardRole": grants.credentials("DashboardRole"),
        "PublisherRole": identities.lend_publisher(admin, deployed.outputs),
        "UploadSigner": Credentials(held["access_key_id"], held["secret_access_key"]),
    }
    return {who: account_of(key, region=admin.region, endpoint=admin.endpoint) for who, key in lent.items()}


@pytest.fixture(scope="module")
def principals(admin: Account, deployed: Deployed, vault: Vault, grants: Grants) -> dict[str, Account]:
    """Return each principal's own way into AWS."""
    return _who(admin, deployed, vault, grants)


@pytest.mark.parametrize("who", FORBIDDEN)
def test_no_principal_does_what_it_must_not(
    principals: dict[str, Account], admin: Account, deployed: Deployed, who: str
) -> None:
    """Each is tried on what would hurt: every one of these calls is refused, and for no other reason."""
    named = _names(admin, deployed)

    went_through = [
        f"{service} {operation} {arguments}: {said}"
        for service, operation, arguments in FORBIDDEN[who]
        if (said := _said(principals[who], service, operation, _filled(arguments, named))) not in _REFUSALS
    ]

    assert went_through == []


_REFUSALS: Final = {"AccessDenied", "AccessDeniedException", "403"}


def _said(account: Account, service: str, operation: str, arguments: dict[str, Any]) -> str:
    """Return the error code of a call, empty where it went through."""
    client = account.session.client(service, **account.options)  # type: ignore[call-overload]  # any of them
    try:
        getattr(client, operation)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def _names(admin: Account, deployed: Deployed) -> dict[str, str]:
    """Return what the stack's resources are really called."""
    client = admin.session.client("cloudformation", **admin.options)
    pages = client.get_paginator("list_stack_resources").paginate(StackName=deployed.name)
    return {
        found["LogicalResourceId"]: found["PhysicalResourceId"]
        for page in pages
        for found in page["StackResourceSummaries"]
    }


def _filled(arguments: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {
        name: names[value[1:-1]] if isinstance(value, str) and value[1:-1] in names else value
        for name, value in arguments.items()
    }
