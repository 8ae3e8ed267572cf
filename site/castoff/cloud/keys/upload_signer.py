"""The access key of the user that signs upload forms, in a secret that ShipCaptainCrew alone reads."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.problems import RivalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mypy_boto3_iam import IAMClient

    from castoff.cloud.account import Account
    from castoff.cloud.keys.vault import Vault

SECRET: Final = "upload-signer"  # noqa: S105, its name
NAMED: Final = "access_key_id"
BEFORE: Final = "access_key_id_before"
"""The field with the key that a rotation replaced: the forms it signed are still in pages."""

_LOOKS: Final = 8
_PAUSE: Final = 2.0  # seconds: at times IAM lists a new key only after a moment


def ensure_access_key(account: Account, vault: Vault, *, pause: Callable[[float], None] = time.sleep) -> None:
    """Leave the user with the access key that the secret names, and the one before it; where it is gone, make another.

    A run that was killed before it wrote its new key down leaves one whose secret half nobody has. The next run
    deletes it first, since IAM allows a user no more than two. Of runs at the same time each looks again after what
    it did, so that the last one to look finds the secret naming a key that is there. Raises CallError or RivalError.
    """
    iam = account.session.client("iam", **account.options)
    user = _user(vault)
    own: str | None = None
    for _ in range(_LOOKS):
        named = _named(vault)
        active = _access_keys(iam, user)
        for key in active:
            # Asked each time: another run may have named this one just now. One that was switched off only takes room.
            if not active[key] or key not in _known(vault):
                _delete(iam, user, key)
        if named is not None and active.get(named):
            if _named(vault) == named:
                return
        elif named is None or named != own:
            before = vault.read(SECRET).get(BEFORE)
            values = {**_make(iam, user), **({BEFORE: before} if before is not None and active.get(before) else {})}
            vault.write(SECRET, values)
            own = values[NAMED]
        else:
            pause(_PAUSE)
            own = None  # not listed even then, it was deleted by another run
    raise RivalError(vault.name(SECRET))


def second_key(account: Account, vault: Vault, held: Mapping[str, Any], *, leaked: bool) -> dict[str, Any]:
    """Make a key beside the one that the secret names, and return the secret with it; CallError.

    An earlier key makes room for it, since IAM allows two, and so does what a run left behind that was killed.
    """
    iam = account.session.client("iam", **account.options)
    user, named = _user(vault), held.get(NAMED)
    for key in _access_keys(iam, user):
        if key != named:
            _delete(iam, user, key)
    made = _make(iam, user)
    return made if leaked or named is None else {**made, BEFORE: named}


def made(account: Account, vault: Vault, held: Mapping[str, Any]) -> datetime | None:
    """Return when the key that the secret names was made, None where the user has no such key; CallError."""
    iam = account.session.client("iam", **account.options)
    with call("ListAccessKeys", f"user `{_user(vault)}`"):
        listed = iam.list_access_keys(UserName=_user(vault))["AccessKeyMetadata"]
    return next((key["CreateDate"] for key in listed if key["AccessKeyId"] == held.get(NAMED)), None)


def _user(vault: Vault) -> str:
    return f"{vault.prefix}-{SECRET}"


def _named(vault: Vault) -> str | None:
    named = vault.read(SECRET).get(NAMED)
    return named if isinstance(named, str) else None


def _known(vault: Vault) -> set[Any]:
    """Return the keys that somebody may sign with, or whose forms may be in pages."""
    held, coming = vault.read(SECRET), vault.proposed(SECRET)
    return {held.get(NAMED), held.get(BEFORE), coming.values.get(NAMED) if coming else None}


def _access_keys(iam: IAMClient, user: str) -> Mapping[str, bool]:
    """Return the user's keys, and whether each works."""
    with call("ListAccessKeys", f"user `{user}`"):
        listed = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    return {key["AccessKeyId"]: key["Status"] == "Active" for key in listed}


def _delete(iam: IAMClient, user: str, key: str) -> None:
    gone = iam.exceptions.NoSuchEntityException
    with contextlib.suppress(gone), call("DeleteAccessKey", f"user `{user}`", passing=(gone,)):
        iam.delete_access_key(UserName=user, AccessKeyId=key)


def _make(iam: IAMClient, user: str) -> dict[str, str]:
    with call("CreateAccessKey", f"user `{user}`"):
        made = iam.create_access_key(UserName=user)["AccessKey"]
    return {NAMED: made["AccessKeyId"], "secret_access_key": made["SecretAccessKey"]}
