"""Pages of hostile texts in Chromium: nothing of them runs, nothing is fetched, nothing goes elsewhere."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile.strings import CANARY, STRINGS
from hostile.test_pages import CANCELLED, CREW, GUEST, site_of
from playwright.sync_api import Browser, sync_playwright

from castoff.contract.slots import fill
from castoff.pages.uploads import FORM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHROMIUM = Path("/usr/bin/chromium")
PAGES = (GUEST, CREW, CANCELLED, "ops/ops/index.html")
ACTING = [name for name, text in STRINGS.items() if CANARY in text or "else.example.org" in text]

SINGING = ("a script", "an image out of an attribute", "a drawing", "the end of a title")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def test_the_canary_sings_where_it_is_executed(browser: Browser) -> None:
    """A page that takes the texts for more than text would be found out by these tests."""
    assert [name for name in SINGING if not sings(browser, STRINGS[name])] == []


@pytest.mark.parametrize("name", ACTING)
def test_nothing_that_an_operator_wrote_is_executed(browser: Browser, name: str) -> None:
    """No script runs, no dialog opens, nobody else is asked for anything, and the policy has nothing to forbid."""
    site = site_of(STRINGS[name])
    if site is None:
        return
    told: list[str] = []
    with serving(site.build.bodies) as address:
        context = browser.new_context()
        page = context.new_page()
        page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: None if request.url.startswith(address) else told.append(request.url))
        for path in PAGES:
            page.goto(f"{address}/{path}", wait_until="load")
            told += [f"{path}: sung"] if page.evaluate("window.castoffCanary !== undefined") else []
            told += [] if page.url == f"{address}/{path}" else [page.url]
        context.close()

    assert told == []


def sings(browser: Browser, text: str) -> bool:
    """Tell whether a text is executed that is pasted into a page as it is."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content(f'<!doctype html><title>x</title><p title="{text}">{text}</p>', wait_until="load")
    sung = bool(page.evaluate("window.castoffCanary !== undefined"))
    context.close()
    return sung


@contextmanager
def serving(bodies: Mapping[str, bytes]) -> Iterator[str]:
    """Serve both sites below one address, assets wherever they are asked for, and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path[1:]) or bodies.get(f"guest{self.path}", b"")
            kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kinds.get(self.path.rpartition(".")[2], "text/html; charset=utf-8"))
            self.end_headers()
            self.wfile.write(fill(body, forms={FORM: None} if b"<!--castoff:slot " in body else {}, serial=7))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
