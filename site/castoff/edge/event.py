"""Knows CloudFront's event, version 1.0: a request as a function sees it, and what a function gives back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from castoff.edge.messages import Headers, Request, Response

READ_ONLY = frozenset({"host", "content-length", "transfer-encoding", "via", "connection"})
"""Request headers that a function may read and not change, among those CloudFront lists."""


class BadOutcomeError(Exception):
    """A function gave back what CloudFront would not take."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a function runs."""

    distribution_id: str
    distribution_domain: str
    request_id: str


def viewer_request_event(request: Request, place: Place) -> dict[str, Any]:
    """Return the event of a viewer request: names in lower case, cookies apart, nothing decoded."""
    return {
        "version": "1.0",
        "context": {
            "distributionDomainName": place.distribution_domain,
            "distributionId": place.distribution_id,
            "eventType": "viewer-request",
            "requestId": place.request_id,
        },
        "viewer": {"ip": request.viewer},
        "request": {
            "method": request.method,
            "uri": request.path,
            "querystring": _fields(request.parameters()),
            "headers": _fields(_shown_headers(request)),
            "cookies": _fields(request.cookies()),
        },
    }


def outcome(value: object, request: Request) -> Request | Response:
    """Return the request or the response a function gave back; raises `BadOutcomeError`."""
    if not isinstance(value, Mapping):
        raise BadOutcomeError("the function gave back neither a request nor a response")
    return _response(value) if "statusCode" in value else _request(value, request)


def _shown_headers(request: Request) -> Headers:
    told = tuple(pair for pair in request.headers if pair[0] not in ("cookie", "host"))
    return (("host", request.host), *told)


def _fields(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {}
    for name, value in pairs:
        if name not in fields:
            fields[name] = {"value": value}
        else:
            several = fields[name].setdefault("multiValue", [{"value": fields[name]["value"]}])
            several.append({"value": value})
    return fields


def _pairs(fields: object, what: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(fields, Mapping):
        raise BadOutcomeError(f"`{what}` is not an object")
    found = []
    for name, field in fields.items():
        several = field.get("multiValue") or [field] if isinstance(field, Mapping) else [None]
        for one in several:
            if not isinstance(one, Mapping) or not isinstance(one.get("value"), str):
                raise BadOutcomeError(f"`{what}.{name}` has no text for a value")
            found.append((str(name), str(one["value"])))
    return tuple(found)


def _request(value: Mapping[str, Any], request: Request) -> Request:
    uri = value.get("uri")
    if not isinstance(uri, str) or not uri.startswith("/") or "?" in uri:
        raise BadOutcomeError("`uri` is not a path that begins with a slash")
    untouched = viewer_request_event(request, Place(distribution_id="", distribution_domain="", request_id=""))[
        "request"
    ]
    changed = replace(request, path=uri)
    if value.get("querystring") != untouched["querystring"]:
        query = value.get("querystring")
        parts = _pairs(query, "querystring") if not isinstance(query, str) else ()
        written = "&".join(f"{name}={text}" if text else name for name, text in parts)
        changed = replace(changed, query=query if isinstance(query, str) else written)
    if value.get("headers") != untouched["headers"] or value.get("cookies") != untouched["cookies"]:
        named = tuple(
            (name.lower(), text)
            for name, text in _pairs(value.get("headers"), "headers")
            if name.lower() not in READ_ONLY
        )
        kept = tuple(pair for pair in request.headers if pair[0] in READ_ONLY)
        crumbs = "; ".join(f"{name}={text}" for name, text in _pairs(value.get("cookies"), "cookies"))
        cookie = (("cookie", crumbs),) if crumbs else ()
        changed = replace(changed, headers=(*kept, *named, *cookie))
    return changed


def _response(value: Mapping[str, Any]) -> Response:
    status = value["statusCode"]
    if not isinstance(status, int) or status not in range(200, 600):
        raise BadOutcomeError("`statusCode` is not a status")
    headers = tuple((name.lower(), text) for name, text in _pairs(value.get("headers") or {}, "headers"))
    if any(character in text for _, text in headers for character in "\r\n\0"):
        raise BadOutcomeError("a header with a line break")
    return Response(
        status=status,
        headers=(*headers, *_set_cookies(value.get("cookies") or {})),
        body=_body(value.get("body")),
    )


def _set_cookies(cookies: object) -> Headers:
    if not isinstance(cookies, Mapping):
        raise BadOutcomeError("`cookies` is not an object")
    lines = []
    for name, field in cookies.items():
        for one in field.get("multiValue") or [field]:
            attributes = one.get("attributes")
            lines.append(("set-cookie", f"{name}={one['value']}" + (f"; {attributes}" if attributes else "")))
    return tuple(lines)


def _body(body: object) -> bytes:
    match body:
        case None:
            return b""
        case str():
            return body.encode()
        case {"encoding": "text", "data": str(text)}:
            return text.encode()
        case {"encoding": "base64", "data": str(text)}:
            try:
                return base64.b64decode(text, validate=True)
            except binascii.Error as fault:
                raise BadOutcomeError("`body` is not base64") from fault
        case _:
            raise BadOutcomeError("`body` is neither text nor an encoding with its data")
