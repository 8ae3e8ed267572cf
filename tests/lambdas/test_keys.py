"""Keys: compared by hash, never raising, noticed when rotated."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import bcrypt
import pytest
from fastapi.testclient import TestClient

from lambdas.service.keys import KeyRing, fits_hash, same_secret
from lambdas.service.refusals import UnavailableError
from lambdas.service.vault import KEPT, KEPT_AFTER_MISS, Vault


def sha256(key: str) -> str:
    """Return a key's stored form."""
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def slow(key: str) -> str:
    """Return a key's bcrypt form, at the lowest cost."""
    return bcrypt.hashpw(key.encode(), bcrypt.gensalt(4)).decode()


@pytest.mark.parametrize(
    ("key", "stored", "fits"),
    [
        pytest.param("right", sha256("right"), True, id="sha256"),
        pytest.param("right", sha256("right").upper().replace("SHA256", "sha256"), True, id="sha256 in capitals"),
        pytest.param("wrong", sha256("right"), False, id="wrong for sha256"),
        pytest.param("right", slow("right"), True, id="bcrypt"),
        pytest.param("wrong", slow("right"), False, id="wrong for bcrypt"),
        pytest.param("", sha256(""), False, id="empty"),
        pytest.param("schlüssel", sha256("schlüssel"), False, id="not ASCII"),
        pytest.param("a\nb", sha256("a\nb"), False, id="control character"),
        pytest.param("k" * 256, sha256("k" * 256), True, id="as long as a key may be"),
        pytest.param("k" * 257, sha256("k" * 257), False, id="longer than a key may be"),
        pytest.param("k" * 73, slow("k" * 72), False, id="longer than bcrypt reads"),
        pytest.param("right", "right", False, id="not a hash"),
        pytest.param("right", "sha256:", False, id="hash without digits"),
        pytest.param("right", "sha256:é", False, id="hash that is not ASCII"),
        pytest.param("right", "$2b$12$broken", False, id="broken bcrypt hash"),
    ],
)
def test_a_key_fits_its_own_hash_alone(key: str, stored: str, fits: bool) -> None:  # noqa: FBT001 - a table's column
    """A key fits the hash made of it; anything odd fits nothing and raises nothing."""
    assert fits_hash(key, stored) is fits


def test_a_bcrypt_hash_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that passed bcrypt once is known again by its digest, as long as its hash is still among the hashes."""
    hashes = [slow("right")]
    ring = KeyRing(lambda: hashes, lambda: hashes)
    assert ring.opens("right")
    computed: list[bytes] = []

    def compute(key: bytes, _: bytes) -> bool:
        computed.append(key)
        return False

    monkeypatch.setattr(bcrypt, "checkpw", compute)

    known = [ring.opens("right"), ring.opens("wrong")]
    hashes[:] = [slow("other")]
    after_rotation = ring.opens("right")

    assert (known, after_rotation, computed) == ([True, False], False, [b"wrong", b"right"])


def test_a_key_that_failed_bcrypt_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One key costs one look at a hash, whether it fits or not; only so many strangers' keys are remembered."""
    stored, computed = slow("right"), list[bytes]()
    ring = KeyRing(lambda: [stored], lambda: [stored])

    def compute(key: bytes, _: bytes) -> bool:
        computed.append(key)
        return False

    monkeypatch.setattr(bcrypt, "checkpw", compute)

    known = [ring.opens("other") for _ in range(3)]
    for number in range(256):
        ring.opens(f"strange {number}")
    forgotten = ring.opens("other")

    assert (known, forgotten, computed.count(b"other"), len(computed)) == ([False] * 3, False, 2, 258)


