"""The buckets: there, ours to use, closed to the public, and those with secrets behind no distribution."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.doctor.finding import UnseenError, code_of, looking, ok, warn, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding, Look
    from castoff.cloud.doctor.patient import Patient

_BLOCKS: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_EVERYBODY: Final = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


def exists(bucket: str) -> Look:
    """Return the look whether a bucket is there and closed to the public."""

    def look(patient: Patient, _: Mapping[str, Any]) -> Finding:
        from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

        s3 = patient.client("s3")
        try:
            with looking("s3:ListBucket", f"bucket {bucket}", passing=(ClientError,)):
                s3.head_bucket(Bucket=bucket)
        except UnseenError:
            hint = "check its name in castoff.yaml: it may be another account's; if it is yours, allow `s3:ListBucket`"
            return warn(f"{bucket} does not let whoever runs this in", hint, found=None)
        except ClientError as error:
            if code_of(error) in {"404", "NoSuchBucket"}:
                return wrong(
                    f"there is no bucket {bucket}", f"check its name in castoff.yaml, or run `{patient.setup}`"
                )
            if code_of(error) in {"301", "400"}:
                return wrong(f"{bucket} is in another region", "set `AWS_REGION` to the bucket's")
            raise
        return ok(bucket, found=bucket)

    return look


def private(bucket: str, *, hard: bool) -> Look:
    """Return the look whether a bucket is closed to the public; `hard` where its content has to be."""

    def look(patient: Patient, _: Mapping[str, Any]) -> Finding:
        if _is_blocked(patient, bucket):
            return ok("closed to the public")
        open_to = _open_to(patient, bucket)
        block = ",".join(f"{name}=true" for name in _BLOCKS)
        hint = f"`aws s3api put-public-access-block --bucket {bucket} --public-access-block-configuration {block}`"
        if open_to and (hard or not patient.unlisted):
            return wrong(f"{bucket} is open to everybody by its {open_to}", hint)
        if open_to:
            return warn(f"{bucket} is open to everybody by its {open_to}", hint)
        return warn(f"nothing keeps {bucket} from being opened to the public", hint)

    return look


def unserved(patient: Patient, _: Mapping[str, Any]) -> Finding:
    """Look whether a distribution serves what nobody is to read: state and uploads."""
    with looking("cloudfront:ListDistributions", "the account's distributions"):
        pages = patient.client("cloudfront").get_paginator("list_distributions").paginate()
        listed = [one for page in pages for one in page["DistributionList"].get("Items", [])]
    for bucket in (patient.state, patient.uploads):
        for distribution in listed:
            hosts = [origin["DomainName"] for origin in distribution["Origins"]["Items"]]
            if any(host.startswith((f"{bucket}.s3.", f"{bucket}.s3-")) for host in hosts):
                words = f"distribution {distribution['Id']} serves {bucket}"
                return wrong(words, "remove that origin: state and uploads are for no browser")
    return ok(f"state and uploads stand behind none of the account's distributions ({len(listed)})")


def _is_blocked(patient: Patient, bucket: str) -> bool:
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    try:
        with looking("s3:GetBucketPublicAccessBlock", f"bucket {bucket}", passing=(ClientError,)):
            answer = patient.client("s3").get_public_access_block(Bucket=bucket)
    except ClientError as error:
        if code_of(error) == "NoSuchPublicAccessBlockConfiguration":
            return False
        with looking("s3:GetBucketPublicAccessBlock", f"bucket {bucket}"):
            raise
    block = answer["PublicAccessBlockConfiguration"]
    return all(block.get(name) for name in _BLOCKS)


def _open_to(patient: Patient, bucket: str) -> str | None:
    """Return by what a bucket is open to everybody: its policy or its ACL; None where it is not."""
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    s3 = patient.client("s3")
    try:
        with looking("s3:GetBucketPolicy", f"bucket {bucket}", passing=(ClientError,)):
            policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError as error:
        if code_of(error) != "NoSuchBucketPolicy":
            with looking("s3:GetBucketPolicy", f"bucket {bucket}"):
                raise
        policy = {}
    if any(map(_is_public, _listed(policy.get("Statement", [])))):
        return "policy"
    with looking("s3:GetBucketAcl", f"bucket {bucket}"):
        grants = s3.get_bucket_acl(Bucket=bucket)["Grants"]
    return "ACL" if any(grant["Grantee"].get("URI") in _EVERYBODY for grant in grants) else None


def _is_public(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS", []) if isinstance(principal, dict) else principal
    everybody = "*" in _listed(named)
    return statement.get("Effect") == "Allow" and everybody and not statement.get("Condition")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
