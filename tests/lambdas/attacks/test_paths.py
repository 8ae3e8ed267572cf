"""Attacks on paths: no spelling of a viewers' path, as uvicorn or API Gateway hands it on, is an operator's route."""

import http.client
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from mangum import Mangum
from support.served import served

ORIGIN = "the-origin-header-of-this-test"

# Path, and what GET is answered by a viewer's means alone. 410 and 404 are pages or words that know nothing.
PATHS = [
    ("/events", 401),
    ("/events?booking_id=xhqgmdh", 401),
    ("/events/ev-xhqgmdh-00000000", 401),
    ("/mail", 401),
    ("/crew/../events", 404),
    ("/crew/../events?booking_id=xhqgmdh", 404),
    ("/crew/./../events", 404),
    ("/crew/%2e%2e/events", 404),
    ("/crew/%2E%2E%2Fevents", 404),
    ("/crew/..%2fevents", 404),
    ("/crew/..%252fevents", 410),
    ("/crew/%252e%252e/events", 404),
    ("/crew/..;/events", 404),
    ("/crew/%5c..%5cevents", 410),
    ("/crew//events", 404),
    ("//events", 404),
    ("/./events", 404),
    ("/events/", 404),
    ("/events//x", 404),
    ("/Events", 404),
    ("/EVENTS", 404),
    ("/crew", 404),
    ("/crew/", 404),
    ("/CREW/xhqgmdh", 404),
    ("/crew/xhqgmdh/", 404),
    ("/crew//xhqgmdh", 404),
    ("/crew/./xhqgmdh", 404),
    ("/crew/xhqgmdh/link/", 404),
    ("/crew/xhqgmdh/../../events", 404),
    ("/crew/xhqgmdh%00", 410),
    ("/crew/%00", 410),
    ("/crew/xhqgmdh%0d%0aSet-Cookie:a=b", 410),
    ("/crew/xhqgmdh%20", 410),
    ("/crew/xhqgmdh.", 410),
    ("/crew/.", 410),
    ("/crew/..", 410),
    ("/crew/%2e%2e", 410),
    ("/crew/xhqgmdh;ops", 410),
    ("/crew/xhqgmdh?subject=ops", 200),
    ("/crew/ops%23", 410),
    ("/crew/%6fps", 200),
    ("/crew/%EF%BD%8Fps", 410),
    ("/crew/" + "x" * 4000, 410),
    ("/crew/-ops", 410),
    ("/crew/$%7Bfilename%7D", 410),
    ("/g/PRESIGN/", 404),
    ("/g/presign", 404),
    ("/g/PRESIGN", 405),
    ("/g/../events", 404),
    ("/g/PRESIGN/../../events", 404),
    ("/g/PRESIGN%2f..%2f..%2fevents", 404),
    ("/prod/../events", 404),
    ("/docs", 404),
    ("/openapi.json", 404),
    ("/redoc", 404),
]


@pytest.fixture
def viewer(scc: TestClient) -> TestClient:
    """Return a viewer, who has come through a distribution and holds no key."""
    del scc.headers["X-Service-Key"]
    return scc


def test_no_spelling_leads_behind(make_scc: Callable[..., TestClient]) -> None:
    """Under uvicorn, each path sent as it is, a viewer gets what the table says and never an operator's answer."""
    with served(make_scc().app) as port:
        told = {path: asked_of_server(port, path) for path, _ in PATHS}

    assert told == dict(PATHS)


def test_nor_does_api_gateways(make_scc: Callable[..., TestClient]) -> None:
    """API Gateway hands a path on as it is, and the adapter decodes it once: no more is to be reached by that."""
    app = make_scc().app

    told = {path: asked_of_gateway(app, path) for path, _ in PATHS}

    assert told == dict(PATHS)


def asked_of_server(port: int, path: str) -> int:
    """Ask as a program that normalises nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.putheader("X-Castoff-Origin", ORIGIN)
        connection.putheader("X-HTTP-Method-Override", "DELETE")
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def asked_of_gateway(app: Any, path: str) -> int:
    """Ask as API Gateway calls its Lambda."""
    plain, _, query = path.partition("?")
    event = {
        "resource": "/{proxy+}",
        "path": plain,
        "httpMethod": "GET",
        "headers": {"X-Castoff-Origin": ORIGIN, "X-HTTP-Method-Override": "DELETE"},
        "queryStringParameters": dict([query.split("=")]) if query else None,
        "requestContext": {"stage": "prod", "identity": {"sourceIp": "192.0.2.1"}},
        "body": None,
        "isBase64Encoded": False,
    }
    context: Any = None
    answer = Mangum(app, lifespan="off", api_gateway_base_path="/prod")(event, context)
    return int(answer["statusCode"])


OPERATORS = [
    ("POST", "/event"),
    ("PATCH", "/events/x"),
    ("DELETE", "/events/x"),
    ("PUT", "/crew-members/captain-001"),
    ("DELETE", "/crew-members/captain-001"),
    ("POST", "/crew-members/captain-001/link"),
    ("POST", "/crew-members/crew/link"),
    ("POST", "/mail/x/resend"),
]


def test_a_method_is_what_it_is(viewer: TestClient) -> None:
    """Headers and fields that name another method change nothing: a key is asked for, or the path does not take it."""
    names = ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method")

    straight = {
        (method, path, said): viewer.request(method, path, headers=dict.fromkeys(names, said)).status_code
        for method, path in OPERATORS
        for said in ("GET", "POST", "HEAD")
    }
    turned = {
        (method, path): viewer.get(f"{path}?_method={method}", headers=dict.fromkeys(names, method)).status_code
        for method, path in OPERATORS
    }

    assert straight == dict.fromkeys(straight, 401)
    assert {*turned.values()} <= {401, 404, 405}
