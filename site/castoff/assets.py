"""Assets: styles, scripts and pictures each named by the hash of its bytes, so that it may be kept for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from castoff.palette import palette, style
from castoff.problems import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from castoff.fleet import Fleet
    from castoff.settings import Brand
    from castoff.theme import Theme

PICTURES: Final = "content/pictures"
STYLESHEET: Final = "castoff.css"
CACHE_CONTROL: Final = "public, max-age=31536000, immutable"
_HASH_LENGTH: Final = 10
_TYPES: Final = {
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


def load_pictures(root: Path) -> dict[str, bytes]:
    """Read the operator's pictures, by their name within `content/pictures`."""
    folder = root / PICTURES
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in _TYPES
    }


def make_assets(theme: Theme, pictures: Mapping[str, bytes], *, brand: Brand, used: Iterable[str]) -> dict[str, Asset]:
    """Return the assets by name: the theme's, the stylesheet with the brand's colours, and the pictures `used`."""
    bodies = {name: body for name, body in theme.assets.items() if PurePosixPath(name).suffix in _TYPES}
    bodies[STYLESHEET] = style(palette(brand.colour)).encode() + bodies[STYLESHEET]
    bodies.update({name: pictures[name] for name in used if name in pictures})
    return {name: _asset(name, bodies[name]) for name in sorted(bodies)}


def pictures_used(fleet: Fleet) -> tuple[str, ...]:
    """Return the pictures that pages show: logo, vessels, docks and captains."""
    return tuple(sorted({name for _, name in _references(fleet)}))


def missing_pictures(fleet: Fleet, pictures: Iterable[str]) -> tuple[Problem, ...]:
    """Return a problem for each picture that is named and not there, at the file that names it."""
    known = frozenset(pictures)
    return tuple(_missing(path, name, known) for path, name in _references(fleet) if name not in known)


def _references(fleet: Fleet) -> list[tuple[str, str]]:
    logo = fleet.settings.brand.logo
    found = [("castoff.yaml", logo)]
    found += [(f"content/vessels/{vessel.id}.md", vessel.photo) for vessel in fleet.vessels.values()]
    found += [(f"content/docks/{dock.id}.md", dock.photo) for dock in fleet.docks.values()]
    found += [(f"content/crew/{member.id}.md", member.photo) for member in fleet.crew.values()]
    return [(path, name) for path, name in found if name is not None]


def _missing(path: str, name: str, known: frozenset[str]) -> Problem:
    meant = nearest(name, known)
    hint = f"did you mean `{meant}`?" if meant else f"put it into {PICTURES}"
    return Problem(path, 1, 1, f"there is no picture `{name}` in {PICTURES}", "missing-picture", hint)


def _asset(name: str, body: bytes) -> Asset:
    path = PurePosixPath(name)
    mark = hashlib.sha256(body).hexdigest()[:_HASH_LENGTH]
    return Asset(name, f"castoff/{path.with_suffix('')}.{mark}{path.suffix}", body, _TYPES[path.suffix])
