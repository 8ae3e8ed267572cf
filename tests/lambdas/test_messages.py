"""Mails as they go over the wire: whole messages, whose headers nobody can add to, with a calendar file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from fastapi.testclient import TestClient
from support.calendars import first_events, second_events
from support.mailroom import body, calendar, parsed, watched

from castoff.contract.calendar import Method
from lambdas.shipcaptaincrew.invitations import Invitation
from lambdas.shipcaptaincrew.letters import Letter
from lambdas.shipcaptaincrew.mailbox import NotSentError, SesMailbox, UnknownSendingError, message

SENDER = ("Queen of San Diego", "crew@example.com")
PLAIN = Letter("Crew call: Jada", "Hello Ben,\n", "<p>Hello Ben,</p>")


@pytest.fixture
def posted(sesv2: Any) -> Iterator[list[EmailMessage]]:
    """Collect the messages that go to SES in this test."""
    with watched(sesv2) as messages:
        yield messages


def test_a_message_is_whole() -> None:
    """It says from whom and to whom it is, that no person wrote it, and its words twice; all of it in 7 bits."""
    written = Letter("Crew call: Jada · été", "Hello Ben,\nbring a jacket 🧥\n", "<p>Hello Ben, 🧥</p>")

    raw = message(written, sender=SENDER, to="ben@example.com")

    read = parsed(raw)
    assert {name: read[name] for name in ("From", "To", "Subject", "Auto-Submitted", "MIME-Version")} == {
        "From": "Queen of San Diego <crew@example.com>",
        "To": "ben@example.com",
        "Subject": "Crew call: Jada · été",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    assert read.get_content_type() == "multipart/alternative"
    assert (body(read, "plain"), body(read, "html").strip()) == (written.text, written.html)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_an_invitation_lies_beside_the_words() -> None:
    """Among the alternatives, for Outlook, and as a file; each header asks what the file does (RFC 6047)."""
    file = Invitation(Method.CANCEL, "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n")

    read = parsed(message(replace(PLAIN, invitation=file), sender=SENDER, to="ben@example.com"))

    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "text/calendar",
    ]  # fmt: skip
    inline, attached = [part for part in read.walk() if part.get_content_type() == "text/calendar"]
    assert (inline.get_payload(decode=True), inline.get_filename()) == (attached.get_payload(decode=True), None)
    assert [part.get_param("method") for part in (inline, attached)] == ["CANCEL", "CANCEL"]
    assert calendar(read) == (file.text, "CANCEL")
    assert body(read, "plain") == PLAIN.text


HEADERS = ["Auto-Submitted", "Content-Type", "From", "MIME-Version", "Subject", "To"]


@pytest.mark.parametrize(
    "subject",
    [
        "Changed: Jada\r\nBcc: eve@example.com",
        "Changed: Jada\nBcc: eve@example.com",
        "Changed: Jada\rBcc: eve@example.com",
        "Changed: Jada\r\n\r\n<script>",
        "Changed: Jada\u2028Bcc: eve@example.com",
    ],
)
def test_no_subject_adds_a_header(subject: str, sesv2: Any, posted: list[EmailMessage]) -> None:
    """What is checked on arrival is checked again here: such a mail is refused, and nothing of it is sent."""
    mailbox = SesMailbox(lambda: sesv2, sender=SENDER)

    with pytest.raises(NotSentError, match="InvalidHeader"):
        mailbox.send(replace(PLAIN, subject=subject), to="ben@example.com")

    assert posted == []


@pytest.mark.parametrize(
    "subject",
    [
        "Changed: =?utf-8?q?Jada=0D=0ABcc:_eve@example.com?=",
        "=?utf-8?b?SmFkYQ0KQmNjOiBldmVAZXhhbXBsZS5jb20=?= =?utf-8?q?=0AX?=",
        "Changed: " + "very long indeed " * 60,
        "Changed: " + "é" * 600,
        "Changed: Jada" + " " * 300 + "Bcc: eve@example.com",
        "Changed: \u202eadaJ",
    ],
)
def test_a_strange_subject_stays_a_subject(subject: str) -> None:
    """Encoded, endless or turned round, it is one header, and there are no others than ours."""
    read = parsed(message(replace(PLAIN, subject=subject), sender=SENDER, to="ben@example.com"))

    assert sorted(read.keys()) == HEADERS
    assert read["To"] == "ben@example.com"
    assert str(read["Subject"]) == subject


@pytest.mark.parametrize(
    "address", ["a..b@example.com", ".a@example.com", "pat.o'brien@example.com", "a|b`c@example.com", "x@y.z.example"]
)
def test_every_address_that_is_let_in_can_be_written_to(address: str) -> None:
    """Addresses of odd but allowed forms stay what they are."""
    read = parsed(message(PLAIN, sender=SENDER, to=address)) if ".." not in address and address[0] != "." else None

    assert f"To: {address}\r\n".encode() in message(PLAIN, sender=SENDER, to=address)
    assert read is None or read["To"] == address


@pytest.mark.parametrize(
    "name",
    [
        "Queen of San Diego",
        'Queen "Jada" <crew@else.example.org>, Inc.',
        "=?utf-8?q?Jada=0D=0ABcc:_eve@example.com?=",
        "Köche & Söhne · 船",
        "船" * 200,
        "",
    ],
)
def test_any_name_stands_before_the_address(name: str, sesv2: Any, posted: list[EmailMessage]) -> None:
    """Whatever the operator is called, a mail comes from that name and their own address, and SES is told the same."""
    asked: list[str] = []

    def listen(params: dict[str, Any], **_: object) -> None:
        asked.append(json.loads(params["body"])["FromEmailAddress"])

    sesv2.meta.events.register("before-call.sesv2.SendEmail", listen)
    try:
        SesMailbox(lambda: sesv2, sender=(name, "crew@example.com")).send(PLAIN, to="ben@example.com")
    finally:
        sesv2.meta.events.unregister("before-call.sesv2.SendEmail", listen)

    [sent], [told] = posted, asked
    raw = message(PLAIN, sender=(name, "crew@example.com"), to="ben@example.com")
    header = str(message_from_bytes(raw)["From"])
    assert [named(header), named(told)] == [(name, "crew@example.com")] * 2
    assert sorted(sent.keys()) == HEADERS
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert (told.isascii(), told.isprintable()) == (True, True)


def named(header: str) -> tuple[str, str]:
    """Return name and address of a From, as a mail program reads them."""
    name, address = parseaddr(" ".join(header.split()))
    return str(make_header(decode_header(name))), address


def test_bounces_are_told_whichever_identity_is_taken(sesv2: Any) -> None:
    """The configuration set is named with each mail; without one, SES's default counts."""
    asked: list[str | None] = []

    def listen(params: dict[str, Any], **_: object) -> None:
        asked.append(json.loads(params["body"]).get("ConfigurationSetName"))

    sesv2.create_configuration_set(ConfigurationSetName="castoff-mail")
    sesv2.meta.events.register("before-call.sesv2.SendEmail", listen)
    try:
        for events in ("castoff-mail", ""):
            SesMailbox(lambda: sesv2, sender=SENDER, events=events).send(PLAIN, to="ben@example.com")
    finally:
        sesv2.meta.events.unregister("before-call.sesv2.SendEmail", listen)
        sesv2.delete_configuration_set(ConfigurationSetName="castoff-mail")

    assert asked == ["castoff-mail", None]


