"""Deploying: nothing to do is nothing done, a failure says why, and no key is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.account import account_in
from castoff.cloud.problems import StackError
from castoff.cloud.progress import Silent
from castoff.cloud.stack import deploy_template

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
