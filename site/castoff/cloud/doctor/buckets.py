"""The buckets: there, ours to use, closed to the public, and those with secrets behind no distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from castoff.cloud.doctor.finding import UnseenError, code_of, looking, ok, warn, wrong
from castoff.cloud.setup.named import open_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding, Look
    from castoff.cloud.doctor.patient import Patient

_TELL: Final = "s3:GetBucketPublicAccessBlock`, `s3:GetBucketPolicyStatus` and `s3:GetBucketAcl"
"""What it takes to see whether a bucket is open."""


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


def private(bucket: str, *, site: str | None = None) -> Look:
    """Return the look whether a bucket is closed to the public: a site's, or one for nobody's browser."""

    def look(patient: Patient, _: Mapping[str, Any]) -> Finding:
        with looking(_TELL, f"bucket {bucket}"):
            open_to = open_by(patient.client("s3"), bucket)
        if open_to is None:
            return ok("not open to the public")
        words = f"{bucket} is open to everybody by its {open_to}"
        if site is None:
            return wrong(words, f"take that off: its {open_to} is yours to change, and it is for no browser")
        hint = f"others may be served by it: leave `{site}.bucket` out of castoff.yaml, and `{patient.setup}` makes one"
        return (warn if site == "guest" and patient.unlisted else wrong)(words, hint)

    return look


def kept(bucket: str) -> Look:
    """Return the look whether a bucket keeps what is written over or deleted."""

    def look(patient: Patient, _: Mapping[str, Any]) -> Finding:
        with looking("s3:GetBucketVersioning", f"bucket {bucket}"):
            status = patient.client("s3").get_bucket_versioning(Bucket=bucket).get("Status")
        if status == "Enabled":
            return ok("every version is kept")
        command = f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
        return wrong(f"{bucket} keeps no versions: what is written over is lost", f"`{command}`")

    return look


def takes_photos(patient: Patient, _: Mapping[str, Any]) -> Finding:
    """Look whether the bucket of uploads lets the pages of both sites send it photos (CORS)."""
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    rules: list[Any] = []
    try:
        with looking("s3:GetBucketCORS", f"bucket {patient.uploads}", passing=(ClientError,)):
            rules = patient.client("s3").get_bucket_cors(Bucket=patient.uploads)["CORSRules"]
    except ClientError as error:
        if code_of(error) != "NoSuchCORSConfiguration":
            with looking("s3:GetBucketCORS", f"bucket {patient.uploads}"):
                raise
    posting = {origin for rule in rules if "POST" in rule["AllowedMethods"] for origin in rule["AllowedOrigins"]}
    hosts = {urlsplit(origin).hostname or origin for origin in posting}
    missing = [site.domain for site in patient.sites if not hosts & {site.domain, "*"}]
    if missing:
        words = f"{patient.uploads} takes no photos from the pages of {' and '.join(missing)} (CORS)"
        return wrong(words, "let both sites `POST` to it: `aws s3api put-bucket-cors`")
    return ok("the pages of both sites may send photos")


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
