"""One principal's way into AWS, there or here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config

    from castoff.cloud.facts import Credentials, Facts


class Options(TypedDict):
    """What every client is made with."""

    endpoint_url: str | None
    config: Config


@dataclass(frozen=True)
class Account:
    """A session, and the options for each client made from it."""

    session: boto3.Session
    endpoint: str | None = field(default=None)

    @property
    def region(self) -> str:
        """The region that everything but the edge is in."""
        return self.session.region_name

    @property
    def options(self) -> Options:
        """Few tries and short waits here, where nothing is far away; the SDK's own there."""
        from botocore.config import Config  # noqa: PLC0415, the SDK is slow to import

        if self.endpoint is None:
            return {"endpoint_url": None, "config": Config()}
        nearby = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 2})
        return {"endpoint_url": self.endpoint, "config": nearby}


def account_of(credentials: Credentials, *, region: str, endpoint: str | None) -> Account:
    """Open an account with given credentials, whatever the environment holds."""
    import boto3  # noqa: PLC0415, the SDK is slow to import

    session = boto3.Session(
        aws_access_key_id=credentials.key,
        aws_secret_access_key=credentials.secret,
        aws_session_token=credentials.token,
        region_name=region,
    )
    return Account(session, endpoint)


def account_in(facts: Facts, who: str) -> Account:
    """Open the embedded cloud's account as `admin`, `edge` or `publisher`."""
    return account_of(facts.credentials[who], region=facts.region, endpoint=facts.endpoint)
