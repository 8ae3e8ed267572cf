"""What goes over the stand-in's wire: a request as it came, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Request:
    """One request as it came; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def call(self) -> str:
        """The request as tests and tables name it: method, host, path and query."""
        asked = f"{self.path}?{self.query}" if self.query else self.path
        return f"{self.method} {self.headers.get('host', '')} {asked}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `kind` says which latency it has, `headers` are lines with their ends."""

    status: int
    body: bytes = b""
    headers: str = ""
    kind: str = "GET"
