"""The operator's desk: mail and calendar of the embedded cloud, where one looks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import urllib3

from castoff.cloud.account import account_in
from castoff.contract.calendar import Method
from castoff.edge.desk import Desk
from castoff.edge.messages import Request
from lambdas.shipcaptaincrew.invitations import Invitation
from lambdas.shipcaptaincrew.letters import Letter
from lambdas.shipcaptaincrew.mailbox import SesMailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def test_a_crew_mail_is_shown_as_it_reads(cloud: Facts) -> None:
    """A whole message with a calendar file shows its subject and its HTML as words, and nothing of how it is packed."""
    account = account_in(cloud, "admin")
    file = Invitation(Method.REQUEST, "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
    long = f"<!doctype html><html><head></head><body><p>{'a jacket é ' * 40}</p></body></html>"
    written = Letter("Changed: Jada · été", "bring a jacket\n", long, file)

    SesMailbox(lambda: account.session.client("sesv2", **account.options), sender=("", "crew@example.com")).send(
        written, to="kim@example.com"
    )

    shown = ask(cloud, "/mail").body.decode()
    assert "<b>Changed: Jada · été</b>" in shown
    assert f"&lt;p&gt;{'a jacket é ' * 40}&lt;/p&gt;" in shown
    assert "VCALENDAR" not in shown


@pytest.fixture
def write(cloud: Facts) -> Iterator[Callable[..., None]]:
    """Return what writes an entry into the calendar as the seeds do; what a test wrote is gone after it."""
    account, port = account_in(cloud, "publisher"), urlsplit(cloud.endpoint).port
    secrets = account.session.client("secretsmanager", **account.options)
    token = json.loads(secrets.get_secret_value(SecretId=cloud.outputs["DashboardSecret"])["SecretString"])["token"]
    api = urlsplit(cloud.outputs["DashboardUrl"]).netloc.partition(".")[0]
    headers = {"Host": f"{api}.execute-api.localhost:{port}", "X-Dashboard-Token": token}
    pool, written = urllib3.PoolManager(), []

    def write_one(booking: str, **facts: str) -> None:
        written.append(booking)
        entry = {"date": "2031-05-30", "event_type": "charter", "booking_id": booking, **facts}
        answer = pool.request("POST", f"{cloud.endpoint}/prod/calendar", json=entry, headers=headers)
        assert answer.status == 200, answer.data

    yield write_one
    for booking in written:
        pool.request("DELETE", f"{cloud.endpoint}/prod/calendar/{booking}", headers=headers)
    pool.clear()


def test_calendar_shows_plain_entries_and_conflicts(cloud: Facts, write: Callable[..., None]) -> None:
    """Day, kind and booking are enough to stand there; two that have one vessel at once name each other."""
    write("plainone")
    write("clashone", vessel="Sprite <b>")
    write("clashtwo", vessel="Sprite <b>")

    shown = ask(cloud, "/calendar").body.decode()

    assert "<b>plainone</b>" in shown
    assert 'Conflict: Sprite &lt;b&gt; is booked for <a href="#clashtwo">clashtwo</a> at the same time' in shown
    assert 'Conflict: Sprite &lt;b&gt; is booked for <a href="#clashone">clashone</a> at the same time' in shown
    assert shown.count("Conflict:") == 2


@pytest.mark.parametrize(("path", "status"), [("/mail", 200), ("/calendar", 200), ("/", 200), ("/secrets", 404)])
def test_desk_has_two_pages(cloud: Facts, path: str, status: int) -> None:
    """Mailbox and calendar, and nothing else."""
    assert ask(cloud, path).status == status
