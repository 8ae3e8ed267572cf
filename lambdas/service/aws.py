"""AWS clients, each made once a process and at its first use: importing boto3 takes longer than most calls."""

import os
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client

# Seconds: one call of each kind ends well before the template's 28, for which a Lambda lives (see `patience`).
_CONNECT, _READ = 1, 3
_READ_SES = 5  # longer: a mail whose answer we did not wait for is one of which nobody can say whether it went out


@cache
def dynamodb() -> "DynamoDBClient":
    """Return DynamoDB's client, which asks once: our table asks again, with one token for all attempts."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    once = Config(connect_timeout=_CONNECT, read_timeout=_READ, retries={"total_max_attempts": 1})
    return boto3.client("dynamodb", config=once)


@cache
def secretsmanager() -> "SecretsManagerClient":
    """Return Secrets Manager's client."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    retries = Config(
        connect_timeout=_CONNECT, read_timeout=_READ, retries={"mode": "standard", "total_max_attempts": 2}
    )
    return boto3.client("secretsmanager", config=retries)


@cache
def sesv2() -> "SESV2Client":
    """Return SES's client, which never asks twice: SES has no idempotency, so a repeated call is a second mail."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    once = Config(connect_timeout=_CONNECT, read_timeout=_READ_SES, retries={"total_max_attempts": 1})
    return boto3.client("sesv2", config=once)


@cache
def keyvaluestore() -> "CloudFrontKeyValueStoreClient":
    """Return the client of CloudFront's KeyValueStore, whose signatures need botocore's `crt`."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    retries = Config(
        connect_timeout=_CONNECT, read_timeout=_READ, retries={"mode": "standard", "total_max_attempts": 2}
    )
    client = boto3.client("cloudfront-keyvaluestore", config=retries)
    endpoint = _own_endpoint()
    if endpoint is not None:
        client.meta.events.register("before-call.cloudfront-keyvaluestore", _at(endpoint))
    return client


@lru_cache(maxsize=2)
def form_signer(access_key: str, secret: str) -> "S3Client":
    """Return an S3 client that signs forms with a user's key: a role's would die with its session."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    # The region's own address: the global one would send a new bucket's forms on, and a form does not follow.
    style: Literal["path", "virtual"] = "path" if _own_endpoint() else "virtual"
    signing = Config(
        signature_version="s3v4", s3={"addressing_style": style, "us_east_1_regional_endpoint": "regional"}
    )
    return boto3.client("s3", aws_access_key_id=access_key, aws_secret_access_key=secret, config=signing)


def _own_endpoint() -> str | None:
    """Return the address of an embedded cloud, None on AWS; boto3 reads it from the same place."""
    return os.environ.get("AWS_ENDPOINT_URL")


def _at(endpoint: str) -> Callable[..., None]:
    """Return a handler that takes the account's id off the host, which no resolver knows, before a call is signed."""
    host = urlsplit(endpoint).netloc

    def send_there(params: dict[str, Any], **_: object) -> None:
        params["url"] = urlsplit(params["url"])._replace(netloc=host).geturl()

    return send_there
