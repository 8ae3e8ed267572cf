"""The layouts: castoff's own theme, and over it, file by file, whatever the operator's folder has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import castoff

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = "layouts"
ASSETS: Final = "assets/"


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One layout file: where it is, as problems say it, and its bytes."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Theme:
    """Every layout file by its name within the folder, with slashes."""

    files: Mapping[str, ThemeFile]

    def template(self, name: str) -> ThemeFile | None:
        """Return a template; assets are none."""
        return None if name.startswith(ASSETS) else self.files.get(name)

    @property
    def own(self) -> frozenset[str]:
        """The names of the operator's own files."""
        return frozenset(name for name, file in self.files.items() if file.path.startswith(f"{FOLDER}/"))

    @property
    def assets(self) -> dict[str, bytes]:
        """The bodies of the theme's assets by their name within `assets/`."""
        return {name.removeprefix(ASSETS): file.body for name, file in self.files.items() if name.startswith(ASSETS)}


def load_theme(root: Path) -> Theme:
    """Read the shipped layouts and the project's own over them."""
    own = root / FOLDER
    files = _read(shipped_layouts(), shown="castoff/layouts")
    return Theme({**files, **_read(own, shown=FOLDER)})


def shipped_layouts() -> Path:
    """Return where castoff's own layouts are: within the package in a wheel, at the top of the repository here."""
    package = Path(castoff.__file__).parent
    return package / FOLDER if (package / FOLDER).is_dir() else package.parents[1] / FOLDER


def _read(folder: Path, *, shown: str) -> dict[str, ThemeFile]:
    return {
        name: ThemeFile(f"{shown}/{name}", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        for name in (path.relative_to(folder).as_posix(),)
    }
