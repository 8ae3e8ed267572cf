"""The operator's story where a key and an address are not enough: every call is signed by the publisher's role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.harbour import open_harbour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.harbour import Harbour

BOOKING = "xhqgmdh"


@pytest.fixture(scope="module")
def harbour(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Iterator[Harbour]:
    """Open a harbour whose services let in who is listed, with a charter to publish."""
    root = tmp_path_factory.mktemp("charters")
    also = ("--operator-auth", "sigv4")
    with open_harbour(root, cloud_environment, free_port=free_port, also=also) as opened:
        opened.project.book(BOOKING, days=next(opened.days))
        opened.project.commit()
        yield opened


def test_whoever_is_not_listed_publishes_nothing(harbour: Harbour) -> None:
    """Even the deployer of the same account, who may do everything else, is refused; what to do is said."""
    credentials = harbour.project.facts["credentials"]
    deployer = {**credentials["admin"], "expires": credentials["publisher"]["expires"]}

    with harbour.project.telling(credentials={**credentials, "publisher": deployer}):
        refused = harbour.publish()

    assert refused.code == 1
    assert "answered 403: User: arn:aws:iam::000000000000:user/castoff-admin is not authorized" in refused.err
    assert "its stack lists who publishes" in refused.err
    assert harbour.witness.events(BOOKING) == []
    assert harbour.witness.mails() == []


def test_a_charter_is_published_by_signed_calls_alone(harbour: Harbour) -> None:
    """Page, event, entry and mails are there as ever, and a second publish has nothing to do."""
    published = harbour.publish()
    again = harbour.publish()

    assert published.code == 0, published.err
    assert harbour.project.plain(again.err) == "nothing to do: local is at <commit>\n"
    assert [event["status"] for event in harbour.witness.events(BOOKING)] == ["scheduled"]
    assert [entry["status"] for entry in harbour.witness.entries(BOOKING)] == ["confirmed"]
    assert sorted(mail.to for mail in harbour.witness.mails()) == ["leo@example.com", "maya@example.com"]
    assert harbour.witness.visit(f"/g/{BOOKING}-crew").status == 302
    assert BOOKING in harbour.witness.visit("/calendar", site="desk").text


def test_the_crew_come_in_as_ever(harbour: Harbour) -> None:
    """Viewers sign nothing: the mailed link opens the crew page through the distribution."""
    harbour.publish()
    link = harbour.witness.mails()[0].link
    path = link.partition("localhost")[2].partition("/")[2]

    shown = harbour.witness.visit(f"/{path}")

    assert shown.status == 200
    assert "<button" in shown.text
