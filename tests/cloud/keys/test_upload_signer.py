"""The upload signer's access key: one, and where it is gone or nobody knows it, another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_iam import IAMClient

    from castoff.cloud.account import Account
    from castoff.cloud.keys.vault import Vault

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
