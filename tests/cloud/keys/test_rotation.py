"""Keys changed while everybody works on: nobody is locked out, and a run that was killed is finished by the next."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from castoff.cloud.keys.gate import draw_key, is_ours
from castoff.cloud.keys.rotation import KINDS, Hands, rotate
from castoff.cloud.keys.vault import Vault, Version
from castoff.cloud.keys.verify import hash_of
from castoff.cloud.problems import RivalError, TooSoonError
from castoff.cloud.progress import Silent
from castoff.contract.tickets import Cookie, Key, read_cookie, sign_cookie
from lambdas.service.vault import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.edge_store import EdgeStore

    from castoff.cloud.account import Account

SECRETS = {
    "cookie": "gate",
    "ticket": "gate",
    "service": "scc",
    "dashboard": "dashboard",
    "upload-signer": "upload-signer",
}
LATER = timedelta(days=15)
FRESH: dict[str, dict[str, Any]] = {
    "gate": {},
    "upload-signer": {},
    "scc": {"service_key": "a" * 48},
    "scc-verify": {"service_key_hashes": []},
    "dashboard": {"token": "b" * 48},
    "dashboard-verify": {"token_hashes": []},
}


@pytest.fixture
def hands(admin: Account, vault: Vault, edge_store: EdgeStore, make: Callable[..., None]) -> Hands:
    """Return what a rotation is done with, fifteen days from now and in no hurry, over keys that were just made."""
    for secret, values in FRESH.items():
        vault.write(secret, values)
    make()
    return Hands(admin, vault, edge_store.arn, now=lambda: datetime.now(UTC) + LATER, pause=lambda _: None)


def keys_of(vault: Vault, kind: str) -> tuple[str, ...]:
    """Return what names the keys of a kind that count, the present one first; for a caller's key, their hashes."""
    held = vault.read(SECRETS[kind])
    match kind:
        case "cookie" | "ticket":
            return tuple(key["id"] for key in held[f"{kind}_keys"])
        case "service":
            return tuple(vault.read("scc-verify")["service_key_hashes"])
        case "dashboard":
            return tuple(vault.read("dashboard-verify")["token_hashes"])
        case _:
            return tuple(held[name] for name in ("access_key_id", "access_key_id_before") if name in held)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_key_counts_and_the_one_before_it_stays_good(kind: str, hands: Hands) -> None:
    """After a rotation there are two keys, the new one first; after another the oldest is gone."""
    first = keys_of(hands.vault, kind)[0]

    rotate(kind, hands, progress=Silent())
    second = keys_of(hands.vault, kind)
    rotate(kind, replace(hands, now=lambda: datetime.now(UTC) + 2 * LATER), progress=Silent())
    third = keys_of(hands.vault, kind)

    assert second[1:] == (first,)
    assert third[1:] == second[:1]
    assert len({first, *second, *third}) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_leaked_is_ended_at_once(kind: str, hands: Hands) -> None:
    """Only the new one counts, and no rest is kept."""
    first = keys_of(hands.vault, kind)[0]

    rotate(kind, replace(hands, leaked=True, now=lambda: datetime.now(UTC)), progress=Silent())

    [only] = keys_of(hands.vault, kind)
    assert only != first


@pytest.mark.parametrize("kind", KINDS)
def test_a_deploy_after_a_rotation_changes_nothing(kind: str, hands: Hands, make: Callable[..., None]) -> None:
    """The key before stays good over deploys, too."""
    rotate(kind, hands, progress=Silent())
    before = keys_of(hands.vault, kind)

    make()

    assert keys_of(hands.vault, kind) == before


@pytest.mark.parametrize("kind", ["service", "dashboard"])
def test_a_service_accepts_the_key_that_the_publisher_reads(kind: str, hands: Hands) -> None:
    """The hash that comes first is that of the key in the publisher's secret."""
    rotate(kind, hands, progress=Silent())

    held = hands.vault.read(SECRETS[kind])
    assert keys_of(hands.vault, kind)[0] == hash_of(held["service_key" if kind == "service" else "token"])


