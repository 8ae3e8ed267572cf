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

PROGRAM = """
import json, sys
from importlib import import_module
handler = import_module(f"lambdas.{sys.argv[1]}.handler").handler
early = sorted(name for name in ("awscrt", "boto3", "jinja2", "yaml") if name in sys.modules)
answers = [handler(event, None) for event in json.load(sys.stdin)]
print(json.dumps({"early": early, "answers": answers}))
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


def test_the_dashboard_runs_in_lambda(run: Callable[..., Any]) -> None:
    """The handler writes an entry and feeds it."""
    entry = {"date": "2099-05-30", "event_type": "charter", "booking_id": "xhqgmdh"}

    done = run(
        "dashboard",
        called("PUT", "/calendar/xhqgmdh", entry, X_Dashboard_Token="key"),
        called("GET", "/prod/calendar.ics", X_Dashboard_Token="key"),
        called("GET", "/calendar"),
    )

    assert done["early"] == []
    assert [answer["statusCode"] for answer in done["answers"]] == [200, 200, 401]
    assert done["answers"][1]["body"].startswith("BEGIN:VCALENDAR\r\n")
