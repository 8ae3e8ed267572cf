"""Who mails come from: from the template's environment to what a reader sees."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.mailroom import body, watched

from lambdas.shipcaptaincrew.brand import Brand
from lambdas.shipcaptaincrew.settings import read_settings

ENVIRONMENT = {
    **dict.fromkeys(("TABLE", "SCC_SECRET", "ORIGIN_SECRET", "GATE_SECRET", "UPLOAD_SIGNER_SECRET"), "x"),
    **dict.fromkeys(("KEY_VALUE_STORE", "UPLOADS_BUCKET", "GUEST_URL", "OPS_URL"), "x"),
    "MAIL_FROM": "crew@example.com",
    "TIME_ZONE": "America/Los_Angeles",
}


@pytest.mark.parametrize(
    ("more", "sender", "contact", "events"),
    [
        pytest.param({}, ("", "crew@example.com"), "", "", id="a stack from before there were names"),
        pytest.param(
            {"BRAND_NAME": "Queen of San Diego", "BRAND_CONTACT": "619-555-0142", "MAIL_EVENTS": "castoff-mail"},
            ("Queen of San Diego", "crew@example.com"),
            "619-555-0142",
            "castoff-mail",
            id="all of it",
        ),
    ],
)
def test_the_environment_says_who_we_are(
    more: dict[str, str], sender: tuple[str, str], contact: str, events: str
) -> None:
    """What the template passes on is what mails are sent with; what is missing is left out."""
    settings = read_settings(ENVIRONMENT | more)

    assert (settings.sender, settings.brand.contact, settings.mail_events) == (sender, contact, events)


def test_calls_and_links_say_whom_to_ask(scc: TestClient, event: dict[str, Any], sesv2: Any) -> None:
    """Each mail comes from the operator's name, and ends with how to reach them."""
    with watched(sesv2) as posted:
        scc.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island", "crew_ids": ["crew-001"]})
        scc.post("/crew-members/crew-001/link", json={"subject": event["booking_id"]})

    assert len(posted) == 4
    assert {sent["From"] for sent in posted} == {"Queen of San Diego <crew@example.com>"}
    endings = sorted(body(sent, "plain").splitlines()[-1] for sent in posted)
    reached = "Queen of San Diego: 619-555-0142"
    assert endings == [f"Can't make it? {reached}"] * 2 + [f"Questions? {reached}"] * 2
    assert all('href="tel:6195550142"' in body(sent, "html") for sent in posted)


@pytest.mark.parametrize(
    ("contact", "address"),
    [("619-555-0142", "tel:6195550142"), ("a@example.com", "mailto:a@example.com"), ("the office", ""), ("", "")],
)
def test_what_is_pressed(contact: str, address: str) -> None:
    """A number is called, an address written to, and words are words."""
    assert Brand("Jada", contact).address == address
