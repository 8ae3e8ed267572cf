"""Knows what of a viewer's request an origin is told, and what CloudFront adds on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from castoff.edge.messages import decoded_name
from castoff.edge.policies import VIEWER_ADDRESS

if TYPE_CHECKING:
    from castoff.edge.distribution import Behaviour, Distribution, OriginSettings
    from castoff.edge.messages import Headers, Request

ALWAYS_FORWARDED = frozenset({"content-type"})
"""What an origin is told whatever the policies say; without it no body could be read."""

NEVER_FORWARDED = frozenset(
    {
        "accept-encoding",  # the edge keeps one form of each answer
        "connection",
        "content-length",
        "cookie",  # chosen one by one
        "expect",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-unmodified-since",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-real-ip",
    }
)


def origin_request(
    request: Request, *, behaviour: Behaviour, origin: OriginSettings, distribution: Distribution
) -> Request:
    """Return the request as the origin gets it, host aside.

    A viewer can speak neither in CloudFront's name nor in that of a header the distribution adds.
    """
    policies = (behaviour.cache, behaviour.told_origin)
    own = distribution.custom_header_names()
    headers: list[tuple[str, str]] = [
        (name, value)
        for name, value in request.headers
        if name not in NEVER_FORWARDED | own
        and not name.startswith(("cloudfront-", "x-amz-cf-", "x-edge-"))
        and (name in ALWAYS_FORWARDED or any(policy.headers.takes(name) for policy in policies))
    ]
    headers += _told_by_cloudfront(request)
    told_agent = any(policy.headers.takes("user-agent") for policy in policies)
    agent = request.header("user-agent") if told_agent else None
    headers.append(("user-agent", agent or "Amazon CloudFront"))
    if any(policy.headers.asks_for(VIEWER_ADDRESS) for policy in policies):
        headers.append((VIEWER_ADDRESS, f"{request.viewer}:{request.viewer_port}"))
    crumbs = [
        f"{name}={value}" for name, value in request.cookies() if any(policy.cookies.takes(name) for policy in policies)
    ]
    if crumbs:
        headers.append(("cookie", "; ".join(crumbs)))
    kept = [
        part
        for part in request.query.split("&")
        if part and any(policy.parameters.takes(decoded_name(part.partition("=")[0])) for policy in policies)
    ]
    return replace(
        request,
        path=origin.path + request.path,
        query="&".join(kept),
        headers=(*headers, *origin.custom_headers),
    )


def _told_by_cloudfront(request: Request) -> Headers:
    """Return what every origin hears from CloudFront; the viewer's address comes last in the chain it claims."""
    claimed = request.header("x-forwarded-for")
    return (
        ("via", "1.1 edge (CloudFront)"),
        ("x-forwarded-for", f"{claimed}, {request.viewer}" if claimed else request.viewer),
    )
