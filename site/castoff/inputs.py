"""What a booking's pages are made from, as one digest: equal digest, nothing to render.

Every content file counts for every booking, whether or not that booking names it. A digest of only what a booking uses
would have to follow each name in content and each template from one to the next, and a single step forgotten there
leaves a stale page behind; a word changed in a vessel's file instead renders a season anew in seconds.
"""

from __future__ import annotations

import hashlib
import importlib.resources
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import TZPATH

from castoff.fleet.carry import told_of
from castoff.fleet.sources import PICTURES, SETTINGS
from castoff.pages.theme import FOLDER as LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.fleet.settings import Addresses
    from castoff.fleet.sources import Sources
    from castoff.pages.phase import Standing
    from castoff.pages.theme import Theme

TARGET: Final = "target"
ADDRESSES: Final = "addresses"
ZONE: Final = "zone "


class Inputs:
    """Digest the inputs of each booking of one build; what all share is hashed once."""

    def __init__(
        self,
        sources: Sources,
        theme: Theme,
        *,
        target: str,
        addresses: Addresses,
        zone: str,
        versions: Mapping[str, str],
    ) -> None:
        seen = f"{addresses.guest} {addresses.ops}"
        parts = {**versions, **_files(sources, theme, zone), TARGET: target, ADDRESSES: seen}
        self.parts: Mapping[str, str] = dict(sorted(parts.items()))
        """What all bookings share, by name: a version or a name as it is, files by their digest in hex."""
        self._shared = hashlib.sha256()
        for name, value in self.parts.items():
            _add(self._shared, name.encode())
            _add(self._shared, value.encode())

    def digest(self, file: bytes, *, standing: Standing, carry: Mapping[str, Any]) -> str:
        """Return the SHA-256, in hex, over everything that one booking's pages are made from; `file` is its file's.

        `carry` is the one that the build emits, so that building on it again gives the same digest. What it says of
        files and settings is in them already; only what it remembers is added. Raises DocumentError where that is
        another castoff's.
        """
        hashed = self._shared.copy()
        _add(hashed, file)
        _add(hashed, f"{standing.charter} {standing.photos}".encode())
        _add(hashed, told_of(carry).encode())
        return hashed.hexdigest()


def _files(sources: Sources, theme: Theme, zone: str) -> dict[str, str]:
    """Return the digest of every file that is no booking, by its path."""
    files: dict[str, bytes] = {
        SETTINGS: sources.settings or b"",
        **sources.content,
        **{f"{PICTURES}/{name}": body for name, body in sources.pictures.items()},
        **{f"{LAYOUTS}/{name}": file.body for name, file in theme.files.items()},
        f"{ZONE}{zone}": zone_rules(zone),
    }
    return {path: hashlib.sha256(body).hexdigest() for path, body in files.items()}


@lru_cache(maxsize=8)
def zone_rules(zone: str) -> bytes:
    """Return the file with a time zone's rules, where Python finds it: governments change them a few weeks ahead."""
    for folder in TZPATH:
        file = Path(folder) / zone
        if file.is_file():
            return file.read_bytes()
    package, _, name = f"tzdata/zoneinfo/{zone}".rpartition("/")
    return importlib.resources.files(package.replace("/", ".")).joinpath(name).read_bytes()


def _add(hashed: hashlib._Hash, part: bytes) -> None:
    """Add a part behind its length, so that no two lists of parts hash alike."""
    hashed.update(b"%d\n" % len(part))
    hashed.update(part)
