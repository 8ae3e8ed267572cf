"""HTTP: where to connect, what is tried again, and what a refusal says. The service is a real one on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.worlds import Clock

from publisher.adapters.http import Http, JsonApi, locate
from publisher.adapters.patience import Patience
from publisher.errors import PublishError

if TYPE_CHECKING:
    from support.service import Service

AWS = "http://127.0.0.1:4566"
TRIES = Patience().tries


@pytest.mark.parametrize(
    ("description", "url", "endpoint", "expected"),
    [
        (
            "a site on AWS",
            "https://queenofsandiego.com/g/x",
            None,
            ("https://queenofsandiego.com/g/x", "queenofsandiego.com"),
        ),
        (
            "an embedded site",
            "http://guest.localhost:8080/g/x",
            AWS,
            ("http://127.0.0.1:8080/g/x", "guest.localhost:8080"),
        ),
        (
            "an API on AWS",
            "https://a1b2.execute-api.us-west-2.amazonaws.com/prod/event",
            None,
            (
                "https://a1b2.execute-api.us-west-2.amazonaws.com/prod/event",
                "a1b2.execute-api.us-west-2.amazonaws.com",
            ),
        ),
        (
            "an embedded API",
            "https://a1b2.execute-api.us-west-2.amazonaws.com/prod/events?booking_id=x",
            AWS,
            ("http://127.0.0.1:4566/prod/events?booking_id=x", "a1b2.execute-api.localhost:4566"),
        ),
        (
            "a name that only looks like an API",
            "https://a1b2.execute-api.us-west-2.amazonaws.com.example.com/x",
            AWS,
            (
                "https://a1b2.execute-api.us-west-2.amazonaws.com.example.com/x",
                "a1b2.execute-api.us-west-2.amazonaws.com.example.com",
            ),
        ),
    ],
)
def test_where_to_connect(description: str, url: str, endpoint: str | None, expected: tuple[str, str]) -> None:
    """Names under localhost are this machine, and an API's name the embedded gateway where AWS is embedded."""
    assert locate(url, endpoint=endpoint) == expected, description


def api(service: Service) -> JsonApi:
    """Return an API of that service, with waits that take no time."""
    http = Http(endpoint=None, clock=Clock(), patience=Patience())
    return JsonApi("ShipCaptainCrew", f"{service.url}/prod", http, secret=lambda: ("X-Service-Key", "sesame"))


def test_call_carries_key_serial_and_idempotency_key(service: Service) -> None:
    """What a service needs to know the caller, the order and a repetition goes with each call."""
    service.answers = [(201, b'{"event_id": "e"}')]

    status, value = api(service).call("POST", "/event", {"b": 1, "a": 2}, serial=7, key="event:xhqgmdh")

    method, path, headers, body = service.asked[0]
    assert (status, value) == (201, {"event_id": "e"})
    assert (method, path, json.loads(body)) == ("POST", "/prod/event", {"a": 2, "b": 1})
    assert headers["X-Service-Key"] == "sesame"
    assert (headers["X-Castoff-Serial"], headers["Idempotency-Key"]) == ("7", "event:xhqgmdh")


@pytest.mark.parametrize("passing", [*((status, b"{}") for status in (429, 500, 502, 503, 504)), (0, b""), (200, b"")])
def test_what_passes_is_tried_again(service: Service, passing: tuple[int, bytes]) -> None:
    """A refusal that passes, or an answer cut off, is asked again with the same words."""
    service.answers = [passing, (200, b'{"ok": true}')]

    assert api(service).call("PUT", "/x", {"a": 1}) == (200, {"ok": True})
    assert service.asked[0][3] == service.asked[1][3]


@pytest.mark.parametrize(
    ("answer", "tries", "words"),
    [
        ((401, b'{"error":"unauthorized","detail":"unknown key"}'), 1, "answered 401: unknown key"),
        ((403, b'{"Message":"not authorized"}'), 1, "answered 403: not authorized"),
        ((404, b"<html>"), 1, "answered 404"),
        ((409, b'{"error":"stale_serial"}'), 1, "answered 409: stale_serial"),
        ((500, b"oops"), TRIES, "answered 500"),
        ((200, b"<html>hello</html>"), 1, "answered 200 with something that is not a JSON object"),
        ((200, b"[]"), 1, "answered 200 with something that is not a JSON object"),
        ((0, b""), TRIES, "did not answer: the connection broke"),
    ],
)
def test_refusals_name_call_and_answer(service: Service, answer: tuple[int, bytes], tries: int, words: str) -> None:
    """Whoever reads it knows who was asked what, what came back, and what to do; never the key."""
    service.answers = [answer]

    with pytest.raises(PublishError) as refused:
        api(service).call("PUT", "/x", {"a": 1})

    assert refused.value.words == f"ShipCaptainCrew, asked `PUT /x`, {words}"
    assert refused.value.hint
    assert "sesame" not in f"{refused.value.words} {refused.value.hint}"
    assert len(service.asked) == tries


def test_nobody_there_is_said() -> None:
    """A service that does not run is told from one that refuses."""
    http = Http(endpoint=None, clock=Clock(), patience=Patience())
    nobody = JsonApi("the dashboard", "http://127.0.0.1:1/prod", http, secret=lambda: ("X-Dashboard-Token", "sesame"))

    with pytest.raises(PublishError, match="did not answer: the connection was refused"):
        nobody.call("GET", "/calendar")
