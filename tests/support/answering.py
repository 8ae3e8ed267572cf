"""A server that answers as it is told, as S3 would or as something else on the way, and whom a target there is."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from castoff.contract.release import Site
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.patience import Patience
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target

ID: Final = "x-amz-request-id: 4442587FB7D0A2F9\r\n"
WELL: Final = f'HTTP/1.1 200 OK\r\n{ID}ETag: "abc"\r\nContent-Length: 0\r\n\r\n'


@dataclass
class Heard:
    """What was told to a server, and where it listened."""

    url: str = ""
    requests: list[str] = field(default_factory=list)

    @property
    def request(self) -> str:
        """The last that came; nothing before one has."""
        return self.requests[-1] if self.requests else ""


@dataclass
class Answering:
    """A server that answers on its first connection as it is told, so many times; by TLS where it has keys."""

    answer: str
    keys: ssl.SSLContext | None = None
    times: int = 1
    heard: Heard = field(default_factory=Heard)

    def __enter__(self) -> Heard:
        """Listen."""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.heard.url = f"http{'s' if self.keys else ''}://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self.heard

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        accepted, _ = self._server.accept()
        with suppress(ssl.SSLError), self._greeted(accepted) as connection:
            for _ in range(self.times):
                request = connection.recv(65536).decode()
                connection.sendall(self.answer.encode())
                self.heard.requests.append(request)

    def _greeted(self, accepted: socket.socket) -> socket.socket:
        """Return the connection once both are agreed; SSLError of one who does not trust these keys."""
        return self.keys.wrap_socket(accepted, server_side=True) if self.keys else accepted


def target_at(endpoint: str) -> Target:
    """Return a target there, which tells whose credentials to take."""
    return Target(
        name="local",
        sites={Site.GUEST: SiteTarget("", "guests", ""), Site.OPS: SiteTarget("", "ops", "")},
        state="s3://state/",
        scc=ServiceTarget("", ""),
        dashboard=ServiceTarget("", ""),
        region="us-west-2",
        endpoint=endpoint,
        credentials=Credentials("key", "sesame"),
    )


def aws_at(endpoint: str) -> Aws:
    """Return the clients of such a target."""
    return Aws(target_at(endpoint), clock=SystemClock(), patience=Patience(connect=1.0, read=1.0))
