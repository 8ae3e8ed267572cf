"""What the Lambdas know a caller's key by: its hash, in a secret of its own beside the key's."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.cloud.account import Account

# (the key's secret, its field, the verify secret's field)
_PAIRS: Final = (
    ("scc", "service_key", "service_key_hashes"),
    ("dashboard", "token", "token_hashes"),
)


def write(account: Account, *, prefix: str) -> None:
    """Put the hash of each generated key into its -verify secret, unless it is there."""
    secrets = account.session.client("secretsmanager", **account.options)
    for name, key_field, hashes_field in _PAIRS:
        plain = json.loads(secrets.get_secret_value(SecretId=f"{prefix}/{name}")["SecretString"])[key_field]
        verify = f"{prefix}/{name}-verify"
        known = json.loads(secrets.get_secret_value(SecretId=verify)["SecretString"])
        hashes = accepted_hashes(plain, known.get(hashes_field, []))
        if hashes != known.get(hashes_field):
            text = json.dumps({**known, hashes_field: hashes})
            secrets.put_secret_value(SecretId=verify, SecretString=text)


def accepted_hashes(plain: str, known: Sequence[str]) -> list[str]:
    """List the hashes to accept: this key's, and of the known ones those that a person added.

    SHA-256 is for keys that were generated, of which only the present one counts; bcrypt is for a key that
    somebody chose, and is theirs to remove.
    """
    present = f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"
    return [present, *(known_hash for known_hash in known if not known_hash.startswith("sha256:"))]
