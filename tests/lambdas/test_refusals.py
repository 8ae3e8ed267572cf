"""Refusals: one JSON form for every way a request can be wrong, and never what was sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Table

ONCE = {"Idempotency-Key": "event:xhqgmdh"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "content", "kind", "status", "error"),
    [
        pytest.param("GET", "/nothing", b"", None, 404, "not_found", id="unknown path"),
        pytest.param("GET", "/event/", b"", None, 404, "not_found", id="trailing slash"),
        pytest.param("GET", "/docs", b"", None, 404, "not_found", id="documentation"),
        pytest.param("GET", "/openapi.json", b"", None, 404, "not_found", id="schema"),
        pytest.param("PUT", "/event", b"", None, 405, "method_not_allowed", id="unknown method"),
        pytest.param("POST", "/event", b"{}", None, 415, "not_json", id="no content type"),
        pytest.param("POST", "/event", b"a=1", "text/plain", 415, "not_json", id="text"),
        pytest.param("POST", "/event", b"", "application/json", 400, "malformed_json", id="no body"),
        pytest.param("POST", "/event", b"{hush", "application/json", 400, "malformed_json", id="broken"),
        pytest.param("POST", "/event", b'{"a":"\xff"}', "application/json", 400, "malformed_json", id="not UTF-8"),
        pytest.param("POST", "/event", b'{"a":NaN}', "application/json", 400, "malformed_json", id="not a number"),
        pytest.param("POST", "/event", b'{"a":1,"a":2}', "application/json", 400, "malformed_json", id="repeated"),
        pytest.param("POST", "/event", b"[" * 60_000, "application/json", 400, "malformed_json", id="deep"),
        pytest.param("POST", "/event", b"9" * 60_000, "application/json", 400, "malformed_json", id="huge number"),
        pytest.param("POST", "/event", b"[]", "application/json; charset=utf-8", 422, "invalid_field", id="list"),
        pytest.param("POST", "/event", b" " * 65_537, "application/json", 413, "body_too_large", id="large"),
        pytest.param("GET", "/events", b"", None, 422, "invalid_field", id="no booking asked for"),
        pytest.param("GET", "/events/a%20b", b"", None, 422, "invalid_field", id="odd id"),
        pytest.param("DELETE", "/crew-members/crew-009", b"", None, 404, "member_unknown", id="unknown member"),
    ],
)
def test_each_fault_has_its_form(
    scc: TestClient, method: str, path: str, *, content: bytes, kind: str | None, status: int, error: str
) -> None:
    """A request that is wrong in itself gets its status and a JSON body of three members."""
    headers = ONCE | ({"Content-Type": kind} if kind else {})

    answer = scc.request(method, path, content=content, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "detail", "field"}
    assert "hush" not in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"event_name": "Jada\r\nBcc: eve@example.com"}, "event_name", id="header in the name"),
        pytest.param({"event_name": "Jada\n"}, "event_name", id="line break at the end"),
        pytest.param({"event_name": "Jada\u2028"}, "event_name", id="line separator"),
        pytest.param({"event_name": "   "}, "event_name", id="blank"),
        pytest.param({"event_name": "J" * 201}, "event_name", id="too long"),
        pytest.param({"event_name": 7}, "event_name", id="number for text"),
        pytest.param({"event_name": "\ud800"}, "event_name", id="half a character"),
        pytest.param({"booking_id": "a#b"}, "booking_id", id="id with a separator"),
        pytest.param({"crew_ids": ["crew-001", "x y"]}, "crew_ids.1", id="member id with a blank"),
        pytest.param({"crew_ids": "crew-001"}, "crew_ids", id="text for a list"),
        pytest.param({"crew_ids": [f"crew-{number:03}" for number in range(21)]}, "crew_ids", id="too many"),
        pytest.param({"date": "2024-05-30 9 o'clock"}, "date", id="not an instant"),
        pytest.param({"date": "2024-05-30T09:00:00"}, "date", id="no offset"),
        pytest.param({"date": 1717084800}, "date", id="number for an instant"),
        pytest.param({"date": "9999-12-31T23:00:00-07:00"}, "date", id="too far"),
        pytest.param({"call_time": "2024-05-30T09:01:00-07:00"}, "call_time", id="call after the start"),
        pytest.param({"duration_hours": 0}, "duration_hours", id="no time at all"),
        pytest.param({"duration_hours": 1e300}, "duration_hours", id="for ever"),
        pytest.param({"guest_count": -1}, "guest_count", id="fewer than none"),
        pytest.param({"guest_count": True}, "guest_count", id="truth for a number"),
        pytest.param({"notes": "bell\x07"}, "notes", id="control character in notes"),
        pytest.param({"crew_page": "/g/xhqgmdh-crew"}, "crew_page", id="relative"),
        pytest.param({"crew_page": "javascript:alert(1)"}, "crew_page", id="script"),
        pytest.param({"crew_page": "https://example.com//evil.example.com"}, "crew_page", id="another host"),
        pytest.param({"crew_page": "https://[::1/g"}, "crew_page", id="broken host"),
        pytest.param({"revenue": 840.75}, "revenue", id="unknown field"),
        pytest.param({"\ud800": 1}, None, id="half a character for a name"),
        pytest.param({"x" * 9000: 1}, "x" * 80, id="long name"),
        pytest.param({"dock": None}, "dock", id="null"),
    ],
)
@pytest.mark.parametrize("way", ["POST", "PATCH"])
def test_each_field_is_checked(
    scc: TestClient,
    event: dict[str, Any],
    charter: dict[str, Any],
    way: str,
    *,
    changes: dict[str, Any],
    field: str | None,
) -> None:
    """A field that is not what it should be is named, on creation and on change, and its value is not repeated."""
    if way == "POST":
        content = json.dumps(charter | changes)
        answer = scc.post("/event", content=content, headers=JSON | {"Idempotency-Key": "other"})
    else:
        answer = scc.patch(f"/events/{event['event_id']}", content=json.dumps(changes), headers=JSON)

    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (422, "invalid_field", field)
    assert "eve@example.com" not in answer.text
    assert scc.get(f"/events/{event['event_id']}").json() == event


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"name": "Ana\r\nBcc: eve@example.com"}, "name", id="header in the name"),
        pytest.param({"role": "admiral"}, "role", id="unknown role"),
        pytest.param({"email": "ana"}, "email", id="no address"),
        pytest.param({"email": "ana@example.com\r\nBcc: eve@example.com"}, "email", id="header in the address"),
        pytest.param({"email": "ana@example.com, eve@example.com"}, "email", id="two addresses"),
        pytest.param({"email": "a" * 300 + "@example.com"}, "email", id="long address"),
        pytest.param({"phone": "call me"}, "phone", id="no number"),
    ],
)
def test_each_field_of_a_member_is_checked(scc: TestClient, body: dict[str, Any], field: str) -> None:
    """A crew member whose name or address could not go into a mail is refused."""
    good = {"name": "Ana Ruiz", "role": "captain", "email": "ana@example.com", "phone": "+1 619 555 0142"}

    answer = scc.put("/crew-members/captain-001", json=good | body)

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert "eve@example.com" not in answer.text


@pytest.mark.parametrize("key", [None, "", "x" * 256, "é"])
@pytest.mark.usefixtures("crew")
def test_creation_needs_its_key(scc: TestClient, charter: dict[str, Any], key: str | None) -> None:
    """An event is created only under an Idempotency-Key."""
    headers = {} if key is None else {b"Idempotency-Key": key.encode()}

    answer = scc.post("/event", json=charter, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (400, "idempotency_key_needed")


class BrokenTable(Table):
    """A table that fails in one way."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(lambda: pytest.fail("asked"), "broken")
        self._fault = fault

    def get(self, _: object) -> None:
        """Fail."""
        raise self._fault


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [(UnavailableError("table hush failed"), 503, "unavailable"), (KeyError("hush"), 500, "internal")],
)
def test_our_own_faults_tell_nothing(
    make_scc: Callable[..., TestClient], fault: Exception, *, status: int, error: str
) -> None:
    """A fault of ours is answered in the same form, without a word of what it was."""
    answer = make_scc(storage=BrokenTable(fault)).get("/events/ev-1")

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "hush" not in answer.text
    assert "Traceback" not in answer.text
