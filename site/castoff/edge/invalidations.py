"""Knows which invalidations of a distribution have been completed since the edge began to listen."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from castoff.edge.deployment import UnreadableError

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient


class Invalidations(Protocol):
    """Where an edge hears of invalidations."""

    def begin(self) -> None:
        """Take note of those that came before anything was kept; only the first call does anything."""
        ...

    def arrived(self) -> tuple[str, ...]:
        """Return the paths of those completed since the last call, each invalidation once."""
        ...


class NoInvalidations:
    """Silence, for a site that keeps nothing."""

    def begin(self) -> None:
        """Do nothing."""

    def arrived(self) -> tuple[str, ...]:
        """Return nothing."""
        return ()


class DeployedInvalidations:
    """The invalidations of CloudFront's API, asked for before every answer out of the cache.

    Once every fifth of a second would be cheaper, but then a completed invalidation could be followed by an old page.
    """

    def __init__(self, client: CloudFrontClient, *, distribution_id: str) -> None:
        self._client = client
        self._id = distribution_id
        self._known: set[str] | None = None
        self._lock = Lock()

    def begin(self) -> None:
        """Take note of what was completed before; raises `UnreadableError`."""
        with self._lock:
            if self._known is None:
                self._known = self._completed()

    def arrived(self) -> tuple[str, ...]:
        """Return the newly completed ones' paths; raises `UnreadableError`."""
        with self._lock:
            known = self._known or set()
            fresh = self._completed() - known
            paths = tuple(path for one in sorted(fresh) for path in self._paths(one))
            self._known = known | fresh
            return paths

    def _completed(self) -> set[str]:
        try:
            pages = self._client.get_paginator("list_invalidations").paginate(DistributionId=self._id)
            return {
                item["Id"]
                for page in pages
                for item in page["InvalidationList"].get("Items", ())
                if item["Status"] == "Completed"
            }
        except (ClientError, BotoCoreError) as fault:
            raise UnreadableError(f"invalidations of distribution `{self._id}`: {fault}") from fault

    def _paths(self, invalidation_id: str) -> tuple[str, ...]:
        try:
            answer = self._client.get_invalidation(DistributionId=self._id, Id=invalidation_id)
        except (ClientError, BotoCoreError) as fault:
            raise UnreadableError(f"invalidation `{invalidation_id}` of `{self._id}`: {fault}") from fault
        return tuple(answer["Invalidation"]["InvalidationBatch"]["Paths"].get("Items", ()))
