"""A call to AWS, whose fault is told in words: which call, of what, and AWS's own reason."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from castoff.cloud.problems import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        raise CallError(operation, what, f"{told.get('Message', '')} ({told['Code']})".strip()) from error
    except BotoCoreError as error:
        raise CallError(operation, what, str(error)) from error
