"""The stack brought about: code stored, template created or updated, keys made and put where they belong."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.keys import gate, upload_signer, verify
from castoff.cloud.keys.vault import open_vault
from castoff.cloud.package import function_code, lambda_zip, zip_key
from castoff.cloud.problems import StackError
from castoff.cloud.sources import FUNCTION_REFERENCE, LAMBDA_REFERENCE
from castoff.cloud.template import InlineCode, StoredCode, packaged, parse_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

    from castoff.cloud.account import Account
    from castoff.cloud.lambda_packages import Target
    from castoff.cloud.progress import Progress
    from castoff.cloud.sources import Sources

_GOOD: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
_GONE: Final = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS")


@dataclass(frozen=True)
class Deployed:
    """The stack as it stands; `changed` says whether this deployment had anything to do."""

    name: str
    outputs: Mapping[str, str]
    changed: bool


def deploy(
    account: Account,
    sources: Sources,
    *,
    name: str,
    parameters: Mapping[str, str],
    target: Target,
    cache: Path,
    progress: Progress,
    unlisted: bool = False,
) -> Deployed:
    """Bring the stack about, with its code and its keys.

    `cache` keeps the Lambdas' packages between deployments; with `unlisted`, crew pages ask for no cookie. A run that
    was killed on the way is mended by the next. Raises PackagingError, StackError, SecretError, CallError, RivalError.
    """
    zip_bytes = lambda_zip(sources, target, cache=cache, progress=progress)
    progress.step("storing the Lambdas' code")
    stored = store_code(account, name=name, content=zip_bytes)
    body = packaged(
        parse_template(sources.template.read_text(encoding="utf-8")),
        {LAMBDA_REFERENCE: stored, FUNCTION_REFERENCE: InlineCode(function_code(sources))},
    )
    progress.step(f"deploying the stack `{name}`")
    deployed = deploy_template(account, name=name, body=body, parameters=parameters)
    progress.step("making the keys")
    make_keys(account, deployed, prefix=parameters.get("Name", "castoff"), unlisted=unlisted)
    return deployed


def make_keys(account: Account, deployed: Deployed, *, prefix: str, unlisted: bool) -> None:
    """Make the keys that the stack lacks, and tell the edge and the Lambdas what they may know of them."""
    vault = open_vault(account, prefix=prefix)
    verify.write_hashes(vault)
    upload_signer.ensure_access_key(account, vault)
    gate.ensure_gate(account, vault, deployed.outputs["KeyValueStore"], unlisted=unlisted)


def store_code(account: Account, *, name: str, content: bytes) -> StoredCode:
    """Put a zip into the stack's own bucket for code, which is made if it is not there."""
    sts = account.session.client("sts", **account.options)
    s3 = account.session.client("s3", **account.options)
    bucket = f"{name}-code-{sts.get_caller_identity()['Account']}-{account.region}"
    _ensure_bucket(s3, bucket, region=account.region)
    s3.put_object(Bucket=bucket, Key=zip_key(content), Body=content, ContentType="application/zip")
    return StoredCode(bucket, zip_key(content))


def deploy_template(account: Account, *, name: str, body: str, parameters: Mapping[str, str]) -> Deployed:
    """Create or update a stack and wait for it; one that is as asked is left alone."""
    cloudformation = account.session.client("cloudformation", **account.options)
    status = _settled(cloudformation, name)  # of two that deploy at once, one waits
    if status == "ROLLBACK_COMPLETE":  # a creation that failed: CloudFormation only lets it be deleted
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=name)
    asked: dict[str, Any] = {
        "StackName": name,
        "TemplateBody": body,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    if status is None or status in (*_GONE, "ROLLBACK_COMPLETE"):
        # Buckets outlive their stack, but not a stack that never came to be.
        cloudformation.create_stack(**asked, RetainExceptOnCreate=True)
        return Deployed(name, _outputs_when_done(cloudformation, name), changed=True)
    if not _update(cloudformation, asked):
        return Deployed(name, _outputs(cloudformation, name), changed=False)
    outputs = _outputs_when_done(cloudformation, name)
    _publish_apis(account, cloudformation, name)
    return Deployed(name, outputs, changed=True)


def _ensure_bucket(s3: S3Client, bucket: str, *, region: str) -> None:
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:  # noqa: PLR2004, HTTP's "not found"
            raise
        # us-east-1 is the one region that must not be named.
        place: Any = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **place)
        s3.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        )


def _update(cloudformation: CloudFormationClient, asked: dict[str, Any]) -> bool:
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    try:
        cloudformation.update_stack(**asked)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return False
        raise
    return True


def _outputs_when_done(cloudformation: CloudFormationClient, name: str) -> dict[str, str]:
    status = _settled(cloudformation, name) or "DELETE_COMPLETE"
    if status not in _GOOD:
        raise StackError(name, status=status, reasons=_reasons(cloudformation, name))
    return _outputs(cloudformation, name)


def _settled(cloudformation: CloudFormationClient, name: str) -> str | None:
    """Wait while something is under way; None where there is no such stack."""
    pause = 0.05  # doubled up to five seconds: the embedded cloud is done at once, AWS in minutes
    while (status := _status(cloudformation, name)) and status.endswith("_IN_PROGRESS"):
        if status in (*_GOOD, *_GONE):
            break
        time.sleep(pause)
        pause = min(pause * 2, 5)
    return status


def _status(cloudformation: CloudFormationClient, name: str) -> str | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    try:
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _outputs(cloudformation: CloudFormationClient, name: str) -> dict[str, str]:
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _reasons(cloudformation: CloudFormationClient, name: str) -> tuple[str, ...]:
    """Collect why this run failed, first cause first; what was merely cancelled with it says nothing."""
    told: list[str] = []
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
        for event in page["StackEvents"]:  # newest first
            if event.get("ResourceStatusReason") == "User Initiated":
                return tuple(reversed(told))
            reason = event.get("ResourceStatusReason", "")
            failed = event.get("ResourceStatus", "").endswith("_FAILED")
            if failed and reason and "cancelled" not in reason:
                told.append(f"{event.get('LogicalResourceId')} ({event.get('ResourceType')}): {reason}")
    return tuple(reversed(told))


def _publish_apis(account: Account, cloudformation: CloudFormationClient, name: str) -> None:
    """Deploy each API anew: a changed resource policy counts only from the next deployment of its stage."""
    gateway = account.session.client("apigateway", **account.options)
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=name):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::ApiGateway::RestApi":
                gateway.create_deployment(restApiId=resource["PhysicalResourceId"], stageName="prod")
