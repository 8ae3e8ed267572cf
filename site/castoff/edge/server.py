"""Knows how sites are served over HTTP: which host is which site, and how much a viewer may send."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.responses import Response as HttpResponse

from castoff.edge.messages import Request, Response, notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

HEALTH = "/__edge/health"

BODY_LIMIT = 10 * 1024 * 1024
"""Most bytes of a request's body: API Gateway takes no more (10 MB)."""

THREADS = 8

log = logging.getLogger("castoff.edge")


class Responder(Protocol):
    """What stands behind a host name: an edge, or anything that answers like one."""

    def respond(self, request: Request) -> Response:
        """Answer a request."""
        ...


class Application:
    """An ASGI application that answers for host names; `sites` gives them, without ports, for each request."""

    def __init__(self, sites: Callable[[], Mapping[str, Responder]]) -> None:
        self._sites = sites
        # Threads that last as long as the server does, since each keeps an engine of its own.
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="edge")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of the server."""
        if scope["type"] != "http":
            raise RuntimeError(f"the edge answers HTTP and was asked for {scope['type']}")
        if scope["path"] == HEALTH:
            reply: HttpResponse = JSONResponse({"edge": "castoff", "hosts": sorted(self._sites())})
        else:
            try:
                reply = await self._reply(HttpRequest(scope, receive))
            except ClientDisconnect:
                return
        await reply(scope, receive, send)

    async def _reply(self, incoming: HttpRequest) -> HttpResponse:
        body = await _body(incoming)
        if body is None:
            words = f"A request may hold {BODY_LIMIT // 1024 // 1024} MB, and this one holds more."
            return _written(notice(413, "Too much at once", words), method=incoming.method)
        request = _request(incoming, body)
        sites = self._sites()
        site = sites.get(request.host.partition(":")[0].rstrip(".").lower())
        if site is None:
            response = _unknown_host(request, sites)
        else:
            loop = asyncio.get_running_loop()
            response = await loop.run_in_executor(self._threads, site.respond, request)
        # Never the query: it may hold the token of a link.
        log.info("%s %s%s %d", request.method, request.host, request.path, response.status)
        return _written(response, method=request.method)


async def _body(incoming: HttpRequest) -> bytes | None:
    """Read the body, or None as soon as it is known to be too long."""
    body = bytearray()
    async for part in incoming.stream():
        body += part
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _request(incoming: HttpRequest, body: bytes) -> Request:
    viewer = incoming.client
    return Request(
        method=incoming.method,
        host=incoming.headers.get("host", ""),
        path=incoming.scope["raw_path"].decode("latin-1"),
        query=incoming.scope["query_string"].decode("latin-1"),
        headers=tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in incoming.scope["headers"]
        ),
        body=body,
        viewer=viewer.host if viewer else "127.0.0.1",
        viewer_port=viewer.port if viewer else 0,
    )


def _written(response: Response, *, method: str) -> HttpResponse:
    reply = HttpResponse(status_code=response.status)
    reply.raw_headers = [
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in response.headers
        if name != "content-length"
    ]
    if response.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        length = str(len(response.body)) if response.body or method != "HEAD" else response.header("content-length")
        if length is not None:
            reply.raw_headers.append((b"content-length", length.encode()))
    reply.body = b"" if method == "HEAD" else response.body
    return reply


def _unknown_host(request: Request, sites: Mapping[str, Responder]) -> Response:
    _, colon, port = request.host.partition(":")
    known = " and ".join(f"http://{host}{colon}{port}" for host in sorted(sites))
    return notice(404, "No site here", f"`{request.host}` is no site of this edge, which answers for {known}.")
