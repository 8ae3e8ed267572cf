"""The outbox as its operator sees it: every mail with where it stands, and what a service refuses in its own words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from support.worlds import Clock

from publisher.adapters.http import Http
from publisher.adapters.mails import CrewMails
from publisher.adapters.patience import Patience
from publisher.adapters.plain import PlainApi
from publisher.errors import PublishError
from publisher.survey.mails import Stand

if TYPE_CHECKING:
    from support.service import Service

NOW = datetime(2024, 5, 28, 12, tzinfo=UTC)
MAIL = {
    "mail_id": "ev-xhqgmdh-1a2b3c4d.00000001.crew-001",
    "booking_id": "xhqgmdh",
    "member_id": "crew-001",
    "kind": "invited",
    "state": "claimed",
    "since": "2024-05-28T11:30:00+00:00",
}


def outbox(service: Service) -> CrewMails:
    """Return the outbox of a service that is asked once."""
    http = Http(endpoint=None, clock=Clock(), patience=Patience(tries=1))
    return CrewMails(PlainApi(service.url, http, secret=lambda: ("X-Key", "sesame")), target="local")


@pytest.mark.parametrize(
    ("description", "told", "stand"),
    [
        ("nobody can say", {}, Stand.DOUBTFUL),
        ("claimed a minute ago", {"since": (NOW - timedelta(minutes=1)).isoformat()}, Stand.FLIES),
        ("claimed, nobody knows when", {"since": None}, Stand.DOUBTFUL),
        ("refused by SES", {"state": "pending"}, Stand.WAITS),
        ("gone out", {"state": "sent"}, Stand.OUT),
        ("nothing arrives there", {"state": "lapsed", "reason": "address_bounced"}, Stand.BOUNCED),
        ("nobody needs it", {"state": "lapsed", "reason": "moved"}, Stand.LAPSED),
        ("a state of a service's own", {"state": "queued"}, Stand.DOUBTFUL),
    ],
)
def test_where_a_mail_stands(service: Service, description: str, told: dict[str, Any], stand: Stand) -> None:
    """Each state in a person's words; what nobody knows is in doubt."""
    service.answers = [(200, json.dumps({"mails": [MAIL | told]}).encode())]

    [mail] = outbox(service).all()

    assert (mail.stand(NOW), mail.booking, mail.member) == (stand, "xhqgmdh", "crew-001"), description


def test_an_address_is_no_word(service: Service) -> None:
    """Whatever a service of another make writes where an id or a reason belongs."""
    told = {"member_id": "leo@example.com", "state": "lapsed", "reason": "leo@example.com bounced"}
    service.answers = [(200, json.dumps({"mails": [MAIL | told]}).encode())]

    assert "@" not in repr(outbox(service).all())


def test_a_service_that_tells_nothing_of_mail(service: Service) -> None:
    """An operator's own has no such route: that is said, and not taken for a fault."""
    service.answers = [(404, b'{"message": "Not Found"}')]

    with pytest.raises(PublishError, match="local does not tell of its mail: it has no `GET /mail`"):
        outbox(service).all()


def test_a_mail_is_sent_again_once_for_a_word(service: Service) -> None:
    """The word goes along as Idempotency-Key, and the answer is where the mail stands then."""
    service.answers = [(200, json.dumps(MAIL | {"state": "sent"}).encode())]

    mail = outbox(service).resend(MAIL["mail_id"], word="drawn")

    method, path, headers, _ = service.asked[0]
    assert mail.stand(NOW) is Stand.OUT
    assert (method, path) == ("POST", "/mail/ev-xhqgmdh-1a2b3c4d.00000001.crew-001/resend")
    assert headers["Idempotency-Key"] == "drawn"


@pytest.mark.parametrize(
    ("status", "answer", "words", "hint"),
    [
        (409, {"error": "mail_in_flight", "detail": "so it is"}, "so it is", "ask again in a minute"),
        (409, {"error": "mail_outdated", "detail": "the charter is over"}, "the charter is over", None),
        (409, {"error": "mail_outdated", "detail": "to leo@example.com"}, "409 mail_outdated", None),
        (
            503,
            {"error": "mail_pending", "detail": "so it is"},
            "so it is",
            "nothing to do: it is tried again every quarter of an hour",
        ),
        (
            401,
            {"error": "unauthorized", "detail": "so it is"},
            "ShipCaptainCrew, asked `POST /mail/a.b.c/arrived`: 401 unauthorized",
            "look with `castoff mail --target local`",
        ),
    ],
)
def test_a_refusal_is_told(service: Service, status: int, answer: dict[str, str], words: str, hint: str | None) -> None:
    """In the service's words, with what to do about it."""
    service.answers = [(status, json.dumps(answer).encode())]

    with pytest.raises(PublishError) as refused:
        outbox(service).arrived("a.b.c")

    assert (refused.value.words, refused.value.hint) == (words, hint)
