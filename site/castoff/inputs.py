"""What a booking's pages are made from, as one digest: equal digest, nothing to render."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from castoff import __version__
from castoff.fleet.carry import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.fleet.settings import Addresses
    from castoff.fleet.sources import Sources
    from castoff.pages.phase import Standing
    from castoff.pages.theme import Theme


class Inputs:
    """Digest the inputs of each booking of one build; what all share is hashed once."""

    def __init__(self, sources: Sources, theme: Theme, *, target: str, addresses: Addresses) -> None:
        self._bookings = sources.bookings
        shared = hashlib.sha256()
        for part in (__version__, target, addresses.guest, addresses.ops):
            _add(shared, part.encode())
        _add(shared, sources.settings or b"")
        files: dict[str, bytes] = {
            **sources.content,
            **{f"content/pictures/{name}": body for name, body in sources.pictures.items()},
            **{f"layouts/{name}": file.body for name, file in theme.files.items()},
        }
        for path in sorted(files):
            _add(shared, path.encode())
            _add(shared, files[path])
        self._shared = shared

    def digest(self, booking: str, *, standing: Standing, carry: Mapping[str, Any]) -> str:
        """Return the SHA-256, in hex, over everything that one booking's pages are made from.

        `carry` is the one that the build emits, so that building on it again gives the same digest.
        """
        hashed = self._shared.copy()
        _add(hashed, self._bookings[booking])
        _add(hashed, f"{standing.charter} {standing.photos}".encode())
        _add(hashed, text_of(carry).encode())
        return hashed.hexdigest()


def _add(hashed: hashlib._Hash, part: bytes) -> None:
    """Add a part behind its length, so that no two lists of parts hash alike."""
    hashed.update(b"%d\n" % len(part))
    hashed.update(part)
