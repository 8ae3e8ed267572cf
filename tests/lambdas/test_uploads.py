"""Upload forms: what is asked for, what is answered, and what is refused before anything is signed."""

import base64
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from castoff.contract.tickets import (
    Audience,
    Cookie,
    Key,
    Ticket,
    cookie_name,
    read_ticket,
    sign_cookie,
    sign_ticket,
)
from lambdas.service import aws
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.presigner import S3Presigner

NEWEST, OLDER = Key("70000002", "72" * 32), Key("70000001", "71" * 32)
ROTATED_OUT = Key("70000000", "70" * 32)

WISH = {
    "booking": "xhqgmdh",
    "audience": "guest",
    "opens": "2024-05-29T21:00:00-07:00",
    "closes": "2024-06-13T12:00:00-07:00",
    "until": "2024-05-30T14:00:00-07:00",
    "max_size": 25_000_000,
}
OPENS, CLOSES = (datetime.fromisoformat(str(WISH[name])) for name in ("opens", "closes"))
TICKET = Ticket("xhqgmdh", Audience.GUEST, int(OPENS.timestamp()), int(CLOSES.timestamp()), 25_000_000)


def policy(form: dict[str, Any]) -> Any:
    """Return the policy that a form carries."""
    return json.loads(base64.b64decode(form["fields"]["policy"]))


def conditions(form: dict[str, Any]) -> list[Any]:
    """Return the conditions of a form that are ours, those of the signature aside."""
    return [one for one in policy(form)["conditions"] if not re.search("x-amz-", json.dumps(one))]


def ask(scc: TestClient, ticket: str, content_type: str = "image/jpeg", **headers: str) -> Any:
    """Ask for one file's form as a page's script does."""
    viewer = {"CloudFront-Viewer-Address": "198.51.100.10:46532", **headers}
    scc.headers.pop("X-Service-Key", None)
    return scc.post("/g/PRESIGN", json={"ticket": ticket, "content_type": content_type}, headers=viewer)


def test_a_page_form(scc: TestClient) -> None:
    """A page's form holds every field that is sent, in order, for its prefix, type, size and thank-you page alone."""
    answer = scc.post("/g/PRESIGN", json=WISH)

    form = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert list(form) == ["url", "fields", "expires", "ticket"]
    assert {name: form["fields"][name] for name in list(form["fields"])[:3]} == {
        "Content-Type": "application/octet-stream",
        "success_action_redirect": "http://guest.localhost:8080/castoff/thanks.html",
        "key": "uploads/xhqgmdh/guest/${filename}",
    }
    assert list(form["fields"])[3:] == [
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "policy",
        "x-amz-signature",
    ]
    assert conditions(form) == [
        {"Content-Type": "application/octet-stream"},
        {"success_action_redirect": "http://guest.localhost:8080/castoff/thanks.html"},
        ["content-length-range", 1, 25_000_000],
        {"bucket": "castoff-uploads"},
        ["starts-with", "$key", "uploads/xhqgmdh/guest/"],
    ]
    assert read_ticket(form["ticket"], [NEWEST]) == TICKET


def test_the_two_halves_of_the_signers_key_belong_together(secretsmanager: Any, secret: Callable[..., str]) -> None:
    """A key that is changed while a form is signed never mixes with the one before: such a form would be dead."""
    name = secret(access_key_id="first", secret_access_key="first's secret")
    signers: list[tuple[str, str]] = []
    moments = iter(range(0, 1000, 61))  # seconds: each look at the clock finds what was read too old

    class Rotated:
        """Secrets Manager, in which the key is another after each answer."""

        def get_secret_value(self, **asked: Any) -> Any:
            """Answer, then change the key."""
            answer = secretsmanager.get_secret_value(**asked)
            after = {"access_key_id": "second", "secret_access_key": "second's secret"}
            secretsmanager.put_secret_value(SecretId=name, SecretString=json.dumps(after))
            return answer

    def signer(*key: str) -> Any:
        signers.append((key[0], key[1]))
        return aws.form_signer(*key)

    rotated: Any = Rotated()
    vault = Vault(lambda: rotated, ticks=lambda: float(next(moments)))
    presigner = S3Presigner(signer, vault, secret=name, bucket="castoff-uploads")

    for _ in range(2):
        presigner.sign("uploads/xhqgmdh/guest/a.jpg", {}, max_size=1, seconds=60)

    assert signers == [("first", "first's secret"), ("second", "second's secret")]


