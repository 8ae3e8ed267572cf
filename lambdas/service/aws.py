"""AWS clients, each made once a process and at its first use: importing boto3 takes longer than most calls."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client

_CONNECT, _READ = 2, 5  # seconds; API Gateway gives up on us after 29


@cache
def dynamodb() -> "DynamoDBClient":
    """Return DynamoDB's client, which asks again by itself when throttled."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    retries = Config(connect_timeout=_CONNECT, read_timeout=_READ, retries={"mode": "standard", "max_attempts": 3})
    return boto3.client("dynamodb", config=retries)


@cache
def secretsmanager() -> "SecretsManagerClient":
    """Return Secrets Manager's client."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    retries = Config(connect_timeout=_CONNECT, read_timeout=_READ, retries={"mode": "standard", "max_attempts": 3})
    return boto3.client("secretsmanager", config=retries)


@cache
def sesv2() -> "SESV2Client":
    """Return SES's client, which never asks twice: SES has no idempotency, so a repeated call is a second mail."""
    import boto3  # noqa: PLC0415 - at first use
    from botocore.config import Config  # noqa: PLC0415 - at first use

    once = Config(connect_timeout=_CONNECT, read_timeout=_READ, retries={"total_max_attempts": 1})
    return boto3.client("sesv2", config=once)
