"""Assets: styles, scripts and pictures each named by the hash of its bytes, so that it may be kept for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from castoff.pages.palette import palette, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from castoff.fleet.charters import Fleet
    from castoff.fleet.settings import Brand
    from castoff.pages.theme import Theme

STYLESHEET: Final = "castoff.css"
CACHE_CONTROL: Final = "public, max-age=31536000, immutable"
_HASH_LENGTH: Final = 10
ASSET_TYPES: Final = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset: the key on both sites, and its bytes."""

    name: str
    key: str
    body: bytes
    content_type: str

    @property
    def address(self) -> str:
        """Where a page of either site finds it."""
        return f"/{self.key}"


def make_assets(theme: Theme, pictures: Mapping[str, bytes], *, brand: Brand, used: Iterable[str]) -> dict[str, Asset]:
    """Return the assets by name: the theme's, the stylesheet with the brand's colours, and the pictures `used`."""
    bodies = {name: body for name, body in theme.assets.items() if PurePosixPath(name).suffix.lower() in ASSET_TYPES}
    bodies[STYLESHEET] = style(palette(brand.colour)).encode() + bodies[STYLESHEET]
    bodies.update({name: pictures[name] for name in used if name in pictures})
    return {name: _asset(name, bodies[name]) for name in sorted(bodies)}


def pictures_used(fleet: Fleet) -> tuple[str, ...]:
    """Return the pictures that pages show: logo, vessels, docks and captains."""
    named = [fleet.settings.brand.logo]
    named += [vessel.photo for vessel in fleet.vessels.values()]
    named += [dock.photo for dock in fleet.docks.values()]
    named += [member.photo for member in fleet.crew.values()]
    return tuple(sorted({name for name in named if name is not None}))


def _asset(name: str, body: bytes) -> Asset:
    path = PurePosixPath(name)
    mark = hashlib.sha256(body).hexdigest()[:_HASH_LENGTH]
    return Asset(name, f"castoff/{path.with_suffix('')}.{mark}{path.suffix}", body, ASSET_TYPES[path.suffix.lower()])
