"""The first try at an object in S3: one signed request over a kept connection, and a fraction of what an SDK costs.

Only an answer that is plainly well, or plainly says that there is nothing, is taken from here. Whatever else happens is
None, and then botocore asks: it knows how to try again, where else to ask, and what a refusal means.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit
from weakref import finalize

from publisher.adapters.seal import Seal
from publisher.errors import PublishError
from publisher.target import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.adapters.aws import Aws
    from publisher.adapters.patience import Patience
    from publisher.ports import Clock

_KEPT: Final = 4.0
"""Seconds after which a connection is not used again: S3 closes idle ones, and nobody is told."""

_LONGEST: Final = 1 << 16
_OF_S3: Final = "x-amz-request-id"
"""A header that every answer of S3 has."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of S3 that came whole; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def etag(self) -> str | None:
        """The ETag, or None where there is none or half of one."""
        etag = self.headers.get("etag", "")
        return etag if len(etag) > len('""') and etag.startswith('"') and etag.endswith('"') else None


class Wire:
    """Connections to the S3 of one target; any number of threads may ask at once, each over one of its own."""

    def __init__(self, aws: Aws, *, clock: Clock, patience: Patience) -> None:
        self._aws = aws
        self._clock = clock
        self._patience = patience
        self._idle: deque[tuple[str, _Connection, float]] = deque()
        finalize(self, _hang_up, self._idle)

    def ask(
        self, method: str, bucket: str, key: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply | None:
        """Return S3's answer, or None where there was none that is whole and S3's own; asked once."""
        try:
            with self._aws.in_words(method, f"s3://{bucket}/{key}"):
                if self._is_behind_proxy:
                    return None
                host, path = self._where(bucket, key)
                credentials = self._credentials
        except PublishError:
            return None
        signed = self._seal.headers(
            method, host, path, headers or {}, body=body, credentials=credentials, now=self._clock.now()
        )
        lines = "".join(f"{name}: {text}\r\n" for name, text in signed.items())
        return self._answered(host, f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)

    def _answered(self, host: str, request: bytes) -> Reply | None:
        connection = self._taken(host)
        try:
            connection = connection or self._opened(host)
            reply, kept = connection.ask(request)
        except (OSError, ValueError, LookupError):
            if connection is not None:
                connection.close()
            return None
        if kept:
            self._idle.append((host, connection, self._clock.monotonic()))
        else:
            connection.close()
        return reply if _OF_S3 in reply.headers else None

    def _taken(self, host: str) -> _Connection | None:
        """Return the connection that was used last, if it is to this host and young."""
        with suppress(IndexError):
            while True:
                to, connection, used = self._idle.pop()
                if to == host and self._clock.monotonic() - used < _KEPT:
                    return connection
                connection.close()
        return None

    def _opened(self, host: str) -> _Connection:
        name, _, port = host.partition(":")
        opened = socket.create_connection((name, int(port or (443 if self._tls else 80))), self._patience.connect)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls:
            opened = self._tls.wrap_socket(opened, server_hostname=name)
        opened.settimeout(self._patience.read)
        return _Connection(opened)

    def _where(self, bucket: str, key: str) -> tuple[str, str]:
        """Return host and path: buckets are named in the path where AWS is embedded, or a certificate would not fit."""
        host, key = urlsplit(self._endpoint).netloc, quote(key, safe="/-_.~")
        in_path = self._aws.target.endpoint or "." in bucket
        return (host, f"/{bucket}/{key}") if in_path else (f"{bucket}.{host}", f"/{key}")

    @property
    def _credentials(self) -> Credentials:
        """The credentials of this moment: what the target tells, or what botocore finds and lends anew."""
        told = self._aws.target.credentials
        if told is not None and self._aws.target.access.role is None:
            return told
        found = self._aws.credentials()
        return Credentials(found.access_key or "", found.secret_key or "", found.token)

    @cached_property
    def _endpoint(self) -> str:
        """Where S3 is, as botocore knows it unless it was told."""
        return self._aws.target.endpoint or self._aws.s3.meta.endpoint_url

    @cached_property
    def _seal(self) -> Seal:
        told = self._aws.target.region if self._aws.target.endpoint else None
        return Seal("s3", told or self._aws.s3.meta.region_name)

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        if urlsplit(self._endpoint).scheme == "http":
            return None
        return ssl.create_default_context(cafile=self._aws.authorities)

    @cached_property
    def _is_behind_proxy(self) -> bool:
        """Whether a proxy is named: what may go past it, botocore knows."""
        name = f"{urlsplit(self._endpoint).scheme}_proxy"
        return bool(os.environ.get(name) or os.environ.get(name.upper()))


def _hang_up(idle: deque[tuple[str, _Connection, float]]) -> None:
    while idle:
        idle.pop()[1].close()


class _Connection:
    """One connection, on which one request at a time is answered."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._reader = opened.makefile("rb")

    def ask(self, request: bytes) -> tuple[Reply, bool]:
        """Return the answer, and whether the connection may be used again.

        Raises OSError, ValueError or LookupError where the answer does not come whole.
        """
        self._socket.sendall(request)
        version, status, *_ = self._line().split(" ")
        headers: dict[str, str] = {}
        while line := self._line():
            name, _, text = line.partition(":")
            headers[name.lower()] = text.strip()
        if request.startswith(b"HEAD "):
            body = b""
        elif "content-length" in headers:
            body = self._read(int(headers["content-length"]))
        else:
            body = self._chunks(headers)
        kept = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return Reply(int(status), headers, body), kept

    def close(self) -> None:
        """Hang up."""
        self._reader.close()
        self._socket.close()

    def _line(self) -> str:
        line = self._reader.readline(_LONGEST)
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the answer broke off")
        return line[:-2].decode("latin-1")

    def _read(self, size: int) -> bytes:
        body = self._reader.read(size)
        if len(body) < size:
            raise ConnectionError("the answer broke off")
        return body

    def _chunks(self, headers: Mapping[str, str]) -> bytes:
        """Read a body that comes piece by piece, each with its length: so S3 sends refusals."""
        if headers["transfer-encoding"].lower() != "chunked":
            raise ValueError("the answer has no length")
        pieces = []
        while size := int(self._line(), 16):
            pieces.append(self._read(size))
            self._line()
        while self._line():
            pass
        return b"".join(pieces)
