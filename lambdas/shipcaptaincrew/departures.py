"""Who left, as the edge knows it: `gone:<member>` in CloudFront's KeyValueStore, below which epoch a cookie is dead."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.service.refusals import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient

_ATTEMPTS = 6
_PAUSE = 0.1  # seconds: the deploy step writes keys into the same store, seldom and briefly


class Departures(Protocol):
    """Something that the edge asks before it believes a cookie."""

    def note(self, member_id: str, epoch: Callable[[], int]) -> None:
        """Have every cookie of a member from before `epoch()` refused; UnavailableError when that is not certain."""


class KeyValueDepartures:
    """The KeyValueStore, whose ETag is that of the whole store."""

    def __init__(
        self,
        client: Callable[[], "CloudFrontKeyValueStoreClient"],
        *,
        store: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._store = store
        self._pause = pause

    def note(self, member_id: str, epoch: Callable[[], int]) -> None:
        """Write a member's epoch.

        It is asked for after the store's ETag, so that of two departures the later one's stays, whoever writes last.
        """
        for _ in range(_ATTEMPTS):
            try:
                etag = self._client().describe_key_value_store(KvsARN=self._store)["ETag"]
                self._client().put_key(KvsARN=self._store, Key=f"gone:{member_id}", Value=str(epoch()), IfMatch=etag)
            except ClientError as fault:
                if fault.response["Error"]["Code"] != "ConflictException":
                    code = fault.response["Error"]["Code"]
                    words = f"store {self._store}: `gone:{member_id}` could not be written ({code})"
                    raise UnavailableError(words) from fault
            except BotoCoreError as fault:
                words = f"store {self._store}: `gone:{member_id}` could not be written ({type(fault).__name__})"
                raise UnavailableError(words) from fault
            else:
                return
            self._pause(_PAUSE)
        raise UnavailableError(f"store {self._store} kept changing")
