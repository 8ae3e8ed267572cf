"""The crew's login, in a browser: from the mail that was really sent to the page; who does not belong stays out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page
    from support.harbour import Harbour

FIRST: Final = "login01"
SECOND: Final = "login02"
OPEN: Final = "Open the crew page"
NEW: Final = "Send me a new link"


@pytest.fixture(scope="module")
def site(harbour: Harbour) -> str:
    """Publish two charters that Leo and Maya sail, and return where their pages are."""
    for booking in (FIRST, SECOND):
        harbour.project.book(booking, days=next(harbour.days))
    harbour.project.commit()
    published = harbour.publish()
    assert published.code == 0, published.err
    site: str = harbour.project.facts["edge"].replace("127.0.0.1", "guest.localhost")
    return site


def mailed(harbour: Harbour, booking: str, to: str = "leo@example.com") -> str:
    """Return the newest link in the mails about a booking to someone."""
    links = [mail.link for mail in harbour.witness.mails(f"/crew/{booking}?token=") if mail.to == to]
    assert links, f"no mail to {to} about {booking}"
    return links[-1]


@contextmanager
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser of someone's own."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    try:
        yield context
    finally:
        context.close()


def enter(context: BrowserContext, link: str) -> Page:
    """Open a link and press its button."""
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name=OPEN).click()
    page.wait_for_load_state()
    return page


def test_the_mail_leads_to_the_crew_page_and_stays_open(harbour: Harbour, browser: Browser, site: str) -> None:
    """One button, and the page is there; reload and back find it again; the cookie is for this host and no script."""
    with phone(browser) as leo:
        page = enter(leo, mailed(harbour, FIRST))

        assert page.url == f"{site}/g/{FIRST}-crew"
        assert "Crew call" in page.inner_text("main")
        page.reload()
        assert "Crew call" in page.inner_text("main")
        page.goto(f"{site}/g/jada-guest-{FIRST}")
        page.go_back()
        assert "Crew call" in page.inner_text("main")
        (cookie,) = leo.cookies()
        assert cookie["name"] == f"__Host-crew-{FIRST}"
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "guest.localhost")


def test_the_desk_shows_the_mail_and_its_button_leads_on(harbour: Harbour, browser: Browser, site: str) -> None:
    """In the embedded cloud's mailbox a plain tap on the mail's button opens the login in a tab of its own."""
    assert mailed(harbour, FIRST)
    with phone(browser) as someone:
        desk = someone.new_page()
        desk.goto(site.replace("guest.", "desk.") + "/mail")
        desk.locator("details").first.locator("summary").click()
        with someone.expect_page() as opened:
            desk.locator("details").first.frame_locator("iframe").get_by_role("link", name=OPEN).click()

        opened.value.get_by_role("button", name=OPEN).wait_for()


def test_two_charters_are_open_side_by_side_and_a_third_is_not(harbour: Harbour, browser: Browser, site: str) -> None:
    """Each charter has a cookie of its own; neither opens the other, nor a booking that does not exist."""
    with phone(browser) as maya:
        enter(maya, _fresh(harbour, browser, site, FIRST, "maya@example.com"))
        page = maya.new_page()
        page.goto(f"{site}/g/{SECOND}-crew")
        assert page.url == f"{site}/crew/{SECOND}"

        enter(maya, _fresh(harbour, browser, site, SECOND, "maya@example.com"))

        for booking in (FIRST, SECOND):
            page.goto(f"{site}/g/{booking}-crew")
            assert page.url == f"{site}/g/{booking}-crew"
        page.goto(f"{site}/g/nobody1-crew")
        assert page.url == f"{site}/crew/nobody1"


def test_scanner_spends_nothing_and_a_link_opens_once(harbour: Harbour, browser: Browser, site: str) -> None:
    """Whoever only looks leaves the link good; who comes second is offered a new one, which is mailed and opens."""
    link = _fresh(harbour, browser, site, FIRST, "leo@example.com")
    path = link.removeprefix(site)
    assert [harbour.witness.visit(path).status for _ in range(2)] == [200, 200]
    with phone(browser) as leo, phone(browser) as other:
        assert enter(leo, link).url == f"{site}/g/{FIRST}-crew"

        late = enter(other, link)
        assert late.url == f"{site}/crew/{FIRST}"
        assert other.cookies() == []
        late.get_by_role("button", name=NEW).click()
        late.wait_for_load_state()

        assert mailed(harbour, FIRST) != link
        assert enter(other, mailed(harbour, FIRST)).url == f"{site}/g/{FIRST}-crew"


def test_asking_for_a_link_tells_nobody_who_is_known(harbour: Harbour, browser: Browser, site: str) -> None:
    """The same page for a crew member, a stranger, and no booking at all; one mail, to the one who sails."""
    answers = set()
    before = len(harbour.witness.mails())
    asked = [(FIRST, "stranger@example.com"), ("nobody1", "leo@example.com"), (SECOND, "leo@example.com")]
    with phone(browser) as someone:
        for booking, address in asked:
            page = someone.new_page()
            page.goto(f"{site}/g/{booking}-crew")
            page.get_by_label("address").fill(address)
            page.get_by_role("button").click()
            page.wait_for_load_state()
            answers.add(page.inner_text("main"))

    assert len(answers) == 1
    assert [mail.to for mail in harbour.witness.mails()[before:]] == ["leo@example.com"]


def test_ops_board_opens_for_ops_by_the_link_that_castoff_sends(harbour: Harbour, browser: Browser, site: str) -> None:
    """The board is closed, `castoff link --crew` mails a way in, and a deckhand gets none."""
    board = site.replace("guest.", "ops.")
    with phone(browser) as operator:
        page = operator.new_page()
        page.goto(f"{board}/ops/")
        assert page.url == f"{board}/crew/ops"

        sent = harbour.project.castoff("link", "--crew", "ops-001", "--target", "local")
        refused = harbour.project.castoff("link", "--crew", "crew-001", "--target", "local")

        assert (sent.code, sent.err) == (
            0,
            "a link to the ops board is on its way to the address on file of ops-001\n",
        )
        assert refused.code == 1
        assert "crew-001" in refused.err
        mails = [mail for mail in harbour.witness.mails() if "/crew/ops?token=" in mail.text]
        page.goto(mails[-1].link)
        page.get_by_role("button").click()
        page.wait_for_load_state()
        assert page.url == f"{board}/ops/"
        assert [cookie["name"] for cookie in operator.cookies()] == ["__Host-ops"]


def test_who_left_is_out_at_once(harbour: Harbour, browser: Browser, site: str) -> None:
    """A member who is no longer among the crew loses the page that is open, and every link."""
    booking = "login03"
    harbour.project.write("content/crew/crew-009.md", "---\nname: Noor B.\nrole: crew\nemail: noor@example.com\n---\n")
    harbour.project.book(booking, days=next(harbour.days), crew="crew-001, crew-009")
    harbour.project.commit()
    assert harbour.publish().code == 0
    with phone(browser) as noor:
        page = enter(noor, mailed(harbour, booking, "noor@example.com"))
        assert page.url == f"{site}/g/{booking}-crew"

        harbour.project.replace(f"bookings/{booking}.yaml", "crew-001, crew-009", "crew-001")
        (harbour.project.root / "content/crew/crew-009.md").unlink()
        harbour.project.commit()
        assert harbour.publish().code == 0

        page.reload()
        assert page.url == f"{site}/crew/{booking}"


def _fresh(harbour: Harbour, browser: Browser, site: str, booking: str, to: str) -> str:
    """Ask for a new link on the login page, and return it from the mail."""
    before = len(harbour.witness.mails())
    with phone(browser) as context:
        page = context.new_page()
        page.goto(f"{site}/crew/{booking}")
        page.get_by_label("address").fill(to)
        page.get_by_role("button").click()
        page.wait_for_load_state()
    assert [mail.to for mail in harbour.witness.mails()[before:]] == [to]
    return mailed(harbour, booking, to)
