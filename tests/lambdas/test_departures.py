"""Departures: what the edge is told of who left, before anyone hears that it is done."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from fastapi.testclient import TestClient

from lambdas.service import aws
from lambdas.service.fence import raise_fence
from lambdas.service.patience import within
from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Put, Step, Table
from lambdas.shipcaptaincrew.debts import Debts, debt_step
from lambdas.shipcaptaincrew.departures import KeyValueDepartures

MEMBER = {"name": "Ben Ito", "role": "crew", "email": "ben@example.com"}
PATH = "/crew-members/crew-001"


@pytest.mark.parametrize(
    ("calls", "noted"),
    [
        pytest.param([MEMBER], [], id="new"),
        pytest.param([MEMBER, MEMBER | {"name": "Benjamin Ito", "role": "captain"}], [], id="another name and role"),
        pytest.param([MEMBER, None], [2], id="gone"),
        pytest.param([MEMBER, None, None], [2], id="gone, said twice"),
        pytest.param([MEMBER, None, MEMBER], [2, 3], id="gone and back"),
        pytest.param([MEMBER, None, MEMBER, None], [2, 3, 4], id="gone, back and gone"),
        pytest.param([MEMBER, MEMBER | {"email": "ben.new@example.com"}], [2], id="another address"),
        pytest.param([MEMBER | {"role": "ops"}, MEMBER], [2], id="no longer ops"),
        pytest.param([MEMBER, MEMBER | {"role": "ops"}], [], id="ops from now on"),
    ],
)
def test_whoever_has_to_log_in_anew_is_noted(
    scc: TestClient, departures: Any, calls: list[dict[str, str] | None], noted: list[int]
) -> None:
    """The edge hears the epoch from which on cookies are good, higher each time, and nothing of who just changes."""
    for body in calls:
        answer = scc.delete(PATH) if body is None else scc.put(PATH, json=body)
        assert answer.status_code == 200

    assert departures.noted.get("crew-001", []) == noted


@pytest.mark.parametrize("leaving", ["gone", "another address", "no longer ops"])
def test_what_the_edge_did_not_hear_is_not_done(scc: TestClient, departures: Any, leaving: str) -> None:
    """While the edge does not hear of it the answer is 503, and the same call again completes it."""
    scc.put(PATH, json=MEMBER | {"role": "ops"})
    departures.failing = 2

    def leave() -> int:
        match leaving:
            case "gone":
                return scc.delete(PATH).status_code
            case "another address":
                return scc.put(PATH, json=MEMBER | {"role": "ops", "email": "ben.new@example.com"}).status_code
            case _:
                return scc.put(PATH, json=MEMBER).status_code

    statuses = [leave() for _ in range(3)]

    assert (statuses, departures.noted) == ([503, 503, 200], {"crew-001": [2]})


def test_a_stranger_leaves_no_trace(scc: TestClient, departures: Any) -> None:
    """Letting someone go who was never here is 404, and the edge hears nothing."""
    assert scc.delete("/crew-members/crew-009").status_code == 404
    assert departures.noted == {}


@pytest.mark.parametrize(
    ("changes", "logged_out"),
    [
        pytest.param({"crew_ids": ["crew-001"]}, ["crew-002"], id="one of the crew"),
        pytest.param({"crew_ids": []}, ["crew-001", "crew-002"], id="all of the crew"),
        pytest.param({"captain_id": "crew-003"}, ["captain-001"], id="the captain"),
        pytest.param({"captain_id": "crew-001", "crew_ids": ["captain-001", "crew-002"]}, [], id="places changed"),
        pytest.param({"crew_ids": ["crew-001", "crew-002", "crew-003"]}, [], id="one more"),
        pytest.param({"dock": "Harbor Island"}, [], id="another dock"),
        pytest.param({"status": "cancelled"}, [], id="cancelled"),
        pytest.param({"status": "cancelled", "crew_ids": ["crew-001"]}, ["crew-002"], id="cancelled, and one less"),
    ],
)
def test_whoever_is_taken_off_a_charter_is_logged_out(
    scc: TestClient, event: dict[str, Any], departures: Any, changes: dict[str, Any], logged_out: list[str]
) -> None:
    """By the answer the edge refuses their cookies, and nobody else's."""
    answer = scc.patch(f"/events/{event['event_id']}", json=changes)

    assert answer.status_code == 200
    assert departures.noted == {member: [2] for member in logged_out}


