"""AWS clients for a target, made on first use; its refusals asked again where they pass, and said in words."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from botocore.session import Session
from urllib3.exceptions import NameResolutionError

from publisher.adapters.patience import BROKE, PASSES, REFUSED, UNKNOWN_HOST, UNTRUSTED, Patience, Tries
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from botocore.client import BaseClient
    from botocore.credentials import ReadOnlyCredentials
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from publisher.ports import Clock
    from publisher.target import Target

    Answered = TypeVar("Answered", bound=Mapping[str, Any])

_NOT_ALLOWED: Final = (
    "check its name in castoff.yaml, then the publisher's role (infra/stack.yaml has what it needs), then publish again"
)
_NOT_THERE: Final = "check its name in castoff.yaml, or deploy the stack, then publish again"
_SIGN_IN: Final = "sign in to AWS again (embedded, `castoff cloud start`), then publish again"
_NOT_SIGNED_IN: Final = "sign in to AWS, or add `--target local` for the embedded cloud; then publish again"
_NOBODY: Final = (
    "check the network (embedded, `castoff cloud start`), then publish again;"
    " what was done is known and is not done twice"
)
_ONCE_MORE: Final = "run `castoff publish` again; what was done is known and is not done twice"

_HINTS: Final = {
    "AccessDenied": _NOT_ALLOWED,
    "AccessDeniedException": _NOT_ALLOWED,
    "403": _NOT_ALLOWED,  # where an answer has no body, the status is the code
    "NoSuchBucket": _NOT_THERE,
    "NoSuchDistribution": _NOT_THERE,
    "ResourceNotFoundException": _NOT_THERE,
    "ExpiredToken": _SIGN_IN,
    "ExpiredTokenException": _SIGN_IN,
    "InvalidClientTokenId": _SIGN_IN,
    "InvalidAccessKeyId": _SIGN_IN,
    "SignatureDoesNotMatch": _SIGN_IN,
    "TooManyInvalidationsInProgress": "wait until CloudFront is done with earlier ones, then publish again",
}

_PASSING: Final = {
    "ConditionalRequestConflict",  # S3: two conditional writes of a key at the same moment
    "RequestTimeout",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
"""Codes of refusals that pass whatever status they come with."""

_SIGNS: Final = frozenset({"x-amz-request-id", "x-amzn-requestid"})
"""Headers of which AWS's own answers have one."""

_UNSIGNED: Final = (
    exceptions.CredentialRetrievalError,
    exceptions.NoAuthTokenError,
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
)


class StrangeAnswerError(Exception):
    """What answered is not AWS, or its answer was cut before what makes it one."""


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
    def _session(self) -> Session:
        """What makes the clients; boto3 would add resources and file transfers, and 50 ms to every start."""
        session, credentials = Session(), self.target.credentials
        if credentials:
            session.set_credentials(credentials.key, credentials.secret, credentials.token)
        return session

    @property
    def region(self) -> str | None:
        """The region that clients ask in: the target's, else the environment's; None where neither names one."""
        region: str | None = self.target.region or self._session.get_config_variable("region")
        return region

    def credentials(self) -> ReadOnlyCredentials:
        """Return the credentials of this moment, those of a role lent anew once they end soon.

        Raises what `in_words` translates.
        """
        found = self._session.get_credentials()
        if found is None:
            raise exceptions.NoCredentialsError
        return found.get_frozen_credentials()

    def client(self, service: str) -> Any:
        """Return a new client: it asks once, since `tried` asks again; checksums only where S3 asks for them."""
        client: BaseClient = self._session.create_client(
            service,
            region_name=self.target.region,
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
            except (BotoCoreError, ClientError, ResponseParserError, StrangeAnswerError) as error:
                if _passes(error) and tries.again():
                    continue
                if _is_unread(error):
                    raise StrangeAnswerError from error
                raise

    @contextmanager
    def in_words(self, call: str, subject: str) -> Iterator[None]:
        """Translate what is raised inside into PublishError, naming the call and its object."""
        asked = f"{call} on {subject}"
        try:
            yield
        except ClientError as error:
            # Where a role is assumed on the way, it is that call that was refused.
            asked = asked if error.operation_name == call else f"{error.operation_name}, needed for {asked},"
            raise PublishError(
                f"{asked} was answered {_answer(error)}", hint=_HINTS.get(code_of(error), _ONCE_MORE)
            ) from error
        except (ResponseParserError, StrangeAnswerError) as error:
            raise PublishError(
                f"{asked} was answered by something that is not AWS",
                hint="find what stands between here and AWS, a proxy or a network's login page; then publish again",
            ) from error
        except _UNSIGNED as error:
            raise PublishError(f"{asked} could not be signed: {error}", hint=_NOT_SIGNED_IN) from error
        except BotoCoreError as error:
            raise PublishError(f"{asked} was not answered: {self._silence(error)}", hint=_NOBODY) from error

    def _silence(self, error: BotoCoreError) -> str:
        """Return why there was no answer in a few words."""
        match error:
            case exceptions.EndpointConnectionError():
                unknown = isinstance(error.kwargs.get("error"), NameResolutionError)
                return UNKNOWN_HOST if unknown else REFUSED
            case exceptions.ConnectTimeoutError():
                return self._patience.no_way
            case exceptions.ReadTimeoutError():
                return self._patience.silence
            case exceptions.SSLError():
                return UNTRUSTED
            case exceptions.HTTPClientError() | exceptions.IncompleteReadError():
                return BROKE
            case _:
                return str(error)


def whole(answer: Answered, *steps: str) -> Answered:
    """Return an answer that has what these steps lead to: botocore takes a body that was cut for an empty one."""
    found: Any = answer
    for step in steps:
        found = found.get(step)
        if found is None:
            raise StrangeAnswerError
    return answer


def code_of(error: Any) -> str:
    """Return the error code of a ClientError, such as `NoSuchKey`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _known(answer: Answered) -> Answered:
    """Return an answer that is AWS's own; raise StrangeAnswerError for one of a proxy, or one cut in its headers."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    if not _SIGNS & headers.keys():
        raise StrangeAnswerError
    return answer


def _is_unread(error: Exception) -> bool:
    """Tell a body that botocore could not read, which it calls a 500 without a code, from a 500 of S3."""
    if not isinstance(error, ClientError) or code_of(error) != "500":
        return False
    return not _SIGNS & error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).keys()


def _answer(error: ClientError) -> str:
    status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "without a status"))
    code, message = code_of(error), error.response.get("Error", {}).get("Message", "")
    named = status if code in {"", status} else f"{status} {code}"
    return f"{named}: {message}" if message else named


def _passes(error: Exception) -> bool:
    """Tell whether asking again may be answered otherwise."""
    match error:
        case ClientError():
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            return status in PASSES or code_of(error) in _PASSING
        case exceptions.SSLError():
            return False
        case ResponseParserError() | StrangeAnswerError() | exceptions.IncompleteReadError():
            return True
        case _:
            return isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError)
