"""Exactly once under fire: the process ends between any two steps, answers are lost, parts refuse; then the same again.

A proxy before the embedded cloud counts the calls of one request and lets the process be gone from the n-th on: before
it is done, or after. `CASTOFF_PROOF=1` tries every n; otherwise it is a sample.
"""

import json
import os
import random
import secrets
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from fastapi.testclient import TestClient
from support.treatments import Answer, Gone, HangUp, Slow, Spoilt
from support.turnstile import Turnstile

from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Key, Table
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.app import create_app
from lambdas.shipcaptaincrew.mailbox import SesMailbox

pytestmark = pytest.mark.matrix

SAMPLE = 1
SERIAL = {"X-Castoff-Serial": "7"}


@dataclass(frozen=True)
class World:
    """One booking with its crew, under names of its own."""

    tag: str
    scc: TestClient
    cloud: str

    @property
    def booking(self) -> str:
        """Its booking."""
        return f"b{self.tag}"

    def member(self, who: str) -> str:
        """Return a member's id."""
        return f"{who}-{self.tag}"

    def address(self, who: str) -> str:
        """Return a member's address."""
        return f"{who}.{self.tag}@example.com"

    def put(self, scc: TestClient, who: str, **changes: str) -> Any:
        """Write a member."""
        body = {"name": f"{who.title()} Ito", "role": "crew", "email": self.address(who)} | changes
        return scc.put(f"/crew-members/{self.member(who)}", json=body, headers=SERIAL)

    def create(self, scc: TestClient) -> Any:
        """Create the event."""
        body = {
            "event_name": "Jada",
            "booking_id": self.booking,
            "captain_id": self.member("ana"),
            "crew_ids": [self.member("ben")],
            "date": "2024-05-30T09:00:00-07:00",
            "duration_hours": 3,
            "call_time": "2024-05-30T08:00:00-07:00",
            "dock": "Sheraton Marina",
            "guest_count": 6,
            "crew_page": f"http://guest.localhost:8080/g/{self.booking}-crew",
        }
        return scc.post("/event", json=body, headers=SERIAL | {"Idempotency-Key": f"event:{self.booking}"})

    def event(self) -> Any:
        """Return the one event of the booking."""
        (event,) = self.scc.get("/events", params={"booking_id": self.booking}).json()["events"]
        return event

    def change(self, scc: TestClient) -> Any:
        """Move the event to another dock, with one of the crew in another's place."""
        body = {"dock": "Harbor Island", "crew_ids": [self.member("cora")]}
        return scc.patch(f"/events/{self.event()['event_id']}", json=body, headers=SERIAL)

    def cancel(self, scc: TestClient) -> Any:
        """Cancel the event."""
        return scc.delete(f"/events/{self.event()['event_id']}", headers=SERIAL)

    def mailed(self) -> Counter[str]:
        """Count what reached each of the crew."""
        with urllib.request.urlopen(f"{self.cloud}/_ministack/ses/messages", timeout=5) as answer:  # noqa: S310 - our own
            found = [mail for mails in json.load(answer)["messages"].values() for mail in mails]
        ours = {self.address(who): self.member(who) for who in ("ana", "ben", "cora")}
        return Counter(ours[reader] for mail in found for reader in mail["To"] if reader in ours)

    def epochs(self, *key: str) -> dict[str, int]:
        """Return the epochs of who has to log in anew, as they are kept under `{}` for each of the crew."""
        table = self.scc.app.state.service.ports.table  # type: ignore[attr-defined]  # FastAPI's
        ids = [self.member(who) for who in ("ana", "ben", "cora")]
        found = {member_id: table.get(Key(*(part.format(member_id) for part in key))) for member_id in ids}
        return {member_id: item["epoch"] for member_id, item in found.items() if item and item["epoch"] > 1}

    def outbox(self, state: str) -> list[str]:
        """Return of whom a mail stands so, as the operator is shown."""
        asked = {"booking_id": self.booking, "state": state}
        return [mail["member_id"] for mail in self.scc.get("/mail", params=asked).json()["mails"]]


@dataclass(frozen=True)
class Scene:
    """A call, and what is there before it."""

    before: tuple[Callable[[World], Any], ...]
    call: Callable[[World, TestClient], Any]
    is_done: Callable[[World], bool]


def crew(world: World) -> None:
    """Make the crew known."""
    for who in ("ana", "ben", "cora"):
        assert world.put(world.scc, who).status_code == 200


def created(world: World) -> None:
    """Create the event, and call the crew."""
    assert world.create(world.scc).status_code == 201


def remove(world: World, scc: TestClient) -> Any:
    """Let a member go."""
    return scc.delete(f"/crew-members/{world.member('ben')}", headers=SERIAL)


SCENES = {
    "create": Scene((crew,), lambda world, scc: world.create(scc), lambda world: world.event()["revision"] == 1),
    "change": Scene(
        (crew, created),
        lambda world, scc: world.change(scc),
        lambda world: (world.event()["dock"], world.event()["revision"]) == ("Harbor Island", 2),
    ),
    "cancel": Scene(
        (crew, created),
        lambda world, scc: world.cancel(scc),
        lambda world: (world.event()["status"], world.event()["revision"]) == ("cancelled", 2),
    ),
    "write a member": Scene(
        (crew,),
        lambda world, scc: world.put(scc, "ben", email=f"new.{world.tag}@example.com"),
        lambda world: world.put(world.scc, "ben", email=f"new.{world.tag}@example.com").status_code == 200,
    ),
    "let a member go": Scene((crew,), remove, lambda world: remove(world, world.scc).status_code == 200),
}


class EdgeOverHttp:
    """The edge's memory, kept where every call to it passes the proxy, too."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def note(self, owed: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
        """Remember members' epochs."""
        epochs = owed()
        for member_id, epoch in epochs.items():
            item = {"pk": {"S": "edge"}, "sk": {"S": member_id}, "epoch": {"N": str(epoch)}}
            try:
                self._client.put_item(TableName=self._table, Item=item)
            except (BotoCoreError, ClientError) as fault:
                raise UnavailableError("the edge did not hear of it") from fault
        return epochs


@pytest.fixture
def departures(dynamodb: Any, table_name: str) -> EdgeOverHttp:
    """Let the calls that nothing disturbs tell the same edge."""
    return EdgeOverHttp(dynamodb, table_name)


@pytest.fixture
def turnstile(cloud: str) -> Iterator[Turnstile]:
    """Stand a proxy before the cloud."""
    turnstile = Turnstile(cloud)
    yield turnstile
    turnstile.close()


@pytest.fixture
def doomed(scc: TestClient, turnstile: Turnstile, make_client: Callable[..., Any]) -> Callable[[], TestClient]:
    """Return a function that starts the service anew behind the proxy, with nothing in its memory."""
    clients = {name: make_client(name, turnstile.endpoint) for name in ("dynamodb", "sesv2", "secretsmanager")}

    def start() -> TestClient:
        ports: Any = scc.app.state.service.ports  # type: ignore[attr-defined]  # FastAPI's
        behind = replace(
            ports,
            table=Table(lambda: clients["dynamodb"], ports.settings.table, pause=lambda _: None),
            mailbox=SesMailbox(lambda: clients["sesv2"], sender=ports.settings.sender),
            vault=Vault(lambda: clients["secretsmanager"]),
            departures=EdgeOverHttp(clients["dynamodb"], ports.settings.table),
        )
        return TestClient(create_app(behind), headers=dict(scc.headers))

    return start


@pytest.fixture
def make_client() -> Callable[..., Any]:
    """Return a function that makes clients which are as patient as the service's own, but for less time."""
    import boto3  # noqa: PLC0415 - as the service does

    def make(service: str, endpoint: str) -> Any:
        build: Callable[..., Any] = boto3.client
        return build(
            service,
            endpoint_url=endpoint,
            region_name="us-west-2",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=2),
        )

    return make


