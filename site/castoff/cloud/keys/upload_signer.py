"""The access key of the user that signs upload forms, in a secret that ShipCaptainCrew alone reads."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final

from castoff.cloud.calls import call
from castoff.cloud.problems import RivalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_iam import IAMClient

    from castoff.cloud.account import Account
    from castoff.cloud.keys.vault import Vault

SECRET: Final = "upload-signer"  # noqa: S105, its name

_LOOKS: Final = 8
_PAUSE: Final = 2.0  # seconds: at times IAM lists a new key only after a moment


def ensure_access_key(account: Account, vault: Vault, *, pause: Callable[[float], None] = time.sleep) -> None:
    """Leave the user with one access key, the one that the secret names; where that is gone, another is made.

    A run that was killed before it wrote its new key down leaves one whose secret half nobody has. The next run
    deletes it first, since IAM allows a user no more than two. Of runs at the same time each looks again after what
    it did, so that the last one to look finds the secret naming a key that is there. Raises CallError or RivalError.
    """
    iam = account.session.client("iam", **account.options)
    user = f"{vault.prefix}-{SECRET}"
    made: str | None = None
    for _ in range(_LOOKS):
        named = _named(vault)
        active = _access_keys(iam, user)
        for key in active:
            if key != _named(vault):  # asked each time: another run may have named this one just now
                _delete(iam, user, key)
        if named is not None and active.get(named):
            if _named(vault) == named:
                return
        elif named is None or named != made:
            made = _make(iam, user, vault)
        else:
            pause(_PAUSE)
            made = None  # not listed even then, it was deleted by another run
    raise RivalError(vault.name(SECRET))


def _named(vault: Vault) -> str | None:
    named = vault.read(SECRET).get("access_key_id")
    return named if isinstance(named, str) else None


def _access_keys(iam: IAMClient, user: str) -> Mapping[str, bool]:
    """Return the user's keys, and whether each works."""
    with call("ListAccessKeys", f"user `{user}`"):
        listed = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    return {key["AccessKeyId"]: key["Status"] == "Active" for key in listed}


def _delete(iam: IAMClient, user: str, key: str) -> None:
    gone = iam.exceptions.NoSuchEntityException
    with contextlib.suppress(gone), call("DeleteAccessKey", f"user `{user}`", passing=(gone,)):
        iam.delete_access_key(UserName=user, AccessKeyId=key)


def _make(iam: IAMClient, user: str, vault: Vault) -> str:
    with call("CreateAccessKey", f"user `{user}`"):
        made = iam.create_access_key(UserName=user)["AccessKey"]
    vault.write(SECRET, {"access_key_id": made["AccessKeyId"], "secret_access_key": made["SecretAccessKey"]})
    return made["AccessKeyId"]