def test_guests_and_crew_have_forms_apart(scc: TestClient) -> None:
    """The crew's form and its ticket are for the crew's prefix."""
    form = scc.post("/g/PRESIGN", json=WISH | {"audience": "crew"}).json()

    ticket = read_ticket(form["ticket"], [NEWEST])
    assert form["fields"]["key"] == "uploads/xhqgmdh/crew/${filename}"
    assert ticket is not None
    assert ticket.audience is Audience.CREW


@pytest.mark.parametrize(
    ("changes", "expires"),
    [
        pytest.param({}, "2024-05-30T21:00:00+00:00", id="as long as wanted"),
        pytest.param({"until": "2024-06-30T14:00:00-07:00"}, "2024-06-04T19:00:00+00:00", id="a week at most"),
        pytest.param(
            {"until": "2024-06-30T14:00:00-07:00", "closes": "2024-05-31T00:00:00-07:00"},
            "2024-05-31T07:00:00+00:00",
            id="until the window closes",
        ),
        pytest.param({"opens": "2024-05-01T00:00:00Z"}, "2024-05-30T21:00:00+00:00", id="open already"),
        pytest.param({"until": "2024-05-28T12:00:02-07:00"}, "2024-05-28T19:00:02+00:00", id="two seconds"),
    ],
)
def test_a_page_form_lasts(scc: TestClient, changes: dict[str, Any], expires: str) -> None:
    """A form lasts until it is wanted, its window closes or a week is over, whichever comes first, and says so."""
    before = datetime.now().astimezone()
    form = scc.post("/g/PRESIGN", json=WISH | changes).json()

    signed = datetime.fromisoformat(policy(form)["expiration"]) - before
    told = datetime.fromisoformat(expires) - datetime.fromisoformat("2024-05-28T12:00:00-07:00")
    assert form["expires"] == expires
    assert timedelta(seconds=-1) <= signed - told <= timedelta(seconds=5)


@pytest.mark.parametrize(
    ("changes", "status", "error", "field"),
    [
        pytest.param({"prefix": "uploads/"}, 422, "invalid_field", "prefix", id="unknown field"),
        pytest.param({"booking": "../abcdefg"}, 422, "invalid_field", "booking", id="booking that climbs"),
        pytest.param({"booking": "xhq/gmdh"}, 422, "invalid_field", "booking", id="booking with a slash"),
        pytest.param({"booking": ""}, 422, "invalid_field", "booking", id="no booking"),
        pytest.param({"booking": "${filename}"}, 422, "invalid_field", "booking", id="booking with a variable"),
        pytest.param({"booking": "x" * 65}, 422, "invalid_field", "booking", id="long booking"),
        pytest.param({"audience": "ops"}, 422, "invalid_field", "audience", id="other audience"),
        pytest.param({"audience": "guest/../crew"}, 422, "invalid_field", "audience", id="audience that climbs"),
        pytest.param({"audience": None}, 422, "invalid_field", "audience", id="no audience"),
        pytest.param({"opens": WISH["closes"]}, 422, "invalid_field", "closes", id="window without a moment"),
        pytest.param({"opens": "2024-07-01T00:00:00Z"}, 422, "invalid_field", "closes", id="window the wrong way"),
        pytest.param({"opens": "2024-05-29T21:00:00"}, 422, "invalid_field", "opens", id="instant without offset"),
        pytest.param({"closes": "tomorrow"}, 422, "invalid_field", "closes", id="no instant"),
        pytest.param(
            {"opens": "2024-05-01T00:00:00Z", "closes": "2024-05-28T12:00:00-07:00"},
            422,
            "window_over",
            "closes",
            id="window over",
        ),
        pytest.param({"until": "2024-05-28T12:00:00-07:00"}, 422, "invalid_field", "until", id="wanted until now"),
        pytest.param({"max_size": 0}, 422, "invalid_field", "max_size", id="no byte"),
        pytest.param({"max_size": -1}, 422, "invalid_field", "max_size", id="less than none"),
        pytest.param({"max_size": 100_000_001}, 422, "invalid_field", "max_size", id="more than 100 MB"),
        pytest.param({"max_size": "25"}, 422, "invalid_field", "max_size", id="size as text"),
        pytest.param({"max_size": True}, 422, "invalid_field", "max_size", id="size as a yes"),
        pytest.param({"max_size": 2.5}, 422, "invalid_field", "max_size", id="half a byte"),
        pytest.param({"ticket": "1.a.b", "content_type": "image/png"}, 422, "invalid_field", None, id="both forms"),
    ],
)
def test_a_page_form_is_refused(
    scc: TestClient, changes: dict[str, Any], status: int, error: str, field: str | None
) -> None:
    """A wish that makes no sense is refused with the field that makes none."""
    answer = scc.post("/g/PRESIGN", json=WISH | changes)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert field is None or answer.json()["field"] == field


