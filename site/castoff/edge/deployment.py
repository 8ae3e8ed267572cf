"""Knows how to read the distribution that is deployed, from CloudFront's API, and notices when it changes."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError

from castoff.edge.distribution import (
    Distribution,
    EdgeFunction,
    Parts,
    named_functions,
    named_policies,
    parse_distribution,
)
from castoff.edge.policies import (
    parse_cache_policy,
    parse_origin_request_policy,
    parse_response_headers_policy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_cloudfront import CloudFrontClient

    from castoff.edge.function import Store

REREAD_SECONDS = 1.0
"""How old the edge's knowledge of a distribution may be: a redeployed function is live a second later."""


class UnreadableError(Exception):
    """CloudFront's API would not say what is deployed."""


class Deployment(Protocol):
    """Where an edge gets its distribution from."""

    def current(self) -> Distribution:
        """Return the distribution as it is now; raises `UnreadableError` or `UnsupportedError`."""
        ...


class DeployedDistribution:
    """A distribution of CloudFront's API, read again at most once a second; `open_store` opens a store by its ARN."""

    def __init__(
        self,
        client: CloudFrontClient,
        *,
        open_store: Callable[[str], Store],
        distribution_id: str,
        domain: str,
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._open_store = open_store
        self._id = distribution_id
        self._domain = domain
        self._clock = clock
        self._lock = Lock()
        self._read: tuple[float, Distribution] | None = None

    def current(self) -> Distribution:
        """Return the distribution, at most a second old."""
        with self._lock:
            now = self._clock()
            if self._read is None or now - self._read[0] >= REREAD_SECONDS:
                distribution = load_distribution(
                    self._client, open_store=self._open_store, distribution_id=self._id, domain=self._domain
                )
                self._read = (now, distribution)
            return self._read[1]


def load_distribution(
    client: CloudFrontClient, *, open_store: Callable[[str], Store], distribution_id: str, domain: str
) -> Distribution:
    """Read a distribution and all it names; raises `UnreadableError` with the id and CloudFront's own words."""
    try:
        # The stubs' answers are typed dictionaries of their own; parsing reads any mapping.
        config = cast(
            "Mapping[str, Any]",
            client.get_distribution_config(Id=distribution_id)["DistributionConfig"],
        )
        parts = _load_parts(client, config, open_store)
    except (ClientError, BotoCoreError) as fault:
        raise UnreadableError(f"distribution `{distribution_id}`: {fault}") from fault
    return parse_distribution(config, parts, distribution_id=distribution_id, domain=domain)


Policy = TypeVar("Policy")


def _load_parts(client: CloudFrontClient, config: Mapping[str, Any], open_store: Callable[[str], Store]) -> Parts:
    def policies(
        kind: str, load: Callable[[str], Mapping[str, Any]], parse: Callable[[Mapping[str, Any]], Policy]
    ) -> dict[str, Policy]:
        return {policy_id: parse(load(policy_id)) for policy_id in sorted(named_policies(config, kind))}

    return Parts(
        cache_policies=policies(
            "CachePolicyId",
            lambda policy_id: cast(
                "Mapping[str, Any]", client.get_cache_policy_config(Id=policy_id)["CachePolicyConfig"]
            ),
            parse_cache_policy,
        ),
        origin_request_policies=policies(
            "OriginRequestPolicyId",
            lambda policy_id: cast(
                "Mapping[str, Any]",
                client.get_origin_request_policy_config(Id=policy_id)["OriginRequestPolicyConfig"],
            ),
            parse_origin_request_policy,
        ),
        response_headers_policies=policies(
            "ResponseHeadersPolicyId",
            lambda policy_id: cast(
                "Mapping[str, Any]",
                client.get_response_headers_policy_config(Id=policy_id)["ResponseHeadersPolicyConfig"],
            ),
            parse_response_headers_policy,
        ),
        functions={arn: _load_function(client, arn, open_store) for arn in sorted(named_functions(config))},
    )


def _load_function(client: CloudFrontClient, arn: str, open_store: Callable[[str], Store]) -> EdgeFunction:
    name = arn.rpartition("/")[2]
    code = client.get_function(Name=name, Stage="LIVE")["FunctionCode"].read()
    config = client.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]["FunctionConfig"]
    associated = config.get("KeyValueStoreAssociations", {}).get("Items", [])
    stores = [open_store(one["KeyValueStoreARN"]) for one in associated]
    return EdgeFunction(name=name, code=code.decode(), store=stores[0] if stores else None)
