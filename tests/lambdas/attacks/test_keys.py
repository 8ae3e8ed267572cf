"""Attacks on the keys of programs: each row is what is sent in a key's place, and the refusal."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service.table import Table

KEY, TOKEN, ORIGIN = (
    b"the-service-key-of-this-test",
    b"the-dashboard-token-of-this-test",
    b"the-origin-header-of-this-test",
)
Headers = Sequence[tuple[bytes, bytes]]

# What stands in for a right key: its header's name and its value, of which `{}` is the right one.
WRONG: dict[str, Headers] = {
    "absent": (),
    "empty": ((b"%s", b""),),
    "a blank": ((b"%s", b" "),),
    "wrong": ((b"%s", b"wrong"),),
    "truncated": ((b"%s", b"the-"),),
    "without its last letter": ((b"%s", b"<cut>"),),
    "a letter more": ((b"%s", b"{}x"),),
    "twice in one": ((b"%s", b"{}{}"),),
    "twice with a comma": ((b"%s", b"{}, {}"),),
    "two headers, both right": ((b"%s", b"{}"), (b"%s", b"{}")),
    "two headers, the first right": ((b"%s", b"{}"), (b"%s", b"wrong")),
    "two headers, the second right": ((b"%s", b"wrong"), (b"%s", b"{}")),
    "a NUL behind": ((b"%s", b"{}\0"),),
    "a tab within": ((b"%s", b"the-service\t-key"),),
    "not ASCII": ((b"%s", "schlüssel".encode()),),
    "not UTF-8": ((b"%s", b"\xff\xfe\xfd"),),
    "fullwidth": ((b"%s", "ｔｈｅ".encode()),),
    "very long": ((b"%s", b"k" * 20_000),),
    "a letter too long": ((b"%s", b"k" * 257),),
    "the right one, very long": ((b"%s", b"{}" * 300),),
    "its hash": ((b"%s", b"<hash>"),),
    "its hash with its kind": ((b"%s", b"sha256:<hash>"),),
    "as a bearer": ((b"%s", b"Bearer {}"),),
    "in another header": ((b"Authorization", b"Bearer {}"),),
    "in a cookie": ((b"Cookie", b"%s={}"),),
    "underscores in the name": ((b"<under>", b"{}"),),
    "a blank in the name's place": ((b"X-%s", b"{}"),),
    "said to be forwarded": ((b"X-Forwarded-%s", b"{}"),),
    "as JSON": ((b"%s", b'"{}"'),),
    "a pattern": ((b"%s", b"*"),),
    "nothing at all, in words": ((b"%s", b"None"),),
}


def headers(row: Headers, name: bytes, key: bytes) -> list[tuple[bytes, bytes]]:
    """Return a row's headers for a key."""
    hashed = hashlib.sha256(key).hexdigest().encode()
    return [
        (
            told.replace(b"%s", name).replace(b"<under>", name.replace(b"-", b"_")),
            value.replace(b"{}", key).replace(b"<cut>", key[:-1]).replace(b"%s", name).replace(b"<hash>", hashed),
        )
        for told, value in row
    ]


def test_a_service_key_that_is_none(scc: TestClient, table: Table) -> None:
    """Each operator's route is 401 with the header's name, changes nothing and shows nothing of what was sent."""
    del scc.headers["X-Service-Key"]
    member = {"name": "Ana Ruiz", "role": "ops", "email": "ana@example.com"}
    routes = [
        ("GET", "/events?booking_id=xhqgmdh", None),
        ("DELETE", "/crew-members/captain-001", None),
        ("PUT", "/crew-members/captain-001", member),
        ("POST", "/crew-members/captain-001/link", {"subject": "ops"}),
    ]

    answers = {
        (name, method): scc.request(method, path, headers=headers(row, b"X-Service-Key", KEY), json=body)
        for name, row in WRONG.items()
        for method, path, body in routes
    }

    told = {which: (one.status_code, one.json()["error"], one.json()["field"]) for which, one in answers.items()}
    assert told == dict.fromkeys(answers, (401, "unauthorized", "X-Service-Key"))
    assert not any(KEY.decode() in answer.text for answer in answers.values())
    assert table.partition("member#captain-001") == []


