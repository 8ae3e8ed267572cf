"""What comes back from AWS in place of an answer: whether it may pass, and what it means in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import NameResolutionError

from publisher.adapters.answers import SIGNS, StrangeAnswerError, code_of
from publisher.adapters.patience import BROKE, PASSES, REFUSED, UNKNOWN_HOST, UNTRUSTED
from publisher.errors import PublishError

if TYPE_CHECKING:
    from publisher.adapters.patience import Patience

_NOT_ALLOWED: Final = (
    "check its name in castoff.yaml, then the publisher's role (infra/stack.yaml has what it needs), then publish again"
)
_NOT_THERE: Final = "check its name in castoff.yaml, or deploy the stack, then publish again"
_SIGN_IN: Final = "sign in to AWS again (embedded, `castoff cloud start`), then publish again"
_NOT_SIGNED_IN: Final = "sign in to AWS, or add `--target local` for the embedded cloud; then run it again"
_ASSUMING: Final = "AssumeRole"
_NOT_LENT: Final = (
    "check `role` in castoff.yaml, and that the role trusts whom you are signed in as"
    " (`aws sts get-caller-identity` says who that is), then publish again"
)
_NO_REGION: Final = "write `region: us-west-2`, or which it is, into the target in castoff.yaml, or set AWS_REGION"
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

_UNSIGNED: Final = (
    exceptions.CredentialRetrievalError,
    exceptions.NoAuthTokenError,
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
)


def said(error: Exception, call: str, subject: str, *, patience: Patience) -> PublishError | None:
    """Return what a call ended with in words, naming the call and its object; None where it is not of AWS."""
    asked = f"{call} on {subject}"
    if isinstance(error, ClientError):
        # Where a role is assumed on the way, it is that call that was refused.
        asked = asked if error.operation_name == call else f"{error.operation_name}, needed for {asked},"
        hint = _HINTS.get(code_of(error), _ONCE_MORE)
        if error.operation_name == _ASSUMING and hint == _NOT_ALLOWED:
            hint = _NOT_LENT
        return PublishError(f"{asked} was answered {_answer(error)}", hint=hint)
    return _unanswered(error, asked, patience)


def _unanswered(error: Exception, asked: str, patience: Patience) -> PublishError | None:
    match error:
        case ResponseParserError() | StrangeAnswerError():
            return PublishError(
                f"{asked} was answered by something that is not AWS",
                hint="find what stands between here and AWS, a proxy or a network's login page; then publish again",
            )
        case exceptions.NoRegionError():
            return PublishError(f"{asked} is to go to no region", hint=_NO_REGION)
        case exceptions.ProfileNotFound():
            name = error.kwargs["profile"]
            return PublishError(
                f"{asked} could not be signed: AWS's tools know no profile `{name}` here",
                hint=f"run `aws configure --profile {name}`, or correct `profile` in castoff.yaml",
            )
        case _ if isinstance(error, _UNSIGNED):
            return PublishError(f"{asked} could not be signed: {error}", hint=_NOT_SIGNED_IN)
        case BotoCoreError():
            return PublishError(f"{asked} was not answered: {_silence(error, patience)}", hint=_NOBODY)
        case _:
            return None


def passes(error: Exception) -> bool:
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


def is_unread(error: Exception) -> bool:
    """Tell a body that botocore could not read, which it calls a 500 without a code, from a 500 of S3."""
    if not isinstance(error, ClientError) or code_of(error) != "500":
        return False
    return not SIGNS & error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).keys()


def _answer(error: ClientError) -> str:
    status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "without a status"))
    code, message = code_of(error), error.response.get("Error", {}).get("Message", "")
    named = status if code in {"", status} else f"{status} {code}"
    return f"{named}: {message}" if message else named


def _silence(error: BotoCoreError, patience: Patience) -> str:
    """Return why there was no answer in a few words."""
    match error:
        case exceptions.EndpointConnectionError():
            unknown = isinstance(error.kwargs.get("error"), NameResolutionError)
            return UNKNOWN_HOST if unknown else REFUSED
        case exceptions.ConnectTimeoutError():
            return patience.no_way
        case exceptions.ReadTimeoutError():
            return patience.silence
        case exceptions.SSLError():
            return UNTRUSTED
        case exceptions.HTTPClientError() | exceptions.IncompleteReadError():
            return BROKE
        case _:
            return str(error)
