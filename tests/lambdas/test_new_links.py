"""New links: to the address on file, seldom enough, and with one answer for everyone."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from fastapi.testclient import TestClient

from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Key, Step, Table, Update
from lambdas.shipcaptaincrew.mailbox import NotSentError, SesMailbox, UnknownSendingError

Mails = Callable[..., list[Any]]
TokenOf = Callable[[str], str]


def ask(scc: TestClient, subject: str = "xhqgmdh", *, viewer: str = "198.51.100.10:1", **form: str) -> httpx.Response:
    """Send one of the forms that ask for a link."""
    return scc.post(f"/crew/{subject}/link", data=form, headers={"CloudFront-Viewer-Address": viewer})


def enter(scc: TestClient, token: str, subject: str = "xhqgmdh") -> int:
    """Press a link's button."""
    return scc.post(f"/crew/{subject}", data={"token": token}).status_code


@pytest.fixture
def board(scc: TestClient, crew: dict[str, str]) -> dict[str, str]:
    """Make Dev one of ops."""
    scc.put("/crew-members/crew-003", json={"name": "Dev Rao", "role": "ops", "email": crew["crew-003"]})
    return crew


@pytest.mark.usefixtures("event")
def test_an_address_gets_a_link(scc: TestClient, crew: dict[str, str], mails: Mails, token_of: TokenOf) -> None:
    """Who is aboard gets a letter with a link that works, however they write their own address."""
    answer = ask(scc, email=f"  {crew['crew-001'].upper()} ")

    letter = mails("crew-001")[-1]
    assert (answer.status_code, len(mails())) == (200, 4)
    assert letter["Subject"] == "Your way in: Jada, Thu, May 30, 8 AM"
    assert "http://guest.localhost:8080/crew/xhqgmdh?token=" in letter["BodyText"]
    assert enter(scc, token_of("crew-001")) == 303


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize("state", ["good", "spent", "run out", "long run out", "of an old address"])
def test_an_old_link_is_proof_enough(
    scc: TestClient, crew: dict[str, str], hours: dict[str, datetime], mails: Mails, token_of: TokenOf, *, state: str
) -> None:
    """Who shows a link of theirs, good or not any more, gets a new one to the address on file, and it works."""
    old = token_of("crew-001")
    match state:
        case "spent":
            enter(scc, old)
        case "run out":
            hours["now"] += timedelta(hours=49)
        case "long run out":
            hours["now"] += timedelta(days=100)
        case "of an old address":
            moved = {"name": "Ben Ito", "role": "crew", "email": crew["crew-003"]}
            scc.put("/crew-members/crew-001", json=moved)
    told = len(mails())

    ask(scc, token=old)

    to = "crew-003" if state == "of an old address" else "crew-001"
    assert (len(mails()), mails(to)[-1]["Subject"].partition(":")[0]) == (told + 1, "Your way in")
    assert enter(scc, token_of(to)) == 303


@pytest.mark.usefixtures("event")
def test_taken_off_one_charter_the_link_to_another_is_good(
    scc: TestClient, charter: dict[str, Any], mails: Mails, token_of: TokenOf
) -> None:
    """The other charter's link still works; on the first, the old link opens nothing and brings nothing."""
    first = token_of("crew-001")
    other = charter | {"booking_id": "abcdefg", "crew_page": "http://guest.localhost:8080/g/abcdefg-crew"}
    scc.post("/event", json=other, headers={"Idempotency-Key": "event:abcdefg"})
    second = token_of("crew-001")
    [made] = scc.get("/events", params={"booking_id": "xhqgmdh"}).json()["events"]
    scc.patch(f"/events/{made['event_id']}", json={"crew_ids": ["crew-002"]})

    told = len(mails())

    ask(scc, token=first)

    assert len(mails()) == told
    assert enter(scc, first) == 410
    assert enter(scc, second, "abcdefg") == 303


def test_ops_ask_for_theirs(scc: TestClient, board: dict[str, str], mails: Mails, token_of: TokenOf) -> None:
    """Who has the role ops asks by address or old link, on a page of their own, and is sent to their own site."""
    ask(scc, "ops", email=board["crew-003"])
    first = token_of("crew-003")
    enter(scc, first, "ops")

    ask(scc, "ops", token=first)

    letter = mails("crew-003")[-1]
    assert letter["Subject"] == "Your way in: ops board"
    assert "http://ops.localhost:8080/crew/ops?token=" in letter["BodyText"]
    assert token_of("crew-003") != first
    assert enter(scc, token_of("crew-003"), "ops") == 303


