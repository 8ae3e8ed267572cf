"""AWS clients for a target, made on first use; its refusals asked again where they pass, and said in words.

botocore and a client cost half a second, so that both come with the first call that libcurl does not answer.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import NoCredentialsError

from publisher.adapters.answers import SIGNS, Answered, StrangeAnswerError
from publisher.adapters.http import Http
from publisher.adapters.patience import Patience, Tries
from publisher.adapters.stores import Stores, Way, told_way
from publisher.errors import PublishError
from publisher.target import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.client import BaseClient
    from botocore.credentials import ReadOnlyCredentials
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
    def stores(self) -> Stores:
        """What asks S3 first."""
        return Stores(lambda: told_way(self.target) or self._found_way(), self._patience)

    @cached_property
    def http(self) -> Http:
        """What asks everything that is reached by HTTP alone."""
        return Http(endpoint=self.target.endpoint, clock=self._clock, patience=self._patience)

    @cached_property
    def session(self) -> Session:
        """What makes the clients; boto3 would add resources and file transfers, and 50 ms to every start."""
        from publisher.adapters.access import open_session  # noqa: PLC0415 - see above

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
            raise NoCredentialsError
        return found.get_frozen_credentials()

    def client(self, service: str, *, region: str | None = None) -> Any:
        """Return a new client: it asks once, since `tried` asks again; checksums only where S3 asks for them.

        `region` is another than the target's.
        """
        from botocore.config import Config  # noqa: PLC0415 - see above

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
                from publisher.adapters.refusals import is_unread, passes  # noqa: PLC0415 - see above

                if passes(error) and tries.again():
                    continue
                if is_unread(error):
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
            from publisher.adapters.refusals import said  # noqa: PLC0415 - see above

            refusal = said(error, call, subject, patience=self._patience)
            if refusal is None:
                raise
            raise refusal from error

    def _found_way(self) -> Way:
        """Return the way to S3 as botocore finds it; raises what `in_words` translates."""
        from botocore.httpsession import get_cert_path  # noqa: PLC0415 - see above

        told: str | None = self.session.get_config_variable("ca_bundle")
        return Way(
            self.s3.meta.endpoint_url,
            self.s3.meta.region_name,
            self._lent,
            in_path=self.target.endpoint is not None,
            authorities=told or get_cert_path(True),  # noqa: FBT003 - botocore's
        )

    def _lent(self) -> Credentials:
        found = self.credentials()
        return Credentials(found.access_key or "", found.secret_key or "", found.token)


def _known(answer: Answered) -> Answered:
    """Return an answer that is AWS's own; raise StrangeAnswerError for one of a proxy, or one cut in its headers."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    if not SIGNS & headers.keys():
        raise StrangeAnswerError
    return answer
