"""The layouts: castoff's own theme, and over it, file by file, whatever the operator's folder has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import castoff
from castoff.fleet.sources import read_file
from castoff.fleet.trees import files_beneath
from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = "layouts"
ASSETS: Final = "assets/"
LARGEST_LAYOUT: Final = 2_000_000
"""Bytes of a font or a style sheet that is still sent to phones."""


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
    shipped: frozenset[str] = frozenset()
    """The names of castoff's own, in whose place an operator's may stand."""

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
    shipped = shipped_layouts()
    files = _read(shipped, shown="castoff/layouts", root=shipped, problems=problems)
    shipped_names = frozenset(files)
    files |= _read(root / FOLDER, shown=FOLDER, root=root, problems=problems)
    return Theme(files, tuple(problems), shipped_names)


def shipped_layouts() -> Path:
    """Return where castoff's own layouts are: within the package in a wheel, at the top of the repository here."""
    package = Path(castoff.__file__).parent
    return package / FOLDER if (package / FOLDER).is_dir() else package.parents[1] / FOLDER


def _read(folder: Path, *, shown: str, root: Path, problems: list[Problem]) -> dict[str, ThemeFile]:
    found: dict[str, ThemeFile] = {}
    for name, file in files_beneath(folder, shown=shown, root=root, problems=problems):
        path = f"{shown}/{name}"
        body = read_file(file, path, most=LARGEST_LAYOUT + 1)
        if isinstance(body, Problem):
            problems.append(body)
        elif len(body) > LARGEST_LAYOUT:
            words, hint = f"the file is larger than {LARGEST_LAYOUT // 1_000_000} MB", "guests would wait for it"
            problems.append(Problem(path, 1, 1, words, "too-large", hint))
        else:
            found[name] = ThemeFile(path, body)
    return found
