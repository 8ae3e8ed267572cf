"""Bounces and complaints: read strictly, noted of whose address it is now, never logged with the address."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.shipcaptaincrew.bounces import Bounces, RefusedRecordError

TOPIC = "arn:aws:sns:us-west-2:000000000000:castoff-mail"
ONCE = {"Idempotency-Key": "event:xhqgmdh"}
Mails = Callable[..., list[Any]]


def bounce(address: str, kind: str = "Permanent") -> dict[str, Any]:
    """Return what SES tells of a mail that came back."""
    return {
        "eventType": "Bounce",
        "mail": {"messageId": "0101", "destination": [address]},
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": address, "status": "5.1.1"}],
            "timestamp": "2024-05-28T19:00:00.000Z",
        },
    }


def complaint(address: str) -> dict[str, Any]:
    """Return what SES tells of a mail that was marked as spam; an identity's own topic says `notificationType`."""
    return {
        "notificationType": "Complaint",
        "complaint": {
            "complainedRecipients": [{"emailAddress": address}],
            "timestamp": "2024-05-28T19:00:00.000Z",
        },
    }


def record(told: object, *, topic: str = TOPIC, source: str = "aws:sns") -> dict[str, Any]:
    """Return how SNS hands it to a Lambda."""
    message = told if isinstance(told, str) else json.dumps(told)
    return {"EventSource": source, "Sns": {"Type": "Notification", "TopicArn": topic, "Message": message}}


@pytest.fixture
def listening(make_scc: Callable[..., TestClient]) -> TestClient:
    """Return the service that knows its topic."""
    return make_scc(mail_topic=TOPIC)


def bounces(scc: TestClient) -> Bounces:
    """Return what the handler hands SNS's records to."""
    found: Bounces = scc.app.state.service.bounces  # type: ignore[attr-defined]  # the app that the client holds
    return found


def put(scc: TestClient, member_id: str, email: str) -> Any:
    """Send a member as the publisher does, and return what is answered of their mail."""
    body = {"name": "Ben Ito", "role": "crew", "email": email}
    answer = scc.put(f"/crew-members/{member_id}", json=body)
    assert answer.status_code == 200
    return answer.json().get("mail")


def test_a_bounce_is_noted_and_stops_mail(
    listening: TestClient,
    event: dict[str, Any],
    crew: dict[str, str],
    hours: dict[str, datetime],
    mails: Mails,
) -> None:
    """Who cannot be reached is not written to again; it is said of the member, of their mails, and of why not."""
    address = crew["crew-001"]

    noted = bounces(listening).take([record(bounce(address.upper()))], now=hours["now"])
    listening.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island"})

    fault = {"kind": "bounce", "permanent": True, "since": "2024-05-28T19:00:00+00:00"}
    listed = listening.get("/mail").json()["mails"]
    assert noted == 1
    assert put(listening, "crew-001", address) == fault
    assert [len(mails(one)) for one in ("captain-001", "crew-001", "crew-002")] == [2, 1, 2]
    assert [
        (mail["state"], mail.get("reason"), mail.get("address")) for mail in listed if mail["member_id"] == "crew-001"
    ] == [("sent", None, fault), ("lapsed", "address_bounced", fault)]
    assert all("address" not in mail for mail in listed if mail["member_id"] != "crew-001")


def test_another_address_is_written_to(
    listening: TestClient, event: dict[str, Any], crew: dict[str, str], hours: dict[str, datetime], mails: Mails
) -> None:
    """With a new address the past is past; a late report about the old one changes nothing; mail can be sent again."""
    old, new = crew["crew-001"], "new." + crew["crew-001"]
    bounces(listening).take([record(bounce(old))], now=hours["now"])
    listening.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island"})
    [lapsed] = listening.get("/mail?state=lapsed").json()["mails"]
    crew["crew-001"] = new

    cleared = put(listening, "crew-001", new)
    late = bounces(listening).take([record(bounce(old))], now=hours["now"])
    again = listening.post(f"/mail/{lapsed['mail_id']}/resend", headers={"Idempotency-Key": "again"})

    assert (cleared, late, again.status_code) == (None, 0, 200)
    assert again.json()["state"] == "sent"
    assert "reason" not in again.json()
    assert [mail["Subject"].partition(":")[0] for mail in mails("crew-001")] == ["Changed"]


