"""Knows CloudFront's three kinds of policy: what a cache keeps, what an origin is told, what a viewer is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

VIEWER_ADDRESS = "cloudfront-viewer-address"
"""The one CloudFront header the edge can tell an origin; `address:port`."""


class UnsupportedError(Exception):
    """The template asks for a part of CloudFront that the edge does not have."""


class Rule(StrEnum):
    """How a policy chooses among names, in CloudFront's words."""

    NONE = "none"
    WHITELIST = "whitelist"
    ALL_EXCEPT = "allExcept"
    ALL = "all"
    ALL_VIEWER = "allViewer"
    ALL_VIEWER_AND_CLOUDFRONT = "allViewerAndWhitelistCloudFront"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """A choice among headers, cookies or query parameters; header names in lower case."""

    rule: Rule = Rule.NONE
    names: frozenset[str] = frozenset()

    def takes(self, name: str) -> bool:
        """Say whether a name the viewer sent belongs to the choice."""
        match self.rule:
            case Rule.NONE:
                return False
            case Rule.WHITELIST:
                return name in self.names
            case Rule.ALL_EXCEPT:
                return name not in self.names
            case Rule.ALL | Rule.ALL_VIEWER | Rule.ALL_VIEWER_AND_CLOUDFRONT:
                return True

    def asks_for(self, name: str) -> bool:
        """Say whether the choice names something that CloudFront itself would add."""
        return self.rule in (Rule.WHITELIST, Rule.ALL_VIEWER_AND_CLOUDFRONT) and name in self.names


NOTHING = Selection()


@dataclass(frozen=True, kw_only=True)
class CachePolicy:
    """What makes two requests the same, and for how long (seconds) an answer is kept."""

    min_seconds: int = 0
    default_seconds: int = 86_400
    max_seconds: int = 31_536_000
    headers: Selection = NOTHING
    cookies: Selection = NOTHING
    parameters: Selection = NOTHING


@dataclass(frozen=True, kw_only=True)
class OriginRequestPolicy:
    """What of a viewer's request an origin is told beside what the cache policy names."""

    headers: Selection = NOTHING
    cookies: Selection = NOTHING
    parameters: Selection = NOTHING


@dataclass(frozen=True, kw_only=True)
class AddedHeader:
    """A header that the viewer is told; without `override` only where the origin says nothing."""

    name: str
    value: str
    override: bool


@dataclass(frozen=True, kw_only=True)
class ResponseHeadersPolicy:
    """What a viewer is told beside what the origin says."""

    added: tuple[AddedHeader, ...] = ()
    removed: frozenset[str] = frozenset()


def parse_cache_policy(config: Mapping[str, Any]) -> CachePolicy:
    """Return the policy of a `CachePolicyConfig`; CloudFront's defaults are a day and a year."""
    key = config.get("ParametersInCacheKeyAndForwardedToOrigin") or {}
    return CachePolicy(
        min_seconds=int(config.get("MinTTL") or 0),
        default_seconds=int(config.get("DefaultTTL", 86_400)),
        max_seconds=int(config.get("MaxTTL", 31_536_000)),
        headers=_headers(key),
        cookies=_selection(key.get("CookiesConfig"), "CookieBehavior", "Cookies"),
        parameters=_selection(key.get("QueryStringsConfig"), "QueryStringBehavior", "QueryStrings"),
    )


def parse_origin_request_policy(config: Mapping[str, Any]) -> OriginRequestPolicy:
    """Return the policy of an `OriginRequestPolicyConfig`."""
    return OriginRequestPolicy(
        headers=_headers(config),
        cookies=_selection(config.get("CookiesConfig"), "CookieBehavior", "Cookies"),
        parameters=_selection(config.get("QueryStringsConfig"), "QueryStringBehavior", "QueryStrings"),
    )


def parse_response_headers_policy(config: Mapping[str, Any]) -> ResponseHeadersPolicy:
    """Return the policy of a `ResponseHeadersPolicyConfig`.

    Raises `UnsupportedError` for CORS: no page of castoff is read from another origin.
    """
    if config.get("CorsConfig"):
        raise UnsupportedError("a response headers policy with CORS")
    custom = (config.get("CustomHeadersConfig") or {}).get("Items") or []
    removed = (config.get("RemoveHeadersConfig") or {}).get("Items") or []
    return ResponseHeadersPolicy(
        added=(
            *_security_headers(config.get("SecurityHeadersConfig") or {}),
            *(
                AddedHeader(name=item["Header"].lower(), value=item["Value"], override=item["Override"])
                for item in custom
            ),
        ),
        removed=frozenset(item["Header"].lower() for item in removed),
    )


def _headers(config: Mapping[str, Any]) -> Selection:
    chosen = _selection(config.get("HeadersConfig"), "HeaderBehavior", "Headers")
    return Selection(rule=chosen.rule, names=frozenset(name.lower() for name in chosen.names))


def _selection(config: Mapping[str, Any] | None, rule: str, names: str) -> Selection:
    if not config:
        return NOTHING
    listed = (config.get(names) or {}).get("Items") or []
    return Selection(rule=Rule(config[rule]), names=frozenset(listed))


def _security_headers(config: Mapping[str, Any]) -> tuple[AddedHeader, ...]:
    added = []
    if hsts := config.get("StrictTransportSecurity"):
        value = f"max-age={hsts['AccessControlMaxAgeSec']}"
        value += "; includeSubDomains" if hsts.get("IncludeSubdomains") else ""
        value += "; preload" if hsts.get("Preload") else ""
        added.append(("strict-transport-security", value, hsts))
    if nosniff := config.get("ContentTypeOptions"):
        added.append(("x-content-type-options", "nosniff", nosniff))
    if frame := config.get("FrameOptions"):
        added.append(("x-frame-options", frame["FrameOption"], frame))
    if referrer := config.get("ReferrerPolicy"):
        added.append(("referrer-policy", referrer["ReferrerPolicy"], referrer))
    if content := config.get("ContentSecurityPolicy"):
        added.append(("content-security-policy", content["ContentSecurityPolicy"], content))
    if config.get("XSSProtection"):
        raise UnsupportedError("a response headers policy with XSSProtection, which no browser of today reads")
    return tuple(AddedHeader(name=name, value=value, override=settings["Override"]) for name, value, settings in added)