def test_100_mb_may_be_asked_for(scc: TestClient) -> None:
    """The largest size is one that may be asked for."""
    assert conditions(scc.post("/g/PRESIGN", json=WISH | {"max_size": 100_000_000}).json())[2][2] == 100_000_000


@pytest.mark.parametrize("name", sorted(WISH))
def test_a_page_form_needs_every_field(scc: TestClient, name: str) -> None:
    """No field has a default."""
    answer = scc.post("/g/PRESIGN", json={key: value for key, value in WISH.items() if key != name})

    assert (answer.status_code, answer.json()["field"]) == (422, name)


@pytest.mark.parametrize("key", ["", "wrong", "the-service-key-of-this-tesT"])
def test_a_page_form_needs_the_key(scc: TestClient, key: str) -> None:
    """With a wrong service key nothing is signed, not even for who came through the site."""
    answer = scc.post("/g/PRESIGN", json=WISH, headers={"X-Service-Key": key})

    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


def test_a_viewer_has_no_page_form(scc: TestClient) -> None:
    """Without the service key the long form is not understood, through the site or not."""
    del scc.headers["X-Service-Key"]

    assert scc.post("/g/PRESIGN", json=WISH).status_code == 422


@pytest.mark.parametrize(
    ("content_type", "extension"),
    [
        ("image/avif", "avif"),
        ("image/gif", "gif"),
        ("image/heic", "heic"),
        ("image/heif", "heif"),
        ("image/jpeg", "jpg"),
        ("image/png", "png"),
        ("image/webp", "webp"),
        ("video/3gpp", "3gp"),
        ("video/mp4", "mp4"),
        ("video/quicktime", "mov"),
        ("video/webm", "webm"),
    ],
)
def test_a_file_form(scc: TestClient, hours: dict[str, datetime], content_type: str, extension: str) -> None:
    """A ticket gives a form for one object at a key of ours, of exactly that type, for a quarter of an hour."""
    hours["now"] = OPENS
    answer = ask(scc, sign_ticket(TICKET, NEWEST), content_type)

    form = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert list(form) == ["url", "fields", "expires"]
    assert re.fullmatch(rf"uploads/xhqgmdh/guest/[0-9a-f]{{32}}\.{extension}", form["fields"]["key"])
    assert conditions(form) == [
        {"Content-Type": content_type},
        {"success_action_status": "201"},
        ["content-length-range", 1, 25_000_000],
        {"bucket": "castoff-uploads"},
        {"key": form["fields"]["key"]},
    ]
    assert datetime.fromisoformat(form["expires"]) == OPENS + timedelta(minutes=15)


def test_each_file_has_a_key_of_its_own(scc: TestClient, hours: dict[str, datetime]) -> None:
    """The same ticket asked again gives another key."""
    hours["now"] = OPENS

    keys = {ask(scc, sign_ticket(TICKET, OLDER)).json()["fields"]["key"] for _ in range(5)}

    assert len(keys) == 5


def test_a_file_form_ends_with_its_window(scc: TestClient, hours: dict[str, datetime]) -> None:
    """In the window's last minutes a form lasts no longer than the window."""
    hours["now"] = CLOSES - timedelta(minutes=2)

    assert datetime.fromisoformat(ask(scc, sign_ticket(TICKET, NEWEST)).json()["expires"]) == CLOSES


GOOD = sign_ticket(TICKET, NEWEST)
PARTS = GOOD.split(".")


def altered(index: int, text: str) -> str:
    """Return the good ticket with one part replaced."""
    return ".".join([*PARTS[:index], text, *PARTS[index + 1 :]])