@pytest.mark.parametrize("name", [b"X-Service-Key", b"x-service-key", b"X-SERVICE-KEY", b"x-SeRvIcE-kEy"])
def test_a_headers_case_is_no_matter(scc: TestClient, name: bytes) -> None:
    """The right key is right however its header's name is written."""
    del scc.headers["X-Service-Key"]

    assert scc.get("/events?booking_id=xhqgmdh", headers=[(name, KEY)]).status_code == 200


def test_a_key_in_the_address_is_none(scc: TestClient) -> None:
    """A key in the query, where logs would hold it, opens nothing."""
    del scc.headers["X-Service-Key"]

    answer = scc.get(f"/events?booking_id=xhqgmdh&X-Service-Key={KEY.decode()}&key={KEY.decode()}")

    assert answer.status_code == 401


def test_a_dashboard_token_that_is_none(dashboard: TestClient, table: Table) -> None:
    """Each of the dashboard's routes is 401, and the service key is no token of its."""
    del dashboard.headers["X-Dashboard-Token"]
    entry = {"date": "2024-05-30", "event_type": "charter", "booking_id": "xhqgmdh"}
    routes = [("GET", "/calendar", None), ("PUT", "/calendar/xhqgmdh", entry), ("DELETE", "/calendar/xhqgmdh", None)]

    answers = {
        (name, method): dashboard.request(
            method, path, headers=[*headers(row, b"X-Dashboard-Token", TOKEN), (b"X-Service-Key", KEY)], json=body
        )
        for name, row in WRONG.items()
        for method, path, body in routes
    }

    told = {which: (one.status_code, one.json()["error"]) for which, one in answers.items()}
    assert told == dict.fromkeys(answers, (401, "unauthorized"))
    assert not any(TOKEN.decode() in answer.text for answer in answers.values())
    assert table.partition("entry#xhqgmdh") == []


def test_an_origin_header_that_is_none(scc: TestClient, table: Table) -> None:
    """A viewer who is not through the site is 403, even with a service key, and no address of theirs is counted."""
    del scc.headers["X-Castoff-Origin"]
    routes = [("GET", "/crew/xhqgmdh"), ("POST", "/crew/xhqgmdh"), ("POST", "/crew/xhqgmdh/link")]
    asked = json.dumps({"ticket": "1.a.b", "content_type": "image/jpeg"})
    viewers = {
        name: [(b"CloudFront-Viewer-Address", b"198.51.100.10:1"), *headers(row, b"X-Castoff-Origin", ORIGIN)]
        for name, row in WRONG.items()
    }

    answers = {
        (name, method, path): scc.request(
            method, path, headers=viewer, data={"token": "A" * 43, "email": "ana@example.com"}
        )
        for name, viewer in viewers.items()
        for method, path in routes
    }
    del scc.headers["X-Service-Key"]
    for name, viewer in viewers.items():
        typed = [*viewer, (b"Content-Type", b"application/json")]
        answers[name, "POST", "/g/PRESIGN"] = scc.post("/g/PRESIGN", headers=typed, content=asked)

    told = {which: (one.status_code, one.json()["error"]) for which, one in answers.items()}
    assert told == dict.fromkeys(answers, (403, "not_through_the_site"))
    assert not any("set-cookie" in one.headers or ORIGIN.decode() in one.text for one in answers.values())
    assert [table.partition(f"limit#{name}#198.51.100.10") for name in ("tries-network", "link-network")] == [[], []]


def test_one_services_key_is_not_anothers(scc: TestClient, dashboard: TestClient) -> None:
    """The dashboard's token opens no route of ShipCaptainCrew, nor the origin's header an operator's."""
    del scc.headers["X-Service-Key"]
    wanted: dict[str, Any] = {"X-Service-Key": TOKEN.decode(), "X-Dashboard-Token": TOKEN.decode()}

    answers = [
        scc.get("/events?booking_id=xhqgmdh", headers=wanted),
        scc.get("/events?booking_id=xhqgmdh", headers={"X-Service-Key": ORIGIN.decode()}),
        dashboard.get("/calendar", headers={"X-Dashboard-Token": KEY.decode()}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 3
