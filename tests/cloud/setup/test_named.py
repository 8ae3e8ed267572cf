"""Buckets that castoff.yaml names: what would fail after minutes, or lie open, is refused before anything is made."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from castoff.cloud.account import account_in
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.named import check_named, open_by
from castoff.cloud.setup.wanted import Site, Wanted
from castoff.cloud.standing import load_standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts

CORS = {"AllowedMethods": ["POST"], "AllowedOrigins": ["https://sails.example.com", "https://board.example.com"]}
THEIRS = {"Sid": "Backup", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}}


@pytest.fixture
def admin(cloud: Facts) -> Account:
    """Return the operator's account."""
    return account_in(cloud, "admin")


@pytest.fixture
def s3(admin: Account) -> Any:
    """Return S3 of the operator's account."""
    return admin.session.client("s3", **admin.options)


@pytest.fixture
def bucket(s3: Any, admin: Account) -> str:
    """Make a bucket that is fit for anything."""
    name = f"named-{token_hex(4)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": admin.region})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [CORS]})
    return name


def naming(bucket: str, field: str) -> Wanted:
    """Return a target that names a bucket."""
    guest, ops = Site("sails.example.com"), Site("board.example.com")
    nothing = Wanted("production", "unmade", guest, ops, "America/Los_Angeles")
    return {
        "guest.bucket": replace(nothing, guest=replace(guest, bucket=bucket)),
        "ops.bucket": replace(nothing, ops=replace(ops, bucket=bucket)),
        "uploads": replace(nothing, uploads=bucket),
        "state": replace(nothing, state=f"s3://{bucket}/"),
    }[field]


def open_acl(s3: Any, bucket: str) -> None:
    """Open a bucket to everybody by its ACL, as was usual for sites."""
    s3.delete_public_access_block(Bucket=bucket)
    rules = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")


def encrypt(s3: Any, bucket: str, **key: str) -> None:
    """Have a bucket encrypt with KMS."""
    default = {"SSEAlgorithm": "aws:kms", **key}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def encrypt_with_own_key(s3: Any, bucket: str) -> None:
    """Have it encrypt with a key of the operator's."""
    encrypt(s3, bucket, KMSMasterKeyID="arn:aws:kms:us-west-2:000000000000:key/ours")


def forget_versions(s3: Any, bucket: str) -> None:
    """Have it keep no versions."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def forget_cors(s3: Any, bucket: str) -> None:
    """Have it take photos from the guests' pages only."""
    rule = {**CORS, "AllowedOrigins": ["https://sails.example.com"]}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})


def give_policy(s3: Any, bucket: str) -> None:
    """Give it a policy of the operator's."""
    statement = {**THEIRS, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": statement}))


@pytest.mark.parametrize("name", ["guest.bucket", "ops.bucket", "uploads", "state"])
def test_a_bucket_that_is_fit_is_taken(admin: Account, bucket: str, name: str) -> None:
    """Private, with keys of S3's own, versions and CORS."""
    check_named(admin, naming(bucket, name), None)


@pytest.mark.parametrize(
    ("name", "spoil", "words", "hint"),
    [
        ("guest.bucket", open_acl, "is open to everybody by its ACL", "leave `guest.bucket` out"),
        ("ops.bucket", open_acl, "is open to everybody by its ACL", "leave `ops.bucket` out"),
        ("guest.bucket", encrypt, "encrypts with AWS's own key of KMS, which CloudFront", "put-bucket-encryption"),
        ("ops.bucket", encrypt_with_own_key, "the KMS key `arn:aws:kms:us-west-2:000", "put-bucket-encryption"),
        ("state", encrypt_with_own_key, "which castoff may not use", "put-bucket-encryption"),
        ("uploads", give_policy, "has a policy of its own (`Backup`)", "delete-bucket-policy"),
        ("state", give_policy, "has a policy of its own (`Backup`)", "delete-bucket-policy"),
        ("uploads", forget_versions, "keeps no versions", "--versioning-configuration Status=Enabled"),
        ("state", forget_versions, "keeps no versions", "--versioning-configuration Status=Enabled"),
        ("uploads", forget_cors, "no photos from the pages of https://board.example.com (CORS)", "put-bucket-cors"),
    ],
)
def test_a_bucket_that_is_not_is_told(
    admin: Account, s3: Any, bucket: str, *, name: str, spoil: Callable[[Any, str], None], words: str, hint: str
) -> None:
    """With why, and what to do."""
    spoil(s3, bucket)

    with pytest.raises(CloudError) as refused:
        check_named(admin, naming(bucket, name), None)

    assert words in refused.value.message
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("name", "spoil"),
    [("state", encrypt), ("uploads", encrypt), ("guest.bucket", give_policy), ("guest.bucket", forget_versions)],
)
def test_what_does_no_harm_is_let_be(
    admin: Account, s3: Any, bucket: str, name: str, spoil: Callable[[Any, str], None]
) -> None:
    """AWS's own key where no CloudFront reads; a policy that castoff adds to; pages that are written again anyhow."""
    spoil(s3, bucket)

    check_named(admin, naming(bucket, name), None)


def test_unlisted_pages_may_lie_in_an_open_bucket(admin: Account, s3: Any, bucket: str) -> None:
    """There is no gate to walk around."""
    open_acl(s3, bucket)

    check_named(admin, replace(naming(bucket, "guest.bucket"), unlisted=True), None)


def test_what_the_stack_uses_is_its_own(admin: Account, cloud: Facts) -> None:
    """The policies that it gave its buckets are not in its way."""
    standing = load_standing(admin, cloud.stack)
    assert standing is not None

    check_named(admin, naming(standing.outputs["UploadsBucket"], "uploads"), standing)
    check_named(admin, naming(standing.outputs["GuestBucket"], "guest.bucket"), standing)


@dataclass
class Judging:
    """S3 with AWS's judgement of a policy, which the embedded cloud does not give."""

    public: bool | None
    blocked: bool = False
    acl: list[dict[str, Any]] = field(default_factory=list)

    def get_public_access_block(self, Bucket: str) -> dict[str, Any]:  # noqa: N803, the SDK's name
        """Return what is blocked."""
        if not self.blocked:
            raise _refusal("NoSuchPublicAccessBlockConfiguration", Bucket)
        return {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": True}}

    def get_bucket_policy_status(self, Bucket: str) -> dict[str, Any]:  # noqa: N803, the SDK's name
        """Return the judgement."""
        if self.public is None:
            raise _refusal("NoSuchBucketPolicy", Bucket)
        return {"PolicyStatus": {"IsPublic": self.public}}

    def get_bucket_acl(self, Bucket: str) -> dict[str, Any]:  # noqa: N803, ARG002, the SDK's name
        """Return the grants."""
        return {"Grants": self.acl}


def _refusal(code: str, bucket: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": bucket}}, "Get")


@pytest.mark.parametrize(
    ("judging", "way"),
    [
        (Judging(public=True), "policy"),
        (Judging(public=True, blocked=True), None),
        (Judging(public=False), None),
        (Judging(public=None), None),
        (Judging(public=None, acl=[{"Grantee": {"Type": "CanonicalUser", "ID": "me"}}]), None),
    ],
    ids=["public", "public, and blocked", "not public", "no policy", "an owner's grant"],
)
def test_a_policy_is_judged_by_aws(judging: Judging, way: str | None) -> None:
    """Which knows its own language of conditions best."""
    assert open_by(judging, "sails") == way
