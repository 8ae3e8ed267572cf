"""Bad input: whatever is wrong, status and words are those of the document, the field is named, nothing is told."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.contracts import documents

SECRET = "hush-this-was-sent"
EVENT = "/events/ev-1"
ENTRY = {"date": "2024-05-30", "event_type": "charter", "booking_id": "xhqgmdh"}
MEMBER = {"name": "Ana Ruiz", "role": "captain", "email": "ana@example.com"}
FORM = {
    "booking": "xhqgmdh",
    "audience": "guest",
    "opens": "2024-05-01T00:00:00Z",
    "closes": "2024-06-01T00:00:00Z",
    "until": "2024-05-30T00:00:00Z",
    "max_size": 1000,
}


@dataclass(frozen=True)
class Ask:
    """A request: `operation` is the path by which the document knows it."""

    method: str
    operation: str
    path: str = ""
    body: Any = None
    content: bytes | None = None
    headers: Mapping[str, str | bytes | None] = field(default_factory=dict)

    def send(self, caller: TestClient) -> Any:
        """Send it, with headers left out where they are None."""
        own = {name.lower(): text for name, text in self.headers.items()}
        headers = {name: text for name, text in {**caller.headers, **own}.items() if text is not None}
        caller.headers.clear()
        path = self.path or self.operation
        if self.body is not None:
            return caller.request(self.method, path, json=self.body, headers=headers)
        return caller.request(self.method, path, content=self.content, headers=headers)


KEY, TOKEN = "X-Service-Key", "X-Dashboard-Token"
JSON = {"Content-Type": "application/json"}
ONCE = {"Idempotency-Key": "k"}
SERIAL = "X-Castoff-Serial"
LONG = "x" * 100_000

OF_SCC: dict[str, tuple[Ask, int, str, str | None]] = {
    "no key": (Ask("GET", "/events", headers={KEY: None}), 401, "unauthorized", KEY),
    "a wrong key": (Ask("GET", "/events", headers={KEY: SECRET}), 401, "unauthorized", KEY),
    "a key of other letters": (
        Ask("GET", "/events", headers={KEY: "sch\u00fcssel".encode()}),
        401,
        "unauthorized",
        KEY,
    ),
    "an endless key": (Ask("GET", "/events", headers={KEY: LONG}), 401, "unauthorized", KEY),
    "no key, and a body that is no JSON": (
        Ask("POST", "/event", content=b"{", headers={KEY: None, **JSON}),
        401,
        "unauthorized",
        KEY,
    ),
    "broken JSON": (
        Ask("POST", "/event", content=f'{{"{SECRET}'.encode(), headers=JSON | ONCE),
        400,
        "malformed_json",
        None,
    ),
    "no Idempotency-Key": (Ask("POST", "/event", body={}), 400, "idempotency_key_needed", "Idempotency-Key"),
    "text": (
        Ask("POST", "/event", content=SECRET.encode(), headers=ONCE | {"Content-Type": "text/plain"}),
        415,
        "not_json",
        None,
    ),
    "a large body": (
        Ask("PUT", "/crew-members/{member_id}", "/crew-members/a", content=b" " * 65_537, headers=JSON),
        413,
        "body_too_large",
        None,
    ),
    "no booking asked for": (Ask("GET", "/events"), 422, "invalid_field", "booking_id"),
    "a booking that none can be": (
        Ask("GET", "/events", f"/events?booking_id={SECRET}%0d"),
        422,
        "invalid_field",
        "booking_id",
    ),
    "an event that none can be": (
        Ask("GET", "/events/{event_id}", f"/events/{SECRET}%20"),
        422,
        "invalid_field",
        "event_id",
    ),
    "a member that none can be": (
        Ask("DELETE", "/crew-members/{member_id}", "/crew-members/-"),
        422,
        "invalid_field",
        "member_id",
    ),
    "a serial that is none": (
        Ask("GET", "/events/{event_id}", EVENT, headers={SERIAL: "-1"}),
        422,
        "invalid_field",
        SERIAL,
    ),
    "a serial beyond all": (
        Ask("GET", "/events/{event_id}", EVENT, headers={SERIAL: "9" * 17}),
        422,
        "invalid_field",
        SERIAL,
    ),
    "a field that nobody knows": (
        Ask("PUT", "/crew-members/{member_id}", "/crew-members/a", body=MEMBER | {"salary": SECRET}),
        422,
        "invalid_field",
        "salary",
    ),
    "a turned name": (
        Ask("PUT", "/crew-members/{member_id}", "/crew-members/a", body=MEMBER | {"name": f"\u202e{SECRET}"}),
        422,
        "invalid_field",
        "name",
    ),
    "a list for an object": (
        Ask("PUT", "/crew-members/{member_id}", "/crew-members/a", body=[SECRET]),
        422,
        "invalid_field",
        None,
    ),
    "an unknown event": (Ask("GET", "/events/{event_id}", EVENT), 404, "event_unknown", "event_id"),
    "a change of an unknown event": (
        Ask("PATCH", "/events/{event_id}", EVENT, body={"dock": SECRET}),
        404,
        "event_unknown",
        "event_id",
    ),
    "an unknown event cancelled": (Ask("DELETE", "/events/{event_id}", EVENT), 404, "event_unknown", "event_id"),
    "an unknown member let go": (
        Ask("DELETE", "/crew-members/{member_id}", "/crew-members/a"),
        404,
        "member_unknown",
        "member_id",
    ),
    "a link for an unknown member": (
        Ask("POST", "/crew-members/{member_id}/link", "/crew-members/a/link", body={"subject": "ops"}),
        404,
        "member_unknown",
        "member_id",
    ),
    "neither key nor site": (
        Ask("POST", "/g/PRESIGN", body=FORM, headers={KEY: None, "X-Castoff-Origin": SECRET}),
        403,
        "not_through_the_site",
        None,
    ),
    "a ticket of somebody else's": (
        Ask("POST", "/g/PRESIGN", body={"ticket": SECRET, "content_type": "image/png"}, headers={KEY: None}),
        401,
        "ticket_refused",
        "ticket",
    ),
    "a window that is over": (
        Ask("POST", "/g/PRESIGN", body=FORM | {"closes": "2024-05-02T00:00:00Z"}),
        422,
        "window_over",
        "closes",
    ),
}
OF_DASHBOARD: dict[str, tuple[Ask, int, str, str | None]] = {
    "no token": (Ask("GET", "/calendar", headers={TOKEN: None}), 401, "unauthorized", TOKEN),
    "a wrong token": (Ask("GET", "/calendar", headers={TOKEN: SECRET}), 401, "unauthorized", TOKEN),
    "broken JSON": (Ask("POST", "/calendar", content=b"{", headers=JSON), 400, "malformed_json", None),
    "a form": (Ask("POST", "/calendar", content=b"date=1"), 415, "not_json", None),
    "a large body": (Ask("POST", "/calendar", content=b" " * 65_537, headers=JSON), 413, "body_too_large", None),
    "another booking than the path's": (
        Ask("PUT", "/calendar/{booking_id}", "/calendar/other", body=ENTRY),
        422,
        "invalid_field",
        "booking_id",
    ),
    "a day that is none": (Ask("POST", "/calendar", body=ENTRY | {"date": SECRET}), 422, "invalid_field", "date"),
    "a header in a title": (
        Ask("POST", "/calendar", body=ENTRY | {"title": f"a\r\n{SECRET}"}),
        422,
        "invalid_field",
        "title",
    ),
    "a range that is none": (Ask("GET", "/calendar", f"/calendar?from={SECRET}"), 422, "invalid_field", "from"),
    "an entry that never was": (
        Ask("DELETE", "/calendar/{booking_id}", "/calendar/xhqgmdh"),
        404,
        "entry_unknown",
        "booking_id",
    ),
}


@pytest.mark.parametrize(("ask", "status", "error", "named"), OF_SCC.values(), ids=OF_SCC)
def test_shipcaptaincrew_refuses_as_documented(
    scc: TestClient, ask: Ask, *, status: int, error: str, named: str | None
) -> None:
    """Each has its status, its name and its field, all of them documented for that very call, and no echo."""
    is_refused(ask.send(scc), documents()["shipcaptaincrew"], ask, expected=(status, error, named))


@pytest.mark.parametrize(("ask", "status", "error", "named"), OF_DASHBOARD.values(), ids=OF_DASHBOARD)
def test_the_dashboard_refuses_as_documented(
    dashboard: TestClient, ask: Ask, *, status: int, error: str, named: str | None
) -> None:
    """Each has its status, its name and its field, all of them documented for that very call, and no echo."""
    is_refused(ask.send(dashboard), documents()["dashboard"], ask, expected=(status, error, named))


def is_refused(answer: Any, document: Mapping[str, Any], ask: Ask, *, expected: tuple[int, str, str | None]) -> None:
    """Hold an answer to what is expected, and both to the document."""
    said = answer.json()
    responses = document["paths"][ask.operation][ask.method.lower()]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]

    assert (answer.status_code, said["error"], said["field"]) == expected
    assert set(said) == {"error", "detail", "field"}
    assert said["error"] in schema["allOf"][1]["properties"]["error"]["enum"]
    assert answer.headers["Cache-Control"] == "no-store"
    for word in (SECRET, "Traceback", "lambdas/"):
        assert word not in answer.text


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/event", "POST"),
        ("/events", "GET"),
        (EVENT, "DELETE, GET, PATCH"),
        ("/crew-members/a", "DELETE, PUT"),
        ("/g/PRESIGN", "POST"),
    ],
)
def test_a_path_says_which_methods_it_takes(scc: TestClient, path: str, methods: str) -> None:
    """Another method is refused with all of those that there are."""
    answer = scc.request("TRACE", path)

    assert (answer.status_code, answer.json()["error"], answer.headers["Allow"]) == (
        405,
        "method_not_allowed",
        methods,
    )


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"a":' * 12_000, b"9" * 60_000, b'"' + b"\\u0000" * 10_000 + b'"'])
def test_a_body_made_to_be_hard_is_refused_at_once(scc: TestClient, body: bytes) -> None:
    """Depth, length and escapes cost nothing that a body of this size may not cost."""
    begun = time.process_time()
    answer = scc.post("/event", content=body, headers=JSON | ONCE)

    assert answer.status_code in {400, 422}
    assert time.process_time() - begun < 1
