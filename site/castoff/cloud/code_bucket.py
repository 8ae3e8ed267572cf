"""The stack's own bucket for code: the Lambdas' zip, and the template, each under a name made of its bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from castoff.cloud.calls import call
from castoff.cloud.package import zip_key
from castoff.cloud.template import StoredCode

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from castoff.cloud.account import Account


def store_code(account: Account, *, name: str, content: bytes) -> StoredCode:
    """Put the Lambdas' zip into a stack's bucket, which is made if it is not there; CallError where AWS refuses."""
    bucket, key = code_bucket(account, name=name), zip_key(content)
    _put(account, bucket, key, content, kind="application/zip")
    return StoredCode(bucket, key)


def store_template(account: Account, *, name: str, body: str) -> str:
    """Put a template into a stack's bucket and return the address by which CloudFormation takes it.

    A template that is sent along may have 51,200 bytes, one that lies in a bucket 1,000,000. The address has the
    bucket in its path, as `aws cloudformation package` writes it.
    """
    content = body.encode()
    bucket, key = code_bucket(account, name=name), f"templates/{hashlib.sha256(content).hexdigest()}.json"
    _put(account, bucket, key, content, kind="application/json")
    return f"{_open(account).meta.endpoint_url}/{bucket}/{key}"


def code_bucket(account: Account, *, name: str) -> str:
    """Name a stack's bucket for code: a stack's name is unique in an account's region, a bucket's everywhere."""
    with call("GetCallerIdentity", "the credentials"):
        identity = account.session.client("sts", **account.options).get_caller_identity()
    return f"{name}-code-{identity['Account']}-{account.region}".lower()


def _put(account: Account, bucket: str, key: str, content: bytes, *, kind: str) -> None:
    s3 = _open(account)
    _ensure(s3, bucket, region=account.region)
    with call("PutObject", f"bucket `{bucket}`"):
        s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=kind)


def _open(account: Account) -> S3Client:
    return account.session.client("s3", **account.options)


def _ensure(s3: S3Client, bucket: str, *, region: str) -> None:
    missing = s3.exceptions.ClientError
    try:
        s3.head_bucket(Bucket=bucket)
    except missing as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:  # noqa: PLR2004, HTTP's "not found"
            with call("HeadBucket", f"bucket `{bucket}`"):
                raise
        _make(s3, bucket, region=region)


def _make(s3: S3Client, bucket: str, *, region: str) -> None:
    # us-east-1 is the one region that must not be named.
    place: Any = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    with call("CreateBucket", f"bucket `{bucket}`"):
        s3.create_bucket(Bucket=bucket, **place)
    with call("PutPublicAccessBlock", f"bucket `{bucket}`"):
        s3.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        )
