"""Knows a distribution as a value: its origins, its behaviours in their order, its error pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from castoff.edge.policies import CachePolicy, OriginRequestPolicy, ResponseHeadersPolicy, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.edge.function import Store

ERROR_SECONDS = 10
"""How long CloudFront keeps an error when the distribution does not say."""


@dataclass(frozen=True, kw_only=True)
class EdgeFunction:
    """The published code of a viewer-request function, and the key-value store it is associated with."""

    name: str
    code: str
    store: Store | None = None


@dataclass(frozen=True, kw_only=True)
class OriginSettings:
    """Where a behaviour gets its answers: a bucket, or else a host; with what CloudFront adds on the way."""

    id: str
    domain: str
    path: str
    bucket: str | None
    custom_headers: tuple[tuple[str, str], ...]
    read_seconds: float


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How one pattern of paths is answered."""

    pattern: str
    origin_id: str
    methods: frozenset[str]
    cache: CachePolicy
    told_origin: OriginRequestPolicy
    told_viewer: ResponseHeadersPolicy
    function: EdgeFunction | None


@dataclass(frozen=True, kw_only=True)
class ErrorPage:
    """What a status of the origin becomes; without a path only how long it is kept."""

    path: str | None
    status: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """One distribution, as its template says; the last behaviour is the default."""

    id: str
    domain: str
    enabled: bool
    root_object: str
    origins: Mapping[str, OriginSettings]
    behaviours: tuple[Behaviour, ...]
    error_pages: Mapping[int, ErrorPage]

    def behaviour_for(self, path: str) -> Behaviour:
        """Return the first behaviour whose pattern fits the path in its normal form.

        CloudFront chooses by the viewer's path before the function runs, and a path that the function
        rewrites keeps the behaviour.
        """
        plain = normal_path(path)
        return next(known for known in self.behaviours if _pattern(known.pattern).fullmatch(plain))

    def custom_header_names(self) -> frozenset[str]:
        """Return the names of every header that the distribution adds on the way to some origin."""
        return frozenset(name for origin in self.origins.values() for name, _ in origin.custom_headers)

    def error_seconds(self, status: int) -> int:
        """Return how long an error of this status is kept at least."""
        page = self.error_pages.get(status)
        return page.seconds if page else ERROR_SECONDS


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a distribution's configuration names by id and does not hold itself."""

    cache_policies: Mapping[str, CachePolicy]
    origin_request_policies: Mapping[str, OriginRequestPolicy]
    response_headers_policies: Mapping[str, ResponseHeadersPolicy]
    functions: Mapping[str, EdgeFunction]


def parse_distribution(config: Mapping[str, Any], parts: Parts, *, distribution_id: str, domain: str) -> Distribution:
    """Return the distribution of a `DistributionConfig`; raises `UnsupportedError` for what the edge cannot do."""
    if _items(config.get("OriginGroups")):
        raise UnsupportedError("an origin group")
    origins = [_origin(item) for item in _items(config["Origins"])]
    listed = _items(config.get("CacheBehaviors"))
    return Distribution(
        id=distribution_id,
        domain=domain,
        enabled=bool(config["Enabled"]),
        root_object=config.get("DefaultRootObject") or "",
        origins={origin.id: origin for origin in origins},
        behaviours=tuple(
            _behaviour(item, parts, pattern=item.get("PathPattern", "*"))
            for item in (*listed, config["DefaultCacheBehavior"])
        ),
        error_pages={int(item["ErrorCode"]): _error_page(item) for item in _items(config.get("CustomErrorResponses"))},
    )


def named_policies(config: Mapping[str, Any], kind: str) -> frozenset[str]:
    """Return the ids that the behaviours give under a name such as `CachePolicyId`."""
    return frozenset(item[kind] for item in _behaviour_items(config) if item.get(kind))


def named_functions(config: Mapping[str, Any]) -> frozenset[str]:
    """Return the ARNs of the viewer-request functions; raises `UnsupportedError` for every other kind."""
    return frozenset(arn for item in _behaviour_items(config) if (arn := _function_arn(item)))


def normal_path(path: str) -> str:
    """Return a path in RFC 3986's normal form, which CloudFront matches patterns against."""
    plain = re.sub(r"%([0-9A-Fa-f]{2})", _unreserved, path)
    segments: list[str] = []
    for segment in plain.split("/")[1:]:
        if segment == "..":
            segments = segments[:-1]
        elif segment != ".":
            segments.append(segment)
    slash = "/" if plain.endswith(("/.", "/..")) and segments else ""
    return "/" + "/".join(segments) + slash


def _unreserved(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else escape[0].upper()


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compile a path pattern: `*` is any characters and `?` is one; case counts, a leading slash does not."""
    spelled = pattern if pattern.startswith(("/", "*")) else "/" + pattern
    return re.compile(re.escape(spelled).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _behaviour_items(config: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    return (*_items(config.get("CacheBehaviors")), config["DefaultCacheBehavior"])


def _behaviour(item: Mapping[str, Any], parts: Parts, *, pattern: str) -> Behaviour:
    if "CachePolicyId" not in item:
        raise UnsupportedError(f"the behaviour `{pattern}` without a cache policy")
    told_origin = item.get("OriginRequestPolicyId")
    told_viewer = item.get("ResponseHeadersPolicyId")
    arn = _function_arn(item)
    return Behaviour(
        pattern=pattern,
        origin_id=item["TargetOriginId"],
        methods=frozenset(_items(item.get("AllowedMethods")) or ("GET", "HEAD")),
        cache=parts.cache_policies[item["CachePolicyId"]],
        told_origin=parts.origin_request_policies[told_origin] if told_origin else OriginRequestPolicy(),
        told_viewer=parts.response_headers_policies[told_viewer] if told_viewer else ResponseHeadersPolicy(),
        function=parts.functions[arn] if arn else None,
    )


def _function_arn(item: Mapping[str, Any]) -> str | None:
    if _items(item.get("LambdaFunctionAssociations")):
        raise UnsupportedError("Lambda@Edge")
    found = None
    for association in _items(item.get("FunctionAssociations")):
        if association["EventType"] != "viewer-request":
            raise UnsupportedError(f"a function for {association['EventType']}")
        found = str(association["FunctionARN"])
    return found


def _origin(item: Mapping[str, Any]) -> OriginSettings:
    bucket = re.fullmatch(r"(?P<bucket>.+?)\.s3(?:[.-].+)?", item["DomainName"])
    custom = item.get("CustomOriginConfig") or {}
    return OriginSettings(
        id=item["Id"],
        domain=item["DomainName"],
        path=item.get("OriginPath") or "",
        bucket=bucket["bucket"] if bucket and not custom else None,
        custom_headers=tuple(
            (header["HeaderName"].lower(), header["HeaderValue"]) for header in _items(item.get("CustomHeaders"))
        ),
        read_seconds=float(custom.get("OriginReadTimeout") or 30),
    )


def _error_page(item: Mapping[str, Any]) -> ErrorPage:
    return ErrorPage(
        path=item.get("ResponsePagePath") or None,
        status=int(item.get("ResponseCode") or item["ErrorCode"]),
        seconds=int(item.get("ErrorCachingMinTTL", ERROR_SECONDS)),
    )


def _items(block: Mapping[str, Any] | None) -> list[Any]:
    """Return what a block of CloudFront's `Quantity` and `Items` holds."""
    return list((block or {}).get("Items") or [])
