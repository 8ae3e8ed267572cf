"""The upload signer's access key: one, and where it is gone or nobody knows it, another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from castoff.cloud.keys.upload_signer import ensure_access_key
from castoff.cloud.keys.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_iam import IAMClient

    from castoff.cloud.account import Account

USER = "elsewhere-upload-signer"


@pytest.fixture
def iam(admin: Account) -> IAMClient:
    """Return IAM, as the deployer."""
    return admin.session.client("iam", **admin.options)


def access_keys(iam: IAMClient) -> list[str]:
    """List the upload signer's access keys."""
    return [key["AccessKeyId"] for key in iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]]


@pytest.mark.parametrize("what", ["deleted", "switched off"])
def test_an_access_key_that_no_longer_works_is_replaced(
    what: str, iam: IAMClient, vault: Vault, make: Callable[..., None]
) -> None:
    """After somebody took the upload signer's key away, a deploy makes another, and the dead one goes."""
    vault.write("upload-signer", {})
    make()
    dead = vault.read("upload-signer")["access_key_id"]
    if what == "deleted":
        iam.delete_access_key(UserName=USER, AccessKeyId=dead)
    else:
        iam.update_access_key(UserName=USER, AccessKeyId=dead, Status="Inactive")

    make()

    named = vault.read("upload-signer")["access_key_id"]
    assert named != dead
    assert access_keys(iam) == [named]


@pytest.mark.parametrize("orphans", [1, 2])
def test_a_deploy_killed_before_it_named_its_key_is_mended(
    orphans: int, iam: IAMClient, vault: Vault, make: Callable[..., None]
) -> None:
    """Keys that were made and never written down are deleted, however many IAM allowed, and one is made that is."""
    for key in access_keys(iam):
        iam.delete_access_key(UserName=USER, AccessKeyId=key)
    vault.write("upload-signer", {})
    lost = [iam.create_access_key(UserName=USER)["AccessKey"]["AccessKeyId"] for _ in range(orphans)]

    make()

    named = vault.read("upload-signer")["access_key_id"]
    assert named not in lost
    assert access_keys(iam) == [named]


def test_a_key_beside_the_named_one_goes(iam: IAMClient, vault: Vault, make: Callable[..., None]) -> None:
    """A key that the secret does not name opens nothing for anybody, and the named one stays."""
    make()
    named = vault.read("upload-signer")["access_key_id"]
    iam.create_access_key(UserName=USER)

    make()

    assert access_keys(iam) == [named]


@dataclass(frozen=True)
class Overtaken(Vault):
    """A vault that another deploy opens at the same moment, once: at the so-manieth look into it or writing of it."""

    meanwhile: Callable[[], None]
    at: int
    uses: list[str] = field(default_factory=list)

    def read(self, secret: str) -> dict[str, Any]:
        """Read, and let the other act before the answer is acted upon."""
        held = super().read(secret)
        self._use("read")
        return held

    def write(self, secret: str, values: Mapping[str, object]) -> None:
        """Let the other act, then write."""
        self._use("write")
        super().write(secret, values)

    def _use(self, what: str) -> None:
        self.uses.append(what)
        if len(self.uses) == self.at:
            self.meanwhile()


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("held", ["nothing", "a key that works", "a key that was deleted", "a key switched off"])
def test_of_two_deploys_at_once_the_secret_names_a_key_that_works(
    held: str, at: int, admin: Account, iam: IAMClient, vault: Vault
) -> None:
    """Wherever the other comes in between, the one key that is left is the one that the secret names."""
    ensure_access_key(admin, vault)
    named = vault.read("upload-signer")["access_key_id"]
    match held:
        case "nothing":
            vault.write("upload-signer", {})
        case "a key that was deleted":
            iam.delete_access_key(UserName=USER, AccessKeyId=named)
        case "a key switched off":
            iam.update_access_key(UserName=USER, AccessKeyId=named, Status="Inactive")
    overtaken = Overtaken(vault.client, vault.prefix, meanwhile=lambda: ensure_access_key(admin, vault), at=at)

    ensure_access_key(admin, overtaken, pause=lambda _: None)

    assert access_keys(iam) == [vault.read("upload-signer")["access_key_id"]]


@pytest.mark.parametrize(("at", "kept"), [(1, True), (2, True), (3, False)])
def test_a_key_that_another_deploy_names_by_now(
    at: int, admin: Account, iam: IAMClient, vault: Vault, *, kept: bool
) -> None:
    """It is kept; and where it was written down only between the very last look and the deleting, it is replaced."""
    ensure_access_key(admin, vault)
    made = iam.create_access_key(UserName=USER)["AccessKey"]
    values = {"access_key_id": made["AccessKeyId"], "secret_access_key": made["SecretAccessKey"]}
    overtaken = Overtaken(vault.client, vault.prefix, meanwhile=lambda: vault.write("upload-signer", values), at=at)

    ensure_access_key(admin, overtaken)

    named = vault.read("upload-signer")["access_key_id"]
    assert access_keys(iam) == [named]
    assert (named == made["AccessKeyId"]) == kept