def test_a_second_list_costs_one_look(dashboard: Any, secretsmanager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where those who see money have a bcrypt hash, who holds a token pays for it once a process, not at each call."""
    lists = {"token_hashes": [sha256("token")], "finance_token_hashes": [slow("finance")]}
    name = dashboard.app.state.service.ports.settings.token_secret
    secretsmanager.put_secret_value(SecretId=name, SecretString=json.dumps(lists))
    checked, computed = bcrypt.checkpw, list[bytes]()

    def compute(key: bytes, stored: bytes) -> bool:
        computed.append(key)
        return checked(key, stored)

    monkeypatch.setattr(bcrypt, "checkpw", compute)

    answers = [dashboard.get("/calendar", headers={"X-Dashboard-Token": "token"}).status_code for _ in range(3)]

    assert (answers, computed) == ([200] * 3, [b"token"])


def test_a_rotated_key_is_noticed_on_a_miss(secretsmanager: Any, secret: Callable[..., str]) -> None:
    """A new key works within seconds of its hash being stored, and one that was taken back stops within a minute."""
    name = secret(hashes=[sha256("old")])
    seconds = [0.0]
    vault = Vault(lambda: secretsmanager, ticks=lambda: seconds[0])
    ring = KeyRing(lambda: vault.texts(name, "hashes"), lambda: vault.texts(name, "hashes", after_miss=True))
    assert ring.opens("old")
    secretsmanager.put_secret_value(SecretId=name, SecretString=json.dumps({"hashes": [sha256("new")]}))

    at_once = (ring.opens("new"), ring.opens("old"))
    seconds[0] = KEPT_AFTER_MISS
    soon = (ring.opens("old"), ring.opens("new"), ring.opens("old"))

    assert KEPT > KEPT_AFTER_MISS
    assert at_once == (False, True)
    assert soon == (True, True, False)


@pytest.mark.parametrize("text", ["", "not JSON: hush", '["hush"]', '{"hashes": "hush"}', '{"hashes": [1]}'])
def test_an_odd_secret_is_not_quoted(secretsmanager: Any, secret: Callable[..., str], text: str) -> None:
    """A secret of another form makes the service unavailable, and its text is in no error."""
    name = secret()
    secretsmanager.put_secret_value(SecretId=name, SecretString=text or "{}")

    with pytest.raises(UnavailableError) as refusal:
        Vault(lambda: secretsmanager).texts(name, "hashes")

    assert "hush" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("given", "expected", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (None, "a", False),
        ("", "", False),
        ("é", "é", True),
        ("\ud800", "a", False),
    ],
)
def test_secrets_are_compared_without_raising(given: str | None, expected: str, same: bool) -> None:  # noqa: FBT001
    """Two secrets are the same or not, whatever characters they hold."""
    assert same_secret(given, expected) is same


@pytest.mark.parametrize("key", [None, b"", b"wrong", "schlüssel".encode(), b"\xff\xfe", b"k" * 20_000])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/event"),
        ("GET", "/events/ev-1"),
        ("GET", "/events?booking_id=xhqgmdh"),
        ("PATCH", "/events/ev-1"),
        ("DELETE", "/events/ev-1"),
        ("GET", "/crew-members"),
        ("PUT", "/crew-members/crew-001"),
        ("DELETE", "/crew-members/crew-001"),
        ("POST", "/crew-members/crew-001/link"),
    ],
)
def test_operator_routes_need_the_key(scc: TestClient, method: str, path: str, key: bytes | None) -> None:
    """Without a right key every operator route says 401 before it looks at anything else, the body included."""
    del scc.headers["X-Service-Key"]
    headers = {} if key is None else {b"X-Service-Key": key}

    answer = scc.request(method, path, headers=headers, content=b"{not JSON")

    assert answer.status_code == 401
    assert answer.json() == {
        "error": "unauthorized",
        "detail": "a right X-Service-Key is needed",
        "field": "X-Service-Key",
    }


@pytest.mark.parametrize("token", [None, b"wrong", b"\xff\xfe"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/calendar/xhqgmdh"),
        ("DELETE", "/calendar/xhqgmdh"),
        ("POST", "/calendar"),
        ("GET", "/calendar"),
        ("GET", "/calendar.ics"),
        ("HEAD", "/calendar.ics"),
        ("POST", "/calendar/feeds"),
        ("GET", "/calendar/feeds"),
        ("DELETE", "/calendar/feeds/abcdef012345"),
    ],
)
def test_the_dashboard_needs_its_token(dashboard: TestClient, method: str, path: str, token: bytes | None) -> None:
    """Without a right token the dashboard says 401."""
    del dashboard.headers["X-Dashboard-Token"]
    headers = {} if token is None else {b"X-Dashboard-Token": token}

    assert dashboard.request(method, path, headers=headers).status_code == 401