def test_what_the_edge_is_owed_is_told_by_the_same_call_again(
    scc: TestClient, event: dict[str, Any], departures: Any, table: Table
) -> None:
    """The charter changes at once; until the edge knows who was taken off, nobody is told that it is done."""
    departures.failing = 2
    address = f"/events/{event['event_id']}"

    tries = []
    for _ in range(4):
        status = scc.patch(address, json={"crew_ids": ["crew-001"]}).status_code
        tries.append((status, scc.get(address).json()["crew_ids"], len(table.partition("owed"))))

    left = ["crew-001"]
    assert tries == [(503, left, 1), (503, left, 1), (200, left, 0), (200, left, 0)]
    assert departures.noted == {"crew-002": [2]}


def test_a_tick_tells_what_the_edge_is_owed(
    scc: TestClient, event: dict[str, Any], departures: Any, table: Table
) -> None:
    """Whoever made the call and never asked again: a tick tells the edge, and is counted as faulty while it cannot."""
    departures.failing = 3
    tick = scc.app.state.service.tick  # type: ignore[attr-defined]  # FastAPI's

    asked = [
        scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-001"]}).status_code,
        scc.delete("/crew-members/crew-003").status_code,
    ]
    faults = [tick.run().faults for _ in range(3)]

    assert (asked, faults) == ([503, 503], [1, 0, 0])
    assert departures.noted == {"crew-002": [2], "crew-003": [2]}
    assert not table.partition("owed")


def test_nobody_waits_for_what_is_owed_of_another(scc: TestClient, departures: Any) -> None:
    """While the edge has not heard of one member, another can be written."""
    scc.put(PATH, json=MEMBER)
    departures.failing = 2

    statuses = [scc.delete(PATH).status_code, scc.put("/crew-members/crew-002", json=MEMBER).status_code]

    assert (statuses, departures.failing) == ([503, 200], 1)


def test_a_debt_that_grows_while_it_is_paid_stays(scc: TestClient, table: Table, departures: Any) -> None:
    """Who leaves once more between the edge's word and the striking is told of, and not forgotten."""
    scc.put(PATH, json=MEMBER)
    again = [lambda: table.write(debt_step("crew-001", 7))]

    class Meddling:
        """An edge after whose first note the debt grows."""

        def note(self, owed: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
            """Note, and let it grow."""
            told = departures.note(owed)
            while again:
                again.pop()()
            return told

    table.write(debt_step("crew-001", 2))

    Debts(table, Meddling()).pay()

    assert departures.noted == {"crew-001": [2, 7]}
    assert not table.partition("owed")


def test_a_whole_crew_fits_into_one_change(
    scc: TestClient, crew: dict[str, str], charter: dict[str, Any], departures: Any
) -> None:
    """Twenty and their captain for twenty-one others: one transaction, and each of them is logged out once."""
    for number in range(42):
        body = {"name": f"Ben Ito {number}", "role": "crew", "email": crew["crew-001"]}
        scc.put(f"/crew-members/many-{number:02d}", json=body)
    ids = [f"many-{number:02d}" for number in range(42)]
    booked = charter | {"captain_id": ids[0], "crew_ids": ids[1:21]}
    created = scc.post("/event", json=booked, headers={"Idempotency-Key": "event:xhqgmdh"}).json()
    others = {"captain_id": ids[21], "crew_ids": ids[22:], "date": "2024-06-02T09:00:00-07:00"}

    answer = scc.patch(
        f"/events/{created['event_id']}",
        json=others | {"call_time": "2024-06-02T08:00:00-07:00"},
        headers={"X-Castoff-Serial": "7"},
    )

    assert answer.status_code == 200
    assert departures.noted == {member_id: [2] for member_id in ids[:21]}


def test_members_from_before_there_were_debts_are_told_of(scc: TestClient, table: Table, departures: Any) -> None:
    """Of an entry that was written by an older release nobody knows whether the edge heard: it is told once."""
    old = {"pk": "member#crew-001", "sk": "member", "name": "Ben Ito", "role": "crew", "phone": None, "gone": False}
    table.write(Put({**old, "email": "ben@example.com", "epoch": 3}))

    answers = [scc.put(PATH, json=MEMBER).status_code for _ in range(2)]

    assert (answers, departures.noted) == ([200, 200], {"crew-001": [3]})


@pytest.mark.parametrize(
    ("changes", "serial"),
    [
        pytest.param({"crew_ids": ["crew-009"]}, "7", id="for a stranger"),
        pytest.param({"crew_ids": [], "call_time": "2024-06-30T08:00:00-07:00"}, "7", id="to a call afterwards"),
        pytest.param({"crew_ids": []}, "6", id="by an older publish"),
    ],
)
def test_a_change_that_is_refused_logs_nobody_out(
    scc: TestClient, event: dict[str, Any], departures: Any, changes: dict[str, Any], serial: str
) -> None:
    """Who is to leave by a change that may not be is let be."""
    address = f"/events/{event['event_id']}"
    scc.get(address, headers={"X-Castoff-Serial": "7"})

    answer = scc.patch(address, json=changes, headers={"X-Castoff-Serial": serial})

    assert answer.status_code in {409, 422}
    assert departures.noted == {}


def test_a_newer_publish_comes_in_between(
    make_scc: Callable[..., TestClient], dynamodb: Any, table_name: str, event: dict[str, Any], departures: Any
) -> None:
    """Where a higher serial is seen just before the epoch would rise, it does not, and the change is refused."""

    class Outrun(Table):
        """A table in which a newer publish is always there a moment before somebody is logged out."""

        def write(self, *steps: Step) -> None:
            """Let the newer one be seen, then write."""
            if any(step.label == "member" for step in steps):
                raise_fence(Table(lambda: dynamodb, table_name), "booking#xhqgmdh", 8)
            super().write(*steps)

    outrun = make_scc(storage=Outrun(lambda: dynamodb, table_name))

    answer = outrun.patch(f"/events/{event['event_id']}", json={"crew_ids": []}, headers={"X-Castoff-Serial": "7"})

    assert (answer.status_code, answer.json()["error"]) == (409, "stale_serial")
    assert departures.noted == {}


def test_who_has_left_already_is_taken_off_quietly(scc: TestClient, event: dict[str, Any], departures: Any) -> None:
    """A member who is gone is none to log out: their epoch rose when they went, and stays."""
    scc.delete("/crew-members/crew-002")

    answer = scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-001"]})

    assert answer.status_code == 200
    assert departures.noted == {"crew-002": [2]}


@pytest.fixture(scope="module")
def store(strict_cloud: str) -> dict[str, Any]:
    """Return a store's ARN, a client of the service's own rights, and one of the account's root."""
    root = ("test", "test")
    iam, cloudfront = (plain_client(service, strict_cloud, *root) for service in ("iam", "cloudfront"))
    arn = cloudfront.create_key_value_store(Name="gate")["KeyValueStore"]["ARN"]
    allowed = ["cloudfront-keyvaluestore:DescribeKeyValueStore", "cloudfront-keyvaluestore:PutKey"]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    iam.create_user(UserName="scc")
    iam.put_user_policy(UserName="scc", PolicyName="store", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="scc")["AccessKey"]
    return {
        "arn": arn,
        "service": store_client(strict_cloud, key["AccessKeyId"], key["SecretAccessKey"]),
        "root": store_client(strict_cloud, *root),
    }


def plain_client(service: str, endpoint: str, key: str, secret: str) -> Any:
    """Return a client of the strict cloud."""
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=endpoint,
        region_name="us-west-2",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
    )


def store_client(endpoint: str, key: str, secret: str) -> Any:
    """Return the client that the service makes for itself, in an environment with these keys."""
    environment = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        for name, value in {**environment, "AWS_DEFAULT_REGION": "us-west-2"}.items():
            patch.setenv(name, value)
        return aws.keyvaluestore.__wrapped__()