def test_the_edge_knows_a_cookie_key_before_any_cookie_is_signed_with_it(hands: Hands, edge_store: EdgeStore) -> None:
    """When the new key begins to count, the edge has had it for as long as that takes, and the present one as well."""
    [old] = keys_of(hands.vault, "cookie")
    told: list[set[str]] = []

    @dataclass(frozen=True)
    class Watched(Vault):
        def accept(self, secret: str, coming: Version, *, after: Version) -> None:
            """Accept, and look what the edge knows by then."""
            told.append({name for name in edge_store.entries() if is_ours(name)})
            super().accept(secret, coming, after=after)

    rotate("cookie", replace(hands, vault=Watched(hands.vault.client, hands.vault.prefix)), progress=Silent())

    [new, _] = keys_of(hands.vault, "cookie")
    assert told == [{f"key:{new}", f"key:{old}"}]


def test_a_cookie_outlives_a_rotation(hands: Hands) -> None:
    """What was signed before it opens the same page after it."""
    [old, *_] = [Key(**key) for key in hands.vault.read("gate")["cookie_keys"]]
    token = sign_cookie(Cookie("xhqgmdh", "crew-001", 1, 1_900_000_000), old)

    rotate("cookie", hands, progress=Silent())

    keys = [Key(**key) for key in hands.vault.read("gate")["cookie_keys"]]
    assert read_cookie(token, keys) == Cookie("xhqgmdh", "crew-001", 1, 1_900_000_000)


@pytest.mark.parametrize(("kind", "rest"), [("cookie", 14), ("ticket", 7), ("upload-signer", 7)])
def test_a_second_rotation_waits_until_nobody_needs_the_oldest_key(kind: str, rest: int, hands: Hands) -> None:
    """It would lock out whoever still holds what that one signed; the refusal says until when, and changes nothing."""
    rotate(kind, replace(hands, now=lambda: datetime.now(UTC) + LATER), progress=Silent())
    before = keys_of(hands.vault, kind)
    made = datetime.now(UTC) if kind == "upload-signer" else datetime.now(UTC) + LATER

    with pytest.raises(TooSoonError) as refused:
        rotate(kind, replace(hands, now=lambda: made + timedelta(days=rest - 1)), progress=Silent())

    assert f"until {made + timedelta(days=rest):%Y-%m-%d}" in str(refused.value)
    assert keys_of(hands.vault, kind) == before


class KilledError(Exception):
    """The run ends here, as by SIGKILL."""


@dataclass(frozen=True)
class Mortal(Vault):
    """A vault whose holder is killed before or after its so-manieth write."""

    at: int
    after: bool
    writes: list[str] = field(default_factory=list)

    def propose(self, secret: str, values: Any) -> Version:
        """Propose, unless it ends here."""
        return self._dying(lambda: super(Mortal, self).propose(secret, values))

    def accept(self, secret: str, coming: Version, *, after: Version) -> None:
        """Accept, unless it ends here."""
        self._dying(lambda: super(Mortal, self).accept(secret, coming, after=after))

    def write(self, secret: str, values: Any) -> None:
        """Write, unless it ends here."""
        self._dying(lambda: super(Mortal, self).write(secret, values))

    def _dying(self, step: Callable[[], Any]) -> Any:
        self.writes.append("write")
        if len(self.writes) == self.at and not self.after:
            raise KilledError
        done = step()
        if len(self.writes) == self.at:
            raise KilledError
        return done


