"""A turnstile before the embedded cloud: it writes down who passes, holds one, or answers in the cloud's place."""

from __future__ import annotations

import http.client
import re
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any, Final, assert_never
from urllib.parse import urlsplit

from support.said import note
from support.treatments import (
    PATIENCE,
    Answer,
    Arrives,
    Gone,
    HangUp,
    Held,
    Overruled,
    Slow,
    Spoilt,
    Treatment,
)

_OF_ONE_CONNECTION: Final = {"connection", "content-length", "expect", "keep-alive", "transfer-encoding"}
"""Headers that speak of one connection, and so are not passed on."""

_SIGNATURE: Final = re.compile(r"\?X-Amz-\S+$")
"""What signs a call within its address, other each time."""

_BEGUN: Final = 12
"""Bytes after the status at which an answer without a body is cut: within its first header."""


@dataclass(slots=True)
class _Rule:
    matches: re.Pattern[str]
    treatment: Treatment
    since: re.Pattern[str] | None
    after: int
    times: int | None

    def takes(self, call: str) -> bool:
        """Say whether a call is one to treat, and count it."""
        if self.since is not None:
            if self.since.search(call):
                self.since = None
            return False
        if self.times == 0 or not self.matches.search(call):
            return False
        if self.after:
            self.after -= 1
            return False
        self.times = None if self.times is None else self.times - 1
        return True


class Turnstile:
    """A proxy on a port of its own, which writes calls down as `METHOD host path?query`, without what signs them.

    `host` is the one to name behind it, where that is not the one that was asked for.
    """

    def __init__(self, endpoint: str, *, host: str | None = None) -> None:
        self._behind = urlsplit(endpoint)
        self._host = host
        self._changed = threading.Condition()
        self._passed: list[str] = []
        self._rules: list[_Rule] = []
        self._inside = 0
        self._moving = threading.Lock()
        self._port = 0
        self._server: _Server | None = None
        self._open()

    @property
    def endpoint(self) -> str:
        """Where the turnstile stands."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def passed(self) -> tuple[str, ...]:
        """Every call since the last `forget`, in the order in which they came."""
        with self._changed:
            return tuple(self._passed)

    def forget(self) -> None:
        """Forget who passed, and every rule; whoever was told to be gone is there again."""
        with self._changed:
            note("\n".join(self._passed))
            self._passed.clear()
            self._rules.clear()
        self._open()

    def treat(
        self, call: str, treatment: Treatment, *, since: str | None = None, after: int = 0, times: int | None = None
    ) -> None:
        """Treat calls that match a regular expression so, `times` of them.

        None before one that matches `since`, and not the first `after` of them.
        """
        times = 1 if isinstance(treatment, Held) else times
        rule = _Rule(re.compile(call), treatment, re.compile(since) if since else None, after, times)
        with self._changed:
            self._rules.append(rule)

    def settle(self, *, held: int = 0) -> None:
        """Wait until nobody is inside but those that are held: what a dead program had sent has arrived."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._inside <= held, PATIENCE), "calls never ended"

    def close(self) -> None:
        """Take the turnstile away, or let it be gone for a while."""
        with self._moving:
            if self._server is not None:
                self._server.end()
                self._server = None

    def enter(self, call: str) -> Treatment | None:
        """Write a call down, and say how it is to be treated."""
        with self._changed:
            self._inside += 1
            self._passed.append(call)
            return next((rule.treatment for rule in self._rules if rule.takes(call)), None)

    def leave(self) -> None:
        """Note that a call is through."""
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def forward(self, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        """Pass a call on with the host that it was signed for, and return what the cloud says."""
        connection = http.client.HTTPConnection(self._behind.hostname or "", self._behind.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            own = (("Content-Length", str(len(body))), ("Connection", "close"))  # or it stays open there for 75 s
            for name, value in [*_passed_on(headers), *own]:
                connection.putheader(name, self._host if self._host and name.lower() == "host" else value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), tuple(_passed_on(answer.getheaders())))
        finally:
            connection.close()

    def _open(self) -> None:
        with self._moving:
            if self._server is None:
                self._server = _Server(self, self._port)
                self._port = self._server.server_address[1]


def _passed_on(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _OF_ONE_CONNECTION]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, turnstile: Turnstile, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Passage)
        self.turnstile = turnstile
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a caller that was killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def end(self) -> None:
        """Listen no more, and end the connections that callers keep open."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        for kept in list(self._open):
            with suppress(OSError):
                kept.shutdown(socket.SHUT_RDWR)


class _Passage(BaseHTTPRequestHandler):
    """One connection through the turnstile."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for a word from whoever asked
    server: _Server

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        turnstile = self.server.turnstile
        asked = _SIGNATURE.sub("", self.path)
        treatment = turnstile.enter(f"{self.command} {self.headers.get('Host')} {asked}")
        try:
            answer = self._treated(treatment, body)
            if answer is None:
                self._end()
            else:
                self._answer(answer, cut=treatment is Spoilt.CUT)
        except OSError:  # whoever asked is no more
            self._end()
        finally:
            turnstile.leave()
            if isinstance(treatment, Held):
                treatment.end()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = _pass  # noqa: N815 - the library's names

    def _treated(self, treatment: Treatment | None, body: bytes) -> Answer | None:
        match treatment:
            case Answer():
                return treatment
            case HangUp():
                return None
            case Gone():
                self.server.turnstile.close()
                return None
            case Held():
                return self._held(treatment, body)
            case None | Overruled() | Slow() | Spoilt():
                return self._done(treatment, self._forwarded(body))
            case _:
                assert_never(treatment)

    def _done(self, treatment: Overruled | Slow | Spoilt | None, answer: Answer) -> Answer | None:
        """Return what is told of something that the cloud has done."""
        match treatment:
            case Overruled():
                return treatment.answer
            case Slow():
                sleep(treatment.seconds)
                return answer
            case Spoilt.LOST:
                return None
            case _:
                return answer

    def _held(self, held: Held, body: bytes) -> Answer | None:
        match held.arrives:
            case Arrives.NEVER:
                held.stand()
                return None
            case Arrives.UNANSWERED:
                held.answer = self._forwarded(body)
                held.stand()
                return None
            case Arrives.LATE:
                held.stand()
                held.answer = self._forwarded(body)
                return held.answer
            case _:
                assert_never(held.arrives)

    def _forwarded(self, body: bytes) -> Answer:
        return self.server.turnstile.forward(self.command, self.path, self.headers.items(), body)

    def _answer(self, answer: Answer, *, cut: bool = False) -> None:
        """Send an answer, or half of its body and then nothing; where it has none, the beginning of its headers."""
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        body = b"" if self.command == "HEAD" else answer.body
        if not cut:
            self.end_headers()
            self.wfile.write(body)
            return
        head = b"".join(self._headers_buffer)
        self._headers_buffer.clear()
        begun = head.index(b"\r\n") + _BEGUN
        self.wfile.write(head + b"\r\n" + body[: len(body) // 2] if body else head[:begun])
        self._end()

    def _end(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: what passed is written down."""
