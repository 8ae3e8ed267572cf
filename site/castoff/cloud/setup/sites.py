"""Distributions and buckets of the operator's own: read, compared with what castoff needs, and changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from castoff.cloud.calls import call
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.bucket_policy import merged_policy
from castoff.cloud.setup.distribution import difference, needed_of
from castoff.cloud.setup.references import References, is_own_site
from castoff.cloud.setup.wanted import SITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.cloud.account import Account
    from castoff.cloud.setup.wanted import Wanted
    from castoff.cloud.standing import Standing
    from castoff.cloud.template import Template


@dataclass(frozen=True)
class DistributionEdit:
    """What a distribution is to have, under the ETag that was read."""

    distribution: str
    lines: tuple[str, ...]
    configuration: dict[str, Any]
    etag: str

    @property
    def subject(self) -> str:
        """What is changed."""
        return f"distribution {self.distribution}"

    def apply(self, account: Account) -> None:
        """Change it; CallError where that fails, as where somebody changed it meanwhile."""
        with call("UpdateDistribution", f"distribution `{self.distribution}`"):
            account.session.client("cloudfront", **account.options).update_distribution(
                Id=self.distribution,
                IfMatch=self.etag,
                DistributionConfig=self.configuration,  # type: ignore[arg-type]  # as CloudFront gave it
            )


@dataclass(frozen=True)
class PolicyEdit:
    """What a bucket's policy is to be."""

    bucket: str
    lines: tuple[str, ...]
    policy: dict[str, Any]

    @property
    def subject(self) -> str:
        """What is changed."""
        return f"bucket {self.bucket}"

    def apply(self, account: Account) -> None:
        """Change it; CallError where that fails."""
        with call("PutBucketPolicy", f"bucket `{self.bucket}`"):
            account.session.client("s3", **account.options).put_bucket_policy(
                Bucket=self.bucket, Policy=json.dumps(self.policy)
            )


Edit = DistributionEdit | PolicyEdit


def edits(account: Account, template: Template, wanted: Wanted, standing: Standing, *, owner: str) -> list[Edit]:
    """Return what the operator's own distributions and buckets lack; none where they lack nothing.

    `owner` is the account's number. Raises CallError, or CloudError where a person has to merge something first.
    """
    found: list[Edit] = [*_policy_edits(account, standing)]
    references = References(template, standing, owner, account.region, _secrets(account))
    for site in SITES:
        if is_own_site(wanted, standing, site):
            edit = _distribution_edit(account, references, site, gated=not wanted.unlisted)
            if edit.lines:
                found.append(edit)
    return found


def check_named(account: Account, wanted: Wanted) -> None:
    """See that what castoff.yaml names is there; CloudError for the first that is not."""
    s3 = account.session.client("s3", **account.options)
    cloudfront = account.session.client("cloudfront", **account.options)
    for parameter, (field, value) in wanted.named.items():
        gone: tuple[type[Exception], ...]
        try:
            if parameter.endswith("Id"):
                gone = (cloudfront.exceptions.NoSuchDistribution,)
                with call("GetDistribution", f"distribution `{value}`", passing=gone):
                    cloudfront.get_distribution(Id=value)
            else:
                gone = (s3.exceptions.NoSuchBucket,)
                with call("GetBucketLocation", f"bucket `{value}`", passing=gone):
                    found = s3.get_bucket_location(Bucket=value).get("LocationConstraint") or "us-east-1"
                if found != account.region:
                    raise CloudError(
                        f"`{field}` is bucket `{value}` in {found}, and the stack goes to {account.region}",
                        hint=f"run it with `AWS_REGION={found}`, or leave the bucket out",
                    )
        except gone as error:
            raise CloudError(
                f"castoff.yaml has `{value}` as `{field}`, and this account has no such thing",
                hint="correct it, or leave it out: the stack then makes one",
            ) from error


def _distribution_edit(account: Account, references: References, site: str, *, gated: bool) -> DistributionEdit:
    outputs, name = references.standing.outputs, site.capitalize()
    distribution = outputs[f"{name}Distribution"]
    with call("GetDistributionConfig", f"distribution `{distribution}`"):
        found = account.session.client("cloudfront", **account.options).get_distribution_config(Id=distribution)
    template = references.template["Resources"][f"{name}Distribution"]["Properties"]["DistributionConfig"]
    parts = {key: references.resolved(template[key]) for key in ("Origins", "CacheBehaviors")}
    function = references.resolved({"Fn::GetAtt": ["EdgeFunction", "FunctionARN"]})
    needed = needed_of(parts, bucket=outputs[f"{name}Bucket"], function=function)
    configuration: dict[str, Any] = dict(found["DistributionConfig"])
    try:
        made = difference(configuration, needed, gated=gated)
    except CloudError as error:
        raise CloudError(f"distribution `{distribution}`: {error.message}", hint=error.hint) from error
    return DistributionEdit(distribution, made.lines, made.configuration, found["ETag"])


def _policy_edits(account: Account, standing: Standing) -> Iterator[PolicyEdit]:
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    s3 = account.session.client("s3", **account.options)
    for name in map(str.capitalize, SITES):
        said = standing.outputs.get(f"{name}BucketStatement")
        if said is None:
            continue
        bucket, present = standing.outputs[f"{name}Bucket"], None
        try:
            with call("GetBucketPolicy", f"bucket `{bucket}`", passing=(ClientError,)):
                present = s3.get_bucket_policy(Bucket=bucket)["Policy"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
                with call("GetBucketPolicy", f"bucket `{bucket}`"):
                    raise
        policy, lines = merged_policy(present, json.loads(said), bucket=bucket)
        if lines:
            yield PolicyEdit(bucket, lines, policy)


def _secrets(account: Account) -> Any:
    client = account.session.client("secretsmanager", **account.options)

    def field_of(secret: str, field: str) -> str:
        with call("GetSecretValue", f"secret `{secret}`"):
            return str(json.loads(client.get_secret_value(SecretId=secret)["SecretString"])[field])

    return field_of
