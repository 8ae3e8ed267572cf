"""Deploying: nothing to do is nothing done, and a failure says why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.account import account_in
from castoff.cloud.problems import StackError
from castoff.cloud.stack import deploy_template
from castoff.cloud.verify_secrets import accepted_hashes

if TYPE_CHECKING:
    from castoff.cloud.facts import Facts


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


@pytest.mark.parametrize(
    ("what", "known", "kept"),
    [
        ("nothing known", [], []),
        ("the present key known", ["sha256:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"], []),
        ("an earlier generated key", ["sha256:00"], []),
        ("a key somebody chose", ["$2b$12$abc", "sha256:00"], ["$2b$12$abc"]),
    ],
)
def test_accepted_hashes(what: str, known: list[str], kept: list[str]) -> None:
    """Only the present generated key is accepted, beside those that a person added."""
    present = "sha256:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"

    assert (what, accepted_hashes("key", known)) == (what, [present, *kept])
