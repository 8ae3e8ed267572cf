"""Pages in Chromium while time passes: a script says what is true at the minute, and hides what no longer is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.chromium import PROGRAM, chromium
from support.example import ROOT, charter_of, example
from support.example import rendered as pages_at

from castoff.fleet.sources import read_sources
from castoff.pages.assets import make_assets, pictures_used
from castoff.pages.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from playwright.sync_api import Browser, Page, Route

CHARTER = charter_of(example(), "xhqgmdh")
GUEST, CREW, BOARD = "guest/g/boatsetter-may30.html", "guest/g/xhqgmdh-crew.html", "ops/ops/index.html"
EVENING_BEFORE = CHARTER.starts - timedelta(hours=14)

pytestmark = pytest.mark.skipif(not Path(PROGRAM).exists(), reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with chromium() as program:
        yield program


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page on a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()


def show(page: Page, path: str, *, written: datetime, now: datetime | None) -> None:
    """Show a page as it was written at an instant, at a later one; without scripts where that is not said."""
    fleet = example()
    assets = make_assets(
        load_theme(ROOT), read_sources(ROOT).pictures, brand=fleet.settings.brand, used=pictures_used(fleet)
    )
    found = {asset.address: (asset.content_type, asset.body) for asset in assets.values()}
    found["/page"] = ("text/html; charset=utf-8", pages_at(fleet, as_of=written)[path])

    def answer(route: Route) -> None:
        content_type, body = found.get("/" + route.request.url.partition("://")[2].partition("/")[2], ("", b""))
        if content_type == "text/javascript; charset=utf-8" and now is None:
            body = b""
        route.fulfill(status=200 if body else 404, content_type=content_type, body=body)

    page.route("**/*", answer)
    if now is not None:
        page.clock.install(time=now)
    page.goto("http://guest.localhost/page")


def eyebrow(page: Page) -> str:
    """Return the line above the heading."""
    return page.locator(".eyebrow").inner_text()


def seen(page: Page) -> tuple[str, bool, bool]:
    """Return the line above the heading, whether it is told that boarding is on, and whether a waiver is asked for."""
    boarding = page.locator(".now")
    return (
        page.locator(".eyebrow").inner_text(),
        boarding.is_visible() and "We are boarding now." in boarding.inner_text(),
        page.get_by_text("Sign the waiver").is_visible(),
    )


def test_a_page_written_the_evening_before_follows_the_day(page: Page) -> None:
    """Nobody publishes in between: it says the day and the boarding by itself, each in its time alone."""
    show(page, GUEST, written=EVENING_BEFORE, now=EVENING_BEFORE)

    told = []
    for hours in (-9.01, -8.99, -0.26, -0.24, -0.01, 0.01):
        page.clock.pause_at(CHARTER.starts + timedelta(hours=hours))
        told.append(seen(page))

    assert told == [
        ("Welcome aboard, Dana R.", False, True),
        ("Today is the day, Dana R.", False, True),
        ("Today is the day, Dana R.", False, True),
        ("Today is the day, Dana R.", True, True),
        ("Today is the day, Dana R.", True, True),
        ("Welcome aboard, Dana R.", False, False),
    ]


def test_a_page_opened_late_is_true_at_once(page: Page) -> None:
    """Written on the way, opened once everybody is back: it wishes no fair winds any more."""
    show(page, GUEST, written=CHARTER.starts + timedelta(minutes=5), now=CHARTER.ends + timedelta(hours=5))

    assert page.locator(".eyebrow").inner_text() == "Thank you for sailing with us, Dana R."


def test_a_page_kept_open_past_its_time_turns_when_it_is_looked_at(page: Page) -> None:
    """A phone in a pocket stops its timers; the page goes by the clock once it is seen again."""
    show(page, GUEST, written=EVENING_BEFORE, now=EVENING_BEFORE)
    page.clock.set_fixed_time(CHARTER.starts + timedelta(days=2))

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert seen(page) == ("Welcome aboard, Dana R.", False, False)


def test_without_scripts_the_boarding_page_says_when_boarding_is(page: Page) -> None:
    """The words stay true whenever they are read: the day, both times, where to go, and the number to call."""
    show(page, GUEST, written=CHARTER.boards, now=None)

    box = page.locator(".now")

    assert " ".join(box.locator("p").inner_text().split()) == (
        "On Thursday, May 30, 2024, we board at 8:45 AM and cast off at 9 AM. Come to Sheraton Marina, slip C-14 "
        "(Gate C, blue post; ring 14 and we come up). If you cannot find us, call."
    )
    assert box.get_by_role("link", name="Call us").get_attribute("href") == "tel:+16195550142"
    assert page.locator(".eyebrow").inner_text() == "Welcome aboard, Dana R."


@pytest.mark.parametrize(("minutes", "told"), [(-20, ""), (-10, "Guests are boarding now."), (1, "")])
def test_the_crew_sees_that_guests_are_boarding(page: Page, minutes: int, told: str) -> None:
    """In its time alone, on a page written the evening before."""
    show(page, CREW, written=EVENING_BEFORE, now=CHARTER.starts + timedelta(minutes=minutes))

    assert page.locator(".now").inner_text() == told


@pytest.mark.parametrize(
    ("hours", "day"), [(0, "Thursday, May 30, 2024 today"), (16, "Saturday, June 1, 2024 today"), (200, None)]
)
def test_the_board_marks_the_day_that_it_is(page: Page, hours: int, day: str | None) -> None:
    """Whatever day it was written on: the mark goes on at midnight."""
    now = CHARTER.starts + timedelta(hours=hours + (24 if hours == 16 else 0))
    show(page, BOARD, written=EVENING_BEFORE, now=now)

    marked = [text for text in page.locator("h2").all_inner_texts() if "today" in text]

    assert marked == ([] if day is None else [day])
