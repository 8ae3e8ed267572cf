"""The gate's keys: what signs the crew's cookies and the upload tickets, newest first, at most two of each.

The edge checks cookies by the same keys; here they are checked again only to spare a crew member a second link.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from castoff.contract.tickets import MOST_KEYS, Cookie, Key, Ticket, read_cookie, read_ticket
from lambdas.service.refusals import UnavailableError
from lambdas.service.vault import Vault

Read = TypeVar("Read")

_COOKIES, _TICKETS = "cookie_keys", "ticket_keys"


class Gate:
    """The keys in a secret that the deploy step writes."""

    def __init__(self, vault: Vault, *, secret: str) -> None:
        self._vault = vault
        self._secret = secret

    def cookie_key(self) -> Key:
        """Return the key that signs cookies; UnavailableError while the secret holds none."""
        return self._newest(_COOKIES)

    def ticket_key(self) -> Key:
        """Return the key that signs tickets; UnavailableError while the secret holds none."""
        return self._newest(_TICKETS)

    def read_cookie(self, token: str) -> Cookie | None:
        """Return what a cookie grants, None for one that is not ours."""
        return self._read(_COOKIES, lambda keys: read_cookie(token, keys))

    def read_ticket(self, token: str) -> Ticket | None:
        """Return what a ticket grants, None for one that is not ours."""
        return self._read(_TICKETS, lambda keys: read_ticket(token, keys))

    def _newest(self, kind: str) -> Key:
        keys = self._keys(kind)
        if not keys:
            raise UnavailableError(f"secret {self._secret} holds no key in `{kind}`")
        return keys[0]

    def _read(self, kind: str, reader: Callable[[Sequence[Key]], Read | None]) -> Read | None:
        """Read with the keys at hand, then with those of this moment: a newer one may sign elsewhere already."""
        known = self._keys(kind)
        granted = reader(known)
        if granted is not None:
            return granted
        fresh = self._keys(kind, after_miss=True)
        return reader(fresh) if fresh != known else None

    def _keys(self, kind: str, *, after_miss: bool = False) -> Sequence[Key]:
        stored = self._vault.objects(self._secret, kind, after_miss=after_miss)
        if len(stored) > MOST_KEYS:
            raise UnavailableError(f"secret {self._secret} holds more than {MOST_KEYS} keys in `{kind}`")
        try:
            return [Key(key["id"], key["secret"]) for key in stored]
        except KeyError:
            # Not chained: what the secret holds instead stays out of the log.
            raise UnavailableError(f"secret {self._secret} holds a key without id or secret in `{kind}`") from None
        except ValueError as fault:
            raise UnavailableError(f"secret {self._secret}, `{kind}`: {fault}") from None
