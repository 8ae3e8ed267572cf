"""What the Lambdas know a caller's key by: its hash, in a secret of its own beside the key's."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from castoff.cloud.problems import SecretError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.cloud.keys.vault import Vault

# (the key's secret, its field, the verify secret's field)
_PAIRS: Final = (
    ("scc", "service_key", "service_key_hashes"),
    ("dashboard", "token", "token_hashes"),
)


def write_hashes(vault: Vault) -> None:
    """Put the hash of each generated key into its -verify secret, unless it is there; SecretError without a key."""
    for name, key_field, hashes_field in _PAIRS:
        plain = vault.read(name).get(key_field)
        if not isinstance(plain, str):
            raise SecretError(vault.name(name), f"it holds no `{key_field}`")
        known = vault.read(f"{name}-verify")
        hashes = accepted_hashes(plain, known.get(hashes_field, []))
        if hashes != known.get(hashes_field):
            vault.write(f"{name}-verify", {**known, hashes_field: hashes})


def accepted_hashes(plain: str, known: Sequence[str]) -> list[str]:
    """List the hashes to accept: this key's, and of the known ones those that a person added.

    SHA-256 is for keys that were generated, of which only the present one counts; bcrypt is for a key that
    somebody chose, and is theirs to remove.
    """
    present = f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"
    return [present, *(known_hash for known_hash in known if not known_hash.startswith("sha256:"))]
