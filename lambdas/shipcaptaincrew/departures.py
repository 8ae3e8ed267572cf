"""Who left, as the edge knows it: `gone:<member>` in CloudFront's KeyValueStore, below which epoch a cookie is dead."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.service.patience import seconds_left
from lambdas.service.refusals import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient

_ATTEMPTS = 6
_PAUSE = 0.1  # seconds: the deploy step writes keys into the same store, seldom and briefly


class Departures(Protocol):
    """Something that the edge asks before it believes a cookie."""

    def note(self, owed: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
        """Have the cookies of members from before their epoch refused, and return whom it has heard of.

        Raises UnavailableError when that is not certain.
        """


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

    def note(self, owed: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
        """Write what is owed, an entry a member, since a role that may write several at once may delete them as well.

        It is asked for after the store's ETag, so that of two departures the later one's stays, whoever writes last.
        """
        for _ in range(_ATTEMPTS):
            try:
                etag = self._begun().describe_key_value_store(KvsARN=self._store)["ETag"]
                epochs = owed()
                for member_id, epoch in epochs.items():
                    entry = {"Key": f"gone:{member_id}", "Value": str(epoch)}
                    etag = self._begun().put_key(KvsARN=self._store, IfMatch=etag, **entry)["ETag"]
            except ClientError as fault:
                code = fault.response["Error"]["Code"]
                if code != "ConflictException":
                    raise UnavailableError(f"store {self._store}: who left could not be written ({code})") from fault
            except BotoCoreError as fault:
                words = f"store {self._store}: who left could not be written ({type(fault).__name__})"
                raise UnavailableError(words) from fault
            else:
                return epochs
            self._pause(_PAUSE)
        raise UnavailableError(f"store {self._store} kept changing")

    def _begun(self) -> "CloudFrontKeyValueStoreClient":
        """Return the client for one more call, while there is time for it."""
        if seconds_left() <= 0:
            raise UnavailableError(f"store {self._store}: nothing more was begun, the request took too long")
        return self._client()