NOBODY = [
    pytest.param("xhqgmdh", {"email": "crew-003"}, id="known, but not aboard"),
    pytest.param("xhqgmdh", {"email": "nobody@example.com"}, id="unknown address"),
    pytest.param("xhqgmdh", {"email": ""}, id="no address"),
    pytest.param("xhqgmdh", {"email": "x" * 5000}, id="long address"),
    pytest.param("xhqgmdh", {"email": "<script>alert(1)</script>"}, id="markup"),
    pytest.param("xhqgmdh", {"email": "a@example.com\r\nBcc: b@example.com"}, id="a header in it"),
    pytest.param("xhqgmdh", {}, id="empty form"),
    pytest.param("xhqgmdh", {"token": "A" * 43}, id="forged link"),
    pytest.param("xhqgmdh", {"token": "A" * 10_000}, id="long link"),
    pytest.param("zzzzzzz", {"email": "crew-001"}, id="no such booking"),
    pytest.param("zzzzzzz", {"token": "good"}, id="no such booking, good link"),
    pytest.param("abcdefg", {"email": "crew-001"}, id="cancelled booking"),
    pytest.param("abcdefg", {"token": "cancelled"}, id="cancelled booking, its own link"),
    pytest.param("ops", {"email": "crew-001"}, id="ops, without the role"),
    pytest.param("ops", {"token": "good"}, id="ops, with a crew link"),
]


@pytest.fixture
def cancelled(scc: TestClient, event: dict[str, Any], charter: dict[str, Any], token_of: TokenOf) -> dict[str, str]:
    """Make and cancel another charter of the same crew, and return a good token and one of that charter."""
    assert event
    good = token_of("captain-001")
    other = charter | {"booking_id": "abcdefg", "crew_page": "http://guest.localhost:8080/g/abcdefg-crew"}
    made = scc.post("/event", json=other, headers={"Idempotency-Key": "event:abcdefg"}).json()
    tokens = {"good": good, "cancelled": token_of("crew-002")}
    scc.delete(f"/events/{made['event_id']}")
    return tokens


@pytest.mark.parametrize(("subject", "form"), NOBODY)
def test_one_answer_for_everyone(
    *,
    scc: TestClient,
    board: dict[str, str],
    cancelled: dict[str, str],
    mails: Mails,
    pauses: list[float],
    subject: str,
    form: dict[str, str],
) -> None:
    """Whoever asks gets the same bytes and the same status, after the same while, and only who belongs gets a mail."""
    words = cancelled | board
    told = len(mails())
    refused = ask(scc, subject, **{name: words.get(text, text) for name, text in form.items()})
    after = len(mails())

    given = ask(scc, email=board["captain-001"])

    assert (after, len(mails())) == (told, told + 1)
    assert (refused.status_code, refused.content) == (given.status_code, given.content)
    assert {**refused.headers} == {**given.headers}
    assert pauses == [1.0, 1.0]


@pytest.mark.usefixtures("event")
def test_who_left_gets_none(
    scc: TestClient, event: dict[str, Any], crew: dict[str, str], mails: Mails, token_of: TokenOf
) -> None:
    """Who is off the crew or gone for good gets no link, by address or by an old one."""
    tokens = {member_id: token_of(member_id) for member_id in ("crew-001", "crew-002")}
    scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-002"]})
    scc.delete("/crew-members/crew-002")
    told = len(mails())

    for member_id, token in tokens.items():
        ask(scc, token=token)
        ask(scc, email=crew[member_id])

    assert len(mails()) == told


@pytest.mark.usefixtures("event")
def test_an_old_link_is_proof_for_its_own_booking(
    scc: TestClient, charter: dict[str, Any], mails: Mails, token_of: TokenOf
) -> None:
    """A link of one booking asks for no link of another, even where its member is aboard as well."""
    token = token_of("crew-001")
    other = charter | {"booking_id": "abcdefg", "crew_page": "http://guest.localhost:8080/g/abcdefg-crew"}
    scc.post("/event", json=other, headers={"Idempotency-Key": "event:abcdefg"})
    told = len(mails())

    ask(scc, "abcdefg", token=token)

    assert len(mails()) == told


