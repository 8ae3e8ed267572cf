"""Knows what a request and a response are at the edge, apart from any web framework."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

Headers = tuple[tuple[str, str], ...]
"""Name and value pairs in their order; names are lower-case, and one may repeat (`set-cookie`)."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A viewer's request: path and query as they were sent, nothing decoded; header names in lower case."""

    method: str
    host: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    viewer: str = "127.0.0.1"
    viewer_port: int = 0
    revalidates: str | None = None
    """The ETag of a kept answer that an origin may confirm with 304."""

    def header(self, name: str) -> str | None:
        """Return the first value of a header."""
        return first_value(self.headers, name)

    def cookies(self) -> tuple[tuple[str, str], ...]:
        """Return the cookies as name and value, in the order they were sent."""
        return tuple(
            (name.strip(), value.strip())
            for line_name, line in self.headers
            if line_name == "cookie"
            for name, _, value in (crumb.partition("=") for crumb in line.split(";"))
            if name.strip()
        )

    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Return the query's parameters as name and value, neither decoded."""
        pairs = (part.partition("=") for part in self.query.split("&") if part)
        return tuple((name, value) for name, _, value in pairs)


@dataclass(frozen=True, kw_only=True)
class Response:
    """An answer, complete in memory."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header."""
        return first_value(self.headers, name)

    def with_headers(self, *changes: tuple[str, str]) -> Response:
        """Return the response with each of these headers set to its one value."""
        names = {name for name, _ in changes}
        kept = tuple(pair for pair in self.headers if pair[0] not in names)
        return replace(self, headers=(*kept, *changes))

    def without_headers(self, *names: str) -> Response:
        """Return the response without these headers."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0] not in names))


def first_value(headers: Headers, name: str) -> str | None:
    """Return the first value of a header, whose name is given in lower case."""
    return next((value for known, value in headers if known == name), None)


def decoded_name(name: str) -> str:
    """Return a query parameter's name as a policy spells it."""
    return unquote_plus(name)


def notice(status: int, title: str, words: str) -> Response:
    """Return a page of the edge's own, in words; `words` is plain text."""
    body = (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{_escaped(title)}</title>\n'
        f"<h1>{_escaped(title)}</h1>\n<p>{_escaped(words)}</p>\n</html>\n"
    )
    return Response(
        status=status,
        headers=(("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")),
        body=body.encode(),
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
