"""The services keep to their OpenAPI documents, whatever is asked of them: no 5xx, no answer that is not written there.

Requests that the documents allow and that they forbid, by themselves and in chains where an answer's id is the next
call's. `CASTOFF_PROOF=1` asks thousands; otherwise some hundreds.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from support.contracts import documents
from support.fuzzed import Fuzzed, fuzz

pytestmark = pytest.mark.matrix

EXAMPLES = 300 if os.environ.get("CASTOFF_PROOF") else 2
LEAST = 2000 if os.environ.get("CASTOFF_PROOF") else 300  # requests; the dashboard has fewer calls than the other

# Where a document cannot say all: times in their order, members who are known, keys not used before, good tokens.
BEYOND = {
    "shipcaptaincrew": (
        "GET /crew/{subject}",
        "POST /crew/{subject}",
        "GET /crew/{subject}/link",
        "POST /crew/{subject}/link",
        "POST /event",
        "PATCH /events/{event_id}",
        "POST /g/PRESIGN",
        "POST /crew-members/{member_id}/link",
    ),
    "dashboard": ("PUT /calendar/{booking_id}", "POST /calendar", "GET /calendar"),
}

# What succeeds only with a mail's token, a mail that nobody can vouch for, or somebody who is aboard.
NEEDY = {
    "POST /crew/{subject}",
    "POST /mail/{mail_id}/resend",
    "POST /mail/{mail_id}/arrived",
    "POST /crew-members/{member_id}/link",
}


def likely(operation: str, body: dict[str, Any]) -> None:
    """Name members who are there and a call before the start, and a window that is open."""
    if operation == "create_event":
        body.update(captain_id="captain-001", crew_ids=["crew-001"], call_time=body["date"])
    if operation == "presign" and "opens" in body:
        body.update(opens="2024-05-01T00:00:00Z", closes="2024-06-01T00:00:00Z", until="2024-05-30T00:00:00Z")


@pytest.fixture
def fuzz_scc(scc: TestClient, crew: dict[str, str]) -> Callable[..., Fuzzed]:
    """Fuzz ShipCaptainCrew, by someone who holds its keys and came through a distribution."""
    assert crew

    def ask(**where: Any) -> Fuzzed:
        headers = {name: scc.headers[name] for name in ("X-Service-Key", "X-Castoff-Origin")}
        beyond = BEYOND["shipcaptaincrew"]
        return fuzz(documents()["shipcaptaincrew"], headers=headers, likely=likely, beyond=beyond, **where)

    return ask


@pytest.fixture
def fuzz_dashboard(dashboard: TestClient) -> Callable[..., Fuzzed]:
    """Fuzz the dashboard, by someone who holds its token."""

    def ask(**where: Any) -> Fuzzed:
        headers = {"X-Dashboard-Token": dashboard.headers["X-Dashboard-Token"]}
        return fuzz(documents()["dashboard"], headers=headers, beyond=BEYOND["dashboard"], **where)

    return ask


def test_shipcaptaincrew_keeps_to_its_document(scc: TestClient, fuzz_scc: Callable[..., Fuzzed]) -> None:
    """Every answer is one that is documented, with its form; what is forbidden is refused, what is allowed is taken."""
    fuzzed = fuzz_scc(app=scc.app, examples=EXAMPLES)

    assert not fuzzed.faults, fuzzed.told
    assert unanswered("shipcaptaincrew", fuzzed) <= NEEDY
    assert fuzzed.cases > LEAST


def test_the_dashboard_keeps_to_its_document(dashboard: TestClient, fuzz_dashboard: Callable[..., Fuzzed]) -> None:
    """Every answer is one that is documented, with its form; what is forbidden is refused, what is allowed is taken."""
    fuzzed = fuzz_dashboard(app=dashboard.app, examples=EXAMPLES)

    assert not fuzzed.faults, fuzzed.told
    assert unanswered("dashboard", fuzzed) <= {"GET /calendar.ics", "HEAD /calendar.ics"}  # which need a feed's key
    assert fuzzed.cases > LEAST


def test_both_keep_to_their_documents_under_uvicorn(
    scc: TestClient, dashboard: TestClient, fuzz_scc: Callable[..., Fuzzed], fuzz_dashboard: Callable[..., Fuzzed]
) -> None:
    """Over real HTTP, where headers and paths are what a server makes of them, the same holds."""
    with served(scc.app) as address:
        of_scc = fuzz_scc(base_url=address, examples=1)
    with served(dashboard.app) as address:
        of_dashboard = fuzz_dashboard(base_url=address, examples=1)

    assert not {**of_scc.faults, **of_dashboard.faults}, of_scc.told + of_dashboard.told
    assert min(of_scc.cases, of_dashboard.cases) > 100


class Served(uvicorn.Server):
    """A server that tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.listens.set()


def unanswered(service: str, fuzzed: Fuzzed) -> set[str]:
    """Return the calls that never succeeded."""
    paths = documents()[service]["paths"]
    calls = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    return {call for call in calls if not any(status < 400 for status in fuzzed.statuses(call))}


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an app on a free port of this machine."""
    assert isinstance(app, FastAPI)
    server = Served(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listens.wait(20), "the server never listened"
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
