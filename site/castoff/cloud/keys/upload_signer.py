"""The access key of the user that signs upload forms, in a secret that ShipCaptainCrew alone reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from castoff.cloud.account import Account
    from castoff.cloud.keys.vault import Vault

SECRET: Final = "upload-signer"  # noqa: S105, its name


def ensure_access_key(account: Account, vault: Vault) -> None:
    """Leave the user with one access key, the one that the secret names; where that is gone, another is made.

    A run that was killed before it wrote its new key down leaves one whose secret half nobody has. The next run
    deletes it first, since IAM allows a user no more than two.
    """
    iam = account.session.client("iam", **account.options)
    user = f"{vault.prefix}-{SECRET}"
    named = vault.read(SECRET).get("access_key_id")
    listed = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    works = any(key["AccessKeyId"] == named and key["Status"] == "Active" for key in listed)
    for key in listed:
        if not works or key["AccessKeyId"] != named:
            iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    if not works:
        made = iam.create_access_key(UserName=user)["AccessKey"]
        vault.write(SECRET, {"access_key_id": made["AccessKeyId"], "secret_access_key": made["SecretAccessKey"]})
