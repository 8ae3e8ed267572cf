"""Knows what the viewer is told in the end: CloudFront's own headers, the policy's, and 304 where nothing changed."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

from castoff.edge.messages import Request, Response

if TYPE_CHECKING:
    from castoff.edge.policies import ResponseHeadersPolicy


class Source(StrEnum):
    """Where an answer comes from, as `X-Cache` says it."""

    MISS = "Miss from cloudfront"
    HIT = "Hit from cloudfront"
    REFRESHED = "RefreshHit from cloudfront"
    STALE = "Hit from cloudfront; the origin failed"
    ERROR = "Error from cloudfront"
    FUNCTION = "FunctionGeneratedResponse from cloudfront"


def told_viewer(
    response: Response, *, request: Request, policy: ResponseHeadersPolicy, source: Source, age: int | None
) -> Response:
    """Return the response as the viewer gets it; `age` in seconds is that of an answer out of the cache."""
    told = under_policy(response, policy)
    told = told.with_headers(("x-cache", source), ("via", "1.1 edge (CloudFront)"))
    if age is not None:
        told = told.with_headers(("age", str(age)))
    if _is_unchanged(told, request):
        return Response(status=304, headers=told.without_headers("content-type", "content-encoding").headers)
    return told


def under_policy(response: Response, policy: ResponseHeadersPolicy) -> Response:
    """Return the response with what a response headers policy takes away and adds."""
    told = response.without_headers(*policy.removed)
    for added in policy.added:
        if added.override or told.header(added.name) is None:
            told = told.with_headers((added.name, added.value))
    return told


def _is_unchanged(response: Response, request: Request) -> bool:
    asked = request.header("if-none-match")
    etag = response.header("etag")
    if response.status != HTTPStatus.OK or request.method not in ("GET", "HEAD") or not asked or not etag:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags
