"""Attacks on upload tickets and what they ask for: each row is what is sent, and the refusal."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from castoff.contract.tickets import Audience, Cookie, Key, Ticket, sign_cookie, sign_ticket
from lambdas.service.table import Key as Place
from lambdas.service.table import Table, Update

OPENS, CLOSES = (datetime.fromisoformat(f"2024-{day}T12:00:00-07:00") for day in ("05-28", "06-13"))
NEWEST, OLDER = Key("70000002", "72" * 32), Key("70000001", "71" * 32)
COOKIE_KEY = Key("c0000002", "c2" * 32)
TICKET = Ticket("xhqgmdh", Audience.GUEST, int(OPENS.timestamp()), int(CLOSES.timestamp()), 25_000_000)
GOOD = sign_ticket(TICKET, NEWEST)
TEXT, _, MAC = GOOD.rpartition(".")
DIGEST = base64.urlsafe_b64encode(hashlib.sha256(TEXT.encode()).digest()).decode().rstrip("=")
BARE = base64.urlsafe_b64encode(hmac.digest(NEWEST.secret.encode(), TEXT.encode(), "sha256")).decode().rstrip("=")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def signed(text: str, *, kind: str = "ticket", key: str = NEWEST.secret, by: str = "sha256") -> str:
    """Return text with a mac as somebody who holds a key could make it, of whatever kind and algorithm."""
    digest = hmac.digest(key.encode(), f"{kind}:{text}".encode(), by)
    return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def base64_json(document: dict[str, Any]) -> str:
    """Return one of the parts of a JSON Web Token."""
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


FORGED = {
    # Encodings of the mac
    "re-encoded, the same bytes": f"{TEXT}.{MAC[:-1]}{ALPHABET[ALPHABET.index(MAC[-1]) ^ 1]}",
    "padded": f"{GOOD}=",
    "the other alphabet": f"{TEXT}.{MAC.translate(str.maketrans('-_', '+/'))}~",
    "in hexadecimal": f"{TEXT}.{base64.urlsafe_b64decode(MAC + '=').hex()}",
    "half a mac": f"{TEXT}.{MAC[:20]}",
    "an empty mac": f"{TEXT}.",
    "a mac of zeros": f"{TEXT}.{'A' * 43}",
    "a digest without a key": f"{TEXT}.{DIGEST}",
    # Algorithms
    "SHA-1": signed(TEXT, by="sha1"),
    "SHA-512": signed(TEXT, by="sha512"),
    "MD5": signed(TEXT, by="md5"),
    "no algorithm, said so": f"none.{TEXT.partition('.')[2]}.",
    "an algorithm in the version's place": f"HS256.{GOOD.partition('.')[2]}",
    "a web token of no algorithm": f"{base64_json({'alg': 'none'})}.{base64_json({'booking': 'xhqgmdh'})}.",
    "a web token of ours": signed(f"{base64_json({'alg': 'HS256'})}.{base64_json({'booking': 'xhqgmdh'})}"),
    "another version, rightly signed": signed(f"2.{TEXT.partition('.')[2]}"),
    "a version in other digits": signed(TEXT).replace("1.", "\u0661.", 1),
    # Kinds and keys
    "signed as a cookie": signed(TEXT, kind="cookie"),
    "signed as nothing": signed(TEXT, kind=""),
    "signed without its kind": f"{TEXT}.{BARE}",
    "signed by the cookies' key under a ticket's id": signed(TEXT, key=COOKIE_KEY.secret),
    "signed by the cookies' key under its own id": sign_ticket(TICKET, COOKIE_KEY),
    "signed by the older key under the newer's id": signed(TEXT, key=OLDER.secret),
    "signed by the key's id": signed(TEXT, key=NEWEST.id),
    "signed by nothing": signed(TEXT, key=""),
    "signed by the secret's bytes": signed(TEXT, key=bytes.fromhex(NEWEST.secret).decode("latin-1")),
    "a crew member's cookie": sign_cookie(Cookie("xhqgmdh", "crew-001", 1, TICKET.closes), COOKIE_KEY),
    # Separators and parts
    "colons": GOOD.replace(".", ":"),
    "bars": GOOD.replace(".", "|"),
    "percent": GOOD.replace(".", "%2E"),
    "fullwidth dots": GOOD.replace(".", "\uff0e"),
    "two dots": GOOD.replace(".", "..", 1),
    "parts changed about": ".".join([*TEXT.split(".")[:2], "guest", "xhqgmdh", *TEXT.split(".")[4:], MAC]),
    "a part of another's": signed(f"{TEXT}.1")[:-44] + f".{MAC}",
    "in quotation marks": f'"{GOOD}"',
    "a blank in front": f" {GOOD}",
    "a line break behind": f"{GOOD}\n",
    "a NUL behind": f"{GOOD}\0",
    "capitals": GOOD.upper(),
    "fullwidth digits": GOOD.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    # Of another
    "of another booking": GOOD.replace("xhqgmdh", "abcdefg"),
    "of the crew": GOOD.replace(".guest.", ".crew."),
    "of a window without end": GOOD.replace(str(TICKET.closes), "9999999999"),
    "of any size": GOOD.replace(".25000000.", ".99999999999."),
}


def ask(scc: TestClient, ticket: str, content_type: str = "image/jpeg", **more: str) -> Any:
    """Ask for a file's form as a page's script does."""
    scc.headers.pop("X-Service-Key", None)
    viewer = {"CloudFront-Viewer-Address": "198.51.100.10:1"}
    return scc.post("/g/PRESIGN", json={"ticket": ticket, "content_type": content_type, **more}, headers=viewer)


def test_a_ticket_that_nobody_gave(scc: TestClient, table: Table) -> None:
    """Whatever is not a ticket to the letter is 401, is not shown back, and counts for nobody."""
    assert GOOD not in FORGED.values()

    answers = {name: ask(scc, ticket) for name, ticket in FORGED.items()}

    told = {name: (one.status_code, one.json()["error"], one.json()["field"]) for name, one in answers.items()}
    assert told == dict.fromkeys(FORGED, (401, "ticket_refused", "ticket"))
    assert [name for name, ticket in FORGED.items() if ticket in answers[name].text] == []
    assert table.partition("limit#forms-network#198.51.100.10") == []
    assert ask(scc, GOOD).status_code == 200


@pytest.mark.parametrize(
    ("opens", "closes", "status", "error"),
    [
        pytest.param(1, 15, 422, "window_not_open", id="future-dated by a day"),
        pytest.param(20_000, 20_001, 422, "window_not_open", id="future-dated by half a century"),
        pytest.param(-3, 0, 410, "window_over", id="expired at this second"),
        pytest.param(-30, -1, 410, "window_over", id="expired yesterday"),
        pytest.param(-19_000, -18_000, 410, "window_over", id="expired long ago"),
        pytest.param(1, -1, 410, "window_over", id="closed before it opens"),
    ],
)
def test_a_ticket_out_of_its_window(scc: TestClient, opens: int, closes: int, status: int, error: str) -> None:
    """Before its window a ticket is 422, from its end on 410, to the second, whatever its signature."""
    second = int(OPENS.timestamp())
    ticket = Ticket("xhqgmdh", Audience.GUEST, second + opens * 86400, second + closes * 86400, 1000)

    answer = ask(scc, sign_ticket(ticket, NEWEST))

    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    "more", [{"booking": "abcdefg"}, {"audience": "crew"}, {"key": "state.json.gz"}, {"filename": "../a.jpg"}]
)
def test_a_viewer_names_no_place(scc: TestClient, more: dict[str, str]) -> None:
    """Beside a good ticket no booking, audience, key or name is taken: 422, and nothing is signed."""
    answer = ask(scc, GOOD, **more)

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_field")
    assert [answer.json()["field"]] == [*more]


def test_a_ticket_opens_its_own_prefix(scc: TestClient) -> None:
    """A guest's ticket gives forms below the guests' prefix, the crew's below the crew's, each of one exact key."""
    crew = sign_ticket(Ticket("xhqgmdh", Audience.CREW, TICKET.opens, TICKET.closes, 1000), NEWEST)

    forms = [ask(scc, ticket).json()["fields"] for ticket in (GOOD, crew)]

    assert [form["key"].rpartition("/")[0] for form in forms] == ["uploads/xhqgmdh/guest", "uploads/xhqgmdh/crew"]
    policies = [json.loads(base64.b64decode(form["policy"]))["conditions"] for form in forms]
    assert [{"key": form["key"]} in policy for form, policy in zip(forms, policies, strict=True)] == [True, True]


TYPES = [
    "image/svg+xml",
    "image/SVG+XML",
    "image/svg",
    "text/html",
    "text/html; charset=utf-8",
    "application/xhtml+xml",
    "text/xml",
    "image/jpeg\r\nContent-Type: text/html",
    "image/jpeg\0",
    "image/jpeg ",
    "image/ｊpeg",
    "image/jpeg;image/svg+xml",
    "multipart/form-data",
    "*/*",
    "../image/jpeg",
]


def test_what_a_browser_would_run_is_never_signed(scc: TestClient) -> None:
    """SVG, HTML and every type in disguise are 422, and the answer names the types that are taken."""
    answers = {content_type: ask(scc, GOOD, content_type) for content_type in TYPES}

    told = {content_type: (one.status_code, one.json()["error"]) for content_type, one in answers.items()}
    assert told == dict.fromkeys(TYPES, (422, "type_refused"))
    assert [content_type for content_type, one in answers.items() if content_type in one.text] == []


@pytest.mark.parametrize("limit", ["forms-ticket#xhqgmdh#guest", "forms-network#198.51.100.10"])
def test_forms_have_an_end(scc: TestClient, table: Table, hours: dict[str, datetime], limit: str) -> None:
    """After 3,000 forms an hour for one page, or from one network, a program gets 429 and when to come again."""
    place = Place(f"limit#{limit}", "limit")
    values = {"most": 2999, "end": int(hours["now"].timestamp()) + 3600}
    table.update(Update(place, change="SET #count = :most, #expires_at = :end", values=values))

    statuses = [ask(scc, GOOD).status_code for _ in range(2)]
    last = ask(scc, GOOD)
    hours["now"] += timedelta(hours=1)

    assert statuses == [200, 429]
    assert (last.json()["error"], last.headers["retry-after"]) == ("too_many", "600")
    assert ask(scc, GOOD).status_code == 200


def test_a_replayed_ticket_overwrites_nothing(scc: TestClient) -> None:
    """A ticket is good as often as there are photos: each time for a key that nobody has had."""
    keys = [ask(scc, GOOD).json()["fields"]["key"] for _ in range(20)]

    assert len(set(keys)) == 20


def test_a_key_taken_back_signs_nothing_more(
    make_scc: Callable[..., TestClient], secret: Callable[..., str], hours: dict[str, datetime]
) -> None:
    """Once a ticket's key is in the secret no longer, its tickets are 401."""
    hours["now"] = OPENS
    keys = [{"id": "70000003", "secret": "73" * 32}, {"id": OLDER.id, "secret": OLDER.secret}]
    rotated = make_scc(gate_secret=secret(cookie_keys=[], ticket_keys=keys))

    answers = [ask(rotated, sign_ticket(TICKET, key)).status_code for key in (NEWEST, OLDER)]

    assert answers == [401, 200]
