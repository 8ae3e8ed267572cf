"""Keys changed for new ones while everybody works on: proposed, told to who judges by it, and only then counting.

Secrets Manager keeps a proposed version beside the one that counts, so a run that was killed anywhere is finished by
the next: it finds the key it proposed, and goes on with that one.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from castoff.cloud.keys import gate, upload_signer, verify
from castoff.cloud.problems import TooSoonError
from castoff.contract.tickets import MOST_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from castoff.cloud.account import Account
    from castoff.cloud.keys.vault import Vault
    from castoff.cloud.progress import Progress

_EDGE_HEARS: Final = 30.0  # seconds until a KeyValueStore's entry is at every edge; AWS says "a few"
_IAM_HEARS: Final = 15.0  # seconds until S3 knows a new access key
_SERVICE_LOOKS: Final = 6.0  # seconds: a service that met a wrong key reads its hashes again after five
_SERVICE_KEEPS: Final = 61.0  # seconds: for a minute ShipCaptainCrew signs forms with the key that it read last
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_LENGTH: Final = 48  # as the template draws them: 285 bits


@dataclass(frozen=True)
class Hands:
    """What a rotation is done with: the deployer's account, the stack's secrets, the edge's store (its ARN).

    `leaked` ends the present key at once; `unlisted` says that crew pages ask for no cookie.
    """

    account: Account
    vault: Vault
    store: str
    leaked: bool = False
    unlisted: bool = False
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    pause: Callable[[float], None] = field(default=time.sleep)


def rotate(kind: str, hands: Hands, *, progress: Progress) -> None:
    """Change the key of a kind for a new one; the present one stays good until the next rotation, unless it leaked.

    What leaked is never taken up where a run was killed: the next one draws yet another key.
    Raises TooSoonError while the key before the present one may be in use, CallError, SecretError, RivalError.
    """
    rotation = KINDS[kind](hands)
    vault, secret = hands.vault, rotation.secret
    present = vault.counting(secret)
    coming = vault.proposed(secret)
    if hands.leaked or coming is None or not rotation.continues(coming.values, present.values):
        made = rotation.made(present.values)
        if not hands.leaked and made is not None and hands.now() < made + rotation.rests:
            rotation.settle()  # which a run that was killed at the very end has left to do
            raise TooSoonError(kind, until=made + rotation.rests)
        progress.step("making a new key")
        coming = vault.propose(secret, rotation.renewed(present.values))
    progress.step("telling who judges by it")
    if seconds := rotation.announce(coming.values, present.values):
        progress.step(f"waiting {seconds:.0f} seconds, until all of them know")
        hands.pause(seconds)
    vault.accept(secret, coming, after=present)
    progress.step("ending what counts no more")
    rotation.settle()


class Rotation(Protocol):
    """How one kind of key is changed. Each step may be done twice, since the run before may have ended after it."""

    @property
    def secret(self) -> str:
        """The secret that holds the key."""

    @property
    def rests(self) -> timedelta:
        """For how long after a rotation the key before may still be in use."""

    def made(self, held: Mapping[str, Any]) -> datetime | None:
        """Return when the present key took over from another, None where it did not, or where that does not matter."""

    def renewed(self, held: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the secret with a new key, and the present one before it, unless that leaked."""

    def continues(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
        """Say whether what an earlier run proposed is what this one would propose."""

    def announce(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> float:
        """Have whoever judges by the key accept the new one beside the present; return the seconds that this takes."""

    def settle(self) -> None:
        """Have them accept what counts now, and nothing else."""


@dataclass(frozen=True)
class GateKey:
    """The key that signs cookies, or tickets."""

    hands: Hands
    kind: str
    rests: timedelta
    secret: str = gate.SECRET

    def made(self, held: Mapping[str, Any]) -> datetime | None:
        """Read it from the key's id."""
        keys = held.get(self.kind, [])
        return gate.made_on(keys[0]["id"]) if len(keys) == MOST_KEYS else None

    def renewed(self, held: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put a new key before the present one."""
        return {**held, self.kind: [asdict(gate.draw_key(self.hands.now())), *self._stays(held)]}

    def continues(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
        """Compare all but the new key."""
        new, rest = proposed.get(self.kind, [])[:1], proposed.get(self.kind, [])[1:]
        return bool(new) and {**proposed, self.kind: rest} == {**held, self.kind: self._stays(held)}

    def announce(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> float:
        """Tell the edge of a cookie key, before a cookie is signed with it; tickets are read by who makes them."""
        hands = self.hands
        if self.kind != gate.COOKIES:
            return 0.0
        gate.tell_edge(hands.account, hands.vault, hands.store, documents=(proposed, held), unlisted=hands.unlisted)
        return _there(hands, _EDGE_HEARS)

    def settle(self) -> None:
        """Take from the edge what the secret no longer names."""
        hands = self.hands
        gate.ensure_gate(hands.account, hands.vault, hands.store, unlisted=hands.unlisted)

    def _stays(self, held: Mapping[str, Any]) -> list[Any]:
        return [] if self.hands.leaked else held.get(self.kind, [])[:1]


@dataclass(frozen=True)
class CallerKey:
    """The key that a service knows the publisher by; a publish reads it anew, so two in a row lock nobody out."""

    hands: Hands
    key: verify.CallerKey
    rests: timedelta = timedelta()

    @property
    def secret(self) -> str:
        """The secret that the publisher reads."""
        return self.key.secret

    def made(self, held: Mapping[str, Any]) -> None:
        """Leave it open: it does not matter."""

    def renewed(self, held: Mapping[str, Any]) -> Mapping[str, Any]:
        """Draw a key as the template does."""
        new = {self.key.field: "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))}
        rest = {name: value for name, value in held.items() if name != verify.BEFORE}
        return {**rest, **new} if self.hands.leaked else {**rest, **new, verify.BEFORE: self._hash(held)}

    def continues(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
        """Compare which key goes before it."""
        return proposed.get(verify.BEFORE) == self._hash(held)

    def announce(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> float:
        """Have the service accept both, by their hashes."""
        verify.accept(self.hands.vault, self.key, proposed, held)
        return _SERVICE_LOOKS

    def settle(self) -> None:
        """Have the service accept what counts, and the one before it unless that leaked."""
        verify.accept(self.hands.vault, self.key, self.hands.vault.read(self.secret))

    def _hash(self, held: Mapping[str, Any]) -> str:
        return verify.hash_of(verify.plain_key(self.hands.vault, self.key, held))


@dataclass(frozen=True)
class SignerKey:
    """The upload signer's access key; the forms that it signed live for a week at most."""

    hands: Hands
    rests: timedelta = timedelta(days=7)
    secret: str = upload_signer.SECRET

    def made(self, held: Mapping[str, Any]) -> datetime | None:
        """Ask IAM."""
        replaced = upload_signer.BEFORE in held
        return upload_signer.made(self.hands.account, self.hands.vault, held) if replaced else None

    def renewed(self, held: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make a second access key, for which one of an earlier rotation makes room."""
        return upload_signer.second_key(self.hands.account, self.hands.vault, held, leaked=self.hands.leaked)

    def continues(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
        """Compare which key goes before it."""
        return proposed.get(upload_signer.BEFORE) == held.get(upload_signer.NAMED)

    def announce(self, proposed: Mapping[str, Any], held: Mapping[str, Any]) -> float:
        """Wait for IAM: nobody else need know."""
        del proposed, held
        return _there(self.hands, _IAM_HEARS)

    def settle(self) -> None:
        """Delete every key that the secret does not name; of one that leaked, wait until no form is signed with it."""
        upload_signer.ensure_access_key(self.hands.account, self.hands.vault, pause=self.hands.pause)
        if self.hands.leaked:
            self.hands.pause(_SERVICE_KEEPS)


KINDS: Final[Mapping[str, Callable[[Hands], Rotation]]] = {
    # A crew member's cookie lasts until 36 hours after the charter, so for weeks; most are younger than two.
    "cookie": lambda hands: GateKey(hands, gate.COOKIES, rests=timedelta(days=14)),
    # A page gets another ticket with each form, and a form lives for a week at most.
    "ticket": lambda hands: GateKey(hands, gate.TICKETS, rests=timedelta(days=7)),
    "service": lambda hands: CallerKey(hands, verify.SERVICE),
    "dashboard": lambda hands: CallerKey(hands, verify.DASHBOARD),
    "upload-signer": SignerKey,
}


def _there(hands: Hands, seconds: float) -> float:
    """Return how long AWS takes; here everything is known at once."""
    return seconds if hands.account.endpoint is None else 0.0