def entries(store: dict[str, Any]) -> dict[str, str]:
    """Return what a store holds."""
    return {item["Key"]: item["Value"] for item in store["root"].list_keys(KvsARN=store["arn"])["Items"]}


class Meddled:
    """The store's own client, before whose first writes others write: each of them makes an ETag stale."""

    def __init__(self, store: dict[str, Any], *others: tuple[str, str]) -> None:
        self._store = store
        self._others = list(others)

    def describe_key_value_store(self, **arguments: Any) -> Any:
        """Ask, and let the next other write right after it."""
        answer = self._store["service"].describe_key_value_store(**arguments)
        if self._others:
            key, value = self._others.pop(0)
            self._store["root"].put_key(KvsARN=self._store["arn"], Key=key, Value=value, IfMatch=answer["ETag"])
        return answer

    def put_key(self, **arguments: Any) -> Any:
        """Write."""
        return self._store["service"].put_key(**arguments)


def test_the_real_store_takes_it(store: dict[str, Any]) -> None:
    """The real store holds epochs as decimal text, with no more rights than to describe and to update."""
    departures = KeyValueDepartures(lambda: store["service"], store=store["arn"])

    departures.note(lambda: {"crew-011": 2})
    told = departures.note(lambda: {"crew-011": 31, "crew-010": 4})

    assert told == {"crew-011": 31, "crew-010": 4}
    assert (entries(store)["gone:crew-011"], entries(store)["gone:crew-010"]) == ("31", "4")
    with pytest.raises(ClientError, match="AccessDenied"):
        store["service"].get_key(KvsARN=store["arn"], Key="gone:crew-011")


def test_others_may_write_at_the_same_moment(store: dict[str, Any]) -> None:
    """When the store changes in between it is tried again, with the epoch of that moment, and nothing else is lost."""
    epochs = iter([2, 2, 4])
    pauses: list[float] = []
    meddled: Any = Meddled(store, ("key:abc", "s" * 64), ("gone:crew-012", "3"))

    KeyValueDepartures(lambda: meddled, store=store["arn"], pause=pauses.append).note(
        lambda: {"crew-012": next(epochs)}
    )

    assert {key: entries(store)[key] for key in ("gone:crew-012", "key:abc")} == {
        "gone:crew-012": "4",
        "key:abc": "s" * 64,
    }
    assert len(pauses) == 2


def test_a_store_that_keeps_changing_is_given_up(store: dict[str, Any]) -> None:
    """After six tries nobody is told that it is done."""
    meddled: Any = Meddled(store, *((f"key:{number}", "s") for number in range(6)))

    with pytest.raises(UnavailableError, match="kept changing"):
        KeyValueDepartures(lambda: meddled, store=store["arn"], pause=lambda _: None).note(lambda: {"crew-013": 2})

    assert "gone:crew-013" not in entries(store)


def test_a_store_that_refuses_is_named(store: dict[str, Any]) -> None:
    """A store that is not there is named."""
    missing = f"{store['arn']}-not"

    with pytest.raises(UnavailableError, match="gate-not: who left could not be written"):
        KeyValueDepartures(lambda: store["service"], store=missing).note(lambda: {"crew-014": 2})


def test_a_store_that_does_not_answer_is_named() -> None:
    """Where nobody listens it is unavailable, not a fault of ours."""

    class Silent:
        def describe_key_value_store(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://example.com")

    silent: Any = Silent()

    with pytest.raises(UnavailableError, match="EndpointConnectionError"):
        KeyValueDepartures(lambda: silent, store="arn").note(lambda: {"crew-015": 2})


def test_nothing_is_begun_when_the_time_is_over(store: dict[str, Any]) -> None:
    """A request that took too long says so, and asks the store for nothing more."""
    with within(0), pytest.raises(UnavailableError, match="took too long"):
        KeyValueDepartures(lambda: store["service"], store=store["arn"]).note(lambda: {"crew-016": 2})

    assert "gone:crew-016" not in entries(store)
