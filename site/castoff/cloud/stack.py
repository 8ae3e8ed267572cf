"""The stack brought about: code stored, template created or updated, keys made and put where they belong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.code_bucket import store_code, store_template
from castoff.cloud.keys import gate, upload_signer, verify
from castoff.cloud.keys.vault import open_vault
from castoff.cloud.package import function_code, lambda_zip
from castoff.cloud.settling import remove, settle, settle_well
from castoff.cloud.setup.apis import deploy_stale
from castoff.cloud.sources import FUNCTION_REFERENCE, LAMBDA_REFERENCE
from castoff.cloud.standing import load_standing
from castoff.cloud.template import InlineCode, packaged, parse_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mypy_boto3_cloudformation import CloudFormationClient

    from castoff.cloud.account import Account
    from castoff.cloud.lambda_packages import Target
    from castoff.cloud.progress import Progress
    from castoff.cloud.sources import Sources
    from castoff.cloud.template import Template

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
    _, body = package(account, sources, name=name, target=target, cache=cache, progress=progress)
    progress.step(f"deploying the stack `{name}`")
    deployed = deploy_template(account, name=name, body=body, parameters=parameters)
    progress.step("deploying the APIs")
    standing = load_standing(account, name)
    if standing is not None:  # also after a run that was killed before it came to this
        deploy_stale(account, standing)
    progress.step("making the keys")
    make_keys(account, deployed, prefix=parameters.get("Name", "castoff"), unlisted=unlisted)
    return deployed


def make_keys(account: Account, deployed: Deployed, *, prefix: str, unlisted: bool) -> None:
    """Make the keys that the stack lacks, and tell the edge and the Lambdas what they may know of them."""
    vault = open_vault(account, prefix=prefix)
    verify.write_hashes(vault)
    upload_signer.ensure_access_key(account, vault)
    gate.ensure_gate(account, vault, deployed.outputs["KeyValueStore"], unlisted=unlisted)


def package(
    account: Account, sources: Sources, *, name: str, target: Target, cache: Path, progress: Progress
) -> tuple[Template, str]:
    """Store the code, and return the template as it is written and as it is to be deployed."""
    zip_bytes = lambda_zip(sources, target, cache=cache, progress=progress)
    progress.step("storing the Lambdas' code")
    stored = store_code(account, name=name, content=zip_bytes)
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    return template, packaged(
        template, {LAMBDA_REFERENCE: stored, FUNCTION_REFERENCE: InlineCode(function_code(sources))}
    )


def deploy_template(account: Account, *, name: str, body: str, parameters: Mapping[str, str]) -> Deployed:
    """Create or update a stack and wait for it; one that is as asked is left alone."""
    cloudformation = account.session.client("cloudformation", **account.options)
    status = settle(cloudformation, name)  # of two that deploy at once, one waits
    if status == "ROLLBACK_COMPLETE":  # a creation that failed: CloudFormation only lets it be deleted
        remove(cloudformation, name)
    asked: dict[str, Any] = {
        "StackName": name,
        "TemplateURL": store_template(account, name=name, body=body),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    if status is None or status in (*_GONE, "ROLLBACK_COMPLETE"):
        # The template says what outlives a stack that never came to be: a protected table could not be deleted.
        with call("CreateStack", f"stack `{name}`"):
            cloudformation.create_stack(**asked)
        settle_well(cloudformation, name)
        return Deployed(name, _outputs(cloudformation, name), changed=True)
    if not _update(cloudformation, asked):
        return Deployed(name, _outputs(cloudformation, name), changed=False)
    settle_well(cloudformation, name)
    return Deployed(name, _outputs(cloudformation, name), changed=True)


def _update(cloudformation: CloudFormationClient, asked: dict[str, Any]) -> bool:
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    try:
        with call("UpdateStack", f"stack `{asked['StackName']}`", passing=(ClientError,)):
            cloudformation.update_stack(**asked)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return False
        with call("UpdateStack", f"stack `{asked['StackName']}`"):
            raise
    return True


def _outputs(cloudformation: CloudFormationClient, name: str) -> dict[str, str]:
    with call("DescribeStacks", f"stack `{name}`"):
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
