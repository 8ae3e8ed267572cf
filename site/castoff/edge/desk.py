"""The operator's desk of the embedded cloud, at `desk.localhost`: the mail that was sent, and the calendar.

On AWS both have programs of their own; here this is where one looks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from jinja2 import Environment, StrictUndefined, select_autoescape

from castoff.cloud.account import account_in
from castoff.cloud.identities import lend_publisher
from castoff.edge.messages import Response, notice
from castoff.edge.origins import embedded_host

if TYPE_CHECKING:
    from castoff.cloud.facts import Facts
    from castoff.edge.messages import Request

HOST: Final = "desk.localhost"

_HEADERS: Final = (
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; img-src 'self'"),
)
_POOL: Final = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=30), retries=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as the embedded SES keeps it."""

    sent: datetime
    to: str
    subject: str
    text: str
    html: str

    @property
    def framed(self) -> str:
        """The mail as it stands in a frame: links open in a tab of their own, since our pages let nobody frame them."""
        return self.html.replace("<head>", '<head><base target="_blank">', 1)


def sent_mail(facts: Facts) -> tuple[Mail, ...]:
    """Return every mail that was sent, the newest first."""
    answer = _POOL.request("GET", f"{facts.endpoint}/_ministack/ses/messages")
    accounts: dict[str, list[dict[str, Any]]] = json.loads(answer.data)["messages"]
    found = [
        Mail(
            sent=datetime.fromtimestamp(mail["Timestamp"], tz=UTC),
            to=", ".join(mail["To"]),
            subject=mail["Subject"],
            text=mail["BodyText"] or "",
            html=mail["BodyHtml"] or "",
        )
        for mails in accounts.values()
        for mail in mails
    ]
    return tuple(sorted(found, key=lambda mail: mail.sent, reverse=True))


def calendar_entries(facts: Facts) -> list[dict[str, Any]]:
    """Return the dashboard's calendar, read through its API as any other program would, by day."""
    secrets = account_in(facts, "admin")
    client = secrets.session.client("secretsmanager", **secrets.options)
    token = json.loads(client.get_secret_value(SecretId=facts.outputs["DashboardSecret"])["SecretString"])["token"]
    base = urlsplit(facts.outputs["DashboardUrl"])
    host = embedded_host(base.hostname or "", port=urlsplit(facts.endpoint).port or 80)
    address = f"{facts.endpoint}{base.path}/calendar"
    entries: list[dict[str, Any]] = []
    page = ""
    while True:
        asked = f"{address}{page}"
        signature = _signature(facts, asked, host=host) if facts.outputs.get("OperatorAuth") == "sigv4" else {}
        answer = _POOL.request("GET", asked, headers={"Host": host, "X-Dashboard-Token": token, **signature})
        found = json.loads(answer.data)
        entries += found["entries"]
        if "next" not in found:
            break
        page = f"?next={quote(found['next'])}"
    return sorted(entries, key=lambda entry: (entry.get("starts") or entry.get("date") or "", entry["booking_id"]))


def _signature(facts: Facts, address: str, *, host: str) -> dict[str, str]:
    """Return the headers that sign a GET as the publisher's role, which the dashboard's stack lists."""
    lent = lend_publisher(account_in(facts, "admin"), facts.outputs)
    request = AWSRequest("GET", address, headers={"Host": host})
    SigV4Auth(Credentials(lent.key, lent.secret, lent.token), "execute-api", facts.region).add_auth(request)
    return dict(request.headers.items())


class Desk:
    """Answers for the desk's host."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        environment = Environment(autoescape=select_autoescape(default=True), undefined=StrictUndefined)
        self._template = environment.from_string(files("castoff.edge").joinpath("desk.html").read_text("utf-8"))

    def respond(self, request: Request) -> Response:
        """Show mail or calendar."""
        match request.path.rstrip("/"):
            case "" | "/mail":
                return self._page("Mailbox", mails=sent_mail(self._facts), entries=None)
            case "/calendar":
                return self._page("Calendar", mails=None, entries=calendar_entries(self._facts))
            case _:
                return notice(404, "Not here", "The desk has /mail and /calendar.")

    def _page(self, title: str, **parts: object) -> Response:
        body = self._template.render(title=title, **parts)
        return Response(status=HTTPStatus.OK, headers=_HEADERS, body=body.encode())
