"""The keys that sign the crew's cookies and the upload tickets, and what the edge is told of them."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.problems import SecretError
from castoff.contract.tickets import Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.keys.vault import Vault

SECRET: Final = "gate"  # noqa: S105, its name

_KEY: Final = "key:"
_CREW_PAGES: Final = "crew_pages"
_UNLISTED: Final = "unlisted"
_ID_BYTES, _SECRET_BYTES = 4, 32


@dataclass(frozen=True)
class GateKeys:
    """Keys of each kind, newest first: the first signs, all verify."""

    cookie: tuple[Key, ...]
    ticket: tuple[Key, ...]


def ensure_keys(vault: Vault) -> GateKeys:
    """Return the gate's keys; of a kind that has none yet, one is made.

    Raises SecretError where the secret holds something else than keys.
    """
    keys = _read(vault)
    if keys.cookie and keys.ticket:
        return keys
    vault.write(SECRET, _document(GateKeys(keys.cookie or (draw_key(),), keys.ticket or (draw_key(),))))
    return _read(vault)  # of two that deploy at once, both go on with what stayed


def draw_key() -> Key:
    """Draw a key of 256 bits."""
    return Key(id=secrets.token_hex(_ID_BYTES), secret=secrets.token_hex(_SECRET_BYTES))


def edge_entries(keys: GateKeys, *, unlisted: bool) -> dict[str, str]:
    """Return what the edge's store is to hold: each cookie key, and a word where crew pages ask for no cookie."""
    entries = {f"{_KEY}{key.id}": key.secret for key in keys.cookie}
    return {**entries, _CREW_PAGES: _UNLISTED} if unlisted else entries


def is_ours(entry: str) -> bool:
    """Say whether an entry of the store is the deploy step's; `gone:` ones are ShipCaptainCrew's."""
    return entry == _CREW_PAGES or entry.startswith(_KEY)


def _read(vault: Vault) -> GateKeys:
    held = vault.read(SECRET)
    try:
        return GateKeys(cookie=_keys(held, "cookie_keys"), ticket=_keys(held, "ticket_keys"))
    except (TypeError, AttributeError) as error:
        raise SecretError(vault.name(SECRET), "it is to hold lists of keys, each with `id` and `secret`") from error


def _keys(held: Mapping[str, Any], kind: str) -> tuple[Key, ...]:
    return tuple(Key(**key) for key in held.get(kind, ()))


def _document(keys: GateKeys) -> dict[str, Any]:
    return {
        "cookie_keys": [asdict(key) for key in keys.cookie],
        "ticket_keys": [asdict(key) for key in keys.ticket],
    }
