"""A stand-in for AWS to measure against: S3 in memory, CloudFront, both services; with a network's latency or none.

`python standin.py [--far]` prints its address once it listens, and ends with its input. It is one process on asyncio's
bare protocol, so that it takes a fraction of what any client takes, and the same of each.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from standin_s3 import Buckets
from standin_services import Services
from standin_wire import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

NEAR: Final[Mapping[str, float]] = {}
FAR: Final[Mapping[str, float]] = {"LIST": 0.120, "GET": 0.025, "HEAD": 0.025, "PUT": 0.040, "INVALIDATE": 0.300}
"""Seconds that an answer of each kind is held back; what is not named takes as long as a GET."""

_REASONS: Final = {
    100: "Continue",
    200: "OK",
    201: "Created",
    204: "No Content",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    412: "Precondition Failed",
}


class StandIn:
    """Everything that a publish may ask, behind one port."""

    def __init__(self, latency: Mapping[str, float]) -> None:
        self._latency = latency
        self._buckets = Buckets()
        self._services = Services(self._buckets)
        self._calls: list[str] = []

    def reply(self, request: Request) -> tuple[Reply, float]:
        """Return the answer to a request, and for how long it is held back."""
        if request.path.startswith("/-/"):
            return self._told(request), 0.0
        self._calls.append(f"{time.time():.4f} {request.call}")
        reply = self._services.reply(request) or self._buckets.reply(request)
        return reply, self._latency.get(reply.kind, self._latency.get("GET", 0.0))

    def _told(self, request: Request) -> Reply:
        """Answer whoever measures: what was asked since the last look."""
        if request.path == "/-/calls":
            calls, self._calls = self._calls, []
            return Reply(200, "\n".join(calls).encode())
        self._buckets.forget()
        return Reply(200, b"")


class Connection(asyncio.Protocol):
    """One client's connection: requests are answered one after the other."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self._received = bytearray()
        self._wanted = 0
        self._continued = False
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Take what has come, and answer if it is whole."""
        self._received += data
        if not self._busy and len(self._received) >= self._wanted:
            self._next()

    def _next(self) -> None:
        received = self._received
        end = received.find(b"\r\n\r\n")
        if end < 0:
            return
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        whole = end + 4 + length
        if "chunked" in headers.get("transfer-encoding", ""):
            found = received.find(b"0\r\n\r\n", end + 4)
            whole = found + 5 if found >= 0 else len(received) + 1
        if len(received) < whole:
            self._wanted = whole
            if "expect" in headers and not self._continued:
                self._continued = True
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        body = bytes(received[end + 4 : whole])
        del received[:whole]
        self._wanted, self._continued = 0, False
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        if "chunked" in headers.get("transfer-encoding", ""):
            body = _unchunked(body)
        if "x-amz-decoded-content-length" in headers:
            body = _unchunked(body)
        request = Request(method, unquote(path), query, headers, body)
        reply, pause = self._standin.reply(request)
        if pause:
            self._busy = True
            asyncio.get_running_loop().call_later(pause, self._answer, reply, method)
        else:
            self._answer(reply, method)

    def _answer(self, reply: Reply, method: str) -> None:
        self._busy = False
        head = (
            f"HTTP/1.1 {reply.status} {_REASONS[reply.status]}\r\nx-amz-request-id: 4442587FB7D0A2F9\r\n"
            f"Server: AmazonS3\r\n{reply.headers}"
        )
        if "Content-Length" not in reply.headers:
            head += f"Content-Length: {len(reply.body)}\r\n"
        self._transport.write(head.encode() + b"\r\n" + (b"" if method == "HEAD" else reply.body))
        if self._received:
            self._next()


def _unchunked(body: bytes) -> bytes:
    """Return what was sent in chunks, be they HTTP's or AWS's signed ones: each begins with its length."""
    pieces, at = [], 0
    while at < len(body):
        end = body.index(b"\r\n", at)
        size = int(body[at:end].partition(b";")[0], 16)
        if not size:
            break
        pieces.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(pieces)


async def _serve(latency: Mapping[str, float]) -> None:
    standin = StandIn(latency)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(standin), "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(FAR if "--far" in sys.argv else NEAR))
