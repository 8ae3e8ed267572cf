"""A change set as the operator reads it."""

from __future__ import annotations

from typing import Any

import pytest

from castoff.cloud.setup.changes import Verb, change_lines, change_of, losses, summary


def described(action: str, kind: str, name: str, *fields: str, replacement: str = "False") -> dict[str, Any]:
    """Return a change as CloudFormation describes it."""
    details = [{"Target": {"Attribute": "Properties", "Name": field}} for field in fields]
    resource: dict[str, Any] = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Details": details}
    if action == "Modify":
        resource["Replacement"] = replacement
    if action != "Add":
        resource["PhysicalResourceId"] = f"castoff-{name.lower()}"
    return {"Type": "Resource", "ResourceChange": resource}


def test_what_goes_comes_first_and_is_shouted() -> None:
    """Whoever reads only the first and the last lines has read what could be lost."""
    changes = [
        change_of(described("Add", "AWS::S3::Bucket", "UploadsBucket")),
        change_of(described("Add", "AWS::S3::Bucket", "StateBucket")),
        change_of(described("Modify", "AWS::Lambda::Function", "SccFunction", "Code", "Environment")),
        change_of(described("Modify", "AWS::DynamoDB::Table", "SccTable", "KeySchema", replacement="True")),
        change_of(described("Remove", "AWS::SecretsManager::Secret", "GateSecret")),
    ]

    assert summary(changes) == "2 to add, 1 to change, 1 to replace, 1 to remove"
    assert "\n".join(change_lines(changes)) == (
        """\
  remove    GateSecret   SecretsManager::Secret
  replace   SccTable     DynamoDB::Table         KeySchema
  change    SccFunction  Lambda::Function        Code, Environment
  add       S3::Bucket  StateBucket, UploadsBucket
REMOVED: secret `GateSecret` (castoff-gatesecret): what it holds is lost
REPLACED: table `SccTable` (castoff-scctable): a new, empty one takes its place; the old one stays, unused"""
    )


@pytest.mark.parametrize(
    ("kind", "field", "verb", "loses"),
    [
        ("AWS::S3::Bucket", "CorsConfiguration", Verb.CHANGE, False),
        ("AWS::S3::Bucket", "BucketName", Verb.MAY_REPLACE, True),
        ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification", Verb.CHANGE, False),
        ("AWS::DynamoDB::Table", "KeySchema", Verb.MAY_REPLACE, True),
        ("AWS::CloudFront::Distribution", "DistributionConfig", Verb.CHANGE, False),
        ("AWS::SecretsManager::Secret", "Name", Verb.MAY_REPLACE, True),
        ("AWS::SES::EmailIdentity", "ConfigurationSetAttributes", Verb.CHANGE, False),
        ("AWS::SES::EmailIdentity", "EmailIdentity", Verb.MAY_REPLACE, True),
        ("AWS::ApiGateway::Method", "Integration", Verb.MAY_REPLACE, False),
    ],
)
def test_only_what_can_be_lost_is_shouted(kind: str, field: str, verb: Verb, loses: bool) -> None:  # noqa: FBT001 - a table's column
    """Where CloudFormation cannot say yet whether it replaces, AWS's reference says which fields never do."""
    change = change_of(described("Modify", kind, "One", field, replacement="Conditional"))

    assert (change.verb, change.loses) == (verb, loses)
    assert bool(losses([change])) is loses


def test_a_replacement_that_is_sure_is_believed() -> None:
    """Whatever the reference says of the field."""
    change = change_of(described("Modify", "AWS::S3::Bucket", "StateBucket", "Tags", replacement="True"))

    assert change.loses


@pytest.mark.parametrize("action", ["Modify", "Remove"])
def test_another_sender_is_a_loss(action: str) -> None:
    """Mail waits for somebody to open a link, though nothing that castoff keeps is gone."""
    described_so = described(action, "AWS::SES::EmailIdentity", "MailIdentity", "EmailIdentity", replacement="True")

    change = change_of(described_so)

    assert change.loses
    assert change.warning == (
        "REPLACED: sender `MailIdentity` (castoff-mailidentity):"
        " no mail goes out until AWS has the new sender confirmed; the old one stays"
    )
