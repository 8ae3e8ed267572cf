"""Sending photos in Chromium: with a script and without, on the minute, and with everything going wrong on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.chromium import PROGRAM, chromium
from support.example import ROOT, charter_of, example, example_pages, projector, renderer
from support.landing import TICKET, Landing, landing

from castoff.fleet.sources import read_sources
from castoff.pages.assets import make_assets, pictures_used
from castoff.pages.keys import charter_pages
from castoff.pages.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Route
    from playwright.sync_api import Page as Tab

    from castoff.pages.keys import Page

BOOKING = "xhqgmdh"
STARTS = charter_of(example(), BOOKING).starts
OPENS = STARTS - timedelta(hours=12)
CLOSES = charter_of(example(), BOOKING).ends + timedelta(days=14)
UNDER_WAY = STARTS + timedelta(hours=1)
TIMES_OUT = timedelta(days=9999)

CHOOSE_WITHOUT_TYPE = """name => {
  const chosen = new DataTransfer();
  chosen.items.add(new File(["x"], name));
  const input = document.querySelector("input[type=file]");
  input.files = chosen.files;
  input.dispatchEvent(new Event("change"));
}"""
"""Playwright gives every file a type that it knows by its name."""

pytestmark = pytest.mark.skipif(not Path(PROGRAM).exists(), reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with chromium() as program:
        yield program


@pytest.fixture
def here() -> Iterator[Landing]:
    """Serve assets and the thank-you page, beside a bucket."""
    fleet = example()
    assets = make_assets(
        load_theme(ROOT), read_sources(ROOT).pictures, brand=fleet.settings.brand, used=pictures_used(fleet)
    )
    with landing() as found:
        found.pages.update({asset.address: (asset.content_type, asset.body) for asset in assets.values()})
        found.pages["/castoff/thanks"] = ("text/html; charset=utf-8", example_pages()["guest/castoff/thanks.html"])
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Hold a small phone."""
    found = browser.new_context(viewport={"width": 360, "height": 640})
    yield found
    found.close()


def built(as_of: datetime, template: str = "guest.html") -> tuple[Page, bytes]:
    """Return a page of the example's charter as it is built at an instant, for files of a megabyte at most."""
    settings = example().settings
    uploads = settings.uploads.model_copy(update={"max_size": 1_000_000})
    fleet = replace(example(), settings=settings.model_copy(update={"uploads": uploads}))
    pages = charter_pages(projector(fleet, as_of=as_of).project(charter_of(fleet, BOOKING)))
    page = next(page for page in pages if page.template == template)
    return page, renderer(example()).render(page)


def opened(
    context: BrowserContext, here: Landing, *, now: datetime = UNDER_WAY, built_at: datetime | None = None, **form: Any
) -> Tab:
    """Open the guest page at an instant, with a form in it that is good for longer than the test."""
    tab = context.new_page()
    tab.clock.install(time=now)
    tab.goto(here.serve(*built(built_at or now), form=here.form(**{"lives": TIMES_OUT, **form})))
    return tab


def photo(name: str = "IMG_0042.jpg", body: bytes = b"\xff\xd8 the sea", *, kind: str = "image/jpeg") -> Any:
    """Return a file as a phone hands it over."""
    return {"name": name, "mimeType": kind, "buffer": body}


def choose(tab: Tab, *files: Any) -> None:
    """Choose files, and send them."""
    tab.set_input_files("input[type=file]", list(files))
    tab.locator("button[form=photos]").click()


def states(tab: Tab, *, ends: int, pauses: bool = False) -> list[tuple[str, str]]:
    """Return state and words of each file in the list, once so many are no longer on their way."""
    settled = tab.locator("#photos-list :is([data-state=sent], [data-state=failed], [data-state=refused])")
    for _ in range(400):
        if settled.count() >= ends:
            break
        if pauses:
            tab.clock.run_for(1000)
        tab.wait_for_timeout(20)
    tab.get_by_role("button", name="Send", exact=True).wait_for()
    lines = tab.locator("#photos-list li")
    return [
        (
            str(line.get_attribute("data-state")),
            f"{line.locator('strong').inner_text()} {line.locator('span').inner_text()}",
        )
        for line in lines.all()
    ]


