"""A host on loopback that answers each call word for word as it is told: whole, cut, or as somebody else would."""

from __future__ import annotations

import re
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Host:
    """Its answers by what is asked, a regular expression of `METHOD path`; of each the last one is given for ever."""

    url: str = ""
    answers: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    signers: list[str] = field(default_factory=list)
    """Whose key has signed each call, empty where none has."""

    def answer(self, call: str) -> str:
        """Write a call down, and return its answer."""
        self.asked.append(call)
        found = next(found for pattern, found in self.answers.items() if re.search(pattern, call))
        return found.pop(0) if len(found) > 1 else found[0]


@contextmanager
def open_host() -> Iterator[Host]:
    """Open one."""
    found = Host()

    class Caller(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            """Answer one call, and hang up."""
            method, path, _ = self.rfile.readline().decode().split()
            headers = BytesParser().parsebytes(b"".join(iter(self.rfile.readline, b"\r\n")))
            self.rfile.read(int(headers.get("Content-Length") or 0))
            signed = re.search(r"Credential=(\w+)/", headers.get("Authorization", ""))
            found.signers.append(signed[1] if signed else "")
            self.wfile.write(found.answer(f"{method} {path}").encode())

    class Server(socketserver.ThreadingTCPServer):
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Caller) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        server.shutdown()
        thread.join()
