"""Distributions and buckets of the operator's own: read, compared with what castoff needs, and changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from castoff.cloud.calls import call
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.bucket_policy import merged_policy
from castoff.cloud.setup.distribution import difference, needed_of, reading
from castoff.cloud.setup.references import References, is_own_site
from castoff.cloud.setup.wanted import SITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.cloud.account import Account
    from castoff.cloud.setup.distribution import Needed
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
    """What a bucket's policy is to be, and what it was when it was read: S3 has no ETags for policies."""

    bucket: str
    lines: tuple[str, ...]
    policy: dict[str, Any]
    present: str | None

    @property
    def subject(self) -> str:
        """What is changed."""
        return f"bucket {self.bucket}"

    def apply(self, account: Account) -> None:
        """Change it; CallError where that fails, CloudError where somebody changed it meanwhile."""
        if _read_policy(account, self.bucket) != self.present:
            raise CloudError(
                f"bucket `{self.bucket}`: somebody changed its policy since it was shown", hint="run it again, and look"
            )
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
    if not wanted.unlisted:
        _refuse_ways_around(account, references)
    for site in SITES:
        if is_own_site(wanted, standing, site):
            edit = _distribution_edit(account, references, site, gated=not wanted.unlisted)
            if edit.lines:
                found.append(edit)
    return found


def _refuse_ways_around(account: Account, references: References) -> None:
    """End where another distribution of the account reads a bucket of crew pages that the stack has not made."""
    standing = references.standing
    named = [name for name in map(str.capitalize, SITES) if f"{name}Bucket" not in standing.resources]
    if not named:
        return
    function = references.resolved({"Fn::GetAtt": ["EdgeFunction", "FunctionARN"]})
    own = {standing.outputs[f"{name.capitalize()}Distribution"] for name in SITES}
    with call("ListDistributions", "the account's distributions"):
        pages = account.session.client("cloudfront", **account.options).get_paginator("list_distributions").paginate()
        others = [dict(one) for page in pages for one in page["DistributionList"].get("Items", [])]
    for name in named:
        bucket = standing.outputs[f"{name}Bucket"]
        for other in others:
            ways = [] if other["Id"] in own else [*reading(other, bucket=bucket, function=function)]
            if ways:
                raise CloudError(
                    f"distribution `{other['Id']}`: {ways[0]} reads the bucket `{bucket}` too, without castoff's"
                    " function, so whoever asks there gets crew pages",
                    hint="take that origin off it, or leave `bucket` out of castoff.yaml: the stack then makes one",
                )


def needed(references: References, site: str, *, made_by_stack: bool = False) -> Needed:
    """Return what castoff needs of a site's distribution."""
    name = site.capitalize()
    template = references.template["Resources"][f"{name}Distribution"]["Properties"]["DistributionConfig"]
    parts = {key: references.resolved(template[key]) for key in ("Origins", "CacheBehaviors")}
    function = references.resolved({"Fn::GetAtt": ["EdgeFunction", "FunctionARN"]})
    bucket = references.standing.outputs[f"{name}Bucket"]
    return needed_of(parts, bucket=bucket, function=function, made_by_stack=made_by_stack)


def _distribution_edit(account: Account, references: References, site: str, *, gated: bool) -> DistributionEdit:
    distribution = references.standing.outputs[f"{site.capitalize()}Distribution"]
    with call("GetDistributionConfig", f"distribution `{distribution}`"):
        found = account.session.client("cloudfront", **account.options).get_distribution_config(Id=distribution)
    configuration: dict[str, Any] = dict(found["DistributionConfig"])
    try:
        made = difference(configuration, needed(references, site), gated=gated)
    except CloudError as error:
        raise CloudError(f"distribution `{distribution}`: {error.message}", hint=error.hint) from error
    return DistributionEdit(distribution, made.lines, made.configuration, found["ETag"])


def _policy_edits(account: Account, standing: Standing) -> Iterator[PolicyEdit]:
    for name in map(str.capitalize, SITES):
        said = standing.outputs.get(f"{name}BucketStatement")
        if said is None:
            continue
        bucket = standing.outputs[f"{name}Bucket"]
        present = _read_policy(account, bucket)
        policy, lines = merged_policy(present, json.loads(said), bucket=bucket)
        if lines:
            yield PolicyEdit(bucket, lines, policy, present)


def _read_policy(account: Account, bucket: str) -> str | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    with call("GetBucketPolicy", f"bucket `{bucket}`"):
        try:
            return account.session.client("s3", **account.options).get_bucket_policy(Bucket=bucket)["Policy"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
                raise
            return None


def _secrets(account: Account) -> Any:
    client = account.session.client("secretsmanager", **account.options)

    def field_of(secret: str, field: str) -> str:
        with call("GetSecretValue", f"secret `{secret}`"):
            return str(json.loads(client.get_secret_value(SecretId=secret)["SecretString"])[field])

    return field_of