@pytest.mark.parametrize("death", [(1, False), (1, True), (2, False), (2, True), (3, False), (3, True)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_was_killed_is_finished_by_the_next(
    kind: str, death: tuple[int, bool], hands: Hands, edge_store: EdgeStore, make: Callable[..., None]
) -> None:
    """The key from before is good throughout; a deploy in between breaks nothing; in the end there are two keys."""
    [first] = keys_of(hands.vault, kind)
    mortal = Mortal(hands.vault.client, hands.vault.prefix, *death)
    with contextlib.suppress(KilledError):
        rotate(kind, replace(hands, vault=mortal), progress=Silent())
    make()
    midway = keys_of(hands.vault, kind)

    if len(midway) == 1 or kind in {"service", "dashboard"}:  # else the killed run had done all but to say so
        rotate(kind, hands, progress=Silent())

    keys = keys_of(hands.vault, kind)
    named = {f"key:{key['id']}" for key in hands.vault.read("gate")["cookie_keys"]}
    assert first in midway
    assert len(keys) == 2
    assert first == keys[1] or kind in {"service", "dashboard"}
    assert {name for name in edge_store.entries() if is_ours(name)} == named


def test_what_was_proposed_for_keys_that_changed_since_is_dropped(hands: Hands) -> None:
    """A deploy that drew keys anew makes an older proposal worthless: another is made, upon what counts now."""
    vault = hands.vault
    held = vault.read("gate")
    stale = draw_key(datetime(2024, 5, 1, tzinfo=UTC))
    vault.propose("gate", {**held, "cookie_keys": [{"id": stale.id, "secret": stale.secret}]})

    rotate("cookie", hands, progress=Silent())

    assert keys_of(vault, "cookie")[1] == held["cookie_keys"][0]["id"]
    assert stale.id not in keys_of(vault, "cookie")


def test_no_form_is_signed_with_a_leaked_key_once_the_rotation_is_over(hands: Hands) -> None:
    """ShipCaptainCrew keeps what it read for a minute; whoever publishes next gets forms that work."""
    waited: list[float] = []

    rotate("upload-signer", replace(hands, leaked=True, pause=waited.append), progress=Silent())

    assert waited[-1] > KEPT


@pytest.mark.parametrize("kind", ["cookie", "service"])
def test_of_two_rotations_at_once_the_later_is_refused(kind: str, hands: Hands, edge_store: EdgeStore) -> None:
    """Whoever comes second finds another version counting; no key counts that nobody was told of."""

    @dataclass(frozen=True)
    class Overtaken(Vault):
        def accept(self, secret: str, coming: Version, *, after: Version) -> None:
            """Let another rotation go through first."""
            rotate(kind, hands, progress=Silent())
            super().accept(secret, coming, after=after)

    late = Overtaken(hands.vault.client, hands.vault.prefix)
    with pytest.raises(RivalError, match="it kept changing"):
        rotate(kind, replace(hands, vault=late), progress=Silent())

    if kind == "service":
        assert keys_of(hands.vault, kind)[0] == hash_of(hands.vault.read("scc")["service_key"])
    else:
        assert f"key:{keys_of(hands.vault, kind)[0]}" in edge_store.entries()


def test_a_run_killed_at_the_very_end_is_settled_by_the_next(hands: Hands, edge_store: EdgeStore) -> None:
    """It had let the new key count and not taken the oldest one from the edge: the next says no, and does that."""
    rotate("cookie", hands, progress=Silent())
    stale = draw_key(datetime(2024, 5, 1, tzinfo=UTC))
    edge_store.put({f"key:{stale.id}": stale.secret})

    with pytest.raises(TooSoonError):
        rotate("cookie", hands, progress=Silent())

    named = {f"key:{name}" for name in keys_of(hands.vault, "cookie")}
    assert {name for name in edge_store.entries() if is_ours(name)} == named


def test_a_switched_off_key_beside_the_one_before_makes_room(hands: Hands, make: Callable[..., None]) -> None:
    """IAM allows a user two keys: the dead one goes first, and forms that the one before signed stay good."""
    rotate("upload-signer", hands, progress=Silent())
    dead, before = keys_of(hands.vault, "upload-signer")
    iam = hands.account.session.client("iam", **hands.account.options)
    iam.update_access_key(UserName="elsewhere-upload-signer", AccessKeyId=dead, Status="Inactive")

    make()

    listed = iam.list_access_keys(UserName="elsewhere-upload-signer")["AccessKeyMetadata"]
    assert dead not in {key["AccessKeyId"] for key in listed}
    assert keys_of(hands.vault, "upload-signer")[0] not in {dead, before}