@pytest.mark.parametrize("back", ["from another address", "from leave"])
def test_a_bounce_is_forgotten_with_its_address(
    listening: TestClient,
    event: dict[str, Any],
    crew: dict[str, str],
    hours: dict[str, datetime],
    mails: Mails,
    *,
    back: str,
) -> None:
    """Who comes back to an address that once bounced is written to: by hand, somebody said that it works again."""
    address = crew["crew-001"]
    bounces(listening).take([record(bounce(address))], now=hours["now"])

    if back == "from leave":
        listening.delete("/crew-members/crew-001")
    else:
        put(listening, "crew-001", "new." + address)
    again = put(listening, "crew-001", address)
    listening.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island"})

    assert again is None
    assert [mail["Subject"].partition(":")[0] for mail in mails("crew-001")] == ["Crew call", "Changed"]


def test_what_could_not_arrive_is_counted_until_somebody_sees_to_it(
    listening: TestClient, event: dict[str, Any], crew: dict[str, str], hours: dict[str, datetime]
) -> None:
    """A mail that lapsed since nothing arrives there counts as unsent and is true, unless somebody says so."""
    bounces(listening).take([record(bounce(crew["crew-001"]))], now=hours["now"])
    bounces(listening).take([record(bounce(crew["crew-002"]))], now=hours["now"])
    listening.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island"})
    lapsed = [mail["mail_id"] for mail in listening.get("/mail?state=lapsed").json()["mails"]]

    def counted() -> int:
        return int(listening.app.state.service.tick.run().unsent)  # type: ignore[attr-defined]  # the client's app

    told = [counted(), counted()]
    listening.post(f"/mail/{lapsed[0]}/arrived")  # by telephone
    told.append(counted())
    listening.delete("/crew-members/crew-002")
    told.append(counted())

    assert told == [2, 2, 1, 0]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        pytest.param(lambda address: bounce(address, "Transient"), "bounce", id="a full mailbox"),
        pytest.param(complaint, "complaint", id="a complaint"),
    ],
)
def test_what_passes_is_noted_and_mail_goes_on(
    listening: TestClient,
    event: dict[str, Any],
    crew: dict[str, str],
    hours: dict[str, datetime],
    mails: Mails,
    *,
    told: Callable[[str], dict[str, Any]],
    kind: str,
) -> None:
    """A bounce that passes and a complaint are shown, and the crew still hears that their charter moved."""
    bounces(listening).take([record(told(crew["crew-001"]))], now=hours["now"])

    listening.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island"})

    fault = put(listening, "crew-001", crew["crew-001"])
    assert (fault["kind"], fault["permanent"]) == (kind, False)
    assert len(mails("crew-001")) == 2


def test_what_is_worse_stays(
    listening: TestClient, event: dict[str, Any], crew: dict[str, str], hours: dict[str, datetime]
) -> None:
    """A complaint or a passing bounce after a permanent one does not open the address again."""
    assert event
    address = crew["crew-001"]

    for told in (bounce(address), complaint(address), bounce(address, "Transient")):
        bounces(listening).take([record(told)], now=hours["now"])

    assert put(listening, "crew-001", address)["permanent"] is True