@pytest.mark.parametrize(
    "ticket",
    [
        pytest.param("", id="empty"),
        pytest.param("x", id="no ticket"),
        pytest.param(GOOD[:-1], id="truncated by a character"),
        pytest.param(GOOD.rpartition(".")[0], id="without its mac"),
        pytest.param(GOOD + "A", id="a character more"),
        pytest.param(GOOD + ".A", id="a part more"),
        pytest.param(altered(0, "2"), id="another version"),
        pytest.param(altered(1, OLDER.id), id="another key's id"),
        pytest.param(altered(1, "ffffffff"), id="an unknown key's id"),
        pytest.param(altered(2, "abcdefg"), id="another booking"),
        pytest.param(altered(3, "crew"), id="another audience"),
        pytest.param(altered(4, "0"), id="an earlier window"),
        pytest.param(altered(5, "9999999999"), id="a later end"),
        pytest.param(altered(6, "99999999999"), id="a larger size"),
        pytest.param(altered(7, "A" * 43), id="a forged mac"),
        pytest.param(sign_ticket(TICKET, ROTATED_OUT), id="a key rotated out"),
        pytest.param(sign_ticket(TICKET, Key(NEWEST.id, "00" * 32)), id="another secret under that id"),
        pytest.param(
            sign_cookie(Cookie("xhqgmdh", "crew-001", 1, TICKET.closes), Key("c0000002", "c2" * 32)), id="a cookie"
        ),
        pytest.param(sign_cookie(Cookie("xhqgmdh", "crew-001", 1, TICKET.closes), NEWEST), id="a cookie by this key"),
        pytest.param("A" * 10_000, id="ten thousand characters"),
        pytest.param(GOOD + " ", id="a blank at its end"),
        pytest.param("é" * 40, id="not ASCII"),
        pytest.param("\x00", id="a control character"),
    ],
)
def test_a_ticket_that_is_not_ours_opens_nothing(
    scc: TestClient, hours: dict[str, datetime], table: Table, ticket: str
) -> None:
    """A forged, altered, cut or foreign ticket is 401, is not shown back, and writes nothing."""
    hours["now"] = OPENS

    answer = ask(scc, ticket)

    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (401, "ticket_refused", "ticket")
    assert len(ticket) < 3 or ticket not in answer.text
    assert ask(scc, GOOD).status_code == 200
    assert counted(table, "forms-ticket#xhqgmdh#guest") == 1


def counted(table: Table, name: str) -> int:
    """Return what a limit has counted."""
    found = table.partition(f"limit#{name}")
    return found[0]["count"] if found else 0


@pytest.mark.parametrize(
    ("now", "status", "error"),
    [
        pytest.param(OPENS - timedelta(seconds=1), 422, "window_not_open", id="a second early"),
        pytest.param(OPENS, 200, None, id="on the second"),
        pytest.param(CLOSES - timedelta(seconds=1), 200, None, id="in the last second"),
        pytest.param(CLOSES, 410, "window_over", id="closed"),
        pytest.param(CLOSES + timedelta(days=300), 410, "window_over", id="long closed"),
    ],
)
def test_a_ticket_is_for_its_window(
    scc: TestClient, hours: dict[str, datetime], now: datetime, status: int, error: str | None
) -> None:
    """Before its window a ticket is 422, after it 410: never 403 or 404, which the distribution replaces."""
    hours["now"] = now

    answer = ask(scc, GOOD)

    assert (answer.status_code, answer.json().get("error")) == (status, error)


