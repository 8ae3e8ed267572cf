"""The real thing, killed: API Gateway asks a Lambda whose process ends by SIGKILL in the midst, and then asks again."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.gateway import caller
from support.treatments import Arrives, Held
from support.turnstile import Turnstile

from castoff.cloud.account import account_in
from castoff.cloud.keys.vault import open_vault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.gateway import Caller

    from castoff.cloud.facts import Facts

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def turnstile(cloud: Facts) -> Iterator[Turnstile]:
    """Stand a proxy between the Lambda and the cloud, and take it away afterwards."""
    admin, name = account_in(cloud, "admin"), f"{cloud.stack}-scc"
    lambdas = admin.session.client("lambda", **admin.options)
    variables = lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    turnstile = Turnstile(cloud.endpoint)
    behind = {**variables, "AWS_ENDPOINT_URL": turnstile.endpoint}
    lambdas.update_function_configuration(FunctionName=name, Environment={"Variables": behind})
    yield turnstile
    lambdas.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    turnstile.close()


@pytest.fixture
def scc(cloud: Facts) -> Caller:
    """Return the operator, who holds the service key."""
    vault = open_vault(account_in(cloud, "admin"), prefix=cloud.stack)
    return caller(cloud, cloud.outputs["SccUrl"]).bringing(X_Service_Key=vault.read("scc")["service_key"])


CALLS = {"POST .* /$": 7, "/v2/email/": 0}
"""What a creation asks of AWS, and before which such call it dies in a sample."""


@pytest.mark.parametrize("arrives", [Arrives.NEVER, Arrives.UNANSWERED])
@pytest.mark.parametrize("call", CALLS)
def test_a_killed_lambda_leaves_nothing_half_done(
    cloud: Facts, turnstile: Turnstile, scc: Caller, call: str, *, arrives: Arrives
) -> None:
    """After SIGKILL in the midst of a creation the same call makes one event, and nobody is mailed twice.

    How many calls a creation makes, one tells that nobody kills.
    """
    tag, _ = _crew(scc)
    turnstile.forget()
    assert scc.bringing(Idempotency_Key=f"event:b{tag}").ask("POST", "/event", charter(tag)).status == 201
    made = sum(re.search(call, passed) is not None for passed in turnstile.passed)
    assert made > CALLS[call]

    for after in range(made) if os.environ.get("CASTOFF_PROOF") else (CALLS[call],):
        _killed(cloud, turnstile, scc, call, after=after, arrives=arrives)


def _crew(scc: Caller) -> tuple[str, dict[str, str]]:
    """Make two members known, and return what names their booking, and their addresses."""
    tag = secrets.token_hex(4)
    crew = {who: f"{who}.{tag}@example.com" for who in ("ana", "ben")}
    for who, address in crew.items():
        body = {"name": f"{who.title()} Ito", "role": "crew", "email": address}
        assert scc.ask("PUT", f"/crew-members/{who}-{tag}", body).status == 200
    return tag, crew


def _killed(cloud: Facts, turnstile: Turnstile, scc: Caller, call: str, *, after: int, arrives: Arrives) -> None:
    """Kill a creation after so many such calls, ask for it again, and assert that it was made whole, once."""
    tag, crew = _crew(scc)
    once = scc.bringing(Idempotency_Key=f"event:b{tag}")
    held = Held(arrives)
    turnstile.forget()
    turnstile.treat(call, held, after=after)

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(once.ask, "POST", "/event", charter(tag))
        held.wait()
        kill_worker(cloud)
        held.release()
        first = asked.result()
    turnstile.forget()
    again = [once.ask("POST", "/event", charter(tag)) for _ in range(2)]

    assert first.status >= 500, after
    assert [answer.status for answer in again] == [201, 201]
    assert again[0].text == again[1].text
    (event,) = json.loads(scc.ask("GET", f"/events?booking_id=b{tag}").text)["events"]
    assert event == json.loads(again[0].text)
    claimed, sent = (outbox(scc, tag, state) for state in ("claimed", "sent"))
    assert outbox(scc, tag, "pending").total() == 0
    assert claimed.total() <= 1
    assert sent <= mailed(cloud, crew, tag) <= sent + claimed


def charter(tag: str) -> dict[str, Any]:
    """Return the body of a creation."""
    return {
        "event_name": "Jada",
        "booking_id": f"b{tag}",
        "captain_id": f"ana-{tag}",
        "crew_ids": [f"ben-{tag}"],
        "date": "2099-05-30T09:00:00-07:00",
        "duration_hours": 3,
        "call_time": "2099-05-30T08:00:00-07:00",
        "dock": "Sheraton Marina",
        "guest_count": 6,
        "crew_page": f"http://guest.localhost:8080/g/b{tag}-crew",
    }


def kill_worker(cloud: Facts) -> None:
    """Kill the processes in which this very cloud, and no other on this machine, runs ShipCaptainCrew."""
    named = f"AWS_LAMBDA_FUNCTION_NAME={cloud.stack}-scc".encode()
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            is_worker = parent in cloud.pids.values() and named in (process / "environ").read_bytes().split(b"\0")
        except OSError:  # ended meanwhile, or another user's
            continue
        if is_worker:
            os.kill(int(process.name), signal.SIGKILL)
            killed += 1
    assert killed, "no process runs the function"


def outbox(scc: Caller, tag: str, state: str) -> Counter[str]:
    """Count of whom a mail stands so, as the operator is shown."""
    mails = json.loads(scc.ask("GET", f"/mail?booking_id=b{tag}&state={state}").text)["mails"]
    return Counter(mail["member_id"] for mail in mails)


def mailed(cloud: Facts, crew: dict[str, str], tag: str) -> Counter[str]:
    """Count what reached each of the crew."""
    with urllib.request.urlopen(f"{cloud.endpoint}/_ministack/ses/messages", timeout=5) as answer:  # noqa: S310 - our own
        found = [mail for mails in json.load(answer)["messages"].values() for mail in mails]
    ours = {address: f"{who}-{tag}" for who, address in crew.items()}
    return Counter(ours[reader] for mail in found for reader in mail["To"] if reader in ours)
