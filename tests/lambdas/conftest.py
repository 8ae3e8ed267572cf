"""The services over the embedded cloud: real tables, secrets and mail, a clock that stands still."""

import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from botocore.config import Config
from starlette.exceptions import StarletteDeprecationWarning

from lambdas.dashboard import app as dashboard_app
from lambdas.dashboard import ports as dashboard_ports
from lambdas.dashboard import settings as dashboard_settings
from lambdas.service import aws
from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.app import create_app
from lambdas.shipcaptaincrew.brand import Brand
from lambdas.shipcaptaincrew.mailbox import Mailbox, SesMailbox
from lambdas.shipcaptaincrew.ports import Ports
from lambdas.shipcaptaincrew.presigner import Presigner, S3Presigner
from lambdas.shipcaptaincrew.settings import Settings

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which the dev extra names, does the same here.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from fastapi.testclient import TestClient

KEY = "the-service-key-of-this-test"
TOKEN = "the-dashboard-token-of-this-test"
MONEY_TOKEN = "the-token-of-who-sees-money-in-this-test"
ORIGIN = "the-origin-header-of-this-test"
ZONE = ZoneInfo("America/Los_Angeles")
COOKIE_KEYS = [{"id": "c0000002", "secret": "c2" * 32}, {"id": "c0000001", "secret": "c1" * 32}]
TICKET_KEYS = [{"id": "70000002", "secret": "72" * 32}, {"id": "70000001", "secret": "71" * 32}]
BUCKET = "castoff-uploads"
SIGNER = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "a-signer-of-this-test"}


@pytest.fixture(scope="session")
def cloud() -> Iterator[str]:
    """Run the embedded cloud and yield its endpoint."""
    with running_cloud(AUTH="false") as endpoint:
        client("sesv2", endpoint).create_email_identity(EmailIdentity="example.com")
        yield endpoint


@pytest.fixture(scope="session")
def strict_cloud() -> Iterator[str]:
    """Run one that checks signatures and policies of everyone but its root, and yield its endpoint."""
    with running_cloud(AUTH="true") as endpoint:
        yield endpoint


@contextmanager
def running_cloud(**variables: str) -> Iterator[str]:
    """Run an embedded cloud on a free port, and end it."""
    program = find_ministack()
    if program is None:
        pytest.fail("the embedded cloud is not installed: run `make setup`, or name it in CASTOFF_MINISTACK")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        **variables,
    }
    endpoint = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(endpoint, process)
        yield endpoint
    finally:
        process.terminate()
        process.wait(timeout=20)


def find_ministack() -> str | None:
    """Return the embedded cloud's program: the one that is named, the project's own, or one on the path."""
    named = os.environ.get("CASTOFF_MINISTACK")
    own = Path(__file__).parents[2] / ".castoff/ministack/bin/ministack"
    return named or (str(own) if own.exists() else shutil.which("ministack"))