def test_without_a_script_the_form_sends_one_file_and_leads_to_thanks(browser: Browser, here: Landing) -> None:
    """The plain form, its fields as signed and the file last; whoever arrives is told so, with the way back."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.goto(here.serve(*built(UNDER_WAY), form=here.form()))
    before = tab.locator(".photos").inner_text()

    tab.set_input_files("input[type=file]", [photo()])
    tab.locator("button[form=photos]").click()
    tab.wait_for_url(f"{here.site}/castoff/thanks.html?*")

    assert "Until noon on Thursday, June 13" in before
    assert "Photos and videos, up to 1 MB each. One at a time." in before
    assert "has arrived" in tab.inner_text("main")
    (sent,) = here.sent
    assert sent.order == ("key", "Content-Type", "success_action_redirect", "policy", "x-amz-signature", "file")
    assert (sent.file_name, sent.body) == ("IMG_0042.jpg", b"\xff\xd8 the sea")
    context.close()


def test_with_a_script_several_go_up_each_by_a_form_of_its_own(context: BrowserContext, here: Landing) -> None:
    """Asked for with the page's ticket and the file's own type; the page stays, and says of each that it arrived."""
    tab = opened(context, here)

    choose(tab, photo(), photo("film.mov", b"moov", kind="video/quicktime"))

    assert states(tab, ends=2) == [("sent", "IMG_0042.jpg ✓ has arrived"), ("sent", "film.mov ✓ has arrived")]
    assert here.asked == [
        {"ticket": TICKET, "content_type": "image/jpeg"},
        {"ticket": TICKET, "content_type": "video/quicktime"},
    ]
    assert [(sent.fields["Content-Type"], sent.body) for sent in here.sent] == [
        ("image/jpeg", b"\xff\xd8 the sea"),
        ("video/quicktime", b"moov"),
    ]
    assert tab.locator("[role=status]").inner_text() == "2 arrived. Thank you!"
    assert tab.url.endswith("/g/boatsetter-may30")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("IMG_0042.HEIC", "image/heic"),
        ("a.heif", "image/heif"),
        ("Film.MOV", "video/quicktime"),
        ("p.jpeg", "image/jpeg"),
    ],
)
def test_a_type_that_the_browser_does_not_know_is_told_by_the_name(
    context: BrowserContext, here: Landing, name: str, content_type: str
) -> None:
    """Browsers without HEIC hand a phone's photo over without a type."""
    tab = opened(context, here)

    tab.evaluate(CHOOSE_WITHOUT_TYPE, name)
    tab.locator("button[form=photos]").click()

    assert states(tab, ends=1) == [("sent", f"{name} ✓ has arrived")]
    assert [asked["content_type"] for asked in here.asked] == [content_type]


def test_what_cannot_be_taken_is_told_before_it_is_sent(context: BrowserContext, here: Landing) -> None:
    """Too large, empty, or no photo: said in words when it is chosen, and the others go all the same."""
    tab = opened(context, here)
    files = [
        photo("letter.pdf", kind="application/pdf"),
        photo("logo.svg", kind="image/svg+xml"),
        photo("nothing.jpg", b""),
        photo("film.mp4", bytes(1_000_001), kind="video/mp4"),
    ]

    tab.set_input_files("input[type=file]", files)
    refused = states(tab, ends=4)
    choose(tab, *files, photo())

    assert refused == [
        ("refused", "letter.pdf is no photo or video that we can take"),
        ("refused", "logo.svg is no photo or video that we can take"),
        ("refused", "nothing.jpg is empty"),
        ("refused", "film.mp4 is too large: 1.1 MB, and 1 MB is the most"),
    ]
    assert states(tab, ends=5) == [*refused, ("sent", "IMG_0042.jpg ✓ has arrived")]
    assert tab.locator("[role=status]").inner_text() == "1 arrived. Thank you! 4 could not be taken."
    assert len(here.sent) == len(here.asked) == 1


def test_what_is_chosen_while_others_are_sent_comes_after_them(context: BrowserContext, here: Landing) -> None:
    """A second choice takes nothing from the first: whatever waits for its turn goes on waiting, and all arrive."""
    tab = opened(context, here)
    held: list[Route] = []
    tab.route(f"{here.bucket}/**", lambda route: route.continue_() if held else held.append(route))
    choose(tab, photo("first.jpg"), photo("second.jpg"))
    while not held:
        tab.wait_for_timeout(20)

    tab.set_input_files("input[type=file]", [photo("third.jpg")])
    held[0].continue_()

    assert states(tab, ends=3) == [("sent", f"{name}.jpg ✓ has arrived") for name in ("first", "second", "third")]


