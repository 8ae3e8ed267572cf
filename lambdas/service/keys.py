"""Keys known by their hash alone: `sha256:<hex>` for random ones, bcrypt's `$2b$…` for any that a person chose."""

import hashlib
import hmac
from collections.abc import Callable, Sequence

import bcrypt

_LONGEST = 256
_BCRYPT = "$2"
_MOST_FAILED = 256
_LONGEST_FOR_BCRYPT = 72  # it reads no further, and its newer releases raise


class KeyRing:
    """The keys that open a service; it remembers which bcrypt hashes a key passed or failed: each look takes 0.23 s."""

    def __init__(self, hashes: Callable[[], Sequence[str]], hashes_anew: Callable[[], Sequence[str]]) -> None:
        self._hashes = hashes
        self._hashes_anew = hashes_anew
        self._passed: dict[str, bytes] = {}
        self._failed: dict[tuple[str, bytes], None] = {}  # the latest last

    def opens(self, key: str | None) -> bool:
        """Tell whether a key fits one of the hashes, reading them anew before it says no."""
        if key is None or not is_possible_key(key):
            return False
        known = tuple(self._hashes())
        if self._fits(key, known):
            return True
        fresh = tuple(self._hashes_anew())
        return fresh != known and self._fits(key, fresh)

    def _fits(self, key: str, hashes: Sequence[str]) -> bool:
        digest = hashlib.sha256(key.encode()).digest()
        for stored in hashes:
            remembered = self._passed.get(stored)
            if remembered is not None and hmac.compare_digest(remembered, digest):
                return True
        for stored in hashes:
            if (stored, digest) in self._failed:
                continue
            if fits_hash(key, stored):
                self._passed = {stored: digest, **{old: kept for old, kept in self._passed.items() if old in hashes}}
                return True
            if stored.startswith(_BCRYPT):
                self._failed[stored, digest] = None
                if len(self._failed) > _MOST_FAILED:
                    del self._failed[next(iter(self._failed))]
        return False


def is_possible_key(key: str) -> bool:
    """Tell whether text can be a key at all: 1 to 256 printable ASCII characters."""
    return 0 < len(key) <= _LONGEST and key.isascii() and key.isprintable()


def fits_hash(key: str, stored: str) -> bool:
    """Tell whether a key fits one stored hash; a hash of an unknown form fits nothing."""
    if not is_possible_key(key):
        return False
    given = key.encode()
    if stored.startswith("sha256:"):
        computed = hashlib.sha256(given).hexdigest().encode()
        return hmac.compare_digest(computed, stored.removeprefix("sha256:").lower().encode())
    if stored.startswith(_BCRYPT) and len(given) <= _LONGEST_FOR_BCRYPT:
        try:
            return bcrypt.checkpw(given, stored.encode())
        except ValueError:  # not a hash that bcrypt knows
            return False
    return False


def sole(values: Sequence[str]) -> str | None:
    """Return the one value of a header; None without one, or where two might be read in two ways."""
    return values[0] if len(values) == 1 else None


def same_secret(given: str | None, expected: str) -> bool:
    """Compare two secrets in constant time; text that cannot be a header's value equals nothing."""
    if given is None or not expected:
        return False
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
