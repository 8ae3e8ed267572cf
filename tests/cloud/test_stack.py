"""Deploying: nothing to do is nothing done, a failure says why, and no key is said."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from support.shore import BrokenOffError

from castoff.cloud.account import account_in
from castoff.cloud.problems import StackError
from castoff.cloud.progress import Silent
from castoff.cloud.settling import settle_well
from castoff.cloud.stack import deploy_template
from castoff.cloud.standing import load_standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.edge_store import EdgeStore

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts
    from castoff.cloud.keys.vault import Vault
    from castoff.cloud.progress import Progress
    from castoff.cloud.stack import Deployed


# The secret that it takes its value from is nowhere, which shows only when the resource is made.
BROKEN = json.dumps(
    {
        "Resources": {
            "Copy": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"SecretString": "{{resolve:secretsmanager:nowhere:SecretString:key}}"},
            }
        }
    }
)


class Heard:
    """Keeps the steps that it is told."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def step(self, text: str) -> None:
        """Keep it."""
        self.steps.append(text)


class At:
    """Ends the run at a step."""

    def __init__(self, words: str) -> None:
        self._words = words

    def step(self, text: str) -> None:
        """End there."""
        if text == self._words:
            raise BrokenOffError(text)


def table(*, key_type: str = "HASH") -> str:
    """Return a template of one table, wrong when its key is."""
    properties = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": key_type}],
    }
    outputs = {"Table": {"Value": {"Ref": "Table"}}}
    return json.dumps(
        {"Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}, "Outputs": outputs}
    )


def test_an_unchanged_template_is_left_alone(cloud: Facts) -> None:
    """Deploying twice is deploying once, and the outputs are the same."""
    admin = account_in(cloud, "admin")

    first = deploy_template(admin, name="once", body=table(), parameters={})
    second = deploy_template(admin, name="once", body=table(), parameters={})

    assert (first.changed, second.changed) == (True, False)
    assert first.outputs == second.outputs


def test_a_failure_says_which_resource_and_why(cloud: Facts) -> None:
    """What CloudFormation's events tell is in the error, not behind a link."""
    with pytest.raises(StackError) as failed:
        deploy_template(account_in(cloud, "admin"), name="broken", body=BROKEN, parameters={})

    assert failed.value.status.startswith("ROLLBACK")
    assert any(reason.startswith("Copy (AWS::SecretsManager::Secret): ") for reason in failed.value.reasons)


def test_after_a_failed_creation_the_next_one_works(cloud: Facts) -> None:
    """A stack that never came to be is in nobody's way."""
    admin = account_in(cloud, "admin")
    with pytest.raises(StackError):
        deploy_template(admin, name="mended", body=BROKEN, parameters={})

    mended = deploy_template(admin, name="mended", body=table(), parameters={})

    assert mended.changed


def everything(admin: Account, edge_store: EdgeStore) -> dict[str, object]:
    """Return what a deploy might touch, by what changes with every write."""
    secrets = admin.session.client("secretsmanager", **admin.options)
    iam = admin.session.client("iam", **admin.options)
    names = ("gate", "upload-signer", "scc-verify", "dashboard-verify")
    return {
        **{name: secrets.get_secret_value(SecretId=f"elsewhere/{name}")["VersionId"] for name in names},
        "store": edge_store.etag(),
        "access keys": iam.list_access_keys(UserName="elsewhere-upload-signer")["AccessKeyMetadata"],
    }


def test_deploying_again_changes_nothing(
    admin: Account, edge_store: EdgeStore, deploy_elsewhere: Callable[[Progress], Deployed]
) -> None:
    """No secret gets a new version, no access key is made, and the store is not written."""
    deploy_elsewhere(Silent())
    before = everything(admin, edge_store)

    again = deploy_elsewhere(Silent())

    assert everything(admin, edge_store) == before
    assert not again.changed


def test_apis_that_a_killed_run_left_are_deployed(
    admin: Account, elsewhere: Deployed, deploy_elsewhere: Callable[[Progress], Deployed]
) -> None:
    """A resource policy counts from a stage's next deployment: one that was missed is made up for, with no change."""
    cloudformation = admin.session.client("cloudformation", **admin.options)
    stack = cloudformation.describe_stacks(StackName=elsewhere.name)["Stacks"][0]
    names = [one["ParameterKey"] for one in stack["Parameters"]]
    kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in names if name != "TimeZone"]
    time.sleep(1.1)  # API Gateway's clock shows seconds
    cloudformation.update_stack(
        StackName=elsewhere.name,
        UsePreviousTemplate=True,
        Parameters=[*kept, {"ParameterKey": "TimeZone", "ParameterValue": "America/Denver"}],  # type: ignore[list-item]
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    settle_well(cloudformation, elsewhere.name)
    before = deployments(admin, elsewhere)
    with pytest.raises(BrokenOffError):
        deploy_elsewhere(At("deploying the APIs"))
    left = deployments(admin, elsewhere)

    again = deploy_elsewhere(Silent())

    assert (left, again.changed) == (before, False)
    assert not set(deployments(admin, elsewhere)) & set(before)


def deployments(admin: Account, deployed: Deployed) -> list[str]:
    """Return which deployment each API's stage is at."""
    standing = load_standing(admin, deployed.name)
    assert standing is not None
    gateway = admin.session.client("apigateway", **admin.options)
    apis = [standing.resources[name] for name in ("SccApi", "DashboardApi")]
    return [gateway.get_stage(restApiId=api, stageName="prod")["deploymentId"] for api in apis]


def test_a_deploy_says_no_secret(
    vault: Vault, deploy_elsewhere: Callable[[Progress], Deployed], capfd: pytest.CaptureFixture[str]
) -> None:
    """Where it makes every key anew, neither its steps nor its output hold one."""
    vault.write("gate", {})
    vault.write("upload-signer", {})
    heard = Heard()

    deploy_elsewhere(heard)

    said = "\n".join([*heard.steps, *capfd.readouterr()])
    keys = [key["secret"] for kind in vault.read("gate").values() for key in kind]
    assert "making the keys" in said
    assert len(keys) == 2
    assert not [key for key in (*keys, vault.read("upload-signer")["secret_access_key"]) if key in said]
