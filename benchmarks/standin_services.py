"""CloudFront's API and its sites, ShipCaptainCrew and the dashboard, as far as a publish asks them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from standin_wire import Reply

if TYPE_CHECKING:
    from standin_s3 import Buckets
    from standin_wire import Request

BUCKETS: Final = {"guest": "guest-pages", "ops": "ops-pages"}
"""Each site's bucket; its own name under `localhost` is where it is seen."""

_INVALIDATIONS: Final = "/2020-05-31/distribution/"


class Services:
    """Services that agree with everything they are told."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets
        self._events: dict[str, dict[str, object]] = {}
        self._asked = 0

    def reply(self, request: Request) -> Reply | None:
        """Answer one call; None for one of S3."""
        site = request.headers.get("host", "").partition(".localhost")[0]
        if site in BUCKETS:
            return self._page(BUCKETS[site], request)
        if request.path.startswith(_INVALIDATIONS):
            return self._invalidation(request)
        if request.path == "/" and request.method == "POST":
            held = {"Name": "bench", "SecretString": json.dumps({"service_key": "key", "token": "token"})}
            return Reply(200, json.dumps(held).encode(), "Content-Type: application/x-amz-json-1.1\r\n", "GET")
        if request.path.startswith("/prod/"):
            value = self._service(request, request.path.removeprefix("/prod"))
            return Reply(200, json.dumps(value).encode(), "Content-Type: application/json\r\n", request.method)
        return None

    def _page(self, bucket: str, request: Request) -> Reply:
        """Show a page as the edge would: crew and ops pages lead to the login."""
        path = request.path
        board = bucket == BUCKETS["ops"] and path.startswith("/ops/")
        if board or path.endswith("-crew"):
            login = "ops" if board else path.rpartition("/")[2].removesuffix("-crew")
            return Reply(302, b"", f"Location: /crew/{login}\r\nCache-Control: no-store\r\n")
        found = self._buckets.found(bucket, f"{path[1:]}{'' if '.' in path else '.html'}")
        return Reply(404) if found is None else Reply(200, found.body, found.headers)

    def _invalidation(self, request: Request) -> Reply:
        self._asked += request.method == "POST"
        made = f"<Id>I{self._asked}</Id><Status>Completed</Status><CreateTime>2024-05-28T19:00:00Z</CreateTime>"
        name = '<Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">'
        text = f"<?xml version='1.0'?>{name}{made}</Invalidation>".encode()
        if request.method == "POST":
            return Reply(201, text, "Content-Type: text/xml\r\n", "INVALIDATE")
        return Reply(200, text, "Content-Type: text/xml\r\n", "GET")

    def _service(self, request: Request, path: str) -> dict[str, object]:
        said = json.loads(request.body or b"{}")
        match request.method, path.split("/")[1:]:
            case "POST", ["event"]:
                event = f"event-{said['booking_id']}"
                self._events[event] = {**said, "event_id": event, "revision": 1, "status": "scheduled"}
                return self._events[event]
            case "PATCH", ["events", event]:
                self._events[event] = {**self._events.get(event, {"event_id": event, "revision": 0}), **said}
                return self._events[event]
            case "DELETE", ["events", event]:
                self._events[event] = {**self._events.get(event, {"event_id": event}), "status": "cancelled"}
                return self._events[event]
            case "POST", ["g", "PRESIGN"]:
                return _form(said, urlsplit(f"http://{request.headers['host']}").netloc)
            case _:
                return {"status": "ok", "events": [], "entries": []}


def _form(slot: dict[str, str], host: str) -> dict[str, object]:
    """Return a form that nobody will send, as long as a real one."""
    fields = {
        "key": f"uploads/{slot['booking']}/{slot['audience']}/${{filename}}",
        "policy": "e" * 700,
        "x-amz-signature": "0" * 64,
        "x-amz-credential": "AKIAEXAMPLE/20240528/us-west-2/s3/aws4_request",
        "x-amz-date": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        "Content-Type": "application/octet-stream",
    }
    expires = slot.get("until") or (datetime.now(UTC) + timedelta(days=7)).isoformat()
    return {"url": f"http://{host}/uploads", "fields": fields, "expires": expires, "ticket": "t" * 200}
