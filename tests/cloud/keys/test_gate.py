"""The gate's keys: made once, told to the edge, and taken away there when the secret no longer names them."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.keys.gate import GateKeys, draw_key, edge_entries, is_ours
from castoff.cloud.problems import SecretError
from castoff.contract.tickets import Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.edge_store import EdgeStore

    from castoff.cloud.keys.vault import Vault


def test_a_first_deploy_makes_a_cookie_key_and_a_ticket_key(vault: Vault) -> None:
    """Each kind has one key, drawn anew: an id of 8 hex digits and 256 bits as 64."""
    held = vault.read("gate")

    keys = [key for kind in ("cookie_keys", "ticket_keys") for key in held[kind]]
    assert set(held) == {"cookie_keys", "ticket_keys"}
    assert len(keys) == 2
    assert len({key["id"] for key in keys}) == len({key["secret"] for key in keys}) == 2
    assert all(re.fullmatch(r"[0-9a-f]{8}", key["id"]) for key in keys)
    assert all(re.fullmatch(r"[0-9a-f]{64}", key["secret"]) for key in keys)


def test_only_a_kind_without_a_key_gets_one(vault: Vault, make: Callable[..., None]) -> None:
    """A gate that lost its ticket keys gets one, and cookies that were given out stay good."""
    held = vault.read("gate")
    vault.write("gate", {"cookie_keys": held["cookie_keys"], "ticket_keys": []})

    make()

    mended = vault.read("gate")
    assert mended["cookie_keys"] == held["cookie_keys"]
    assert len(mended["ticket_keys"]) == 1
    assert mended["ticket_keys"] != held["ticket_keys"]


def test_the_edge_gets_the_cookie_keys_alone(edge_store: EdgeStore, vault: Vault, make: Callable[..., None]) -> None:
    """The store holds each cookie key by its id, and no ticket key: the edge reads no tickets."""
    make()

    [key] = vault.read("gate")["cookie_keys"]
    ours = {name: value for name, value in edge_store.entries().items() if is_ours(name)}
    assert ours == {f"key:{key['id']}": key["secret"]}


def test_a_second_cookie_key_is_told_to_the_edge_and_a_removed_one_taken_away(
    edge_store: EdgeStore, vault: Vault, make: Callable[..., None]
) -> None:
    """The store follows the secret: both keys of a change, then the newer one; who left stays refused throughout."""
    [old] = vault.read("gate")["cookie_keys"]
    new = asdict(draw_key())
    edge_store.put({"gone:crew-001": "1716900000"})
    left = {name: value for name, value in edge_store.entries().items() if name.startswith("gone:")}

    vault.write("gate", {**vault.read("gate"), "cookie_keys": [new, old]})
    make()
    both = edge_store.entries()
    vault.write("gate", {**vault.read("gate"), "cookie_keys": [new]})
    make()
    one = edge_store.entries()

    assert both == {**left, f"key:{new['id']}": new["secret"], f"key:{old['id']}": old["secret"]}
    assert one == {**left, f"key:{new['id']}": new["secret"]}


def test_a_key_that_somebody_altered_at_the_edge_is_put_right(
    edge_store: EdgeStore, vault: Vault, make: Callable[..., None]
) -> None:
    """The secret is what counts, whatever the store says."""
    [key] = vault.read("gate")["cookie_keys"]
    edge_store.put({f"key:{key['id']}": "00", "key:ffffffff": "11"})

    make()

    present = edge_store.entries()
    assert present[f"key:{key['id']}"] == key["secret"]
    assert "key:ffffffff" not in present


def test_unlisted_crew_pages_are_said_to_the_edge_and_taken_back(
    edge_store: EdgeStore, make: Callable[..., None]
) -> None:
    """Only a deploy that was asked to opens crew pages, and the next usual one closes them."""
    make(unlisted=True)
    opened = edge_store.entries().get("crew_pages")
    make()

    assert opened == "unlisted"
    assert "crew_pages" not in edge_store.entries()


@pytest.mark.parametrize(
    ("what", "cookie_keys", "unlisted", "expected"),
    [
        ("one key", ["a"], False, {"key:a": "secret a"}),
        ("two keys, while they change", ["b", "a"], False, {"key:b": "secret b", "key:a": "secret a"}),
        ("unlisted crew pages", ["a"], True, {"key:a": "secret a", "crew_pages": "unlisted"}),
    ],
)
def test_edge_entries(what: str, cookie_keys: list[str], expected: dict[str, str], *, unlisted: bool) -> None:
    """The edge is told the cookie keys, and a word only where it is to ask for no cookie."""
    keys = GateKeys(cookie=tuple(Key(key, f"secret {key}") for key in cookie_keys), ticket=(Key("t", "never"),))

    assert (what, edge_entries(keys, unlisted=unlisted)) == (what, expected)


@pytest.mark.parametrize(
    ("what", "held"),
    [
        ("no list", {"cookie_keys": 5}),
        ("no keys in the list", {"cookie_keys": ["ab12"]}),
        ("half a key", {"cookie_keys": [{"id": "ab12"}]}),
        ("more than a key", {"ticket_keys": [{"id": "ab12", "secret": "hush", "used": True}]}),
    ],
)
def test_a_secret_that_somebody_broke_is_named_and_not_said(
    what: str, held: dict[str, object], vault: Vault, make: Callable[..., None]
) -> None:
    """A deploy leaves it as it is, says which secret and what it should be, and nothing of what it holds."""
    before = vault.read("gate")
    vault.write("gate", held)

    with pytest.raises(SecretError) as refused:
        make()

    assert (what, vault.read("gate")) == (what, held)
    assert str(refused.value) == (
        "secret `elsewhere/gate`: it is to hold lists of keys, each with `id` and `secret`\n"
        "  hint: Secrets Manager keeps its previous version: put that back"
    )
    vault.write("gate", before)
