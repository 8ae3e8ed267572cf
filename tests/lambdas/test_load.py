"""Load on loopback: many at once, each in its own thread with its own connection, and nothing breaks or happens twice.

`CASTOFF_PROOF=1` has it whole (200 events, 2,000 clicks, 50 uploads); otherwise it is a tenth. Run with `-s` it says
how long each took.
"""

import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import boto3
import httpx
import pytest
from fastapi.testclient import TestClient
from support.served import served

from lambdas.service import aws
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.presigner import S3Presigner

pytestmark = pytest.mark.matrix

WHOLE = bool(os.environ.get("CASTOFF_PROOF"))
EVENTS, CLICKS, UPLOADS = (200, 2000, 50) if WHOLE else (12, 120, 10)
IN_FLIGHT = 16
MEMBERS = 40
KEY, ORIGIN = "the-service-key-of-this-test", "the-origin-header-of-this-test"
PHOTO = bytes(range(256)) * 400

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Crowd:
    """Callers of one server, each with a connection of its own, so many at a time."""

    client: httpx.Client
    most: int

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask for one thing."""
        return self.client.request(method, path, **request)

    def all(self, what: str, ask: Callable[[Asked], Answer], wanted: Sequence[Asked]) -> list[Answer]:
        """Ask for everything at once, and say how long it took."""
        began = time.perf_counter()
        with ThreadPoolExecutor(self.most) as pool:
            answers = list(pool.map(ask, wanted))
        taken = time.perf_counter() - began
        words = f"{len(wanted)} {what}, {self.most} in flight: {taken:.1f} s, {len(wanted) / taken:.0f} a second"
        print(f"\n{words}")  # noqa: T201 - seen with -s alone
        return answers


@contextmanager
def crowding(app: Any, most: int) -> Iterator[Crowd]:
    """Serve an app to so many callers at a time."""
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    with served(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as client:
        yield Crowd(client, most)


@pytest.fixture
def crowd(make_scc: Callable[..., TestClient]) -> Iterator[Crowd]:
    """Serve ShipCaptainCrew to a crowd."""
    with crowding(make_scc().app, IN_FLIGHT) as found:
        yield found


@pytest.fixture
def fleet(crowd: Crowd) -> list[dict[str, Any]]:
    """Make the crew known, and return the bodies of as many events as are wanted, each member aboard equally often."""
    tag = os.urandom(4).hex()
    operator = {"X-Service-Key": KEY}
    for number in range(MEMBERS):
        role = "captain" if number < MEMBERS // 2 else "crew"
        body = {"name": f"Ana {number}", "role": role, "email": f"{tag}.{number}@example.com"}
        assert crowd.ask("PUT", f"/crew-members/member-{number:03}", json=body, headers=operator).status_code == 200
    return [
        {
            "event_name": "Jada",
            "booking_id": f"b{number:06}",
            "captain_id": f"member-{number % 20:03}",
            "crew_ids": [f"member-{20 + number % 20:03}", f"member-{20 + (number + 7) % 20:03}"],
            "date": "2024-05-30T09:00:00-07:00",
            "duration_hours": 3,
            "call_time": "2024-05-30T08:00:00-07:00",
            "dock": "Sheraton Marina",
            "guest_count": 6,
            "crew_page": f"http://guest.localhost:8080/g/b{number:06}-crew",
        }
        for number in range(EVENTS)
    ]


@pytest.fixture
def letters(cloud: str) -> Callable[[], list[Any]]:
    """Read every mail that there is."""

    def read() -> list[Any]:
        answer = httpx.get(f"{cloud}/_ministack/ses/messages", timeout=60).json()
        return [mail for mails in answer["messages"].values() for mail in mails]

    return read


def test_a_season_at_once(crowd: Crowd, fleet: list[dict[str, Any]], letters: Callable[[], list[Any]]) -> None:
    """Each event asked for twice at once is one event with one mail to each aboard; each link lets in one click."""
    known = len(letters())
    twice = [body for body in fleet for _ in range(2)]

    made = crowd.all("creations of events", lambda body: create(crowd, body), twice)
    mails = letters()[known:]
    tokens = links(mails)
    clicks = clicked(tokens)
    answers = crowd.all("clicks on links", lambda click: press(crowd, *click), clicks)

    assert Counter(answer.status_code for answer in made) == {201: 2 * EVENTS}
    assert len({answer.json()["event_id"] for answer in made}) == EVENTS
    told = Counter((mail["To"][0], booking) for mail, (booking, _) in zip(mails, tokens, strict=True))
    assert (len(told), set(told.values())) == (3 * EVENTS, {1})
    assert {answer.status_code for answer in answers} <= {200, 303, 410}
    let_in = Counter(click[:2] for click, answer in zip(clicks, answers, strict=True) if "set-cookie" in answer.headers)
    assert let_in == Counter(tokens)
    used = [click for click, answer in zip(clicks, answers, strict=True) if answer.status_code == 410]
    assert len(used) == sum(click[2] for click in clicks) - len(tokens)


def create(crowd: Crowd, body: dict[str, Any]) -> httpx.Response:
    """Create an event as the publisher does."""
    once = {"X-Service-Key": KEY, "Idempotency-Key": f"event:{body['booking_id']}"}
    return crowd.ask("POST", "/event", json=body, headers=once)


def links(mails: list[Any]) -> list[tuple[str, str]]:
    """Return booking and token of each mail, in order."""
    found = [re.search(r"/crew/(\w+)\?token=([\w-]{43})\s", mail["BodyText"]) for mail in mails]
    return [(one[1], one[2]) for one in found if one is not None]


def clicked(tokens: list[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """Return clicks in no order: each link is looked at, pressed twice, and some are looked at again."""
    looks = [(*link, False) for link in tokens]
    presses = [(*link, True) for link in tokens for _ in range(2)]
    clicks = [*looks, *presses, *looks[: CLICKS - 3 * len(tokens)]]
    random.Random(1).shuffle(clicks)  # noqa: S311 - an order, no secret
    assert len(clicks) == CLICKS
    return clicks


def press(crowd: Crowd, booking: str, token: str, pressed: bool) -> httpx.Response:  # noqa: FBT001 - a table's column
    """Look at a link, or press its button, from one of a hundred networks."""
    viewer = {"X-Castoff-Origin": ORIGIN, "CloudFront-Viewer-Address": f"198.51.100.{hash(token) % 100}:1"}
    if not pressed:
        return crowd.ask("GET", f"/crew/{booking}", params={"token": token}, headers=viewer)
    return crowd.ask("POST", f"/crew/{booking}", data={"token": token}, headers=viewer)


@pytest.fixture
def bucket(strict_cloud: str) -> tuple[Any, dict[str, str]]:
    """Make a bucket and a signer as the template does, and return its client and the signer's key."""
    make: Any = boto3.client
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    s3, iam = (make(name, endpoint_url=strict_cloud, region_name="us-west-2", **keys) for name in ("s3", "iam"))
    s3.create_bucket(Bucket="castoff-load", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    allowed = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::castoff-load/uploads/*"}
    iam.create_user(UserName="load-signer")
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName="load-signer", PolicyName="uploads", PolicyDocument=document)
    key = iam.create_access_key(UserName="load-signer")["AccessKey"]
    return s3, {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}


def test_a_party_sends_its_photos(
    *,
    bucket: tuple[Any, dict[str, str]],
    strict_cloud: str,
    secret: Callable[..., str],
    secretsmanager: Any,
    make_scc: Callable[..., TestClient],
    hours: dict[str, datetime],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Photos that are all in flight at once each get a form, and arrive byte for byte, none over another."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", strict_cloud)
    s3, signer = bucket
    hours["now"] = datetime.now(UTC)
    presigner = S3Presigner(
        aws.form_signer, Vault(lambda: secretsmanager), secret=secret(**signer), bucket="castoff-load"
    )
    with crowding(make_scc(presigner=presigner).app, UPLOADS) as crowd:
        ticket = page_form(crowd)["ticket"]

        sent = crowd.all("uploads", lambda number: upload(crowd, ticket, number), range(UPLOADS))

    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="castoff-load")["Contents"]]
    assert Counter(sent) == {(200, 201): UPLOADS}
    assert len(keys) == UPLOADS
    bodies = {s3.get_object(Bucket="castoff-load", Key=key)["Body"].read() for key in keys}
    assert bodies == {PHOTO + bytes([number]) for number in range(UPLOADS)}


def page_form(crowd: Crowd) -> dict[str, Any]:
    """Ask for a page's form as the publisher does."""
    now = datetime.now(UTC)
    instants = {"opens": now - timedelta(hours=1), "closes": now + timedelta(days=1), "until": now + timedelta(hours=1)}
    wish = {name: instant.isoformat() for name, instant in instants.items()}
    wish |= {"booking": "xhqgmdh", "audience": "guest"}
    answer = crowd.ask("POST", "/g/PRESIGN", json={**wish, "max_size": 1_000_000}, headers={"X-Service-Key": KEY})
    form: dict[str, Any] = answer.json()
    return form


def upload(crowd: Crowd, ticket: str, number: int) -> tuple[int, int]:
    """Ask for a photo's form and send the photo, and return what both were answered."""
    viewer = {"X-Castoff-Origin": ORIGIN, "CloudFront-Viewer-Address": "198.51.100.10:1"}
    asked = crowd.ask("POST", "/g/PRESIGN", json={"ticket": ticket, "content_type": "image/jpeg"}, headers=viewer)
    form = asked.json()
    photo = {"file": (f"{number}.jpg", PHOTO + bytes([number]), "image/jpeg")}
    return asked.status_code, httpx.post(form["url"], data=form["fields"], files=photo, timeout=60).status_code
