"""A target as the doctor looks at it, all well until a test says otherwise."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from castoff.cloud.account import account_of
from castoff.cloud.doctor.patient import Patient, Service, Site, Told
from castoff.cloud.facts import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.account import Account

NOW = datetime(2024, 5, 28, 12, 0, 0, 500_000, tzinfo=UTC)
DATE = "Tue, 28 May 2024 12:00:00 GMT"
API = "https://a1b2c3.execute-api.us-west-2.amazonaws.com/prod"
SITES = (
    Site("guest", "queenofsandiego.com", "guest-bucket", "E1EXAMPLE"),
    Site("ops", "sailjada.com", "ops-bucket", "E2EXAMPLE"),
)


@dataclass
class Answers:
    """A service: what it answers without the key, with it, and to a wish for a form; and what it was asked."""

    bare: Told | str = field(default_factory=lambda: told(401, {"error": "unauthorized"}))
    keyed: Told | str = field(default_factory=lambda: told(200, {"events": [], "entries": []}))
    form: Told | str = field(default_factory=lambda: told(200, form()))
    asked: list[str] = field(default_factory=list)

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, keyed: bool) -> Told | str:
        """Answer."""
        self.asked.append(f"{method} {path}")
        if body is not None:
            return self.form
        return self.keyed if keyed else self.bare


def told(status: int, value: Mapping[str, Any] | None = None, text: str = "", **headers: str) -> Told:
    """Return an answer of today."""
    named = {name.replace("_", "-"): words for name, words in headers.items()}
    return Told(status, {"date": DATE, **named}, value, text)


def form(
    *, lives: timedelta = timedelta(days=7), prefix: str | None = "uploads/castoff-doctor/guest/", **fields: str
) -> dict[str, Any]:
    """Return an upload form, whose policy binds its key to a prefix."""
    conditions = [{"bucket": "uploads"}, *([["starts-with", "$key", prefix]] if prefix else [])]
    policy = base64.b64encode(json.dumps({"conditions": conditions}).encode()).decode()
    return {
        "url": "https://uploads.s3.us-west-2.amazonaws.com/",
        "fields": {"key": f"{prefix}${{filename}}", "policy": policy, "x-amz-signature": "00", **fields},
        "expires": (NOW + lives).isoformat(),
        "ticket": "a-ticket",
    }


def account(endpoint: str = "http://127.0.0.1:9", region: str = "us-west-2", token: str | None = None) -> Account:
    """Return an account at which nobody answers, unless an endpoint is given."""
    return account_of(Credentials("test", "test", token), region=region, endpoint=endpoint)


def service(name: str = "ShipCaptainCrew", *, url: str = API, answers: Answers | None = None) -> Service:
    """Return a service."""
    header, path, lists = ("X-Service-Key", "/events?booking_id=x", "events")
    if name == "dashboard":
        header, path, lists = ("X-Dashboard-Token", "/calendar?booking_id=x", "entries")
    return Service(name, header, path, lists, url, answers or Answers())


def patient(**other: Any) -> Patient:
    """Return a target in production, with parts of it exchanged."""
    well = Patient(
        target="production",
        embedded=False,
        account=account(),
        sites=SITES,
        state="state-bucket",
        uploads="uploads-bucket",
        scc=service(),
        dashboard=service("dashboard"),
        function="// the function",
        template={"Resources": {}},
        unlisted=False,
        stack="castoff",
        send=lambda _url, _kind, _body: told(403, text="Invalid according to Policy"),
        present=lambda _host: {"notAfter": "Sep 28 12:00:00 2024 GMT"},
        wall=lambda: NOW,
    )
    return replace(well, **other)
