"""A wrong invalidation is seen: at the edge, which keeps pages as CloudFront does, and by the publisher itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.forgetful import publish_forgetfully

from publisher.errors import PublishError

if TYPE_CHECKING:
    from support.harbour import Harbour


@pytest.fixture
def seen(harbour: Harbour, charter: str) -> str:
    """Publish a charter, look at its page so that the edge keeps it, and return the address."""
    assert harbour.publish().code == 0
    page = f"/g/jada-guest-{charter}"
    assert welcomed(harbour, page) == "Dana"
    return page


def welcomed(harbour: Harbour, page: str) -> str:
    """Return who is welcomed on a guest page, as the edge serves it."""
    found = re.search(r"Welcome aboard, (\w+)", harbour.witness.visit(page).text)
    assert found
    return found[1]


def edit(harbour: Harbour, charter: str, old: str, new: str) -> None:
    """Commit another line of a booking."""
    harbour.project.replace(f"bookings/{charter}.yaml", old, new)
    harbour.project.commit()


def test_without_an_invalidation_the_old_page_stays(harbour: Harbour, charter: str, seen: str) -> None:
    """A publish that leaves it out ends well and the guest sees the old page; one that does not shows the new."""
    edit(harbour, charter, "Dana R.", "Bea R.")
    forgetful = publish_forgetfully(harbour.project.root)
    without = welcomed(harbour, seen)

    edit(harbour, charter, "Bea R.", "Cleo R.")
    harbour.publish()

    assert forgetful.applied
    assert (without, welcomed(harbour, seen)) == ("Dana", "Cleo")


def test_nobody_is_called_to_an_old_page(harbour: Harbour, charter: str, seen: str) -> None:
    """A page that is not seen to be new stops the publish, which names it, before the crew is told; the next tells."""
    before = harbour.witness.mails()
    edit(harbour, charter, " 09:00", " 15:00")

    with pytest.raises(PublishError) as refused:
        publish_forgetfully(harbour.project.root)
    untold = harbour.witness.mails()
    again = harbour.publish()

    assert harbour.project.plain(str(refused.value)) == (
        f"waited 60 s for the page http://guest.localhost:<edge>{seen} to show what was written, in vain"
    )
    assert untold == before
    assert again.code == 0, again.err
    assert "now 3 PM, was 9 AM" in harbour.witness.visit(seen).text
    told = harbour.witness.mails()[len(before) :]
    assert sorted((mail.to, mail.subject.partition(":")[0]) for mail in told) == [
        ("leo@example.com", "Changed"),
        ("maya@example.com", "Changed"),
    ]
