"""What castoff.yaml names: there, in the stack's region, and fit for what castoff would put into it."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.parameters import OUTPUTS

if TYPE_CHECKING:
    from castoff.cloud.account import Account
    from castoff.cloud.setup.wanted import Wanted
    from castoff.cloud.standing import Standing

_PAGES: Final = ("GuestBucketName", "OpsBucketName")
_UPLOADS: Final = "UploadsBucketName"
_EVERYBODY: Final = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_AWS_OWN_KEY: Final = "alias/aws/s3"
_S3_OWN_KEYS: Final = "AES256"
_LEAVE_OUT: Final = "or leave `{}` out: the stack then makes one"


def check_named(account: Account, wanted: Wanted, standing: Standing | None) -> None:
    """See that what castoff.yaml names can be used; CloudError for the first that cannot, with what to do.

    What the stack uses already is not asked again, but for whether crew pages lie open.
    """
    s3 = account.session.client("s3", **account.options)
    for parameter, (field, value) in wanted.named.items():
        _check_there(account, parameter, field, value)
        if parameter.endswith("Id"):
            continue
        if parameter in _PAGES and not wanted.unlisted and (way := open_by(s3, value)):
            raise CloudError(
                f"`{field}` is bucket `{value}`, which is open to everybody by its {way}: crew pages in it could be"
                " read without the captain's links",
                hint=f"leave `{field}` out: the stack makes one for castoff's pages, and the rest stays where it is",
            )
        if standing is None or standing.outputs.get(OUTPUTS[parameter]) != value:
            _check_readable(s3, parameter, field, value)
            if parameter not in _PAGES:
                _check_kept(s3, field, value)
            if parameter == _UPLOADS:
                _check_cors(s3, wanted, value)


def open_by(s3: Any, bucket: str) -> str | None:
    """Return by what a bucket is open to everybody, by AWS's own judgement of its policy; None where it is not."""
    block = _asked(s3, "GetPublicAccessBlock", bucket, none="NoSuchPublicAccessBlockConfiguration")
    closed = block.get("PublicAccessBlockConfiguration", {})
    status = _asked(s3, "GetBucketPolicyStatus", bucket, none="NoSuchBucketPolicy").get("PolicyStatus", {})
    if status.get("IsPublic") and not closed.get("RestrictPublicBuckets"):
        return "policy"
    grants = _asked(s3, "GetBucketAcl", bucket)["Grants"]
    public = any(one["Grantee"].get("URI") in _EVERYBODY for one in grants)
    return "ACL" if public and not closed.get("IgnorePublicAcls") else None


def _check_there(account: Account, parameter: str, field: str, value: str) -> None:
    s3 = account.session.client("s3", **account.options)
    cloudfront = account.session.client("cloudfront", **account.options)
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


def _check_readable(s3: Any, parameter: str, field: str, bucket: str) -> None:
    """Refuse keys of KMS that castoff's roles may not use, and of pages AWS's own too: CloudFront may not use that."""
    found = _asked(s3, "GetBucketEncryption", bucket, none="ServerSideEncryptionConfigurationNotFoundError")
    for rule in found.get("ServerSideEncryptionConfiguration", {}).get("Rules", []):
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        key = default.get("KMSMasterKeyID", _AWS_OWN_KEY)
        aws_own = key.endswith(_AWS_OWN_KEY)
        if default.get("SSEAlgorithm", _S3_OWN_KEYS) == _S3_OWN_KEYS or (aws_own and parameter not in _PAGES):
            continue
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": _S3_OWN_KEYS}}]}
        command = _command("put-bucket-encryption", bucket, "server-side-encryption-configuration", json.dumps(rules))
        whose = "AWS's own key of KMS, which CloudFront" if aws_own else f"the KMS key `{key}`, which castoff"
        raise CloudError(
            f"`{field}` is bucket `{bucket}`, which encrypts with {whose} may not use",
            hint=f"let S3 encrypt with keys of its own: `{command}`, {_LEAVE_OUT.format(field)}",
        )


def _check_kept(s3: Any, field: str, bucket: str) -> None:
    """Refuse what the stack would fail at after minutes, and a bucket that forgets what is written over."""
    policy = _asked(s3, "GetBucketPolicy", bucket, none="NoSuchBucketPolicy").get("Policy")
    if policy:
        statements = json.loads(policy)["Statement"]
        named = ", ".join(f"`{one.get('Sid', one['Effect'])}`" for one in _listed(statements))
        raise CloudError(
            f"`{field}` is bucket `{bucket}`, which has a policy of its own ({named}); the stack gives it one, and"
            " CloudFormation puts none over another",
            hint=f"see what it is for, then `aws s3api delete-bucket-policy --bucket {bucket}`; what you still need of"
            f" it, give to whoever it names by IAM; {_LEAVE_OUT.format(field)}",
        )
    if _asked(s3, "GetBucketVersioning", bucket).get("Status") != "Enabled":
        command = _command("put-bucket-versioning", bucket, "versioning-configuration", "Status=Enabled")
        raise CloudError(
            f"`{field}` is bucket `{bucket}`, which keeps no versions: what is written over would be lost",
            hint=f"`{command}`, {_LEAVE_OUT.format(field)}",
        )


def _check_cors(s3: Any, wanted: Wanted, bucket: str) -> None:
    """Refuse a bucket for photos that a site's pages could not send any to."""
    rules = _asked(s3, "GetBucketCors", bucket, none="NoSuchCORSConfiguration").get("CORSRules", [])
    origins = [f"https://{site.domain}" for site in (wanted.guest, wanted.ops)]
    posting = {origin for rule in rules if "POST" in rule["AllowedMethods"] for origin in rule["AllowedOrigins"]}
    missing = [one for one in origins if not posting & {one, "*", "https://*"}]
    if missing:
        rule = {"AllowedMethods": ["POST"], "AllowedOrigins": origins, "AllowedHeaders": ["*"], "MaxAgeSeconds": 3600}
        ours = json.dumps({"CORSRules": [*rules, rule]})
        raise CloudError(
            f"`uploads` is bucket `{bucket}`, which takes no photos from the pages of {' and '.join(missing)} (CORS)",
            hint=f"`{_command('put-bucket-cors', bucket, 'cors-configuration', ours)}`, {_LEAVE_OUT.format('uploads')}",
        )


def _asked(s3: Any, operation: str, bucket: str, *, none: str = "") -> dict[str, Any]:
    """Ask S3 about a bucket; nothing where it answers that there is `none`. Raises CallError."""
    from botocore import xform_name  # noqa: PLC0415, the SDK is slow to import
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    with call(operation, f"bucket `{bucket}`"):
        try:
            found: dict[str, Any] = getattr(s3, xform_name(operation))(Bucket=bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] != none:
                raise
            return {}
    return found


def _command(operation: str, bucket: str, option: str, value: str) -> str:
    return f"aws s3api {operation} --bucket {bucket} --{option} {shlex.quote(value)}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
