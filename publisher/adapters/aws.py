"""AWS clients for a target, made on first use, and AWS's errors in words."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.client import BaseClient
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from publisher.target import Target

_NOT_ALLOWED: Final = "check its name in castoff.yaml, then the publisher's role: infra/stack.yaml has what it needs"
_SIGN_IN: Final = "sign in to AWS again; embedded, run `castoff cloud start`"

_HINTS: Final = {
    "AccessDenied": _NOT_ALLOWED,
    "AccessDeniedException": _NOT_ALLOWED,
    "NoSuchBucket": "check the bucket's name in castoff.yaml, or deploy the stack",
    "NoSuchDistribution": "check the distribution's id in castoff.yaml, or deploy the stack",
    "ResourceNotFoundException": "check its name in castoff.yaml, or deploy the stack",
    "ExpiredToken": _SIGN_IN,
    "ExpiredTokenException": _SIGN_IN,
    "InvalidClientTokenId": _SIGN_IN,
    "InvalidAccessKeyId": _SIGN_IN,
    "SignatureDoesNotMatch": _SIGN_IN,
}


class Aws:
    """The clients of one target; making one costs tens of milliseconds, so nobody pays who asks for none."""

    def __init__(self, target: Target) -> None:
        self.target = target

    @cached_property
    def s3(self) -> S3Client:
        """S3."""
        client: S3Client = self.client("s3")
        return client

    @cached_property
    def cloudfront(self) -> CloudFrontClient:
        """CloudFront."""
        client: CloudFrontClient = self.client("cloudfront")
        return client

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        """Secrets Manager."""
        client: SecretsManagerClient = self.client("secretsmanager")
        return client

    @cached_property
    def _session(self) -> Session:
        """What makes the clients; boto3 would add resources and file transfers, and 50 ms to every start."""
        session, credentials = Session(), self.target.credentials
        if credentials:
            session.set_credentials(credentials.key, credentials.secret, credentials.token)
        return session

    def client(self, service: str) -> Any:
        """Return a new client: tries of five, answers within seconds, checksums only where S3 asks for them."""
        client: BaseClient = self._session.create_client(
            service,
            region_name=self.target.region,
            endpoint_url=self.target.endpoint,
            config=Config(
                connect_timeout=5,
                read_timeout=15,
                retries={"mode": "standard", "total_max_attempts": 5},
                max_pool_connections=32,
                inject_host_prefix=self.target.endpoint is None,
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path" if self.target.endpoint else "auto"},
            ),
        )
        return client


@contextmanager
def in_words(call: str, subject: str) -> Iterator[None]:
    """Translate what botocore raises inside into PublishError, naming the call and its object."""
    try:
        yield
    except ClientError as error:
        code, status = code_of(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "no status")
        message = error.response.get("Error", {}).get("Message", "")
        raise PublishError(
            f"{call} on {subject} was answered {status} {code}{f': {message}' if message else ''}",
            hint=_HINTS.get(code, "run `castoff publish` again; what was done is known and is not done twice"),
        ) from error
    except BotoCoreError as error:
        raise PublishError(
            f"{call} on {subject} found no answer: {error}",
            hint="check the network and the credentials; the embedded cloud is `--target local`",
        ) from error


def code_of(error: Any) -> str:
    """Return the error code of a ClientError, such as `NoSuchKey`."""
    return str(error.response.get("Error", {}).get("Code", ""))
