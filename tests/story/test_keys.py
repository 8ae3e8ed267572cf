"""Keys changed under way: who is in stays in, what is sent goes on, and the publisher never knocks in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from support.harbour import Harbour


@pytest.mark.parametrize("kind", ["service", "dashboard"])
def test_a_publish_goes_on_with_the_new_key(kind: str, harbour: Harbour, charter: str) -> None:
    """Right after a rotation a new charter gets its event and its entry."""
    rotated = harbour.project.castoff("keys", "rotate", kind, "--target", "local")
    published = harbour.publish()

    assert (rotated.code, published.code) == (0, 0), rotated.err + published.err
    assert rotated.out.startswith(f"local: a new {kind} key opens ")
    assert rotated.err.splitlines()[-1] == "the one before it stays good until the next rotation"
    assert len(harbour.witness.events(charter)) == 1
    assert len(harbour.witness.entries(charter)) == 1


def test_a_crew_member_stays_in_while_the_cookie_key_changes(harbour: Harbour, browser: Browser, charter: str) -> None:
    """Who logged in before reads on after, and a second change within two weeks is refused in words."""
    assert harbour.publish().code == 0
    phone = browser.new_context()
    page = phone.new_page()
    page.goto(harbour.witness.mails(f"/crew/{charter}?token=")[-1].link)
    page.get_by_role("button", name="Open the crew page").click()
    page.wait_for_load_state()
    assert "Crew call" in page.inner_text("main")

    rotated = harbour.project.castoff("keys", "rotate", "cookie", "--target", "local")
    again = harbour.project.castoff("keys", "rotate", "cookie", "--target", "local")
    page.reload()

    assert rotated.code == 0, rotated.err
    assert again.code == 1
    assert again.refusal.startswith("error: the cookie key was changed a short time ago")
    assert page.url.endswith(f"/g/{charter}-crew")
    assert "Crew call" in page.inner_text("main")
    phone.close()
