"""A turnstile before the embedded cloud: it writes down who passes, holds one, or answers in the cloud's place."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, TypeAlias, assert_never
from urllib.parse import urlsplit

PATIENCE: Final = 60.0
"""Seconds after which a test that waits for a request has failed."""

_OF_ONE_CONNECTION: Final = {"connection", "content-length", "expect", "keep-alive", "transfer-encoding"}
"""Headers that speak of one connection, and so are not passed on."""


class Arrives(Enum):
    """What becomes of a request while it is held: lost on its way, done with its answer lost, or done in the end."""

    NEVER = "never arrives"
    UNANSWERED = "is never answered"
    LATE = "arrives late"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, the cloud's or one in its place."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass(frozen=True, slots=True)
class HangUp:
    """No answer: the connection ends."""


@dataclass(slots=True)
class Held:
    """A request that stands in the turnstile until it is let go."""

    arrives: Arrives
    answer: Answer | None = None
    _there: threading.Event = field(default_factory=threading.Event)
    _let_go: threading.Event = field(default_factory=threading.Event)
    _through: threading.Event = field(default_factory=threading.Event)

    @property
    def status(self) -> int | None:
        """What the cloud said, or None where the request never reached it."""
        return self.answer.status if self.answer else None

    def wait(self) -> None:
        """Wait until the request has come."""
        assert self._there.wait(PATIENCE), "the request never came"

    def release(self) -> None:
        """Let the request go, and wait until it is through."""
        self._let_go.set()
        assert self._through.wait(PATIENCE), "the request never got through"

    def stand(self) -> None:
        """Stand here until let go, whoever has been waiting for that told first."""
        self._there.set()
        assert self._let_go.wait(PATIENCE), "nobody let the request go"

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._let_go.set()
        self._through.set()


Treatment: TypeAlias = Answer | HangUp | Held


@dataclass(slots=True)
class _Rule:
    matches: re.Pattern[str]
    treatment: Treatment
    since: re.Pattern[str] | None
    times: int | None


class Turnstile:
    """A proxy on a port of its own, which writes calls down as `METHOD host path?query`."""

    def __init__(self, endpoint: str) -> None:
        self._behind = urlsplit(endpoint)
        self._changed = threading.Condition()
        self._passed: list[str] = []
        self._rules: list[_Rule] = []
        self._inside = 0
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """Where the turnstile stands."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def passed(self) -> tuple[str, ...]:
        """Every call since the last `forget`, in the order in which they came."""
        with self._changed:
            return tuple(self._passed)

    def forget(self) -> None:
        """Forget who passed, and every rule."""
        with self._changed:
            self._passed.clear()
            self._rules.clear()

    def treat(self, call: str, treatment: Treatment, *, since: str | None = None, times: int | None = None) -> None:
        """Treat calls that match a regular expression so, `times` of them; none before one that matches `since`."""
        times = 1 if isinstance(treatment, Held) else times
        rule = _Rule(re.compile(call), treatment, re.compile(since) if since else None, times)
        with self._changed:
            self._rules.append(rule)

    def settle(self, *, held: int = 0) -> None:
        """Wait until nobody is inside but those that are held: what a dead program had sent has arrived."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._inside <= held, PATIENCE), "calls never ended"

    def close(self) -> None:
        """Take the turnstile away."""
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def enter(self, call: str) -> Treatment | None:
        """Write a call down, and say how it is to be treated."""
        with self._changed:
            self._inside += 1
            self._passed.append(call)
            for rule in self._rules:
                if rule.since is not None and rule.since.search(call):
                    rule.since = None
                elif rule.since is None and rule.times != 0 and rule.matches.search(call):
                    rule.times = None if rule.times is None else rule.times - 1
                    return rule.treatment
            return None

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
            for name, value in [*_passed_on(headers), ("Content-Length", str(len(body)))]:
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), tuple(_passed_on(answer.getheaders())))
        finally:
            connection.close()


def _passed_on(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _OF_ONE_CONNECTION]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, turnstile: Turnstile) -> None:
        super().__init__(("127.0.0.1", 0), _Passage)
        self.turnstile = turnstile
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that callers keep open."""
        for kept in list(self._open):
            with suppress(OSError):
                kept.shutdown(socket.SHUT_RDWR)


class _Passage(BaseHTTPRequestHandler):
    """One connection through the turnstile."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        turnstile = self.server.turnstile
        treatment = turnstile.enter(f"{self.command} {self.headers.get('Host')} {self.path}")
        try:
            answer = self._treated(treatment, body)
            if answer is None:
                self._end()
            else:
                self._answer(answer)
        except OSError:  # whoever asked is no more
            self._end()
        finally:
            turnstile.leave()
            if isinstance(treatment, Held):
                treatment.end()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = _pass  # noqa: N815 - the library's names

    def _treated(self, treatment: Treatment | None, body: bytes) -> Answer | None:
        match treatment:
            case None:
                return self._forwarded(body)
            case Answer():
                return treatment
            case HangUp():
                return None
            case Held():
                return self._held(treatment, body)
            case _:
                assert_never(treatment)

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

    def _answer(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _end(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: what passed is written down."""
