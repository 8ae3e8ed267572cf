"""Knows how to read the key-value store that is associated with a deployed function, from CloudFront's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from castoff.edge.function import StoreError

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient


class DeployedStore:
    """A store of CloudFront's API, read anew for every key that is asked for.

    AWS takes some seconds until a change is known everywhere; here, who was shut out is out when the change is made.
    """

    def __init__(self, client: CloudFrontKeyValueStoreClient, *, arn: str) -> None:
        self._client = client
        self._arn = arn

    def get(self, key: str, /) -> str | None:
        """Return the value of a key, None where there is none; raises `StoreError` with CloudFront's own words."""
        try:
            return self._client.get_key(KvsARN=self._arn, Key=key)["Value"]
        except self._client.exceptions.ResourceNotFoundException:
            return None
        except (ClientError, BotoCoreError) as fault:
            raise StoreError(f"key-value store `{self._arn}`: {fault}") from fault
