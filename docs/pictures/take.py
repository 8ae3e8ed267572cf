"""Take the README's pictures, all of the real thing: `make screenshots`, and look at what came out.

An example site around this very hour is published to an embedded cloud, all but one charter. That one is then published
at a terminal, which is the first picture; its guest page, and the crew page behind the mailed link, are the others.
"""

from __future__ import annotations

import os
import re
import sys
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from support.chromium import chromium
from support.projects import Project

from castoff.cli.demo import lay_out
from castoff.cloud.facts import load_facts
from castoff.cloud.place import place_of
from castoff.edge.desk import sent_mail

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES: Final = Path(__file__).parent
FOLDER: Final = PICTURES.parents[1] / ".castoff" / "pictures"
BOOKING: Final = "xhqgmdh"
PHONE: Final = {"width": 390, "height": 844}

_COLOURS: Final = {"31": "#ff8f8f", "32": "#8fe08f", "33": "#f2d27a", "1": "#ffffff"}
_TERMINAL: Final = (
    "<style>body{{margin:0;background:#0d1b24}}pre{{margin:0;padding:28px 32px;display:inline-block;color:#cfdde5;"
    "font:15px/1.55 'DejaVu Sans Mono',monospace}}b{{color:#fff}}</style>"
    "<pre><b>$ castoff publish --target local</b>\n{}</pre>"
)


def main() -> None:
    """Take them all."""
    lay_out(FOLDER)
    project = Project(FOLDER, _environment())
    try:
        _run(project, "cloud", "start", "--port", "4570", "--edge-port", "8084")
        charter = (FOLDER / "bookings" / f"{BOOKING}.yaml").read_text("utf-8")
        (FOLDER / "bookings" / f"{BOOKING}.yaml").unlink()
        project.commit()
        _run(project, "publish", "--target", "local", "--yes")
        project.write(f"bookings/{BOOKING}.yaml", charter)
        project.commit()
        shown = project.at_terminal("publish", "--target", "local", answer="y")
        with chromium() as browser:
            _terminal(browser, shown.signs)
            _phones(browser)
    finally:
        _run(project, "cloud", "reset", "--yes")


def _phones(browser: Browser) -> None:
    facts = load_facts(place_of(FOLDER).facts)
    if facts is None:
        raise AssertionError("the cloud was started above")
    guest = facts.edge.replace("127.0.0.1", "guest.localhost")
    phone = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True)
    page = phone.new_page()
    page.goto(f"{guest}/g/{BOOKING}")
    page.wait_for_url(re.compile(rf"/g/(?!{BOOKING}$)"))
    page.screenshot(path=PICTURES / "guest.png")
    links = [re.search(rf"http://\S+/crew/{BOOKING}\?token=\S+", mail.text) for mail in sent_mail(facts)]
    page.goto(next(link[0] for link in links if link))
    page.get_by_role("button").click()
    page.wait_for_url(re.compile(rf"/g/{BOOKING}-crew$"))
    page.screenshot(path=PICTURES / "crew.png")
    phone.close()


def _terminal(browser: Browser, signs: str) -> None:
    """Draw what a terminal shows: its colours, and of lines drawn over each other the last."""
    lines = (line.rstrip("\r").rpartition("\r")[2].rstrip() for line in signs.split("\n"))
    text = re.sub(r"\x1b\[(\d*)m", _span, escape("\n".join(lines).rstrip()))
    page = browser.new_page(device_scale_factor=2, viewport={"width": 1000, "height": 400})
    page.set_content(_TERMINAL.format(text))
    page.locator("pre").screenshot(path=PICTURES / "publish.png")
    page.close()


def _span(code: re.Match[str]) -> str:
    colour = _COLOURS.get(code[1])
    return f'<span style="color:{colour}">' if colour else "</span>"


def _run(project: Project, *words: str) -> None:
    ran = project.castoff(*words)
    if ran.code:
        sys.exit(ran.err)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "NO_COLOR"}


if __name__ == "__main__":
    main()
