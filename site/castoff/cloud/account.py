"""One principal's way into AWS, there or here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from castoff.cloud.calls import call
from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True)
class Caller:
    """Whose credentials these are, as AWS answers."""

    account: str
    arn: str


def own_account(
    environment: Mapping[str, str],
    *,
    region: str | None = None,
    profile: str | None = None,
    endpoint: str | None = None,
) -> Account:
    """Open the operator's AWS account as AWS's own tools do: by the environment, a profile, or a role.

    `region`, `profile` and `endpoint` are a target's own, before what the environment names; a profile that is not
    there counts only where nothing else says who this is. `AWS_ENDPOINT_URL` stands for all of AWS where it is set.
    Raises CloudError where no region is named, or the profile is not there; whether the credentials are good shows at
    the first call.
    """
    import boto3  # noqa: PLC0415, the SDK is slow to import
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415, the SDK is slow to import

    try:
        if profile and environment.get("AWS_ACCESS_KEY_ID") and profile not in boto3.Session().available_profiles:
            profile = None
        session = boto3.Session(region_name=region or environment.get("AWS_REGION") or None, profile_name=profile)
    except BotoCoreError as error:
        raise CloudError(f"AWS's own settings cannot be used: {error}", hint="see ~/.aws/config") from error
    if not session.region_name:
        raise CloudError(
            "no AWS region is named",
            hint="set `AWS_REGION`, such as `us-west-2`, or write `region` into the target; then run it again",
        )
    return Account(session, endpoint or environment.get("AWS_ENDPOINT_URL") or None)


def caller_of(account: Account) -> Caller:
    """Ask AWS whose credentials these are; CallError where they are missing, expired or not known."""
    with call("GetCallerIdentity", "AWS"):
        identity = account.session.client("sts", **account.options).get_caller_identity()
    return Caller(identity["Account"], identity["Arn"])


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