@pytest.mark.usefixtures("event")
def test_a_link_is_known_for_half_a_year(table: Table, hours: dict[str, datetime], token_of: TokenOf) -> None:
    """DynamoDB clears a link away 180 days after it has run out: until then it is proof of whose it was."""
    digest = hashlib.sha256(token_of("crew-001").encode()).hexdigest()

    link = table.get(Key(f"link#{digest}", "link"))

    until = hours["now"] + timedelta(hours=48)
    assert link is not None
    assert (link["good_until"], link["expires_at"]) == (
        until.timestamp(),
        (until + timedelta(days=180)).timestamp(),
    )


@pytest.mark.parametrize("fault", [NotSentError("MessageRejected"), UnknownSendingError(), KeyError("of ours")])
@pytest.mark.usefixtures("event")
def test_a_mail_that_fails_tells_nothing(
    make_scc: Callable[..., TestClient], crew: dict[str, str], scc: TestClient, fault: Exception
) -> None:
    """When the mail cannot be sent, or nobody can say, the answer is the same, and the log knows."""

    class Broken:
        def send(self, *_: Any, **__: Any) -> None:
            raise fault

    broken = ask(make_scc(mailbox=Broken()), email=crew["crew-001"])

    assert (broken.status_code, broken.content) == (200, ask(scc, email="nobody@example.com").content)


@pytest.mark.parametrize("which", ["link#", "limit"])
@pytest.mark.usefixtures("event")
def test_a_table_that_fails_tells_nothing(
    *,
    make_scc: Callable[..., TestClient],
    crew: dict[str, str],
    dynamodb: Any,
    table_name: str,
    caplog: pytest.LogCaptureFixture,
    which: str,
) -> None:
    """When just what a member needs cannot be written, they are answered as a stranger is, and the log knows."""

    class Throttled(Table):
        """A table that takes no link, or counts no member."""

        def write(self, *steps: Step) -> None:
            """Refuse links."""
            if which == "link#" and any(step.label == "link" for step in steps):
                raise UnavailableError("throttled")
            super().write(*steps)

        def update(self, step: Update) -> None:
            """Refuse to count a member."""
            if which == "limit" and "link-member" in step.key.pk:
                raise UnavailableError("throttled")
            super().update(step)

    throttled = make_scc(storage=Throttled(lambda: dynamodb, table_name))

    known, unknown = (ask(throttled, email=email) for email in (crew["crew-001"], "nobody@example.com"))

    assert (known.status_code, known.content) == (200, unknown.content)
    assert "the link for crew-001 behind xhqgmdh may not have gone out (throttled)" in caplog.text


