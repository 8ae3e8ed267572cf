"""The gate's keys: the newest signs, both verify, and one that is rotated out verifies nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from castoff.contract.tickets import Cookie, Key, sign_cookie
from lambdas.service.refusals import UnavailableError
from lambdas.service.vault import KEPT_AFTER_MISS, Vault
from lambdas.shipcaptaincrew.gate import Gate

COOKIE = Cookie("xhqgmdh", "crew-001", 1, 1717100000)
KEYS = [{"id": name, "secret": name * 32} for name in ("c3", "c2", "c1")]


def signed(key: dict[str, str]) -> str:
    """Return the cookie as a key signs it."""
    return sign_cookie(COOKIE, Key(key["id"], key["secret"]))


def test_the_newest_key_signs_and_each_verifies(secretsmanager: Any, secret: Callable[..., str]) -> None:
    """Of two keys the first signs; cookies of both are believed, and those of a third are not."""
    gate = Gate(Vault(lambda: secretsmanager), secret=secret(cookie_keys=KEYS[:2], ticket_keys=[]))

    assert gate.cookie_key().id == "c3"
    assert [gate.read_cookie(signed(key)) for key in KEYS] == [COOKIE, COOKIE, None]


def test_a_rotated_key_is_noticed_within_seconds(secretsmanager: Any, secret: Callable[..., str]) -> None:
    """A cookie that another process signed with a newer key is believed as soon as the secret may be read again."""
    name = secret(cookie_keys=KEYS[1:], ticket_keys=[])
    seconds = [0.0]
    gate = Gate(Vault(lambda: secretsmanager, ticks=lambda: seconds[0]), secret=name)
    assert gate.cookie_key().id == "c2"
    secretsmanager.put_secret_value(
        SecretId=name, SecretString=json.dumps({"cookie_keys": KEYS[:2], "ticket_keys": []})
    )

    at_once = gate.read_cookie(signed(KEYS[0]))
    seconds[0] = KEPT_AFTER_MISS
    soon = [gate.read_cookie(signed(key)) for key in KEYS]

    assert at_once is None
    assert soon == [COOKIE, COOKIE, None]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([], id="no key yet"),
        pytest.param(None, id="no list"),
        pytest.param(["hush"], id="texts"),
        pytest.param([{"id": "k1", "hush": "hush"}], id="no secret"),
        pytest.param([{"id": "k1", "secret": 7}], id="a number"),
        pytest.param([{"id": "k1", "secret": "hush"}], id="a word for a secret"),
        pytest.param([{"id": "k.hush", "secret": "c1" * 32}], id="a dot in an id"),
        pytest.param([KEYS[0], {"id": "k1", "secret": "hush" * 16}], id="a bad key behind a good one"),
    ],
)
def test_without_keys_nothing_is_signed(secretsmanager: Any, secret: Callable[..., str], keys: Any) -> None:
    """A secret that holds no key makes the service unavailable, and what it holds is in no error."""
    gate = Gate(Vault(lambda: secretsmanager), secret=secret(cookie_keys=keys))

    with pytest.raises(UnavailableError) as refusal:
        gate.cookie_key()

    assert "`cookie_keys`" in str(refusal.value)
    assert "hush" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("kind", "keys", "said"),
    [
        ("cookie_keys", [{"id": "k1", "secret": "hush"}], "`cookie_keys`: a key's `secret` is to be 64 hexadecimal"),
        ("cookie_keys", [{"id": "hush.", "secret": "c1" * 32}], "`cookie_keys`: a key's `id` is to be 1 to 64 letters"),
        ("cookie_keys", KEYS, "holds more than 2 keys in `cookie_keys`"),
        ("ticket_keys", KEYS, "holds more than 2 keys in `ticket_keys`"),
    ],
)
def test_what_somebody_mistyped_is_named(
    secretsmanager: Any, secret: Callable[..., str], kind: str, keys: Any, said: str
) -> None:
    """The log tells the secret, its list and the field, so that the person who edited it finds the place."""
    name = secret(**{"cookie_keys": KEYS[:1], "ticket_keys": KEYS[:1], kind: keys})
    gate = Gate(Vault(lambda: secretsmanager), secret=name)

    with pytest.raises(UnavailableError) as refusal:
        gate.read_cookie(signed(KEYS[0])) if kind == "cookie_keys" else gate.ticket_key()

    assert name in str(refusal.value)
    assert said in str(refusal.value)