@pytest.mark.parametrize(
    "content_type",
    [
        "image/svg+xml",
        "text/html",
        "application/xhtml+xml",
        "application/octet-stream",
        "image/*",
        "image/jpeg, text/html",
        "image/jpeg;charset=utf-8",
        "IMAGE/JPEG",
        " image/jpeg",
        "",
        "video/x-unknown",
        "application/pdf",
        "x" * 10_000,
    ],
)
def test_a_type_is_one_of_those_known(scc: TestClient, hours: dict[str, datetime], content_type: str) -> None:
    """What is no known image or video is refused, with those that are known."""
    hours["now"] = OPENS

    answer = ask(scc, GOOD, content_type)

    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (
        422,
        "type_refused",
        "content_type",
    )
    assert "image/heic" in answer.json()["detail"]
    assert "svg" not in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"{", 400, id="no JSON"),
        pytest.param(b"[]", 422, id="no object"),
        pytest.param(b'{"ticket": "a"}', 422, id="no type"),
        pytest.param(b'{"ticket": 1, "content_type": "image/png"}', 422, id="a number"),
        pytest.param(b'{"ticket": "a", "content_type": "image/png", "key": "x"}', 422, id="unknown field"),
        pytest.param(b'{"ticket": "a", "ticket": "b", "content_type": "image/png"}', 400, id="a name twice"),
        pytest.param(b" " * 70_000, 413, id="long"),
    ],
)
def test_a_body_that_is_none(scc: TestClient, body: bytes, status: int) -> None:
    """What is not two texts in an object is refused in JSON."""
    del scc.headers["X-Service-Key"]

    answer = scc.post("/g/PRESIGN", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_burst_of_photos_is_let_through(scc: TestClient, hours: dict[str, datetime], table: Table) -> None:
    """Two hundred files one after the other get their forms, counted by booking, audience and network."""
    hours["now"] = OPENS

    statuses = {ask(scc, GOOD).status_code for _ in range(200)}

    assert statuses == {200}
    assert [counted(table, name) for name in ("forms-ticket#xhqgmdh#guest", "forms-network#198.51.100.10")] == [200] * 2


@pytest.mark.parametrize("spent", ["forms-ticket#xhqgmdh#guest", "forms-network#198.51.100.10"])
def test_a_flood_is_not(
    scc: TestClient, hours: dict[str, datetime], dynamodb: Any, table_name: str, spent: str
) -> None:
    """Beyond what a party can mean the answer is 429, for an hour, and only for that booking or that network."""
    hours["now"] = OPENS
    ask(scc, GOOD)
    fill(dynamodb, table_name, spent, 3000)
    crew = sign_ticket(Ticket("xhqgmdh", Audience.CREW, TICKET.opens, TICKET.closes, 1000), NEWEST)

    refused = ask(scc, GOOD)
    others = ask(scc, crew, **{"CloudFront-Viewer-Address": "203.0.113.7:1"})
    hours["now"] = OPENS + timedelta(hours=1)

    assert (refused.status_code, refused.json()["error"], refused.headers["retry-after"]) == (429, "too_many", "600")
    assert others.status_code == 200
    assert ask(scc, GOOD).status_code == 200


def fill(dynamodb: Any, table_name: str, name: str, count: int) -> None:
    """Set what a limit has counted."""
    dynamodb.update_item(
        TableName=table_name,
        Key={"pk": {"S": f"limit#{name}"}, "sk": {"S": "limit"}},
        UpdateExpression="SET #count = :count",
        ConditionExpression="attribute_exists(#count)",
        ExpressionAttributeNames={"#count": "count"},
        ExpressionAttributeValues={":count": {"N": str(count)}},
    )


@pytest.mark.parametrize("origin", [None, "", "wrong"])
def test_a_ticket_comes_through_the_site(
    scc: TestClient, hours: dict[str, datetime], table: Table, origin: str | None
) -> None:
    """Without the distribution's header a ticket opens nothing, and the address that is claimed is not believed."""
    hours["now"] = OPENS
    del scc.headers["X-Castoff-Origin"]

    answer = ask(scc, GOOD, **({} if origin is None else {"X-Castoff-Origin": origin}))

    assert (answer.status_code, answer.json()["error"]) == (403, "not_through_the_site")
    assert counted(table, "forms-network#198.51.100.10") == 0


def test_a_cookie_opens_no_form(scc: TestClient) -> None:
    """The crew's cookie is no key to this: only a ticket is."""
    cookie = sign_cookie(Cookie("xhqgmdh", "crew-001", 1, TICKET.closes), Key("c0000002", "c2" * 32))

    answer = ask(scc, "", Cookie=f"{cookie_name('xhqgmdh')}={cookie}")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("region", "endpoint", "url"),
    [
        ("us-west-2", None, "https://castoff-uploads.s3.us-west-2.amazonaws.com/"),
        ("us-east-1", None, "https://castoff-uploads.s3.us-east-1.amazonaws.com/"),
        ("us-west-2", "http://127.0.0.1:4566", "http://127.0.0.1:4566/castoff-uploads"),
        ("us-west-2", "http://localhost:4566", "http://localhost:4566/castoff-uploads"),
    ],
)
def test_where_a_form_is_sent(monkeypatch: pytest.MonkeyPatch, region: str, endpoint: str | None, url: str) -> None:
    """On AWS it is the bucket's own address in its region, before an embedded cloud a path there.

    Whatever session the Lambda itself has, no token of it is in a form: the form would die with it.
    """
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the-lambda's-own")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    if endpoint is not None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

    signed = aws.form_signer.__wrapped__("AKIAIOSFODNN7EXAMPLE", "secret").generate_presigned_post(
        "castoff-uploads", "k"
    )

    assert signed["url"] == url
    assert "x-amz-security-token" not in signed["fields"]
    assert signed["fields"]["x-amz-credential"].endswith(f"/{region}/s3/aws4_request")
