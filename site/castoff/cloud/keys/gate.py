"""The keys that sign the crew's cookies and the upload tickets, and what the edge is told of them."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud import key_value_store
from castoff.cloud.problems import RivalError, SecretError
from castoff.contract.tickets import MOST_KEYS, Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from castoff.cloud.account import Account
    from castoff.cloud.keys.vault import Vault

SECRET: Final = "gate"  # noqa: S105, its name

COOKIES: Final = "cookie_keys"
TICKETS: Final = "ticket_keys"

_KEY: Final = "key:"
_CREW_PAGES: Final = "crew_pages"
_UNLISTED: Final = "unlisted"
_LOOKS: Final = 5
_ID_BYTES, _SECRET_BYTES = 4, 32
_DAY: Final = "%Y%m%d"


@dataclass(frozen=True)
class GateKeys:
    """Keys of each kind, newest first: the first signs, all verify."""

    cookie: tuple[Key, ...]
    ticket: tuple[Key, ...]


def ensure_gate(account: Account, vault: Vault, store: str, *, unlisted: bool) -> None:
    """Make the gate's keys where there are none, and have the edge's store (its ARN) hold what the secret says.

    A store without any key is a new one: it has forgotten who left, so the cookies of that time are to open nothing,
    and everyone logs in anew. Of deploys at the same time, each reads the secret again after it wrote the store.
    Raises CallError, RivalError, or SecretError where the secret holds something else than keys.
    """
    for _ in range(_LOOKS):
        keys = _ensure_keys(vault, forgotten=not _knows_keys(account, store))
        wanted = edge_entries(keys, unlisted=unlisted)
        key_value_store.bring_about(account, store, wanted=wanted, ours=is_ours)
        if _read(vault) == keys:
            return
    raise RivalError(vault.name(SECRET))


def draw_key(now: datetime | None = None) -> Key:
    """Draw a key of 256 bits, whose id says the day it was made."""
    day = (now or datetime.now(UTC)).strftime(_DAY)
    return Key(id=f"{day}-{secrets.token_hex(_ID_BYTES)}", secret=secrets.token_hex(_SECRET_BYTES))


def made_on(key_id: str) -> datetime | None:
    """Return the day a key was made, None for an id that a person chose."""
    try:
        return datetime.strptime(key_id.partition("-")[0], _DAY).replace(tzinfo=UTC)
    except ValueError:
        return None


def tell_edge(
    account: Account, vault: Vault, store: str, *, documents: Iterable[Mapping[str, Any]], unlisted: bool
) -> None:
    """Have the edge accept the cookie keys of all these versions of the secret; CallError or SecretError."""
    keys = {key.id: key for document in documents for key in _keys(vault, document, COOKIES)}
    wanted = edge_entries(GateKeys(tuple(keys.values()), ()), unlisted=unlisted)
    key_value_store.bring_about(account, store, wanted=wanted, ours=is_ours)


def edge_entries(keys: GateKeys, *, unlisted: bool) -> dict[str, str]:
    """Return what the edge's store is to hold: each cookie key, and a word where crew pages ask for no cookie."""
    entries = {f"{_KEY}{key.id}": key.secret for key in keys.cookie}
    return {**entries, _CREW_PAGES: _UNLISTED} if unlisted else entries


def is_ours(entry: str) -> bool:
    """Say whether an entry of the store is the deploy step's; `gone:` ones are ShipCaptainCrew's."""
    return entry == _CREW_PAGES or entry.startswith(_KEY)


def _ensure_keys(vault: Vault, *, forgotten: bool) -> GateKeys:
    """Return the gate's keys; of a kind that has none, or whose keys the edge has forgotten, one is made."""
    keys = _read(vault)
    cookie = () if forgotten else keys.cookie
    if cookie and keys.ticket:
        return keys
    made = GateKeys(cookie or (draw_key(),), keys.ticket or (draw_key(),))
    vault.write(SECRET, _document(made))
    return made


def _knows_keys(account: Account, store: str) -> bool:
    return any(entry.startswith(_KEY) for entry in key_value_store.entries(account, store))


def _read(vault: Vault) -> GateKeys:
    held = vault.read(SECRET)
    return GateKeys(cookie=_keys(vault, held, COOKIES), ticket=_keys(vault, held, TICKETS))


def _keys(vault: Vault, held: Mapping[str, Any], kind: str) -> tuple[Key, ...]:
    try:
        keys = tuple(Key(**key) for key in held.get(kind, ()))
    except ValueError as error:
        raise SecretError(vault.name(SECRET), f"`{kind}`: {error}") from error
    except (TypeError, AttributeError) as error:
        raise SecretError(vault.name(SECRET), "it is to hold lists of keys, each with `id` and `secret`") from error
    if len(keys) > MOST_KEYS:
        raise SecretError(vault.name(SECRET), f"`{kind}`: it is to hold at most {MOST_KEYS} keys")
    return keys


def _document(keys: GateKeys) -> dict[str, Any]:
    return {
        COOKIES: [asdict(key) for key in keys.cookie],
        TICKETS: [asdict(key) for key in keys.ticket],
    }
