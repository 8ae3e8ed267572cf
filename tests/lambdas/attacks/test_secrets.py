"""What is kept and what is logged: the digests of secrets at most, wherever a secret came by."""

import base64
import hashlib
import json
import logging
import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from mangum import Mangum
from support.served import served

from lambdas.shipcaptaincrew.mailbox import NotSentError

ROOT = Path(__file__).parents[3]
KEY, ORIGIN = "the-service-key-of-this-test", "the-origin-header-of-this-test"
TokenOf = Callable[[str], str]
WISH = {
    "booking": "xhqgmdh",
    "audience": "guest",
    "opens": "2024-05-28T00:00:00-07:00",
    "closes": "2024-06-13T12:00:00-07:00",
    "until": "2024-05-30T14:00:00-07:00",
    "max_size": 25_000_000,
}


@pytest.fixture
def secrets_seen(scc: TestClient, event: dict[str, Any], crew: dict[str, str], token_of: TokenOf) -> dict[str, str]:
    """Live through every way a secret takes, and return all that were seen."""
    assert event
    mailed = {f"token of {member_id}": token_of(member_id) for member_id in ("captain-001", "crew-001", "crew-002")}
    scc.get(f"/crew/xhqgmdh?token={mailed['token of crew-001']}")
    entered = scc.post("/crew/xhqgmdh", data={"token": mailed["token of crew-001"]})
    cookie = SimpleCookie(entered.headers["set-cookie"])["__Host-crew-xhqgmdh"].value
    scc.post("/crew/xhqgmdh", data={"token": mailed["token of crew-001"]})  # used
    scc.post("/crew/ops", data={"token": mailed["token of crew-002"]})  # not ours
    scc.post("/crew/xhqgmdh/link", data={"token": mailed["token of crew-001"]})
    mailed["new token of crew-001"] = token_of("crew-001")
    scc.post("/crew/xhqgmdh/link", data={"email": crew["crew-002"]})
    mailed["new token of crew-002"] = token_of("crew-002")
    ticket = scc.post("/g/PRESIGN", json=WISH).json()["ticket"]
    viewer = {"CloudFront-Viewer-Address": "198.51.100.10:1"}
    scc.get("/events?booking_id=xhqgmdh", headers={"X-Service-Key": KEY[:-1]})
    file_form = scc.request(
        "POST",
        "/g/PRESIGN",
        content=json.dumps({"ticket": ticket, "content_type": "image/jpeg"}),
        headers=[*viewer.items(), ("Content-Type", "application/json"), ("X-Service-Key", KEY)],
    )
    assert (entered.status_code, file_form.status_code) == (303, 422)  # a key asks for a page's form
    return mailed | {
        "cookie": cookie,
        "mac of the cookie": cookie.rpartition(".")[2],
        "ticket": ticket,
        "mac of the ticket": ticket.rpartition(".")[2],
        "service key": KEY,
        "header of the origin": ORIGIN,
        "key of cookies": "c2" * 32,
        "key of tickets": "72" * 32,
        "secret of the signer": "a-signer-of-this-test",
    }


def test_the_whole_table_holds_no_secret(secrets_seen: dict[str, str], dynamodb: Any, table_name: str) -> None:
    """Every item of the table, read by somebody who got hold of it, opens nothing: digests of tokens are all it has."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=table_name)
    stored = json.dumps([item for page in pages for item in page["Items"]])

    found = [
        name
        for name, secret in secrets_seen.items()
        for form in (secret, secret.encode().hex(), base64.b64encode(secret.encode()).decode().rstrip("="))
        if form in stored
    ]

    assert found == []
    digests = {name: hashlib.sha256(secret.encode()).hexdigest() in stored for name, secret in secrets_seen.items()}
    assert [name for name, is_kept in digests.items() if is_kept] == [name for name in digests if "token" in name]


def test_no_log_holds_a_secret(
    make_scc: Callable[..., TestClient], request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    """At the level of information nothing that any part logs, ours or a library's, holds a secret, fault or none."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, logger="httpx")  # the test's own client
    seen: dict[str, str] = request.getfixturevalue("secrets_seen")
    token = seen["new token of crew-002"]
    unkeyed, unsent = make_scc(gate_secret="castoff/nowhere"), make_scc(mailbox=Broken())

    failed = [
        unkeyed.post("/crew/xhqgmdh", data={"token": token}).status_code,
        unsent.post("/crew/xhqgmdh/link", data={"token": token}).status_code,
        make_scc(storage=Broken()).post("/crew/xhqgmdh", data={"token": token}).status_code,
    ]

    assert failed == [503, 200, 500]
    assert ["castoff/nowhere" in caplog.text, "may not have gone out" in caplog.text] == [True, True]
    assert "fault while answering POST '/crew/xhqgmdh'" in caplog.text
    assert [name for name, secret in seen.items() if secret in caplog.text] == []


