"""The operator's desk: mail and calendar of the embedded cloud, where one looks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from castoff.cloud.account import account_in
from castoff.edge.desk import Desk
from castoff.edge.messages import Request

if TYPE_CHECKING:
    from castoff.cloud.facts import Facts
    from castoff.edge.messages import Response


def ask(cloud: Facts, path: str) -> Response:
    """Ask the desk for a page."""
    return Desk(cloud).respond(Request(method="GET", host="desk.localhost", path=path))


def test_mail_that_was_sent_is_shown_and_obeys_nothing(cloud: Facts) -> None:
    """Subject and reader are on the page; what a mail holds stands in a frame that runs no script."""
    account = account_in(cloud, "admin")
    account.session.client("sesv2", **account.options).send_email(
        FromEmailAddress="crew@example.com",
        Destination={"ToAddresses": ["kim@example.com"]},
        Content={
            "Simple": {
                "Subject": {"Data": "Crew call <b>Jada</b>"},
                "Body": {"Text": {"Data": "hello"}, "Html": {"Data": "<script>alert(1)</script>"}},
            }
        },
    )

    shown = ask(cloud, "/mail").body.decode()

    assert "Crew call &lt;b&gt;Jada&lt;/b&gt;" in shown
    assert "kim@example.com" in shown
    assert "<script>" not in shown
    assert "sandbox=" in shown


@pytest.mark.parametrize(("path", "status"), [("/mail", 200), ("/calendar", 200), ("/", 200), ("/secrets", 404)])
def test_desk_has_two_pages(cloud: Facts, path: str, status: int) -> None:
    """Mailbox and calendar, and nothing else."""
    assert ask(cloud, path).status == status