def wait_until_ready(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the embedded cloud answers; fail when it has ended or takes half a minute."""
    for _ in range(300):
        if process.poll() is not None:
            pytest.fail(f"the embedded cloud ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=5):  # noqa: S310 - our own
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the embedded cloud did not answer")


def client(service: str, endpoint: str) -> Any:
    """Return an AWS client of the embedded cloud."""
    make: Callable[..., Any] = boto3.client
    return make(
        service,
        endpoint_url=endpoint,
        region_name="us-west-2",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=30),
    )


@pytest.fixture(scope="session")
def dynamodb(cloud: str) -> Any:
    """DynamoDB's client."""
    return client("dynamodb", cloud)


@pytest.fixture(scope="session")
def secretsmanager(cloud: str) -> Any:
    """Secrets Manager's client."""
    return client("secretsmanager", cloud)


@pytest.fixture(scope="session")
def sesv2(cloud: str) -> Any:
    """SES's client."""
    return client("sesv2", cloud)


@pytest.fixture
def table_name(dynamodb: Any) -> str:
    """Name a table of its own for each test."""
    name = f"castoff-{secrets.token_hex(6)}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
def table(dynamodb: Any, table_name: str) -> Table:
    """Open the test's table."""
    return Table(lambda: dynamodb, table_name)


@pytest.fixture
def secret(secretsmanager: Any) -> Callable[..., str]:
    """Store secrets; each gets a name of its own."""

    def store(**members: Any) -> str:
        name = f"castoff/{secrets.token_hex(6)}"
        secretsmanager.create_secret(Name=name, SecretString=json.dumps(members))
        return name

    return store


@pytest.fixture
def hours() -> dict[str, datetime]:
    """Hold the clock: `now` may be set."""
    return {"now": datetime(2024, 5, 28, 12, 0, tzinfo=ZONE)}


@pytest.fixture
def settings(table_name: str, secret: Callable[..., str]) -> Settings:
    """Name the test's table and secrets."""
    return Settings(
        table=table_name,
        key_secret=secret(service_key_hashes=[f"sha256:{hashlib.sha256(KEY.encode()).hexdigest()}"]),
        origin_secret=secret(header=ORIGIN),
        gate_secret=secret(cookie_keys=COOKIE_KEYS, ticket_keys=TICKET_KEYS),
        signer_secret=secret(**SIGNER),
        key_value_store="arn:aws:cloudfront::000000000000:key-value-store/castoff-gate",
        uploads_bucket=BUCKET,
        mail_from="crew@example.com",
        brand=Brand("Queen of San Diego", "619-555-0142"),
        guest_url="http://guest.localhost:8080",
        ops_url="http://ops.localhost:8080",
        zone=ZONE,
    )


class NotedDepartures:
    """The edge's memory: what it was told of each member, newest last; it fails as often as `failing` says."""

    def __init__(self) -> None:
        self.noted: dict[str, list[int]] = {}
        self.failing = 0

    def note(self, owed: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
        """Remember members' epochs."""
        if self.failing:
            self.failing -= 1
            raise UnavailableError("the store did not answer")
        epochs = owed()
        for member_id, epoch in epochs.items():
            self.noted.setdefault(member_id, []).append(epoch)
        return epochs


@pytest.fixture
def departures() -> NotedDepartures:
    """Return what the edge was told of who left."""
    return NotedDepartures()


@pytest.fixture
def pauses() -> list[float]:
    """Collect the seconds for which the service waited: its clock for these stands still."""
    return []


@pytest.fixture
def make_scc(
    *,
    table: Table,
    settings: Settings,
    hours: dict[str, datetime],
    secretsmanager: Any,
    sesv2: Any,
    departures: NotedDepartures,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., TestClient]:
    """Make ShipCaptainCrew's app, with parts of it exchanged."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    vault = Vault(lambda: secretsmanager)

    def make(
        *,
        mailbox: Mailbox | None = None,
        storage: Table | None = None,
        presigner: Presigner | None = None,
        **settled: str,
    ) -> TestClient:
        chosen = replace(settings, **settled)
        ports = Ports(
            table=storage or table,
            mailbox=mailbox or SesMailbox(lambda: sesv2, sender=settings.sender),
            vault=vault,
            departures=departures,
            presigner=presigner or S3Presigner(aws.form_signer, vault, secret=chosen.signer_secret, bucket=BUCKET),
            now=lambda: hours["now"],
            settings=chosen,
            ticks=lambda: 0.0,
            pause=pauses.append,
        )
        headers = {"X-Service-Key": KEY, "X-Castoff-Origin": ORIGIN}
        caller = TestClient(create_app(ports), headers=headers, follow_redirects=False)
        # FastAPI builds its routes at the first request, hushing a warning in a way that threads undo for each other.
        assert caller.get("/nothing").status_code == 404
        return caller

    return make


@pytest.fixture
def scc(make_scc: Callable[..., TestClient]) -> TestClient:
    """ShipCaptainCrew, called by someone who holds its keys."""
    return make_scc()


@pytest.fixture
def addresses() -> dict[str, str]:
    """Give each crew member an address of this test's own, so that their mails can be told apart."""
    tag = secrets.token_hex(4)
    return {
        "captain-001": f"ana.{tag}@example.com",
        "crew-001": f"ben.{tag}@example.com",
        "crew-002": f"cora.{tag}@example.com",
        "crew-003": f"dev.{tag}@example.com",
    }


@pytest.fixture
def crew(scc: TestClient, addresses: dict[str, str]) -> dict[str, str]:
    """Make four crew members known, and return their addresses by id."""
    names = {"captain-001": "Ana Ruiz", "crew-001": "Ben Ito", "crew-002": "Cora Lind", "crew-003": "Dev Rao"}
    for member_id, name in names.items():
        role = member_id.partition("-")[0]
        body = {"name": name, "role": role, "email": addresses[member_id], "phone": "+1 619 555 0142"}
        assert scc.put(f"/crew-members/{member_id}", json=body).status_code == 200
    return addresses


@pytest.fixture
def mails(cloud: str, addresses: dict[str, str]) -> Callable[..., list[Any]]:
    """Read what was mailed to a crew member, or to all of them, oldest first."""

    def read(member_id: str | None = None) -> list[Any]:
        with urllib.request.urlopen(f"{cloud}/_ministack/ses/messages", timeout=5) as answer:  # noqa: S310 - our own
            found = [mail for mails in json.load(answer)["messages"].values() for mail in mails]
        for mail in found:
            mail["BodyText"] = mail["BodyText"].replace("\r\n", "\n")  # as a message has its lines
        wanted = set(addresses.values()) if member_id is None else {addresses[member_id]}
        return [mail for mail in found if wanted & set(mail["To"])]

    return read


@pytest.fixture
def token_of(mails: Callable[..., list[Any]]) -> Callable[[str], str]:
    """Read the token in the last mail to a member."""

    def read(member_id: str) -> str:
        found = re.search(r"\?token=([A-Za-z0-9_-]{43})\s", mails(member_id)[-1]["BodyText"])
        assert found is not None
        return found[1]

    return read


@pytest.fixture
def charter() -> dict[str, Any]:
    """Return the body of a new event."""
    return {
        "event_name": "Jada",
        "booking_id": "xhqgmdh",
        "captain_id": "captain-001",
        "crew_ids": ["crew-001", "crew-002"],
        "date": "2024-05-30T09:00:00-07:00",
        "duration_hours": 3,
        "call_time": "2024-05-30T08:00:00-07:00",
        "dock": "Sheraton Marina",
        "guest_count": 6,
        "notes": "One guest uses a cane.",
        "crew_page": "http://guest.localhost:8080/g/xhqgmdh-crew",
    }


@pytest.fixture
def event(scc: TestClient, crew: dict[str, str], charter: dict[str, Any]) -> dict[str, Any]:
    """Create the charter's event, and return the answer."""
    assert crew
    answer = scc.post("/event", json=charter, headers={"Idempotency-Key": "event:xhqgmdh"})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


@pytest.fixture
def dashboard(
    table: Table,
    table_name: str,
    secret: Callable[..., str],
    secretsmanager: Any,
    hours: dict[str, datetime],
) -> TestClient:
    """Return the dashboard, called by someone who holds its token."""
    hashes, of_money = ([f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"] for token in (TOKEN, MONEY_TOKEN))
    verify = secret(token_hashes=hashes, finance_token_hashes=of_money)
    ports = dashboard_ports.Ports(
        table=table,
        vault=Vault(lambda: secretsmanager),
        now=lambda: hours["now"],
        settings=dashboard_settings.Settings(table_name, verify, ZONE),
    )
    return TestClient(dashboard_app.create_app(ports), headers={"X-Dashboard-Token": TOKEN})