def test_lambda_logs_no_secret(
    make_scc: Callable[..., TestClient], token_of: TokenOf, event: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Under Mangum, as API Gateway calls it, a click leaves method, path and status."""
    caplog.set_level(logging.INFO)
    assert event
    token = token_of("crew-001")
    handler = Mangum(make_scc().app, lifespan="off", api_gateway_base_path="/prod")
    look = {
        "resource": "/crew/{proxy+}",
        "path": "/crew/xhqgmdh",
        "httpMethod": "GET",
        "headers": {"X-Castoff-Origin": ORIGIN},
        "queryStringParameters": {"token": token},
        "multiValueQueryStringParameters": {"token": [token]},
        "requestContext": {"stage": "prod", "identity": {"sourceIp": "192.0.2.1"}},
        "body": None,
        "isBase64Encoded": False,
    }
    context: Any = None

    answer = handler(look, context)

    assert (answer["statusCode"], token in answer["body"]) == (200, True)
    assert "GET /crew/xhqgmdh 200" in caplog.text
    assert token not in caplog.text


def test_a_servers_access_log_holds_no_token(
    make_scc: Callable[..., TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    """Under uvicorn, whose log of accesses shows queries, a link's is left out, and another call's is not touched."""
    caplog.set_level(logging.INFO, logger="uvicorn.access")
    link = f"/crew/xhqgmdh?token={'T' * 43}"
    with served(make_scc().app) as port:
        address = f"http://127.0.0.1:{port}"
        looked = httpx.get(f"{address}{link}", headers={"X-Castoff-Origin": ORIGIN})
        head = httpx.head(f"{address}{link}", headers={"X-Castoff-Origin": ORIGIN})
        httpx.get(f"{address}/events?booking_id=xhqgmdh", headers={"X-Service-Key": KEY})

    logged = [record.getMessage().partition('"')[2] for record in caplog.records if record.name == "uvicorn.access"]
    assert ("T" * 43 in looked.text, head.status_code, head.text) == (True, 200, "")
    assert logged == [
        'GET /crew/xhqgmdh HTTP/1.1" 200',
        'HEAD /crew/xhqgmdh HTTP/1.1" 200',
        'GET /events?booking_id=xhqgmdh HTTP/1.1" 200',
    ]


def test_a_servers_access_log_holds_no_feeds_key(dashboard: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """Nor a feed's: whoever reads the dashboard's log subscribes to nothing, whether the key was right or not."""
    caplog.set_level(logging.INFO, logger="uvicorn.access")
    feed = dashboard.post("/calendar/feeds", json={"label": "Leo's phone"}).json()["path"]
    with served(dashboard.app) as port:
        address = f"http://127.0.0.1:{port}"
        got = [httpx.get(f"{address}{feed}"), httpx.get(f"{address}/calendar.ics?key={'K' * 43}")]

    logged = [record.getMessage().partition('"')[2] for record in caplog.records if record.name == "uvicorn.access"]
    assert [answer.status_code for answer in got] == [200, 401]
    assert logged == ['GET /calendar.ics HTTP/1.1" 200', 'GET /calendar.ics HTTP/1.1" 401']


class Broken:
    """A table or a mailbox in which everything breaks, in words that show what it was given."""

    def __getattr__(self, name: str) -> Any:
        """Break."""

        def breaks(*_: Any, **__: Any) -> Any:
            raise NotSentError("MessageRejected") if name == "send" else RuntimeError("the table broke")

        return breaks


@pytest.fixture
def template() -> str:
    """Read the template."""
    return (ROOT / "infra/stack.yaml").read_text(encoding="utf-8")


def test_nothing_in_front_logs_queries(template: str) -> None:
    """The template switches on no log that holds a link's query: not the sites' own, not API Gateway's full trace."""
    switched_on = [
        line.strip()
        for line in template.splitlines()
        if re.match(r"\s*(Logging|RealtimeLogConfigArn|DataTraceEnabled|LoggingLevel):\s*(?!false|\"?OFF)", line)
    ]

    assert switched_on == []
    assert "querystring" not in "".join(re.findall(r"Format:.*", template))