@pytest.mark.usefixtures("event")
def test_the_log_names_nobodys_address(
    make_scc: Callable[..., TestClient], crew: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """What SES says of an address that it refuses stays out of the log; its code is there."""

    class Sandbox:
        def send_email(self, **_: Any) -> None:
            said = {"Code": "MessageRejected", "Message": f"Email address is not verified: {crew['crew-001']}"}
            raise ClientError({"Error": said, "ResponseMetadata": {"HTTPStatusCode": 400}}, "SendEmail")  # type: ignore[typeddict-item]

    sandbox: Any = Sandbox()

    ask(make_scc(mailbox=SesMailbox(lambda: sandbox, sender=("", "crew@example.com"))), email=crew["crew-001"])

    assert "may not have gone out (MessageRejected)" in caplog.text
    assert crew["crew-001"] not in caplog.text


@pytest.mark.usefixtures("event")
def test_a_member_is_mailed_so_often(
    scc: TestClient, crew: dict[str, str], hours: dict[str, datetime], mails: Mails
) -> None:
    """Five links an hour for one member, from wherever they are asked for; another member's are not touched."""
    told = len(mails("crew-001"))

    answers = [ask(scc, viewer=f"198.51.100.{number}:1", email=crew["crew-001"]) for number in range(7)]
    within = len(mails("crew-001"))
    ask(scc, email=crew["crew-002"])
    hours["now"] += timedelta(hours=1)
    ask(scc, email=crew["crew-001"])

    assert len({answer.content for answer in answers}) == 1
    assert (within - told, len(mails("crew-002")), len(mails("crew-001")) - told) == (5, 2, 6)


@pytest.mark.usefixtures("event")
def test_a_network_asks_so_often(
    *,
    scc: TestClient,
    crew: dict[str, str],
    hours: dict[str, datetime],
    mails: Mails,
    pauses: list[float],
    table: Table,
) -> None:
    """Thirty questions an hour from one network, whatever they are about; then 429 at once, unread, with what to do."""
    told = len(mails())
    viewers = [f"[2001:db8::{number}]:46532" for number in range(31)]

    answers = [ask(scc, viewer=viewer, email="nobody@example.com") for viewer in viewers]
    ask(scc, viewer=viewers[0], email=crew["crew-001"])
    within, waited = len(mails()), len(pauses)
    ask(scc, viewer="[2001:db8:0:1::1]:46532", email=crew["crew-001"])
    hours["now"] += timedelta(hours=1)
    ask(scc, viewer=viewers[0], email=crew["crew-001"])

    refused = answers.pop()
    assert ({answer.status_code for answer in answers}, len({answer.content for answer in answers})) == ({200}, 1)
    assert (refused.status_code, refused.headers["retry-after"], "Turn Wi-Fi off" in refused.text) == (
        429,
        "3600",
        True,
    )
    assert (within - told, waited, len(mails()) - told) == (0, 30, 2)
    assert table.partition("limit#link-network#2001:db8::/64")[0]["count"] == 1


@pytest.mark.usefixtures("event")
def test_no_token_of_a_new_link_is_kept(
    scc: TestClient, crew: dict[str, str], dynamodb: Any, table_name: str, token_of: TokenOf
) -> None:
    """The table holds the digest of a new link and never its token."""
    ask(scc, email=crew["crew-001"])

    assert token_of("crew-001") not in str(dynamodb.scan(TableName=table_name)["Items"])


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(("hours_set", "words"), [("2", "within 2 hours"), ("1", "within 1 hour.")])
def test_the_hours_are_a_setting(
    *,
    make_scc: Callable[..., TestClient],
    crew: dict[str, str],
    hours: dict[str, datetime],
    mails: Mails,
    token_of: TokenOf,
    hours_set: str,
    words: str,
) -> None:
    """A new link lasts as long as the setting says, and letter and page say so."""
    settled: Any = {"link_hours": int(hours_set)}
    scc = make_scc(**settled)

    page = ask(scc, email=crew["crew-001"]).text
    ask(scc, email=crew["crew-002"])
    hours["now"] += timedelta(hours=int(hours_set), seconds=-1)
    in_time = enter(scc, token_of("crew-001"))
    hours["now"] += timedelta(seconds=1)

    assert (in_time, enter(scc, token_of("crew-002"))) == (303, 410)
    assert words in page
    assert words in mails("crew-001")[-1]["BodyText"]


def test_the_login_page_knows_no_booking(scc: TestClient, event: dict[str, Any]) -> None:
    """Without a link the page asks for an address, in the same bytes for a booking that is and one that is not."""
    answers = [scc.get(f"/crew/{booking}") for booking in (event["booking_id"], "zzzzzzz")]

    pages = [answer.content.replace(b"zzzzzzz", b"xhqgmdh") for answer in answers]
    assert pages[0] == pages[1]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {**answers[0].headers} == {**answers[1].headers}
    assert '<form method="post" action="/crew/xhqgmdh/link">' in answers[0].text
    assert re.search('<label for="email">.*<input id="email" name="email" type="email"', answers[0].text)


def test_a_link_of_no_booking_is_refused_the_same(scc: TestClient, event: dict[str, Any]) -> None:
    """A link that is not ours is answered the same whether its booking exists or not."""
    answers = [scc.post(f"/crew/{booking}", data={"token": "A" * 43}) for booking in (event["booking_id"], "zzzzzzz")]

    assert answers[0].content == answers[1].content.replace(b"zzzzzzz", b"xhqgmdh")
    assert [answer.status_code for answer in answers] == [410, 410]
    assert 'action="/crew/xhqgmdh/link"' in answers[0].text
    assert 'name="email"' in answers[0].text


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize("state", ["This link was used", "This link has run out"])
def test_a_link_that_is_over_offers_another(
    scc: TestClient, hours: dict[str, datetime], token_of: TokenOf, state: str
) -> None:
    """A spent or expired link's page is one button that carries the old link, with nothing to type."""
    token = token_of("crew-001")
    if state == "This link was used":
        enter(scc, token)
    else:
        hours["now"] += timedelta(hours=48)

    page = scc.post("/crew/xhqgmdh", data={"token": token}).text

    assert f"<h1>{state}</h1>" in page
    assert f'<form method="post" action="/crew/xhqgmdh/link"><input type="hidden" name="token" value="{token}">' in page
    assert "email" not in page


def test_the_answers_address_leads_to_the_login(scc: TestClient) -> None:
    """Who opens the address that the form is sent to comes to the form."""
    answer = scc.get("/crew/xhqgmdh/link")

    assert (answer.status_code, answer.headers["location"]) == (303, "/crew/xhqgmdh")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/crew/{}", "/crew/{}/link"])
@pytest.mark.parametrize("subject", ['"><script>', "x" * 65, "%2e%2e", "a b", "é", "xhqgmdh.html"])
def test_what_is_no_booking_has_no_form(scc: TestClient, method: str, path: str, subject: str) -> None:
    """What cannot be a booking's id is 410 in words, and is not shown."""
    answer = scc.request(method, path.format(subject), data={"email": "a@example.com"})

    assert (answer.status_code, "<form" in answer.text, "<script" in answer.text) == (410, False, False)


@pytest.mark.usefixtures("event", "board")
def test_the_operator_sends_a_link(scc: TestClient, mails: Mails, token_of: TokenOf) -> None:
    """The operator has a link mailed to who is aboard or has the role ops, as often as they like."""
    told = len(mails())
    answers = [
        scc.post(f"/crew-members/{member_id}/link", json={"subject": subject})
        for member_id, subject in [("crew-001", "xhqgmdh"), ("crew-003", "ops"), *[("captain-001", "xhqgmdh")] * 6]
    ]

    assert {answer.status_code for answer in answers} == {202}
    assert [answer.json() for answer in answers[:2]] == [
        {"member_id": "crew-001", "subject": "xhqgmdh"},
        {"member_id": "crew-003", "subject": "ops"},
    ]
    assert len(mails()) == told + 8
    assert (enter(scc, token_of("crew-001")), enter(scc, token_of("crew-003"), "ops")) == (303, 303)
    assert all(token_of(member_id) not in answer.text for answer in answers for member_id in ("crew-001", "crew-003"))


@pytest.mark.parametrize(
    ("member_id", "body", "status", "error", "field"),
    [
        pytest.param("crew-009", {"subject": "xhqgmdh"}, 404, "member_unknown", "member_id", id="stranger"),
        pytest.param("crew-002", {"subject": "xhqgmdh"}, 404, "member_unknown", "member_id", id="who left"),
        pytest.param("crew-003", {"subject": "xhqgmdh"}, 422, "not_aboard", "subject", id="not aboard"),
        pytest.param("crew-001", {"subject": "ops"}, 422, "not_aboard", "subject", id="not ops"),
        pytest.param("crew-001", {"subject": "zzzzzzz"}, 422, "not_aboard", "subject", id="no such booking"),
        pytest.param("crew-001", {"subject": "abcdefg"}, 422, "event_cancelled", "subject", id="cancelled"),
        pytest.param("crew-001", {"subject": "../ops"}, 422, "invalid_field", "subject", id="no subject's form"),
        pytest.param("crew-001", {}, 422, "invalid_field", "subject", id="no subject"),
        pytest.param(
            "crew-001", {"subject": "ops", "to": "a@example.com"}, 422, "invalid_field", "to", id="a field more"
        ),
    ],
)
@pytest.mark.usefixtures("cancelled")
def test_the_operator_hears_why_not(
    *,
    scc: TestClient,
    mails: Mails,
    member_id: str,
    body: dict[str, str],
    status: int,
    error: str,
    field: str,
) -> None:
    """The operator is told whether it is the member or the place, and nothing is mailed."""
    scc.delete("/crew-members/crew-002")
    told = len(mails())

    answer = scc.post(f"/crew-members/{member_id}/link", json=body)

    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (status, error, field)
    assert len(mails()) == told


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (NotSentError("MessageRejected"), 503, "mail_refused"),
        (UnknownSendingError(), 502, "mail_unconfirmed"),
    ],
)
@pytest.mark.usefixtures("event")
def test_the_operator_hears_when_a_mail_fails(
    make_scc: Callable[..., TestClient], fault: Exception, status: int, error: str
) -> None:
    """A mail that was refused, or of which nobody can say, is told as it is."""

    class Broken:
        def send(self, *_: Any, **__: Any) -> None:
            raise fault

    answer = make_scc(mailbox=Broken()).post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
