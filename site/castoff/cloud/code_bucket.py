"""The stack's own bucket for code: the Lambdas' zip, and the template, each under a name made of its bytes."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.account import caller_of
from castoff.cloud.calls import call
from castoff.cloud.package import zip_key
from castoff.cloud.problems import CloudError
from castoff.cloud.template import StoredCode

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from castoff.cloud.account import Account

_NOT_YOURS: Final = (
    "be allowed `s3:ListBucket` there; if it is not yours, name another stack with `stack` in the target"
)


def store_code(account: Account, *, name: str, content: bytes) -> StoredCode:
    """Put the Lambdas' zip into a stack's bucket, which is made if it is not there; CallError where AWS refuses."""
    key = zip_key(content)
    return StoredCode(_put(account, name, key, content, kind="application/zip"), key)


def store_template(account: Account, *, name: str, body: str) -> str:
    """Put a template into a stack's bucket and return the address by which CloudFormation takes it.

    A template that is sent along may have 51,200 bytes, one that lies in a bucket 1,000,000. The address has the
    bucket in its path, as `aws cloudformation package` writes it.
    """
    content = body.encode()
    key = f"templates/{hashlib.sha256(content).hexdigest()}.json"
    bucket = _put(account, name, key, content, kind="application/json")
    return f"{_open(account).meta.endpoint_url}/{bucket}/{key}"


def _put(account: Account, name: str, key: str, content: bytes, *, kind: str) -> str:
    """Put it into a stack's bucket and return that one's name, which anybody could guess and make before.

    So each call names the owner: CloudFormation runs what lies there.
    """
    owner = caller_of(account).account
    # A stack's name is unique in an account's region, a bucket's everywhere.
    bucket, s3 = f"{name}-code-{owner}-{account.region}".lower(), _open(account)
    _ensure(s3, bucket, owner=owner, region=account.region)
    with call("PutObject", f"bucket `{bucket}`"):
        s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=kind, ExpectedBucketOwner=owner)
    return bucket


def _open(account: Account) -> S3Client:
    return account.session.client("s3", **account.options)


def _ensure(s3: S3Client, bucket: str, *, owner: str, region: str) -> None:
    missing = s3.exceptions.ClientError
    try:
        s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=owner)
    except missing as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == HTTPStatus.FORBIDDEN:  # all that S3 says of it
            raise CloudError(
                f"bucket `{bucket}` is another account's, or you may not look at it", hint=_NOT_YOURS
            ) from error
        if status != HTTPStatus.NOT_FOUND:
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