def test_no_link_goes_where_nothing_arrives(
    listening: TestClient, event: dict[str, Any], crew: dict[str, str], hours: dict[str, datetime], mails: Mails
) -> None:
    """Asked for at the login page, a link is not sent to an address that bounced for good; by command it is."""
    assert event
    address = crew["crew-001"]
    bounces(listening).take([record(bounce(address))], now=hours["now"])

    listening.post("/crew/xhqgmdh/link", data={"email": address})
    asked = len(mails("crew-001"))
    listening.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})

    assert (asked, len(mails("crew-001"))) == (1, 2)


def test_who_was_only_sent_a_link_is_found_too(
    listening: TestClient, addresses: dict[str, str], hours: dict[str, datetime]
) -> None:
    """A member of the ops, who is never called, is found by their address as well."""
    body = {"name": "Ana Ruiz", "role": "ops", "email": addresses["captain-001"]}
    listening.put("/crew-members/ops-001", json=body)

    assert bounces(listening).take([record(bounce(addresses["captain-001"]))], now=hours["now"]) == 1
    assert listening.put("/crew-members/ops-001", json=body).json()["mail"]["kind"] == "bounce"


FORGED = {
    "another topic": record(bounce("a@example.com"), topic=f"{TOPIC}-2"),
    "no topic": {"EventSource": "aws:sns", "Sns": {"Message": json.dumps(bounce("a@example.com"))}},
    "another source": record(bounce("a@example.com"), source="aws:sqs"),
    "no SNS in it": {"EventSource": "aws:sns"},
    "not even a record": "bounce",
    "no JSON": record("{"),
    "a list": record([bounce("a@example.com")]),
    "deeply nested": record("[" * 100_000),
    "nothing said": record({}),
    "a bounce of nothing": record({"eventType": "Bounce"}),
    "a bounce of no kind": record(bounce("a@example.com", "Forever")),
    "a bounce of nobody": record(bounce("a@example.com") | {"bounce": {"bounceType": "Permanent"}}),
    "a recipient that is no text": record(
        {
            "eventType": "Complaint",
            "complaint": {"complainedRecipients": [{"emailAddress": 7}], "timestamp": "2024-05-28T19:00:00Z"},
        }
    ),
    "no instant": record(
        {"eventType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": "a@b.example"}]}}
    ),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_forged_record_is_refused(
    listening: TestClient, event: dict[str, Any], crew: dict[str, str], hours: dict[str, datetime], forged: Any
) -> None:
    """What is not what SES tells our topic is refused whole, and a good record beside it is noted all the same."""
    assert event
    good = record(bounce(crew["crew-001"]))

    with pytest.raises(RefusedRecordError) as refusal:
        bounces(listening).take([forged, good], now=hours["now"])

    assert "@" not in str(refusal.value)
    assert put(listening, "crew-001", crew["crew-001"])["kind"] == "bounce"


def test_without_a_topic_nothing_is_believed(scc: TestClient, hours: dict[str, datetime]) -> None:
    """A service that was told of no topic refuses every record, one with an empty topic too."""
    with pytest.raises(RefusedRecordError):
        bounces(scc).take([record(bounce("a@example.com"), topic="")], now=hours["now"])


@pytest.mark.parametrize(
    "told",
    ["Successfully validated SNS topic for Amazon SES event publishing.", {"eventType": "Delivery", "delivery": {}}],
)
def test_what_is_no_fault_is_passed_over(listening: TestClient, hours: dict[str, datetime], told: object) -> None:
    """SES's first word to a topic, and reports of what went well, are nothing to note."""
    assert bounces(listening).take([record(told)], now=hours["now"]) == 0


def test_no_address_is_logged(
    listening: TestClient,
    event: dict[str, Any],
    crew: dict[str, str],
    hours: dict[str, datetime],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log names the member and what happened; of a stranger's address, only that there was one."""
    assert event
    caplog.set_level(logging.DEBUG, logger="lambdas")

    bounces(listening).take([record(bounce(crew["crew-001"])), record(bounce("eve@example.com"))], now=hours["now"])

    assert "mail to crew-001: bounce, permanent" in caplog.text
    assert "@" not in caplog.text