@pytest.fixture
def new_world(scc: TestClient, cloud: str) -> Callable[[Scene], World]:
    """Return a function that makes a world in which a scene may begin."""

    def make(scene: Scene) -> World:
        world = World(secrets.token_hex(4), scc, cloud)
        for begin in scene.before:
            begin(world)
        return world

    return make


def settled(world: World, scene: Scene, told: str) -> None:
    """Say that a scene has come to its end: done, nobody mailed twice, the edge told, and what is in doubt is shown."""
    claimed, sent = Counter(world.outbox("claimed")), Counter(world.outbox("sent"))
    mailed = world.mailed()

    assert scene.is_done(world), told
    assert world.outbox("pending") == [], told
    assert world.epochs("edge", "{}") == world.epochs("member#{}", "member"), told
    assert world.epochs("owed", "{}") == {}, told
    assert claimed.total() <= 1, told
    assert sent <= mailed <= sent + claimed, f"{told}: sent {sent}, claimed {claimed}, mailed {mailed}"


@pytest.mark.parametrize("way", ["before", "after", "answer lost"])
@pytest.mark.parametrize("name", SCENES)
def test_it_is_done_once_wherever_the_process_ends(
    turnstile: Turnstile,
    doomed: Callable[[], TestClient],
    new_world: Callable[[Scene], World],
    name: str,
    way: str,
) -> None:
    """Ended before or after any of its calls, or without the answer of one, the same call again does the rest."""
    scene = SCENES[name]
    world = new_world(scene)
    turnstile.forget()
    assert scene.call(world, doomed()).status_code < 300
    steps = len(turnstile.passed)
    settled(world, scene, "undisturbed")

    for step in chosen(steps, f"{name} {way}"):
        world = new_world(scene)
        dying = doomed()
        turnstile.forget()
        if way != "before":
            turnstile.treat(".", Spoilt.LOST, after=step, times=1)
        if way != "answer lost":
            turnstile.treat(".", Gone(), after=step)
        first = scene.call(world, dying)
        turnstile.forget()

        again = [scene.call(world, world.scc) for _ in range(2)]

        told = f"{name}, {way} call {step + 1} of {steps}: {first.status_code}, then {again[0].text}"
        assert first.status_code < 300 or first.status_code >= 500, told
        assert [answer.status_code < 300 for answer in again] == [True, True], told
        assert again[0].text == again[1].text, told
        settled(world, scene, told)


