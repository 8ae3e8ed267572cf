"""Pages in Chromium, as a phone shows them: nothing cut off, nothing small to hit, and ticks that stay."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from support.example import ROOT, example, example_pages, instant, rendered

from castoff.contract.slots import fill
from castoff.fleet.sources import read_sources
from castoff.pages.assets import make_assets, pictures_used
from castoff.pages.theme import load_theme
from castoff.pages.uploads import FORM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHROMIUM = Path("/usr/bin/chromium")
PAGES = (
    *("/g/boatsetter-may30", "/g/xhqgmdh-crew"),
    *("/g/jada-guest-c7rm4qx", "/g/c7rm4qx-crew"),  # under way, with a form
    *("/g/jada-guest-r9fjt5k", "/g/jada-guest-w6ygn2c"),
    *("/castoff/404", "/castoff/thanks"),
    *("/ops/index", "/ops/2024-05", "/ops/2024-06"),  # two months earlier
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")


@lru_cache(maxsize=1)
def site() -> Mapping[str, tuple[str, bytes]]:
    """Return the guest site by path: content type and body, its forms as a preview shows them; and an earlier board."""
    fleet = example()
    assets = make_assets(
        load_theme(ROOT), read_sources(ROOT).pictures, brand=fleet.settings.brand, used=pictures_used(fleet)
    )
    pages = {
        path.removeprefix("guest"): as_seen(body) for path, body in example_pages().items() if path.endswith(".html")
    }
    earlier = rendered(fleet, as_of=instant(fleet) - timedelta(days=60))
    pages |= {path.removeprefix("ops"): body for path, body in earlier.items() if path.startswith("ops/ops/")}
    found = {path.removesuffix(".html"): ("text/html; charset=utf-8", body) for path, body in pages.items()}
    return found | {asset.address: (asset.content_type, asset.body) for asset in assets.values()}


def as_seen(body: bytes) -> bytes:
    """Return a page as it is looked at: its slot, if it has one, filled with a form that sends nothing."""
    return fill(body, forms={FORM: None} if b"<!--castoff:slot " in body else {}, serial=7)


class Handler(BaseHTTPRequestHandler):
    """Serve the site."""

    def do_GET(self) -> None:
        """Answer with the page or the asset, a page's name with or without `.html`."""
        content_type, body = site().get(self.path.removesuffix(".html"), ("text/plain", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", content_type)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the site on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@contextmanager
def phone(browser: Browser, *, scripts: bool = True) -> Iterator[Page]:
    """Open a page as large as a small phone, and note what the browser complains of."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=scripts)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(browser: Browser, address: str, path: str) -> None:
    """Nothing is wider than 360 pixels, every asset is found, and the policy forbids nothing that the page needs."""
    complaints: list[str] = []
    with phone(browser) as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.goto(f"{address}{path}", wait_until="load")
        width = page.evaluate("document.documentElement.scrollWidth")

    assert width == 360
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_what_is_to_be_hit_is_large_enough(browser: Browser, address: str, path: str) -> None:
    """Buttons, boxes' rows and links that stand alone are at least 44 pixels high, and where a file is chosen."""
    script = """() => ['.button', '.links a', '.list label', '.lists nav a', '.months a', 'footer a', '[type=file]']
        .flatMap(kind => [...document.querySelectorAll(kind)])
        .filter(found => found.checkVisibility() && found.getBoundingClientRect().height < 44)
        .map(found => found.textContent.trim())"""
    with phone(browser) as page:
        page.goto(f"{address}{path}")
        small = page.evaluate(script)

    assert small == []


@pytest.mark.parametrize("path", PAGES)
def test_what_is_filled_in_has_its_words(browser: Browser, address: str, path: str) -> None:
    """Every field that people see has a label, which programs that read aloud say before it."""
    script = (
        "() => [...document.querySelectorAll('input:not([type=hidden])')].filter(field => !field.labels.length).length"
    )
    with phone(browser) as page:
        page.goto(f"{address}{path}")

        assert page.evaluate(script) == 0


def test_ticks_stay_on_the_phone(browser: Browser, address: str) -> None:
    """What a deckhand ticked is still ticked when the page is opened again, and only that."""
    with phone(browser) as page:
        page.goto(f"{address}/g/xhqgmdh-crew")
        page.get_by_label("Fuel above half").check()
        counted = page.locator("#about-departure output").inner_text()
        page.reload()
        ticked = page.evaluate("[...document.querySelectorAll('input:checked')].map(box => box.id)")
        page.goto(f"{address}/g/k7wp3tn-crew")
        elsewhere = page.locator("input:checked").count()

    assert counted == "1 of 12"
    assert ticked == ["departure.fuel"]
    assert elsewhere == 0


def test_ticks_can_be_cleared(browser: Browser, address: str) -> None:
    """One button, asked about once, clears the page's ticks for good."""
    with phone(browser) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{address}/g/xhqgmdh-crew")
        page.get_by_label("Fuel above half").check()
        page.get_by_role("button", name="Clear all ticks").click()
        page.reload()
        ticked = page.locator("input:checked").count()

    assert ticked == 0


def test_the_lists_work_without_scripts(browser: Browser, address: str) -> None:
    """Without JavaScript every item is there with its box, and no button that would do nothing."""
    with phone(browser, scripts=False) as page:
        page.goto(f"{address}/g/xhqgmdh-crew")
        boxes = page.locator(".list input[type=checkbox]").count()
        buttons = page.locator("button").count()

    assert boxes == 35
    assert buttons == 0


def test_a_forwarding_page_forwards(browser: Browser, address: str) -> None:
    """Whoever opens the booking's id arrives at the guest page, with scripts off, too."""
    with phone(browser, scripts=False) as page:
        page.goto(f"{address}/g/xhqgmdh")
        page.wait_for_url("**/g/boatsetter-may30.html")
        heading = page.locator("h1").inner_text()

    assert heading == "Your charter on Jada"


def test_the_board_leads_from_month_to_month(browser: Browser, address: str) -> None:
    """From the board to the next month, on to the one after that, back, and home, with scripts off, too."""
    headings = []
    with phone(browser, scripts=False) as page:
        page.goto(f"{address}/ops/index")
        for link in ("On to May 2024", "On to June 2024", "May 2024", "The board", "June 2024 3 charters", "The board"):
            page.get_by_role("link", name=link, exact=True).first.click()
            headings.append(page.locator("h1").inner_text())

    assert headings == ["May 2024", "June 2024", "May 2024", "The board", "June 2024", "The board"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_letters_stand_out(browser: Browser, address: str, path: str, scheme: str) -> None:
    """Every text has at least 4.5 times the contrast of what it stands on, in either scheme."""
    script = """() => {
      const channels = text => text.match(/[\\d.]+/g).map(Number);
      const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const behind = found => {
        for (let e = found; e; e = e.parentElement) {
          const c = channels(getComputedStyle(e).backgroundColor);
          if (c.length < 4 || c[3] === 1) return c;
        }
        return [255, 255, 255];
      };
      return [...document.querySelectorAll('main *, header *, footer *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        .map(e => {
          const [a, b] = [light(channels(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => x - y);
          return [(b + 0.05) / (a + 0.05), e.textContent.trim().slice(0, 40)];
        })
        .filter(([ratio]) => ratio < 4.5);
    }"""
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{address}{path}")
    faint = page.evaluate(script)
    context.close()

    assert faint == []
