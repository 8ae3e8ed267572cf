"""Attacks by bodies: too large, in pieces, of another kind, or with a header of a mail's in a name."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

LARGEST = 64 * 1024
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ONCE = {"Idempotency-Key": "event:xhqgmdh"}


def in_pieces(size: int, *, piece: int = 4096) -> Iterator[bytes]:
    """Yield a body piece by piece, so that no Content-Length says how much there is."""
    for begin in range(0, size, piece):
        yield b" " * min(piece, size - begin)


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/event", JSON | ONCE), ("/g/PRESIGN", JSON), ("/crew/xhqgmdh", FORM), ("/crew/xhqgmdh/link", FORM), ("/x", {})],
)
def test_a_body_has_an_end(scc: TestClient, path: str, headers: dict[str, str]) -> None:
    """A byte more than 64 KB is 413, whole or in pieces, before anything else is looked at."""
    whole = scc.post(path, content=b" " * (LARGEST + 1), headers=headers)
    pieces = scc.post(path, content=in_pieces(LARGEST + 1), headers=headers)
    endless = scc.post(path, content=in_pieces(LARGEST * 20), headers=headers)
    fits = scc.post(path, content=in_pieces(LARGEST), headers=headers)

    assert [one.status_code for one in (whole, pieces, endless)] == [413] * 3
    assert fits.status_code != 413
    assert ("body_too_large" in whole.text, "<h1>That did not work</h1>" in whole.text) == (
        not path.startswith("/crew/"),
        path.startswith("/crew/"),
    )


@pytest.mark.parametrize(
    ("headers", "encode", "status", "error"),
    [
        pytest.param({}, str.encode, 415, "not_json", id="no type"),
        pytest.param({"Content-Type": "text/json"}, str.encode, 415, "not_json", id="nearly JSON"),
        pytest.param({"Content-Type": "application/jsonp"}, str.encode, 415, "not_json", id="more than JSON"),
        pytest.param({"Content-Type": "text/plain, application/json"}, str.encode, 415, "not_json", id="two types"),
        pytest.param(FORM, str.encode, 415, "not_json", id="a form"),
        pytest.param({"Content-Type": "application/xml"}, str.encode, 415, "not_json", id="XML"),
        pytest.param(
            JSON | {"Content-Encoding": "gzip"},
            lambda text: gzip.compress(text.encode()),
            400,
            "malformed_json",
            id="compressed",
        ),
        pytest.param(JSON, lambda text: text.encode() + b"\0", 400, "malformed_json", id="a NUL behind"),
        pytest.param(JSON, lambda text: text.encode() * 2, 400, "malformed_json", id="two documents"),
        pytest.param(JSON, lambda text: f"[{text}]".encode(), 422, "invalid_field", id="a list of it"),
        pytest.param(JSON, lambda text: json.dumps(text).encode(), 422, "invalid_field", id="JSON in JSON"),
    ],
)
def test_a_kind_is_what_it_says(
    *,
    scc: TestClient,
    crew: dict[str, str],
    charter: dict[str, Any],
    headers: dict[str, str],
    encode: Callable[[str], bytes],
    status: int,
    error: str,
) -> None:
    """A body that is not plainly JSON and said to be makes no event."""
    assert crew

    answer = scc.post("/event", content=encode(json.dumps(charter)), headers=headers | ONCE)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert scc.get("/events?booking_id=xhqgmdh").json() == {"events": []}


HEADER = "Bcc: eve@example.com"
BREAKS = {
    "a line break": "\n",
    "a carriage return": "\r",
    "both": "\r\n",
    "a vertical tab": "\v",
    "a form feed": "\f",
    "a separator of files": "\x1c",
    "next line": "\x85",
    "a line separator": "\u2028",
    "a paragraph separator": "\u2029",
    "a NUL": "\0",
    "an escape": "\x1b",
    "half a character": "\ud800",
}


def test_no_field_of_an_event_begins_a_header(
    scc: TestClient, crew: dict[str, str], charter: dict[str, Any], mails: Any
) -> None:
    """Every character that a mail or an answer might break a line at is 422 with its field, and nobody is mailed."""
    assert crew
    told = len(mails())

    answers = {
        (field, name): scc.post(
            "/event", content=json.dumps(charter | {field: f"{charter[field]}{break_}{HEADER}"}), headers=JSON | ONCE
        )
        for field in ("event_name", "dock", "crew_page", "booking_id", "captain_id")
        for name, break_ in BREAKS.items()
    }

    refusals = {which: (one.status_code, one.json()["error"], one.json()["field"]) for which, one in answers.items()}
    assert refusals == {(field, name): (422, "invalid_field", field) for field, name in answers}
    assert not any("eve@example.com" in one.text for one in answers.values())
    assert len(mails()) == told


def test_no_field_of_a_member_begins_a_header(scc: TestClient) -> None:
    """Nor does a name, an address or a number, of which the first goes into every mail."""
    member = {"name": "Ana Ruiz", "role": "captain", "email": "ana@example.com", "phone": "+1 619 555 0142"}

    answers = {
        (field, name): scc.put(
            "/crew-members/captain-001",
            content=json.dumps(member | {field: f"{member[field]}{break_}{HEADER}"}),
            headers=JSON,
        )
        for field in ("name", "email", "phone")
        for name, break_ in BREAKS.items()
    }

    refusals = {which: (one.status_code, one.json()["error"], one.json()["field"]) for which, one in answers.items()}
    assert refusals == {(field, name): (422, "invalid_field", field) for field, name in answers}


ADDRESSES = [
    "ana@example.com,eve@example.com",
    "ana@example.com;eve@example.com",
    "ana@example.com eve@example.com",
    "Ana <ana@example.com>",
    "<ana@example.com>",
    '"a b"@example.com',
    "ana@[192.0.2.1]",
    "ana@exämple.com",
    "ana@example.com%0d%0aBcc:eve@example.com",
    "@example.com",
    "ana@example",
    "ana@example.com.",
    "=?utf-8?q?ana?=@example.com\n",
    "a" * 250 + "@example.com",
]


def test_one_address_is_one(scc: TestClient) -> None:
    """An address that might be two, or that a mailer reads in another way, is 422."""
    answers = {
        address: scc.put("/crew-members/captain-001", json={"name": "Ana Ruiz", "role": "captain", "email": address})
        for address in ADDRESSES
    }

    told = {address: (answer.status_code, answer.json()["field"]) for address, answer in answers.items()}
    assert told == dict.fromkeys(ADDRESSES, (422, "email"))


def test_notes_stay_below_the_headers(
    scc: TestClient, crew: dict[str, str], charter: dict[str, Any], mails: Any
) -> None:
    """Notes may have lines, and one that looks like a header is a line of the text: to one person, with one subject."""
    notes = f"Bring fenders.\n\n{HEADER}\r\nContent-Type: text/html\r\n\r\n<b>hello</b>\r\n.\r\n--boundary--"

    answer = scc.post("/event", json=charter | {"notes": notes}, headers=ONCE)

    assert answer.status_code == 201
    for member_id, address in ((member_id, crew[member_id]) for member_id in ("captain-001", "crew-001", "crew-002")):
        (mail,) = mails(member_id)
        assert (mail["To"], "eve" in str(mail.get("CC", [])) + str(mail.get("BCC", []))) == ([address], False)
        assert "\n" not in mail["Subject"]
        assert HEADER in mail["BodyText"]


@pytest.mark.parametrize(
    "page",
    [
        "http://guest.localhost:8080/g/xhqgmdh-crew%0d%0aSet-Cookie:%20a=b",
        "http://guest.localhost:8080/g/xhqgmdh-crew%0aLocation:%20//evil.example",
        "http://evil.example/g/xhqgmdh-crew",
    ],
)
@pytest.mark.usefixtures("crew")
def test_the_way_on_is_one_header(scc: TestClient, charter: dict[str, Any], token_of: Any, page: str) -> None:
    """Whatever an event says of its page, a login leads to a path of this very site and sets one cookie."""
    scc.post("/event", json=charter | {"crew_page": page}, headers=ONCE)

    answer = scc.post("/crew/xhqgmdh", data={"token": token_of("crew-001")})

    assert answer.headers["location"].startswith("/g/xhqgmdh-crew")
    assert not set("\r\n") & set(answer.headers["location"])
    assert [value.partition("=")[0] for value in answer.headers.get_list("set-cookie")] == ["__Host-crew-xhqgmdh"]


ELSEWHERE = [
    "//evil.example/g/x",
    "http://guest.localhost:8080@evil.example/g/x",
    "http://guest.localhost//evil.example",
    "http://guest.localhost/\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:///g/x",
    "http://[::1/g/x",
    "/g/xhqgmdh-crew",
    "http://guest.localhost",
    "http://guest.localhost/g/x y",
    "http://guest.localhost/g/\u2028",
]


@pytest.mark.usefixtures("crew")
def test_a_page_elsewhere_is_refused(scc: TestClient, charter: dict[str, Any]) -> None:
    """An address that a browser would take for another site, or run, is 422."""
    answers = {page: scc.post("/event", json=charter | {"crew_page": page}, headers=ONCE) for page in ELSEWHERE}

    told = {page: (answer.status_code, answer.json()["field"]) for page, answer in answers.items()}
    assert told == dict.fromkeys(ELSEWHERE, (422, "crew_page"))
