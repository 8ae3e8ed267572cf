"""AWS clients for a target, made on first use; its refusals asked again where they pass, and said in words."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from publisher.adapters.answers import SIGNS, Answered, StrangeAnswerError
from publisher.adapters.patience import Patience, Tries
from publisher.adapters.wire import Wire
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from botocore.client import BaseClient
    from botocore.credentials import ReadOnlyCredentials
    from botocore.exceptions import ClientError
    from botocore.session import Session
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from publisher.ports import Clock
    from publisher.target import Target


class Aws:
    """The clients of one target; making one costs tens of milliseconds, so nobody pays who asks for none."""

    def __init__(self, target: Target, *, clock: Clock, patience: Patience) -> None:
        self.target = target
        self._clock = clock
        self._patience = patience

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
    def wire(self) -> Wire:
        """What asks S3 first, and in a fraction of the time."""
        return Wire(self, clock=self._clock, patience=self._patience)

    @property
    def authorities(self) -> str:
        """The file of the certificates that clients trust."""
        from botocore.httpsession import get_cert_path  # noqa: PLC0415 - see _refusals

        told: str | None = self.session.get_config_variable("ca_bundle")
        return told or str(get_cert_path(verify=True))

    @cached_property
    def session(self) -> Session:
        """What makes the clients; boto3 would add resources and file transfers, and 50 ms to every start."""
        from publisher.adapters.access import open_session  # noqa: PLC0415 - see _refusals

        return open_session(self.target, connect=self._patience.connect, read=self._patience.read)

    @property
    def region(self) -> str | None:
        """The region that clients ask in: the target's, else the environment's; None where neither names one."""
        region: str | None = self.target.region or self.session.get_config_variable("region")
        return region

    def credentials(self) -> ReadOnlyCredentials:
        """Return the credentials of this moment, those of a role lent anew once they end soon.

        Raises what `in_words` translates.
        """
        found = self.session.get_credentials()
        if found is None:
            raise _refusals().NoCredentialsError
        return found.get_frozen_credentials()

    def client(self, service: str, *, region: str | None = None) -> Any:
        """Return a new client: it asks once, since `tried` asks again; checksums only where S3 asks for them.

        `region` is another than the target's.
        """
        from botocore.config import Config  # noqa: PLC0415 - see _refusals

        client: BaseClient = self.session.create_client(
            service,
            region_name=region or self.target.region,
            endpoint_url=self.target.endpoint,
            config=Config(
                connect_timeout=self._patience.connect,
                read_timeout=self._patience.read,
                retries={"mode": "standard", "total_max_attempts": 1},
                max_pool_connections=32,
                inject_host_prefix=self.target.endpoint is None,
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path" if self.target.endpoint else "auto"},
            ),
        )
        return client

    def tried(self, ask: Callable[[], Answered]) -> Answered:
        """Return what AWS answers, asked again while what comes back may pass; every call here may be repeated."""
        tries = Tries(self._patience, self._clock)
        while True:
            try:
                return _known(ask())
            except Exception as error:
                if _refusals().passes(error) and tries.again():
                    continue
                if _refusals().is_unread(error):
                    raise StrangeAnswerError from error
                raise

    @contextmanager
    def in_words(self, call: str, subject: str) -> Iterator[None]:
        """Translate what is raised inside into PublishError, naming the call and its object."""
        try:
            yield
        except PublishError:
            raise
        except Exception as error:
            said = _refusals().said(error, call, subject, patience=self._patience)
            if said is None:
                raise
            raise said from error


def _known(answer: Answered) -> Answered:
    """Return an answer that is AWS's own; raise StrangeAnswerError for one of a proxy, or one cut in its headers."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    if not SIGNS & headers.keys():
        raise StrangeAnswerError
    return answer


def refused() -> type[ClientError]:
    """Return what botocore raises where AWS refuses: to be caught by who has asked botocore, and so has it."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see _refusals

    return ClientError


def _refusals() -> ModuleType:
    """Return what knows botocore's exceptions; with it comes botocore, and a publish of nothing would wait for it."""
    from publisher.adapters import refusals  # noqa: PLC0415 - see above

    return refusals
