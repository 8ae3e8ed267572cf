"""Where a page's photos land: a web server for filled pages with `POST /g/PRESIGN`, and a bucket on another origin.

The bucket stands in for S3 as far as a page's script can tell: it takes a form whose file comes last, answers with 201
or by going on to the thank-you page, and fails as it is told to. The real one is asked in tests/story.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from castoff.contract.slots import Form, fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.pages.keys import Page

TICKET = "1.k.xhqgmdh.guest.1.2.3.mac"


@dataclass(frozen=True)
class Sent:
    """One form that arrived: the names of its fields in their order, the fields themselves, and the file."""

    order: tuple[str, ...]
    fields: Mapping[str, str]
    file_name: str
    body: bytes


@dataclass
class Landing:
    """What is served, what arrived, and what goes wrong; `presigns` and `posts` are the next answers' status codes."""

    site: str = ""
    bucket: str = ""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    presigns: list[int] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)

    def serve(self, page: Page, body: bytes, *, form: Form | None) -> str:
        """Serve a page as it would be published with this form, and return its address."""
        filled = fill(body, forms={slot.name: form for slot in page.slots}, serial=7)
        path = "/" + page.key.removesuffix(".html")
        self.pages[path] = ("text/html; charset=utf-8", filled)
        return f"{self.site}{path}"

    def form(self, *, ticket: str = TICKET, lives: timedelta = timedelta(days=1)) -> Form:
        """Return a form as ShipCaptainCrew signs one for a page."""
        return Form(f"{self.bucket}/uploads", self._fields("uploads/xhqgmdh/guest/${filename}"), _iso(lives), ticket)

    def presigned(self, content_type: str) -> dict[str, Any]:
        """Return a form as ShipCaptainCrew signs one for a file."""
        key = f"uploads/xhqgmdh/guest/{len(self.asked):032}.{content_type.partition('/')[2]}"
        fields = {"key": key, "Content-Type": content_type, "success_action_status": "201", "policy": "p"}
        return {"url": f"{self.bucket}/uploads", "fields": fields, "expires": _iso(timedelta(minutes=15))}

    def _fields(self, key: str) -> dict[str, str]:
        thanks = f"{self.site}/castoff/thanks.html"
        return {
            "key": key,
            "Content-Type": "application/octet-stream",
            "success_action_redirect": thanks,
            "policy": "p",
            "x-amz-signature": "s",
        }


@contextmanager
def landing() -> Iterator[Landing]:
    """Run both servers on free ports."""
    here = Landing()
    handlers = (type("Site", (_Site,), {"here": here}), type("Bucket", (_Bucket,), {"here": here}))
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), handlers[0]) as site,
        ThreadingHTTPServer(("127.0.0.1", 0), handlers[1]) as to,
    ):
        for server in (site, to):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        here.site, here.bucket = (f"http://127.0.0.1:{server.server_port}" for server in (site, to))
        yield here
        for server in (site, to):
            server.shutdown()


class _Answering(BaseHTTPRequestHandler):
    here: Landing

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; headers have underscores for hyphens."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        """Read what was sent."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


class _Site(_Answering):
    """The distribution: pages and assets, and ShipCaptainCrew behind one path."""

    def do_GET(self) -> None:
        """Answer with the page or the asset, a page's name with or without `.html`."""
        content_type, body = self.here.pages.get(self.path.partition("?")[0].removesuffix(".html"), ("text/plain", b""))
        self.answer(200 if body else 404, body, Content_Type=content_type)

    def do_POST(self) -> None:
        """Answer with a form for one file, or refuse."""
        wish = json.loads(self.body())
        self.here.asked.append(wish)
        status = self.here.presigns.pop(0) if self.here.presigns else 200
        answer = self.here.presigned(wish["content_type"]) if status == 200 else {"error": "refused"}
        self.answer(status, json.dumps(answer).encode(), Content_Type="application/json")


class _Bucket(_Answering):
    """The bucket, on another origin."""

    def do_OPTIONS(self) -> None:
        """Let pages of the site send forms, as the bucket's rule does: a script that watches progress asks first."""
        self.answer(200, Access_Control_Allow_Origin=self.here.site, Access_Control_Allow_Methods="POST")

    def do_POST(self) -> None:
        """Take the form, or fail."""
        status = self.here.posts.pop(0) if self.here.posts else 201
        body, allowed = self.body(), {"Access_Control_Allow_Origin": self.here.site}
        if status != 201:
            self.answer(status, b"<Error/>", **allowed)
            return
        sent = _sent(self.headers["Content-Type"], body)
        self.here.sent.append(sent)
        key = sent.fields["key"].replace("${filename}", sent.file_name)
        thanks = sent.fields.get("success_action_redirect")
        if thanks:
            asked = urlencode({"bucket": "uploads", "key": key, "etag": '"0"'})
            self.answer(303, Location=f"{thanks}?{asked}", **allowed)
        else:
            self.answer(201, b"<PostResponse/>", **allowed)


def _sent(content_type: str, body: bytes) -> Sent:
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=HTTP)
    parts = [(str(part.get_param("name", header="content-disposition")), part) for part in message.iter_parts()]
    name, last = parts[-1]
    if name != "file":
        raise AssertionError(f"the last field is `{name}`, and S3 wants the file there")
    fields = {name: part.get_content().rstrip("\r\n") for name, part in parts[:-1]}
    payload = last.get_payload(decode=True)
    return Sent(tuple(name for name, _ in parts), fields, str(last.get_filename()), bytes(payload))


def _iso(lives: timedelta) -> str:
    return (datetime.now(UTC) + lives).isoformat()