NAMES = [
    'Ana "Bcc" Ruiz',
    "Ana Ruiz <eve@example.com>",
    "Ana;CN=Eve:mailto:eve@example.com",
    "Ana, eve@example.com",
    "Ana\\nBEGIN:VALARM",
    "=?utf-8?q?Ana=0D=0ABcc:_eve@example.com?=",
    "Ána 🧭",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_or_note_reaches_a_header(
    scc: TestClient, charter: dict[str, Any], crew: dict[str, str], posted: list[EmailMessage], name: str
) -> None:
    """Names, boats, docks and notes of any form go to whom they are for, in the headers that every mail has."""
    scc.put("/crew-members/crew-001", json={"name": name, "role": "crew", "email": crew["crew-001"]})
    strange = charter | {"event_name": name, "dock": name, "notes": f"Bcc: eve@example.com\n\n{name}"}

    answer = scc.post("/event", json=strange, headers={"Idempotency-Key": "event:xhqgmdh"})

    assert answer.status_code == 201, answer.text
    assert [sorted(sent.keys()) for sent in posted] == [HEADERS] * 3
    assert sorted(message["To"] for message in posted) == sorted(
        crew[one] for one in ("captain-001", "crew-001", "crew-002")
    )
    for sent in posted:
        [event] = first_events(calendar(sent)[0])
        assert (event["LOCATION"], event["SUMMARY"].partition(", c")[0]) == (name, name)
        assert "BEGIN:VALARM" not in calendar(sent)[0].replace("\r\n ", "").split("\r\n")


def told(posted: list[EmailMessage], address: str) -> list[Any]:
    """Return what one reader's calendar is asked, mail by mail: method, uid, sequence, status, start, place."""
    asked = []
    for sent in posted:
        if sent["To"] == address:
            text, method = calendar(sent)
            [event] = first_events(text)
            [second] = second_events(text)
            assert f"METHOD:{method}\r\n" in text
            assert (second.uid, second.sequence) == (str(event["UID"]), event["SEQUENCE"])
            assert event["ATTENDEE"] == f"mailto:{address}"
            assert event["ORGANIZER"] == "mailto:crew@example.com"
            start = event["DTSTART"].dt.strftime("%H:%M")
            asked.append((method, str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"]), start))
    return asked


def test_all_mails_of_an_event_speak_of_one_entry(
    scc: TestClient, event: dict[str, Any], crew: dict[str, str], sesv2: Any
) -> None:
    """Moved, called off and back on: one entry, each time under a higher number; the file holds no link."""
    path, uid = f"/events/{event['event_id']}", f"{event['event_id']}@crew.castoff.invalid"

    with watched(sesv2) as posted:
        scc.patch(path, json={"call_time": "2024-05-30T07:30:00-07:00"})
        scc.delete(path)
        scc.patch(path, json={"status": "scheduled"})
        scc.patch(path, json={"crew_ids": ["crew-002"]})

    assert told(posted, crew["crew-001"]) == [
        ("REQUEST", uid, 2, "CONFIRMED", "07:30"),
        ("CANCEL", uid, 3, "CANCELLED", "07:30"),
        ("REQUEST", uid, 4, "CONFIRMED", "07:30"),
        ("CANCEL", uid, 5, "CANCELLED", "07:30"),
    ]
    assert len(told(posted, crew["crew-002"])) == 3
    assert not any("token" in calendar(sent)[0] for sent in posted)


def test_who_is_not_needed_leaves_one_calendar_and_no_other(
    scc: TestClient, event: dict[str, Any], crew: dict[str, str], sesv2: Any
) -> None:
    """A cancellation names only whom it is sent to, so nobody else's entry goes."""
    with watched(sesv2) as posted:
        scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-001"]})

    [sent] = posted
    assert sent["To"] == crew["crew-002"]
    text, method = calendar(sent)
    assert (method, text.count("ATTENDEE")) == ("CANCEL", 1)


class SilentClient:
    """A client of SES whose every call ends in the same fault."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def send_email(self, **_: object) -> None:
        """Fail."""
        raise self._fault


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(EndpointConnectionError(endpoint_url="x"), NotSentError, id="never reached"),
        pytest.param(ReadTimeoutError(endpoint_url="x"), UnknownSendingError, id="reached, and silent"),
    ],
)
def test_only_silence_leaves_a_doubt(fault: Exception, expected: type[Exception]) -> None:
    """What never reached SES was not sent; what did, and was not answered, may have been."""
    client: Callable[[], Any] = lambda: SilentClient(fault)  # noqa: E731 - a port, for one line

    with pytest.raises(expected):
        SesMailbox(client, sender=SENDER).send(PLAIN, to="ben@example.com")
