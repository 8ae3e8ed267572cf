"""Who may do what in the embedded cloud: the deployer, the edge's reader, and the publisher by its role."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Final

from castoff.cloud.account import account_of
from castoff.cloud.facts import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_iam import IAMClient

    from castoff.cloud.account import Account

ADMIN: Final = "castoff-admin"
EDGE: Final = "castoff-edge"

# The emulator checks no signature of its root key, so this one opens the door and nothing else.
_ROOT: Final = Credentials(key="test", secret="test")  # noqa: S106, everybody's
_PUBLISHER_SECONDS: Final = 43_200
_READS: Final = ("Describe", "Get", "List")


def admin_arn(account: Account) -> str:
    """Name the deployer as a trust policy does."""
    identity = account.session.client("sts", **account.options).get_caller_identity()
    return identity["Arn"]


def open_admin(*, endpoint: str, region: str) -> Credentials:
    """Give the deployer, who may do everything, a new key; earlier ones no longer open anything."""
    root = account_of(_ROOT, region=region, endpoint=endpoint)
    anything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return _user_with_key(root.session.client("iam", **root.options), ADMIN, anything)


def open_edge(account: Account, outputs: Mapping[str, str]) -> Credentials:
    """Give the edge's reader a new key: both sites' objects, and what CloudFront knows of itself."""
    iam = account.session.client("iam", **account.options)
    buckets = [f"arn:aws:s3:::{outputs[site]}" for site in ("GuestBucket", "OpsBucket")]
    return _user_with_key(
        iam,
        EDGE,
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [f"{bucket}/*" for bucket in buckets]},
        {
            "Effect": "Allow",
            "Action": [f"cloudfront:{verb}*" for verb in _READS],
            "Resource": "*",
        },
        {"Effect": "Allow", "Action": [f"cloudfront-keyvaluestore:{verb}*" for verb in _READS], "Resource": "*"},
    )


def open_store_to_scc(account: Account, *, stack: str) -> None:
    """Let ShipCaptainCrew write to KeyValueStores.

    The emulator asks of these calls whether they are allowed on `*`, so the template's statement, which names the one
    store, never matches here.
    """
    cloudformation = account.session.client("cloudformation", **account.options)
    role = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId="SccRole")
    gone = {
        "Effect": "Allow",
        "Action": ["cloudfront-keyvaluestore:DescribeKeyValueStore", "cloudfront-keyvaluestore:PutKey"],
        "Resource": "*",
    }
    account.session.client("iam", **account.options).put_role_policy(
        RoleName=role["StackResourceDetail"]["PhysicalResourceId"],
        PolicyName="embedded",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [gone]}),
    )


def lend_publisher(account: Account, outputs: Mapping[str, str]) -> Credentials:
    """Let the deployer assume the publisher's role for as long as the role allows: twelve hours."""
    lent = account.session.client("sts", **account.options).assume_role(
        RoleArn=outputs["PublisherRole"],
        RoleSessionName="castoff",
        DurationSeconds=_PUBLISHER_SECONDS,
    )["Credentials"]
    return Credentials(
        key=lent["AccessKeyId"],
        secret=lent["SecretAccessKey"],
        token=lent["SessionToken"],
        expires=lent["Expiration"].astimezone(UTC),
    )


def _user_with_key(iam: IAMClient, name: str, *statements: Mapping[str, object]) -> Credentials:
    try:
        iam.create_user(UserName=name)
    except iam.exceptions.EntityAlreadyExistsException:
        for old in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=name, AccessKeyId=old["AccessKeyId"])
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName=name, PolicyName="castoff", PolicyDocument=policy)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key=made["AccessKeyId"], secret=made["SecretAccessKey"])
