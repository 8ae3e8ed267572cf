"""How a test asks the edge as a viewer does."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

from castoff.edge.messages import Response

if TYPE_CHECKING:
    from castoff.edge.messages import Headers


def ask(
    port: int,
    target: str,
    *,
    host: str = "guest.localhost",
    method: str = "GET",
    headers: Headers = (),
    body: bytes | None = None,
) -> Response:
    """Ask an edge under one of its host names, which need not resolve."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("host", f"{host}:{port}")
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        told = tuple((name.lower(), value) for name, value in answer.getheaders())
        return Response(status=answer.status, headers=told, body=answer.read())
    finally:
        connection.close()
