"""The pages in a real browser: pressed, filled in, read on a small phone by day and by night."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from support.chromium import chromium

from lambdas.shipcaptaincrew import pages
from lambdas.shipcaptaincrew.links import Refused

TOKEN = "T" * 43
PAGES = {
    "login": pages.login_page("xhqgmdh"),
    "login for ops": pages.login_page("ops"),
    "button": pages.button_page("xhqgmdh", TOKEN),
    "button for ops": pages.button_page("ops", TOKEN),
    "asked": pages.asked_page(48),
    "nowhere": pages.nowhere_page(),
    "busy": pages.busy_page(),
    "too many": pages.too_many_page(),
    "worn out": pages.worn_out_page(),
    "fault": pages.fault_page(),
    "refused": pages.refused_page(),
    **{refused.value: pages.refusal_page(refused, "xhqgmdh", token=TOKEN) for refused in Refused},
}

# What a reader of the page could miss: width, names of fields, size of what is pressed, and contrast as WCAG counts it.
FAULTS = """
() => {
  const faults = [];
  const light = text => {
    const parts = text.match(/[0-9.]+/g).map(Number).slice(0, 3).map(
      part => part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!colour.startsWith('rgba(0, 0, 0, 0')) return colour;
    }
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push('wider than the screen');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one heading');
  for (const one of document.querySelectorAll('h1, p, label, button, input:not([type=hidden])')) {
    const style = getComputedStyle(one);
    const [a, b] = [light(style.color), light(behind(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faults.push(one.tagName + ' is hard to read');
    if (parseFloat(style.fontSize) < 16) faults.push(one.tagName + ' is small');
  }
  for (const one of document.querySelectorAll('button, input:not([type=hidden])')) {
    if (one.getBoundingClientRect().height < 48) faults.push(one.tagName + ' is no size for a thumb');
    if (one.tagName === 'INPUT' && one.labels.length !== 1) faults.push('a field without a label');
    one.focus({focusVisible: true});
    if (getComputedStyle(one).outlineStyle === 'none') faults.push(one.tagName + ' does not show its focus');
  }
  return faults;
}
"""


class Site:
    """The distribution in front of the service: its header on every call, and a crew page that is not the service's."""

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        self._app = app
        self._origin = (b"x-castoff-origin", origin.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is the service's, or show a page."""
        if scope["type"] == "http" and not scope["path"].startswith("/crew/"):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": b"<!doctype html><title>Behind the door</title>"})
            return
        await self._app({**scope, "headers": [*scope.get("headers", []), self._origin]}, receive, send)


@pytest.fixture
def site(make_scc: Callable[..., TestClient]) -> Iterator[str]:
    """Serve the service to a browser, and return its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = Site(make_scc().app, origin="the-origin-header-of-this-test")
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://guest.localhost:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium."""
    with chromium() as started:
        yield started


@pytest.mark.usefixtures("event")
def test_the_way_in(site: str, browser: Any, token_of: Callable[[str], str]) -> None:
    """The link's button leads to the page and leaves a cookie that no script reads; going back and again leads on."""
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(f"{site}/crew/xhqgmdh?token={token_of('crew-001')}")
    page.get_by_role("button", name="Open the crew page").press("Enter")
    page.wait_for_url("**/g/xhqgmdh-crew")
    page.go_back()
    page.get_by_role("button", name="Open the crew page").click()
    page.wait_for_url("**/g/xhqgmdh-crew")

    (cookie,) = context.cookies()
    assert page.title() == "Behind the door"
    assert {name: cookie[name] for name in ("name", "domain", "path", "httpOnly", "secure", "sameSite")} == {
        "name": "__Host-crew-xhqgmdh",
        "domain": "guest.localhost",
        "path": "/",
        "httpOnly": True,
        "secure": True,
        "sameSite": "Lax",
    }
    assert page.evaluate("document.cookie") == ""
    assert said == []
    context.close()


@pytest.mark.usefixtures("event")
def test_a_new_link_without_typing(
    site: str, browser: Any, mails: Callable[..., list[Any]], token_of: Callable[[str], str]
) -> None:
    """Who comes with a link that was used elsewhere presses two buttons, and the new link in the mail lets them in."""
    used = token_of("crew-001")
    elsewhere, here = browser.new_context(), browser.new_context()
    first, page = elsewhere.new_page(), here.new_page()
    for one in (first, page):
        one.goto(f"{site}/crew/xhqgmdh?token={used}")
        one.get_by_role("button").click()
    assert page.locator("h1").inner_text() == "This link was used"

    page.get_by_role("button", name="Send me a new link").click()
    page.get_by_role("heading", name="Check your mail").wait_for()
    link = re.search(r"/crew/xhqgmdh\?token=\S+", mails("crew-001")[-1]["BodyText"])
    assert link is not None
    page.goto(f"{site}{link[0]}")
    page.get_by_role("button").click()
    page.wait_for_url("**/g/xhqgmdh-crew")

    assert len(here.cookies()) == 1
    elsewhere.close()
    here.close()


@pytest.mark.usefixtures("event")
def test_a_new_link_by_address(site: str, browser: Any, crew: dict[str, str], mails: Callable[..., list[Any]]) -> None:
    """The field takes nothing but an address, from the keyboard alone, and the mail goes out."""
    page = browser.new_page()
    page.goto(f"{site}/crew/xhqgmdh")
    told = len(mails("crew-002"))

    page.keyboard.press("Tab")
    page.keyboard.type("no address")
    page.keyboard.press("Enter")
    refused = page.get_by_label("Your e-mail address").evaluate("field => field.matches(':invalid')")
    page.get_by_label("Your e-mail address").fill(crew["crew-002"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check your mail").wait_for()

    assert refused
    assert len(mails("crew-002")) == told + 1
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_reads_well(browser: Any, scheme: str) -> None:
    """On a screen 360 px wide no page is too wide, pale or small, every field has its name, and focus is seen."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme=scheme)
    page = context.new_page()

    faults = {}
    for name, text in PAGES.items():
        page.set_content(text)
        faults[name] = page.evaluate(FAULTS)

    assert faults == {name: [] for name in PAGES}
    context.close()


def test_the_field_helps_to_fill_it_in() -> None:
    """A phone shows its keyboard for addresses and offers the one it knows."""
    for name in ("login", "login for ops", "unknown"):
        (field,) = re.findall(r"<input [^>]*type=\"email\"[^>]*>", PAGES[name])

        wanted = ('autocomplete="email"', 'inputmode="email"', 'autocapitalize="none"', "required")
        assert [word in field for word in wanted] == [True] * 4


@pytest.mark.usefixtures("event")
def test_a_part_that_does_not_answer_is_said_in_words(
    make_scc: Callable[..., TestClient], token_of: Callable[[str], str]
) -> None:
    """Where a secret cannot be read a viewer gets a page and the operator JSON, both 503, and nothing is spent."""
    token = token_of("crew-001")
    broken = make_scc(gate_secret="castoff/nowhere")

    pressed = broken.post("/crew/xhqgmdh", data={"token": token})
    signed = broken.post(
        "/g/PRESIGN",
        json={
            "booking": "xhqgmdh",
            "audience": "guest",
            "opens": "2024-05-28T00:00:00Z",
            "closes": "2024-06-28T00:00:00Z",
            "until": "2024-05-29T00:00:00Z",
            "max_size": 1,
        },
    )

    assert (pressed.status_code, "<h1>One moment</h1>" in pressed.text) == (503, True)
    assert pressed.headers["content-security-policy"] == pages.HEADERS["Content-Security-Policy"]
    assert (signed.status_code, signed.json()["error"]) == (503, "unavailable")
    assert make_scc().post("/crew/xhqgmdh", data={"token": token}).status_code == 303
