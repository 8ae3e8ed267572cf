"""Photos, in a browser: the published form takes them, with a script and without, and the night keeps it alive."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.projects import ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from support.harbour import Harbour

BOOKING: Final = "photos1"
PICTURE: Final = b"\xff\xd8\xff\xe0 a picture of the sea \xff\xd9"


@pytest.fixture(scope="module")
def site(harbour: Harbour) -> str:
    """Publish a charter that casts off in an hour, and return where its pages are."""
    starts = (datetime.now(ZONE) + timedelta(hours=1)).replace(second=0, microsecond=0)
    harbour.project.book(BOOKING, days=0, starts=starts)
    harbour.project.commit()
    published = harbour.publish()
    assert published.code == 0, published.err
    site: str = harbour.project.facts["edge"].replace("127.0.0.1", "guest.localhost")
    return site


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a picture with a name that a phone would give it."""
    path = tmp_path / "IMG_0042.jpg"
    path.write_bytes(PICTURE)
    return path


def instant(*, days: float) -> str:
    """Return an instant so many days from now, as `--as-of` takes it."""
    return f"{datetime.now(ZONE) + timedelta(days=days):%Y-%m-%d %H:%M}"


def forms(harbour: Harbour) -> dict[str, str | None]:
    """Return when the form of each page dies, as the state knows it."""
    files: dict[str, Any] = harbour.witness.state()["files"]
    return {path: file.get("form_expires") for path, file in files.items()}


def test_photo_goes_up_without_a_script(harbour: Harbour, browser: Browser, site: str, picture: Path) -> None:
    """The plain form sends the file to the bucket and the guest to the thank-you page, which leads back."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{site}/g/jada-guest-{BOOKING}")

    page.set_input_files("input[type=file]", picture)
    page.locator("button[form=photos]").click()
    page.wait_for_url(re.compile(rf"{site}/castoff/thanks\.html\?"))

    assert "has arrived" in page.inner_text("main")
    assert harbour.witness.uploads(BOOKING)[f"uploads/{BOOKING}/guest/IMG_0042.jpg"] == (
        PICTURE,
        "application/octet-stream",
    )
    context.close()


def test_photos_go_up_with_a_script(harbour: Harbour, browser: Browser, site: str, picture: Path) -> None:
    """Several at once, each under a key of ours with its own type, and the page says so without being left."""
    second = picture.with_name("again.png")
    second.write_bytes(b"\x89PNG another")
    before = harbour.witness.uploads(BOOKING)
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site}/g/jada-guest-{BOOKING}")

    page.set_input_files("input[type=file]", [picture, second])
    assert page.locator("button[form=photos]").is_visible()
    page.locator("button[form=photos]").click()
    page.locator("#photos-list [data-state=sent]").nth(1).wait_for()

    assert page.url == f"{site}/g/jada-guest-{BOOKING}"
    new = {key: found for key, found in harbour.witness.uploads(BOOKING).items() if key not in before}
    assert sorted(new.values()) == [(b"\x89PNG another", "image/png"), (PICTURE, "image/jpeg")]
    assert all(re.fullmatch(rf"uploads/{BOOKING}/guest/[A-Za-z0-9_-]{{16,}}\.(jpg|jpeg|png)", key) for key in new)
    page.close()


def test_nothing_in_the_bucket_is_served(harbour: Harbour, site: str) -> None:
    """What guests send is for nobody's eyes until it has been taken up."""
    assert site
    keys = [*harbour.witness.uploads(BOOKING)]
    assert keys, "the tests above send some"
    for key in keys:
        assert [harbour.witness.visit(f"/{key}", site=name).status for name in ("guest", "ops")] == [404, 404]
        assert harbour.witness.unsigned(key) == 403


def test_the_night_leaves_a_living_form_alone_and_renews_one_that_ages(harbour: Harbour, site: str) -> None:
    """The same commit at later instants: unchanged while the form lives, written anew before it would be found dead."""
    assert site
    harbour.project.book("photos3", days=-5)
    harbour.project.commit()
    page = "guest/g/jada-guest-photos3.html"
    first = harbour.publish("--as-of", instant(days=-4))
    assert first.code == 0, first.err
    written, dies = harbour.witness.objects()[page], forms(harbour)[page]

    next_night = harbour.publish("--as-of", instant(days=-3))
    assert next_night.code == 0, next_night.err
    assert (harbour.witness.objects()[page], forms(harbour)[page]) == (written, dies)

    late = harbour.publish("--as-of", instant(days=2.5))
    assert late.code == 0, late.err
    assert re.search(r"upload forms of \d+ bookings? renewed", late.err)
    renewed = forms(harbour)[page]
    assert str(renewed) > str(dies)

    assert "upload forms of" not in harbour.publish("--as-of", instant(days=2.51)).err
    assert forms(harbour)[page] == renewed


def test_after_its_window_the_page_has_no_form(harbour: Harbour, site: str) -> None:
    """Once uploads have closed the page asks for nothing any more."""
    assert site
    page = "guest/g/jada-guest-photos3.html"
    assert harbour.publish().code == 0
    assert b'<form id="photos"' in harbour.witness.objects()[page]
    harbour.project.replace("castoff.yaml", "closes: 14d after end", "closes: 2d after end")
    harbour.project.commit()

    closed = harbour.publish()

    assert closed.code == 0, closed.err
    assert b"<form" not in harbour.witness.objects()[page]
    assert forms(harbour)[page] is None
    harbour.project.git("revert", "--no-edit", "HEAD")
    assert harbour.publish().code == 0