def throttled(code: str, *reasons: str, status: int = 400) -> Answer:
    """Return what DynamoDB says when it cannot just now."""
    body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "not now"}
    if reasons:
        body["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return Answer(status, json.dumps(body).encode(), (("Content-Type", "application/x-amz-json-1.0"),))


BUSY = {
    "a conflict with another transaction": throttled("TransactionCanceledException", "None", "TransactionConflict"),
    "a transaction that is still going on": throttled("TransactionInProgressException"),
    "a transaction that throttling cancelled": throttled("TransactionCanceledException", "ThrottlingError"),
    "more than the table is provisioned for": throttled("ProvisionedThroughputExceededException"),
    "throttling": throttled("ThrottlingException"),
    "a fault of DynamoDB's own": throttled("InternalServerError", status=500),
    "an answer that never comes": HangUp(),
}


@pytest.mark.parametrize("busy", BUSY)
@pytest.mark.parametrize("name", SCENES)
def test_what_passes_is_waited_for_and_what_stays_is_told(
    turnstile: Turnstile,
    doomed: Callable[[], TestClient],
    new_world: Callable[[Scene], World],
    name: str,
    busy: str,
) -> None:
    """When DynamoDB is busy six times it is done all the same; when it stays so, 503, nothing half done, and again."""
    scene, passing, staying = SCENES[name], new_world(SCENES[name]), new_world(SCENES[name])
    service = doomed()
    service.get("/events", params={"booking_id": "b0"})  # so that its key is known

    turnstile.forget()
    turnstile.treat("POST .* /$", BUSY[busy], times=6)
    patient = scene.call(passing, service)
    turnstile.forget()
    turnstile.treat("POST .* /$", BUSY[busy])
    told = scene.call(staying, service)
    turnstile.forget()
    again = scene.call(staying, service)

    assert patient.status_code < 300, patient.text
    assert (told.status_code, told.json()["error"], told.headers["Retry-After"]) == (503, "unavailable", "2")
    assert again.status_code < 300, again.text
    settled(passing, scene, "busy for a while")
    settled(staying, scene, "busy, then again")


@pytest.mark.parametrize("name", ["create", "change", "cancel"])
def test_mail_that_ses_refuses_goes_out_by_the_same_call(
    turnstile: Turnstile, doomed: Callable[[], TestClient], new_world: Callable[[Scene], World], name: str
) -> None:
    """While SES refuses, the event is stored, and its mails wait; by the same call again each has one."""
    scene, world = SCENES[name], new_world(SCENES[name])
    before, service = world.mailed(), doomed()
    refusal = Answer(429, b'{"message": "slow down"}', (("x-amzn-ErrorType", "TooManyRequestsException"),))
    turnstile.treat("/v2/email/", refusal)

    told = scene.call(world, service)
    meanwhile, waiting = world.mailed(), len(world.outbox("pending"))
    turnstile.forget()
    again = scene.call(world, service)

    assert (told.status_code < 300, again.status_code) == (True, told.status_code)
    assert (meanwhile, waiting) == (before, 3 if name == "change" else 2)
    assert not world.outbox("claimed")
    settled(world, scene, "refused, then again")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(HangUp(), id="down"),
        pytest.param(Slow(3), id="slow"),
        pytest.param(Answer(500, b'{"__type": "InternalServiceError"}'), id="faulty"),
    ],
)
def test_without_its_secrets_the_service_does_nothing(
    turnstile: Turnstile, doomed: Callable[[], TestClient], new_world: Callable[[Scene], World], fault: Any
) -> None:
    """Who cannot be judged is told to come again, and no call goes on to anything else."""
    scene, world = SCENES["create"], new_world(SCENES["create"])
    service = doomed()
    turnstile.treat(".", fault)

    told = scene.call(world, service)
    asked = len(turnstile.passed)
    turnstile.settle()
    turnstile.forget()
    again = scene.call(world, service)

    assert (told.status_code, told.json()["error"], told.headers["Retry-After"]) == (503, "unavailable", "2")
    assert asked == 1
    assert again.status_code == 201
    settled(world, scene, "no secrets, then again")


def test_twenty_at_once_under_conflicts_make_one_event(
    turnstile: Turnstile, doomed: Callable[[], TestClient], new_world: Callable[[Scene], World]
) -> None:
    """One key from twenty threads, while answers are lost and transactions meet: one event, and one mail each."""
    scene, world = SCENES["create"], new_world(SCENES["create"])
    service = doomed()
    assert service.get("/nothing").status_code == 404
    for after in range(5, 200, 15):
        turnstile.treat("POST .* /$", BUSY["a conflict with another transaction"], after=after, times=3)
        turnstile.treat("POST .* /$", Spoilt.LOST, after=after, times=2)

    with ThreadPoolExecutor(20) as pool:
        answers = [answer.result() for answer in [pool.submit(scene.call, world, service) for _ in range(20)]]
    turnstile.forget()
    again = scene.call(world, world.scc)

    assert {answer.status_code for answer in answers} <= {201, 503}
    assert {answer.text for answer in answers if answer.status_code == 201} <= {again.text}
    assert again.status_code == 201
    settled(world, scene, "twenty at once")


def chosen(steps: int, seed: str) -> list[int]:
    """Return which calls are tried."""
    every = list(range(steps))
    if os.environ.get("CASTOFF_PROOF"):
        return every
    return sorted(random.Random(seed).sample(every, min(SAMPLE, steps)))  # noqa: S311 - a sample of tests
