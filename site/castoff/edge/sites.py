"""Knows the hosts of a running cloud: an edge for each of the two sites, from the cloud's facts, and the desk."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from botocore.config import Config

from castoff.cloud.account import account_of
from castoff.cloud.facts import load_facts
from castoff.cloud.key_value_store import open_store
from castoff.edge.cache import Cache
from castoff.edge.deployment import DeployedDistribution
from castoff.edge.desk import HOST, Desk
from castoff.edge.edge import Edge
from castoff.edge.invalidations import DeployedInvalidations
from castoff.edge.origins import ApiOrigin, BucketOrigin
from castoff.edge.store import DeployedStore
from castoff.edge.supply import Supply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from castoff.cloud.facts import Facts
    from castoff.edge.distribution import OriginSettings
    from castoff.edge.origins import Origin
    from castoff.edge.server import Responder

HOSTS = {"guest.localhost": "GuestDistribution", "ops.localhost": "OpsDistribution"}
"""Which distribution a host name stands for, by the name of the stack's output."""


class CloudSites:
    """The sites of the cloud whose facts lie in a file, opened anew when the facts that matter here change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: int | None = None
        self._facts: Facts | None = None
        self._hosts: dict[str, Responder] = {}

    def __call__(self) -> Mapping[str, Responder]:
        """Return what answers for each host; none while no facts were ever there. Raises the cloud's `FactsError`."""
        stamp = self._path.stat().st_mtime_ns if self._path.exists() else None
        if stamp != self._stamp:
            self._stamp = stamp
            self._open(load_facts(self._path))
        return self._hosts

    def _open(self, facts: Facts | None) -> None:
        """Open edges for new facts; a cloud that was stopped keeps its sites, which then say so themselves."""
        if facts is not None and (self._facts is None or _read_here(facts) != _read_here(self._facts)):
            self._facts = facts
            self._hosts = {host: _open_edge(facts, output) for host, output in HOSTS.items()} | {HOST: Desk(facts)}


def _read_here(facts: Facts) -> tuple[object, ...]:
    return (facts.endpoint, facts.region, dict(facts.outputs), facts.credentials["edge"])


def _open_edge(facts: Facts, output: str) -> Edge:
    account = account_of(facts.credentials["edge"], region=facts.region, endpoint=facts.endpoint)
    nearby = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 2},
        s3={"addressing_style": "path"},  # a bucket's own host name is not to be resolved here
    )
    cloudfront = account.session.client("cloudfront", endpoint_url=account.endpoint, config=nearby)
    bucket_client = account.session.client("s3", endpoint_url=account.endpoint, config=nearby)
    store_client = open_store(account)
    distribution_id = facts.outputs[output]

    def open_origin(settings: OriginSettings) -> Origin:
        if settings.bucket is not None:
            return BucketOrigin(bucket_client, bucket=settings.bucket)
        return ApiOrigin(facts.endpoint, domain=settings.domain, seconds=settings.read_seconds)

    return Edge(
        deployment=DeployedDistribution(
            cloudfront,
            open_store=lambda arn: DeployedStore(store_client, arn=arn),
            distribution_id=distribution_id,
            domain=facts.outputs[f"{output}Domain"],
            clock=time.monotonic,
        ),
        supply=Supply(
            open_origin=open_origin,
            invalidations=DeployedInvalidations(cloudfront, distribution_id=distribution_id),
            cache=Cache(),
            clock=time.time,
        ),
    )
