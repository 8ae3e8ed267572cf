"""A crew service and a dashboard that keep the contract, over real HTTP, and can each be told to break one promise."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from publisher.adapters.clock import SystemClock
from publisher.adapters.http import Http
from publisher.adapters.patience import Patience
from publisher.adapters.plain import PlainApi
from publisher.clauses.run import Services

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEY = "the-right-key"
MARK = "0ddba11"
BOOKING = f"castoff-contract-{MARK}"


class Fault(Enum):
    """What an operator's own service may do otherwise."""

    NONE = "nothing"
    SENDS_TWICE = "the same request again is mailed again"
    NO_IDEMPOTENCY = "each request makes an event"
    LOSES_HEADER = "the key is taken off on the way"
    HTML = "everything is answered 200 with a page"
    OPEN = "nobody is asked for a key"
    NO_FENCE = "a lower serial is taken"
    KEEPS_MONEY = "notes come back whole"
    TAKES_OTHER_BODY = "the same key with another body is taken"
    FORGETS = "what is created is not listed"
    KEEPS_EVENTS = "nothing can be cancelled"
    CREATES_AGAIN = "a second entry beside the first"
    NO_FILTER = "every booking's events are listed"
    LATE_FENCE = "a serial that was only seen refuses nothing"


@dataclass
class Contracted:
    """Both services in one, and what they hold."""

    fault: Fault = Fault.NONE
    url: str = ""
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: dict[str, tuple[Mapping[str, Any], str]] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    mails: list[dict[str, Any]] = field(default_factory=list)
    serials: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """What a call is answered in place of what it would be, by method and path."""

    def services(self) -> Services:
        """Return both, asked as the publisher asks."""
        patience = Patience(connect=2, read=5, tries=1)
        http = Http(endpoint=None, clock=SystemClock(), patience=patience)
        crew = PlainApi(self.url, http, secret=lambda: ("X-Service-Key", KEY))
        calendar = PlainApi(self.url, http, secret=lambda: ("X-Dashboard-Token", KEY))
        return Services(crew, calendar, MARK, datetime.now(UTC).replace(microsecond=0))

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, Any]:
        """Answer one call."""
        path, query = (
            urlsplit(target).path,
            {name: found[0] for name, found in parse_qs(urlsplit(target).query).items()},
        )
        self.asked.append(f"{method} {path}")
        key = headers.get("X-Dashboard-Token" if path.startswith("/calendar") else "X-Service-Key")
        if self.fault is Fault.LOSES_HEADER:
            key = None
        if self.fault is Fault.HTML:
            return 200, "<html><body>Welcome</body></html>"
        if key != KEY and self.fault is not Fault.OPEN:
            return 401, {"error": "unauthorized"}
        if f"{method} {path}" in self.answers:
            return self.answers[f"{method} {path}"]
        serial = int(headers["X-Castoff-Serial"]) if "X-Castoff-Serial" in headers else None
        about = str(query.get("booking_id") or body.get("booking_id") or path.rpartition("/")[2])
        about = str(self.events.get(about, {}).get("booking_id", about))
        if self._stale(f"{path.startswith('/calendar')} {about}", serial, looks=method == "GET"):
            return 409, {"error": "stale_serial"}
        route = path.strip("/").split("/")
        return getattr(self, f"_{method.lower()}_{route[0].replace('-', '_')}")(route[1:], query, headers, body)

    def _stale(self, about: str, serial: int | None, *, looks: bool) -> bool:
        if serial is None or self.fault is Fault.NO_FENCE or (looks and self.fault is Fault.LATE_FENCE):
            return False
        if serial < self.serials.get(about, 0):
            return True
        self.serials[about] = serial
        return False

    def _post_event(self, _route: Any, _query: Any, headers: Mapping[str, str], body: Any) -> tuple[int, Any]:
        request = headers["Idempotency-Key"]
        if request in self.requests and self.fault is not Fault.NO_IDEMPOTENCY:
            before, event = self.requests[request]
            if before != body and self.fault is not Fault.TAKES_OTHER_BODY:
                return 422, {"error": "idempotency_mismatch"}
            if self.fault is Fault.TAKES_OTHER_BODY:
                self.events[event] |= {"dock": body["dock"]}
            if self.fault is Fault.SENDS_TWICE:
                self._mail(event)
            return 201, self.events[event]
        event = f"ev-{len(self.requests)}{len(self.events)}"
        notes = [line for line in body["notes"].splitlines() if "$" not in line or self.fault is Fault.KEEPS_MONEY]
        made = {**body, "notes": "\n".join(notes), "event_id": event, "status": "scheduled", "revision": 1}
        self.requests[request] = (body, event)
        self.events[event] = made
        self._mail(event)
        return 201, made

    def _mail(self, event: str) -> None:
        self.mails.append({"mail_id": str(len(self.mails)), "event_id": event, "booking_id": BOOKING})

    def _get_events(self, route: Any, query: Any, _headers: Any, _body: Any) -> tuple[int, Any]:
        if route:
            found = self.events.get(route[0])
            return (200, found) if found else (404, {"error": "event_unknown"})
        events = [
            event
            for event in self.events.values()
            if event["booking_id"] == query["booking_id"] or self.fault is Fault.NO_FILTER
        ]
        return 200, {"events": [] if self.fault is Fault.FORGETS else events}

    def _patch_events(self, route: Any, _query: Any, _headers: Any, body: Any) -> tuple[int, Any]:
        event = self.events[route[0]]
        if any(event.get(name) != value for name, value in body.items()):
            event |= {**body, "revision": event["revision"] + 1}
        return 200, event

    def _delete_events(self, route: Any, query: Any, headers: Any, _body: Any) -> tuple[int, Any]:
        if route[0] not in self.events:
            return 404, {"error": "event_unknown"}
        if self.fault is Fault.KEEPS_EVENTS:
            return 405, {"error": "method_not_allowed"}
        return self._patch_events(route, query, headers, {"status": "cancelled"})

    def _get_mail(self, *_: Any) -> tuple[int, Any]:
        return 200, {"mails": self.mails}

    def _put_crew_members(self, route: Any, _query: Any, _headers: Any, body: Any) -> tuple[int, Any]:
        return 200, {"member_id": route[0], **body}

    def _delete_crew_members(self, *_: Any) -> tuple[int, Any]:
        return 404, {"error": "member_unknown"}

    def _post_g(self, _route: Any, _query: Any, _headers: Any, body: Any) -> tuple[int, Any]:
        fields = {"key": f"uploads/{body['booking']}/guest/${{filename}}", "policy": "e30=", "x-amz-signature": "00"}
        return 200, {"url": "https://b.example.com/", "fields": fields, "expires": body["until"], "ticket": "t"}

    def _put_calendar(self, _route: Any, _query: Any, _headers: Any, body: Any) -> tuple[int, Any]:
        if self.fault is not Fault.CREATES_AGAIN:
            self.entries = [entry for entry in self.entries if entry["booking_id"] != body["booking_id"]]
        self.entries.append(body)
        return 200, body

    _post_calendar = _put_calendar

    def _get_calendar(self, _route: Any, query: Any, _headers: Any, _body: Any) -> tuple[int, Any]:
        first, last = query.get("from", ""), query.get("to", "~")
        booking = query.get("booking_id")
        found = [entry for entry in self.entries if first <= entry["date"] <= last]
        return 200, {"entries": [entry for entry in found if booking in {None, entry["booking_id"]}]}

    def _delete_calendar(self, route: Any, _query: Any, _headers: Any, _body: Any) -> tuple[int, Any]:
        self.entries = [entry for entry in self.entries if entry["booking_id"] != route[0]]
        return 200, {"removed": True}


@contextmanager
def serve(fault: Fault = Fault.NONE) -> Iterator[Contracted]:
    """Run them."""
    found = Contracted(fault)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, value = found.answer(self.command, self.path, self.headers, json.loads(sent or b"{}"))
            kind, text = ("text/html", value) if isinstance(value, str) else ("application/json", json.dumps(value))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the names that http.server asks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
