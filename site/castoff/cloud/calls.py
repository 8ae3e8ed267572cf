"""A call to AWS, whose fault is told in words: which call, of what, and AWS's own reason."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from castoff.cloud.problems import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN_IN: Final = "sign in to AWS again, such as with `aws sso login`, then run it again"
_NOT_SIGNED_IN: Final = "sign in to AWS, or set `AWS_PROFILE`, then run it again"
_LATER: Final = "wait a minute, then run it again"

_HINTS: Final = {
    # AWS's codes
    "ExpiredToken": _SIGN_IN,
    "ExpiredTokenException": _SIGN_IN,
    "RequestExpired": "set this machine's clock, and sign in to AWS again",
    "InvalidClientTokenId": _SIGN_IN,
    "InvalidAccessKeyId": _SIGN_IN,
    "UnrecognizedClientException": _SIGN_IN,
    "SignatureDoesNotMatch": _SIGN_IN,
    "Throttling": _LATER,
    "ThrottlingException": _LATER,
    "TooManyRequestsException": _LATER,
    # the SDK's own names
    "NoCredentialsError": _NOT_SIGNED_IN,
    "PartialCredentialsError": _NOT_SIGNED_IN,
    "CredentialRetrievalError": _SIGN_IN,
    "TokenRetrievalError": _SIGN_IN,
    "UnauthorizedSSOTokenError": _SIGN_IN,
    "SSOTokenLoadError": _SIGN_IN,
    "EndpointConnectionError": "check the network, and the region's name",
    "ConnectTimeoutError": "check the network, then run it again",
    "ReadTimeoutError": _LATER,
}
_FORBIDDEN: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"})
_NAMED: Final = re.compile(r"not authorized to perform: ([a-z0-9-]+:\w+)")
_ACTIONS: Final = {"HeadBucket": "s3:ListBucket"}


@contextmanager
def call(operation: str, what: str, *, passing: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Turn AWS's refusal or silence into a CallError; those that are `passing` are left for the caller."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415, the SDK is slow to import

    try:
        yield
    except passing:
        raise
    except ClientError as error:
        told = error.response["Error"]
        hint = _hint(told["Code"], told.get("Message", ""), operation)
        raise CallError(operation, what, f"{told.get('Message', '')} ({told['Code']})".strip(), hint=hint) from error
    except BotoCoreError as error:
        raise CallError(operation, what, str(error), hint=_HINTS.get(type(error).__name__, "")) from error


def _hint(code: str, message: str, operation: str) -> str:
    if code in _FORBIDDEN:
        named = _NAMED.search(message)  # not by S3, which says that access is denied and no more
        return f"whoever runs this has to be allowed `{named[1] if named else _ACTIONS.get(operation, operation)}`"
    return _HINTS.get(code, "")
