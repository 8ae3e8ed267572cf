"""The Lambda entry points: events of a REST API in, answers out, and nothing of AWS before the first one."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOPIC = "arn:aws:sns:us-west-2:000000000000:castoff-mail"

PROGRAM = """
import json, sys
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
handler = import_module(f"lambdas.{sys.argv[1]}.handler").handler
early = sorted(name for name in ("awscrt", "boto3", "castoff.contract.money", "jinja2", "yaml") if name in sys.modules)
with redirect_stdout(StringIO()) as printed:
    answers = [handler(event, None) for event in json.load(sys.stdin)]
print(json.dumps({"early": early, "answers": answers, "printed": printed.getvalue()}))
"""


def called(method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
    """Return what a REST API hands to its Lambda."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()} | {"Content-Type": "application/json"}
    path, _, query = path.partition("?")
    parameters = dict(pair.split("=") for pair in query.split("&")) if query else None
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [text] for name, text in sent.items()},
        "queryStringParameters": parameters,
        "multiValueQueryStringParameters": {name: [text] for name, text in (parameters or {}).items()} or None,
        "requestContext": {"stage": "prod", "path": f"/prod{path}", "identity": {"sourceIp": "192.0.2.1"}},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


@pytest.fixture
def run(cloud: str, table_name: str, secret: Callable[..., str]) -> Callable[..., Any]:
    """Run a handler in a process of its own, with the environment that the template gives it."""

    def run(service: str, *events: dict[str, Any]) -> Any:
        hashes = [f"sha256:{hashlib.sha256(b'key').hexdigest()}"]
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "AWS_ENDPOINT_URL": cloud,
            "AWS_REGION": "us-west-2",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "TABLE": table_name,
            "SCC_SECRET": secret(service_key_hashes=hashes),
            "DASHBOARD_SECRET": secret(token_hashes=hashes),
            "ORIGIN_SECRET": secret(header="origin"),
            "GATE_SECRET": secret(
                cookie_keys=[{"id": "c1", "secret": "c" * 64}], ticket_keys=[{"id": "t1", "secret": "7" * 64}]
            ),
            "UPLOAD_SIGNER_SECRET": secret(access_key_id="AKIAIOSFODNN7EXAMPLE", secret_access_key="signer"),
            "KEY_VALUE_STORE": "arn:aws:cloudfront::000000000000:key-value-store/castoff-gate",
            "UPLOADS_BUCKET": "castoff-uploads",
            "MAIL_FROM": "crew@example.com",
            "MAIL_TOPIC": TOPIC,
            "AWS_LAMBDA_FUNCTION_NAME": "castoff-scc",
            "GUEST_URL": "http://guest.localhost:8080/",
            "OPS_URL": "http://ops.localhost:8080/",
            "TIME_ZONE": "America/Los_Angeles",
        }
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM, service],
            input=json.dumps(events),
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return json.loads(done.stdout)

    return run


def test_shipcaptaincrew_runs_in_lambda(run: Callable[..., Any], charter: dict[str, Any]) -> None:
    """The handler makes members and an event, with the stage in its path and without, and shows the crew's page."""
    member = {"name": "Ana Ruiz", "role": "captain", "email": "ana@example.com"}
    window = {"opens": "2099-05-29T21:00:00Z", "closes": "2099-06-13T12:00:00Z", "until": "2099-05-30T00:00:00Z"}
    form = window | {"booking": "xhqgmdh", "audience": "guest", "max_size": 1000}
    charter |= {"crew_ids": [], "date": "2099-05-30T09:00:00-07:00", "call_time": "2099-05-30T08:00:00-07:00"}

    done = run(
        "shipcaptaincrew",
        called("PUT", "/crew-members/captain-001", member, X_Service_Key="key"),
        called("POST", "/prod/event", charter, X_Service_Key="key", Idempotency_Key="event:xhqgmdh"),
        called("GET", "/events?booking_id=xhqgmdh", X_Service_Key="key"),
        called("GET", "/events?booking_id=xhqgmdh"),
        called("GET", "/crew/xhqgmdh", X_Castoff_Origin="origin"),
        called("GET", "/docs"),
        called("POST", "/g/PRESIGN", form, X_Service_Key="key"),
        called("POST", "/prod/crew/xhqgmdh/link", X_Castoff_Origin="origin"),
    )

    assert done["early"] == []
    assert [answer["statusCode"] for answer in done["answers"]] == [200, 201, 200, 401, 200, 404, 200, 200]
    assert json.loads(done["answers"][2]["body"])["events"][0]["booking_id"] == "xhqgmdh"
    assert done["answers"][4]["body"].startswith("<!doctype html>")
    assert json.loads(done["answers"][6]["body"])["url"].endswith("/castoff-uploads")
    assert done["answers"][7]["body"].startswith("<!doctype html>")


def test_the_scheduler_and_sns_call_the_same_lambda(run: Callable[..., Any]) -> None:
    """A tick answers what is left and prints one line of metrics; a bounce is noted; neither can come as a request."""
    member = {"name": "Ana Ruiz", "role": "captain", "email": "ana.tick@example.com"}
    recipient = {"emailAddress": "ana.tick@example.com"}
    told = {"bounceType": "Permanent", "bouncedRecipients": [recipient], "timestamp": "2024-05-28T19:00:00.000Z"}
    message = json.dumps({"eventType": "Bounce", "bounce": told})

    done = run(
        "shipcaptaincrew",
        called("PUT", "/crew-members/captain-001", member, X_Service_Key="key"),
        {"castoff": "tick"},
        {"Records": [{"EventSource": "aws:sns", "Sns": {"TopicArn": TOPIC, "Message": message}}]},
        called("PUT", "/crew-members/captain-001", member, X_Service_Key="key"),
        called("POST", "/", {"castoff": "tick"}),
        called("POST", "/", {"Records": []}),
    )

    assert done["answers"][1] == {"pending": 0, "claimed": 0}
    assert done["answers"][2] == {"noted": 1}
    assert json.loads(done["answers"][3]["body"])["mail"]["kind"] == "bounce"
    assert [answer["statusCode"] for answer in done["answers"][4:]] == [404, 404]
    [line] = done["printed"].splitlines()
    assert (json.loads(line)["UnsentMail"], json.loads(line)["Function"]) == (0, "castoff-scc")


def test_the_dashboard_runs_in_lambda(run: Callable[..., Any]) -> None:
    """The handler writes an entry and feeds it; the feed is not opened by the token."""
    entry = {"date": "2099-05-30", "event_type": "charter", "booking_id": "xhqgmdh"}

    done = run(
        "dashboard",
        called("PUT", "/calendar/xhqgmdh", entry, X_Dashboard_Token="key"),
        called("POST", "/calendar/feeds", {"label": "Ana's phone"}, X_Dashboard_Token="key"),
        called("GET", "/prod/calendar.ics", X_Dashboard_Token="key"),
        called("GET", "/calendar"),
    )
    made = json.loads(done["answers"][1]["body"])
    fed, head = run("dashboard", called("GET", f"/prod{made['path']}"), called("HEAD", made["path"]))["answers"]

    assert done["early"] == []
    assert [answer["statusCode"] for answer in done["answers"]] == [200, 201, 401, 401]
    assert (fed["statusCode"], fed["body"][:17]) == (200, "BEGIN:VCALENDAR\r\n")
    assert (head["statusCode"], head["body"], head["headers"]["etag"]) == (200, "", fed["headers"]["etag"])