def test_a_failure_is_tried_again_and_the_rest_goes_on(context: BrowserContext, here: Landing) -> None:
    """Three attempts by itself, then a button; a file that fails holds up none of those after it."""
    here.posts = [503, 201, 500, 500, 500, 201, 201]
    tab = opened(context, here)

    choose(tab, photo("first.jpg"), photo("second.jpg"), photo("third.jpg"))
    once = states(tab, ends=3, pauses=True)
    tab.get_by_role("button", name="Try again: second.jpg").click()
    tab.wait_for_selector("#photos-list li:nth-child(2)[data-state=sent]")

    assert once == [
        ("sent", "first.jpg ✓ has arrived"),
        ("failed", "second.jpg did not get through"),
        ("sent", "third.jpg ✓ has arrived"),
    ]
    assert [state for state, _ in states(tab, ends=3)] == ["sent", "sent", "sent"]
    assert len(here.sent) == 3


@pytest.mark.parametrize(("refusal", "sent"), [(401, 2), (422, 2), (503, 2), (410, 0), (429, 0)])
def test_the_form_in_the_page_stands_in_where_none_is_given(
    context: BrowserContext, here: Landing, refusal: int, sent: int
) -> None:
    """Refused or out of order, the page's own form takes one file after another, unless it is over or too much."""
    here.presigns = [refusal] * 20
    tab = opened(context, here)

    choose(tab, photo(), photo("again.png", b"\x89PNG", kind="image/png"))
    found = states(tab, ends=2)

    assert [state for state, _ in found] == (["sent"] * 2 if sent else ["failed"] * 2)
    assert [one.order[-1] for one in here.sent] == ["file"] * sent
    assert [one.fields["Content-Type"] for one in here.sent] == ["application/octet-stream"] * sent
    assert tab.url.endswith("/g/boatsetter-may30")


@pytest.mark.parametrize("rubbish", [None, [], {"fields": {}, "url": "http://["}, {"fields": {}, "url": "not there"}])
def test_an_answer_that_is_no_form_holds_nothing_up(context: BrowserContext, here: Landing, rubbish: Any) -> None:
    """Whatever comes in a form's place, the page's own is tried, or the file can be tried again."""
    tab = opened(context, here)
    tab.route("**/g/PRESIGN", lambda route: route.fulfill(json=rubbish))

    choose(tab, photo())
    found = states(tab, ends=1, pauses=True)

    assert found[0][0] == ("failed" if isinstance(rubbish, dict) else "sent")
    assert tab.get_by_role("button", name="Send", exact=True).get_attribute("aria-disabled") is None


def test_an_expired_form_is_renewed_and_never_sent_to(context: BrowserContext, here: Landing) -> None:
    """The guest does not notice; and where no other is given, nothing goes to a dead form."""
    here.presigns = [200, 503, 503, 503]
    tab = opened(context, here, now=UNDER_WAY, lives=timedelta(days=-9999))

    choose(tab, photo(), photo("again.png", b"\x89PNG", kind="image/png"))
    found = states(tab, ends=2, pauses=True)

    assert found == [("sent", "IMG_0042.jpg ✓ has arrived"), ("failed", "again.png did not get through")]
    assert [one.fields["Content-Type"] for one in here.sent] == ["image/jpeg"]


def test_the_form_comes_and_goes_on_the_minute(context: BrowserContext, here: Landing) -> None:
    """Written a day early, it is hidden until sending opens, stays while it is open, and is gone when it closes."""
    tab = opened(context, here, now=OPENS - timedelta(hours=20), built_at=OPENS - timedelta(hours=20))
    form, told = tab.locator(".send"), tab.locator("[role=status]")

    seen = [(form.is_visible(), told.inner_text())]
    for seconds in (20 * 3600 - 5, 6, 0):
        tab.clock.fast_forward(seconds * 1000)
        seen.append((form.is_visible(), told.inner_text()))
    tab.clock.fast_forward(int((CLOSES - OPENS).total_seconds()) * 1000)
    seen.append((form.is_visible(), told.inner_text()))

    early = (False, "The form will come up here by itself when it is time.")
    over = (False, "Sending has closed. Thank you for every one you sent.")
    assert seen == [early, early, (True, ""), (True, ""), over]


