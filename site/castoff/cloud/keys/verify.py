"""What the Lambdas know a caller's key by: its hash, in a secret of its own beside the key's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.problems import SecretError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from castoff.cloud.keys.vault import Vault


@dataclass(frozen=True)
class CallerKey:
    """A key that a service knows its caller by: its secret and field, and the field with the hashes it accepts."""

    secret: str
    field: str
    hashes: str

    @property
    def verify(self) -> str:
        """The secret that the service reads."""
        return f"{self.secret}-verify"


SERVICE: Final = CallerKey("scc", "service_key", "service_key_hashes")
DASHBOARD: Final = CallerKey("dashboard", "token", "token_hashes")

BEFORE: Final = "before"
"""The field, beside a key, with the hash of the one that a rotation replaced and that is still good."""

_GENERATED: Final = "generated"
"""The field of a -verify secret that says which of its hashes are of keys that were generated: those are not kept."""


def write_hashes(vault: Vault) -> None:
    """Have each service accept the key that the publisher reads, and the one before it; SecretError without a key."""
    for key in (SERVICE, DASHBOARD):
        accept(vault, key, vault.read(key.secret))


def accept(vault: Vault, key: CallerKey, *documents: Mapping[str, Any]) -> None:
    """Have a service accept the keys of these versions of the publisher's secret, beside those that a person added."""
    generated = [hash_of(plain_key(vault, key, held)) for held in documents]
    generated += [held[BEFORE] for held in documents if isinstance(held.get(BEFORE), str)]
    known = vault.read(key.verify)
    hashes = known.get(key.hashes, [])
    earlier = known.get(_GENERATED, [one for one in hashes if one.startswith("sha256:")])
    wanted = {**known, key.hashes: accepted_hashes(generated, known=hashes, earlier=earlier), _GENERATED: generated}
    if wanted != known:
        vault.write(key.verify, wanted)


def accepted_hashes(generated: Sequence[str], *, known: Sequence[str], earlier: Sequence[str]) -> list[str]:
    """List the hashes to accept: those of generated keys, and of the known ones whatever a person added."""
    return list(dict.fromkeys((*generated, *(one for one in known if one not in earlier))))


def plain_key(vault: Vault, key: CallerKey, held: Mapping[str, Any]) -> str:
    """Return the key itself; SecretError where its secret holds none."""
    plain = held.get(key.field)
    if not isinstance(plain, str):
        raise SecretError(vault.name(key.secret), f"it holds no `{key.field}`")
    return plain


def hash_of(plain: str) -> str:
    """Return by what a service knows a key."""
    return f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"
