"""The bucket for code: this account's own, whoever else has made one of that name."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from botocore.awsrequest import AWSResponse
from urllib3 import HTTPResponse

from castoff.cloud.account import account_in, caller_of
from castoff.cloud.code_bucket import store_code
from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts

STRANGER = "999999999999"
REFUSED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


def of_a_stranger(account: Account, operation: str) -> Account:
    """Return the account as S3 answers it where the bucket is a stranger's, who lets everybody in.

    The embedded cloud has one account's buckets, and does not look at the header by which a caller names the owner.
    """

    def refuse(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        owner = request.headers.get("x-amz-expected-bucket-owner", STRANGER)
        if (owner.decode() if isinstance(owner, bytes) else owner) == STRANGER:
            return None
        body = b"" if request.method == "HEAD" else REFUSED
        answer = HTTPResponse(io.BytesIO(body), preload_content=False)
        return AWSResponse(str(request.url), 403, {}, answer)

    account.session.events.register(f"before-send.s3.{operation}", refuse)
    return account


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("HeadBucket", "is another account's, or you may not look at it"),
        ("PutObject", "Access Denied"),
    ],
)
def test_nothing_is_put_into_a_strangers_bucket(cloud: Facts, operation: str, words: str) -> None:
    """Its owner could put other code there, for CloudFormation to run; also where it changes hands meanwhile."""
    admin = account_in(cloud, "admin")
    name = f"squatted-{operation.lower()}"
    bucket = f"{name}-code-{caller_of(admin).account}-{admin.region}"
    s3 = admin.session.client("s3", **admin.options)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": admin.region})  # type: ignore[typeddict-item]  # any region

    with pytest.raises(CloudError, match=words):
        store_code(of_a_stranger(admin, operation), name=name, content=b"code")

    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_ones_own_is_made_once_and_used(cloud: Facts) -> None:
    """With every call naming the owner."""
    admin = account_in(cloud, "admin")

    first, second = (store_code(admin, name="unsquatted", content=content) for content in (b"one", b"two"))

    s3 = admin.session.client("s3", **admin.options)
    assert first.bucket == second.bucket
    assert {one["Key"] for one in s3.list_objects_v2(Bucket=first.bucket)["Contents"]} == {first.key, second.key}