@pytest.mark.parametrize("ticket", ["", None])
def test_a_form_without_a_ticket_and_one_of_a_preview_stay_as_they_are(
    context: BrowserContext, here: Landing, ticket: str | None
) -> None:
    """One file at a time, sent by the browser itself; a preview says plainly that it sends nothing."""
    tab = context.new_page()
    tab.clock.install(time=UNDER_WAY)
    form = None if ticket is None else here.form(ticket=ticket, lives=TIMES_OUT)
    tab.goto(here.serve(*built(UNDER_WAY), form=form))

    choose(tab, photo())
    tab.wait_for_url(f"{here.site}/castoff/thanks.html?*")

    assert tab.inner_text(".lead") == (
        "This was only a preview: nothing was sent."
        if ticket is None
        else "What you sent has arrived. You can send the next one from your page."
    )
    assert len(here.sent) == (0 if ticket is None else 1)


def test_a_preview_says_so_beside_the_form(context: BrowserContext, here: Landing) -> None:
    """Whatever the clock says, its form is there to be looked at."""
    tab = context.new_page()
    tab.goto(here.serve(*built(UNDER_WAY, "crew.html"), form=None))

    assert tab.locator(".send").is_visible()
    assert tab.locator(".send form").inner_text() == "Only a preview: nothing is sent from here."
    assert not tab.locator("input[type=file]").get_attribute("multiple")


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("?bucket=b&key=uploads%2Fxhqgmdh%2Fguest%2FIMG%201.jpg&etag=%22x%22", "/g/xhqgmdh"),
        ("?bucket=b&key=uploads%2Fxhqgmdh%2Fcrew%2FIMG.jpg", "/g/xhqgmdh-crew"),
        ("?key=uploads%2F..%2Fxhqgmdh%2Fguest%2Fx", None),
        ("?key=uploads%2Fxhqgmd%2Fguest%2Fx", None),
        ("?key=uploads%2Fxhqgmdh%2Fops%2Fx", None),
        ("?key=javascript%3Aalert(1)", None),
        ("", None),
    ],
)
def test_thanks_lead_back_where_the_bucket_says_what_arrived(
    context: BrowserContext, here: Landing, asked: str, back: str | None
) -> None:
    """To the page that it came from, and nowhere else; opened by itself it claims nothing."""
    tab = context.new_page()
    tab.goto(f"{here.site}/castoff/thanks.html{asked}")

    links = [link.get_attribute("href") for link in tab.locator("main a").all()]

    assert links == ([] if back is None else [back])
    assert tab.inner_text(".lead").startswith("If you come" if back is None else "What you sent has arrived")


def test_a_page_with_a_form_prints_without_it(context: BrowserContext, here: Landing) -> None:
    """On paper there is nothing to choose and nothing to press."""
    tab = opened(context, here)

    tab.emulate_media(media="print")

    assert not tab.locator(".photos").is_visible()


def test_the_page_stays_within_its_policy(context: BrowserContext, here: Landing) -> None:
    """Nothing that it does is forbidden by what it says of itself, and nothing else may be sent to."""
    complaints: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: complaints.append(message.text))
    tab.clock.install(time=UNDER_WAY)
    tab.goto(here.serve(*built(UNDER_WAY), form=here.form(lives=TIMES_OUT)))

    choose(tab, photo())
    states(tab, ends=1)
    quiet = list(complaints)
    elsewhere = tab.evaluate("fetch('http://127.0.0.1:9/').then(() => 'let', () => 'refused')")

    assert quiet == []
    assert elsewhere == "refused"
    assert any("Content Security Policy" in complaint or "Connecting to" in complaint for complaint in complaints)


def test_choosing_and_sending_is_easy_to_hit(context: BrowserContext, here: Landing) -> None:
    """With wet hands: whatever is pressed is at least 48 pixels high, and the page no wider than the phone."""
    here.posts = [403, 403, 403]
    tab = opened(context, here)

    choose(tab, photo("a very long name of a photo that was taken from the foredeck.jpg"))
    states(tab, ends=1, pauses=True)
    heights = [box.bounding_box() for box in tab.locator(".photos :is(button, input[type=file])").all()]

    assert len(heights) == 3
    assert all(box is not None and box["height"] >= 48 for box in heights)
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
