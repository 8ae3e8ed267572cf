"""The gate's keys: made once, told to the edge, and taken away there when the secret no longer names them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from castoff.cloud.key_value_store import open_store
from castoff.cloud.keys.gate import GateKeys, draw_key, edge_entries, ensure_gate, is_ours
from castoff.cloud.keys.vault import Vault
from castoff.cloud.problems import RivalError, SecretError
from castoff.contract.tickets import Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.edge_store import EdgeStore

    from castoff.cloud.account import Account

LISTS = "it is to hold lists of keys, each with `id` and `secret`"


def test_a_first_deploy_makes_a_cookie_key_and_a_ticket_key(vault: Vault) -> None:
    """Each kind has one key, drawn anew: an id that says its day, and 256 bits as 64 hex digits."""
    held = vault.read("gate")

    keys = [key for kind in ("cookie_keys", "ticket_keys") for key in held[kind]]
    assert set(held) == {"cookie_keys", "ticket_keys"}
    assert len(keys) == 2
    assert len({key["id"] for key in keys}) == len({key["secret"] for key in keys}) == 2
    assert all(re.fullmatch(r"20\d{6}-[0-9a-f]{8}", key["id"]) for key in keys)
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


def test_a_store_made_anew_lets_nobody_back_in(edge_store: EdgeStore, vault: Vault, make: Callable[..., None]) -> None:
    """It has forgotten who left, so every cookie of that time is dead: there are new keys; tickets stay good."""
    make()
    before = vault.read("gate")
    vault.write("gate", {**before, "cookie_keys": [*before["cookie_keys"], asdict(draw_key())]})
    store = open_store(edge_store.account)
    deletes = [{"Key": name} for name in edge_store.entries()]
    for start in range(0, len(deletes), 50):
        store.update_keys(KvsARN=edge_store.arn, IfMatch=edge_store.etag(), Deletes=deletes[start : start + 50])

    make()

    after = vault.read("gate")
    [new] = after["cookie_keys"]
    assert new["id"] not in {key["id"] for key in before["cookie_keys"]}
    assert after["ticket_keys"] == before["ticket_keys"]
    assert edge_store.entries() == {f"key:{new['id']}": new["secret"]}


def test_a_key_replaced_by_hand_is_followed(edge_store: EdgeStore, vault: Vault, make: Callable[..., None]) -> None:
    """A store that holds the key before it has forgotten nothing, and what a person put into the secret counts."""
    make()
    new = asdict(draw_key())
    vault.write("gate", {**vault.read("gate"), "cookie_keys": [new]})

    make()

    assert vault.read("gate")["cookie_keys"] == [new]
    assert edge_store.entries()[f"key:{new['id']}"] == new["secret"]


@dataclass(frozen=True)
class Overtaken(Vault):
    """A vault that another deploy opens at the same moment, once: after the so-manieth look into it."""

    meanwhile: Callable[[], None]
    at: int
    looks: list[str] = field(default_factory=list)

    def read(self, secret: str) -> dict[str, Any]:
        """Read, and let the other deploy its own before the answer is acted upon."""
        held = super().read(secret)
        self.looks.append(secret)
        if len(self.looks) == self.at:
            self.meanwhile()
        return held


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("held", ["nothing", "a key each"])
def test_of_two_deploys_at_once_the_edge_has_what_the_secret_names(
    held: str, at: int, admin: Account, edge_store: EdgeStore, vault: Vault
) -> None:
    """Whichever writes last, at the end the store holds the cookie keys of the secret and no other."""
    ensure_gate(admin, vault, edge_store.arn, unlisted=False)
    if held == "nothing":
        vault.write("gate", {})
    new = {"cookie_keys": [asdict(draw_key())], "ticket_keys": [asdict(draw_key())]}

    def other() -> None:
        vault.write("gate", new)
        ensure_gate(admin, vault, edge_store.arn, unlisted=False)

    overtaken = Overtaken(vault.client, vault.prefix, meanwhile=other, at=at)

    ensure_gate(admin, overtaken, edge_store.arn, unlisted=False)

    named = {f"key:{key['id']}": key["secret"] for key in vault.read("gate")["cookie_keys"]}
    assert len(overtaken.looks) >= at
    assert {name: value for name, value in edge_store.entries().items() if is_ours(name)} == named


def test_a_secret_that_never_rests_is_given_up(admin: Account, edge_store: EdgeStore, vault: Vault) -> None:
    """Who keeps changing it is to end first, and the fault says so."""

    class Restless(Vault):
        def read(self, secret: str) -> dict[str, Any]:
            """Read, and leave another key behind."""
            held = super().read(secret)
            self.write(secret, {**held, "cookie_keys": [asdict(draw_key())]})
            return held

    with pytest.raises(RivalError) as refused:
        ensure_gate(admin, Restless(vault.client, vault.prefix), edge_store.arn, unlisted=False)

    assert str(refused.value) == (
        "secret `elsewhere/gate`: it kept changing\n  hint: deploy again once no other deploy is under way"
    )


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
        ("one key", ["a"], False, {"key:a": "a" * 64}),
        ("two keys, while they change", ["b", "a"], False, {"key:b": "b" * 64, "key:a": "a" * 64}),
        ("unlisted crew pages", ["a"], True, {"key:a": "a" * 64, "crew_pages": "unlisted"}),
    ],
)
def test_edge_entries(what: str, cookie_keys: list[str], expected: dict[str, str], *, unlisted: bool) -> None:
    """The edge is told the cookie keys, and a word only where it is to ask for no cookie."""
    keys = GateKeys(cookie=tuple(Key(key, key * 64) for key in cookie_keys), ticket=(Key("t", "7" * 64),))

    assert (what, edge_entries(keys, unlisted=unlisted)) == (what, expected)


@pytest.mark.parametrize(
    ("what", "held", "why"),
    [
        ("no list", {"cookie_keys": 5}, LISTS),
        ("no keys in the list", {"cookie_keys": ["ab12"]}, LISTS),
        ("half a key", {"cookie_keys": [{"id": "ab12"}]}, LISTS),
        ("more than a key", {"ticket_keys": [{"id": "ab12", "secret": "a1" * 32, "used": True}]}, LISTS),
        ("a number for an id", {"ticket_keys": [{"id": 12, "secret": "a1" * 32}]}, LISTS),
        (
            "a word for a secret",
            {"cookie_keys": [{"id": "ab12", "secret": "hush"}]},
            "`cookie_keys`: a key's `secret` is to be 64 hexadecimal digits in lower case",
        ),
        (
            "a dot in an id",
            {"ticket_keys": [{"id": "hush.", "secret": "a1" * 32}]},
            "`ticket_keys`: a key's `id` is to be 1 to 64 letters, digits, `_` or `-`",
        ),
        (
            "three keys",
            {"cookie_keys": [{"id": f"ab1{number}", "secret": "a1" * 32} for number in range(3)]},
            "`cookie_keys`: it is to hold at most 2 keys",
        ),
    ],
)
def test_a_secret_that_somebody_broke_is_named_and_not_said(
    what: str, held: dict[str, object], why: str, vault: Vault, make: Callable[..., None]
) -> None:
    """A deploy leaves it as it is, says which secret and what it should be, and nothing of what it holds."""
    before = vault.read("gate")
    vault.write("gate", held)

    with pytest.raises(SecretError) as refused:
        make()

    assert (what, vault.read("gate")) == (what, held)
    assert str(refused.value) == (
        f"secret `elsewhere/gate`: {why}\n  hint: Secrets Manager keeps its previous version: put that back"
    )
    vault.write("gate", before)
