"""The layouts: castoff's own theme, and over it, file by file, whatever the operator's folder has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import castoff
from castoff.fleet.sources import unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.problems import Problem

FOLDER: Final = "layouts"
ASSETS: Final = "assets/"


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One layout file: where it is, as problems say it, and its bytes."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Theme:
    """Every layout file by its name within the folder, with slashes; what could not be read is a problem."""

    files: Mapping[str, ThemeFile]
    problems: tuple[Problem, ...] = ()

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
    problems: list[Problem] = []
    files = _read(shipped_layouts(), shown="castoff/layouts", problems=problems)
    files |= _read(root / FOLDER, shown=FOLDER, problems=problems)
    return Theme(files, tuple(problems))


def shipped_layouts() -> Path:
    """Return where castoff's own layouts are: within the package in a wheel, at the top of the repository here."""
    package = Path(castoff.__file__).parent
    return package / FOLDER if (package / FOLDER).is_dir() else package.parents[1] / FOLDER


def _read(folder: Path, *, shown: str, problems: list[Problem]) -> dict[str, ThemeFile]:
    found: dict[str, ThemeFile] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if any(part.startswith(".") for part in name.parts):
            continue
        path = f"{shown}/{name.as_posix()}"
        try:
            if file.is_file():
                found[name.as_posix()] = ThemeFile(path, file.read_bytes())
        except OSError as error:
            problems.append(unreadable(path, error))
    return found
