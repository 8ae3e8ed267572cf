"""Where a project keeps its embedded cloud, and which of its programs were started."""

from __future__ import annotations

import contextlib
import fcntl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from castoff.cloud.processes import Program, parse_note
from castoff.cloud.sources import own_sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def place_of(root: Path) -> Place:
    """Return the place of a project: with tools of its own, or with those of the checkout that castoff runs from."""
    own = Place(root)
    shared = own_sources().template.parents[1] / ".castoff"
    return own if own.installed.exists() or not shared.exists() else Place(root, shared)


@dataclass(frozen=True)
class Place:
    """A project's folder; everything the embedded cloud writes is below its `.castoff/`.

    `tools` is where the program and the Lambdas' packages are installed, if not there as well.
    """

    root: Path
    tools: Path | None = None

    @property
    def facts(self) -> Path:
        """The running cloud's values."""
        return self.root / ".castoff" / "cloud.json"

    @property
    def folder(self) -> Path:
        """State, objects, logs and the record of programs; `reset` removes it."""
        return self.root / ".castoff" / "cloud"

    @property
    def packages(self) -> Path:
        """The Lambdas' packages, which outlive a reset."""
        return (self.tools or self.root / ".castoff") / "lambda-packages"

    @property
    def installed(self) -> Path:
        """The embedded cloud's program, where `make setup` puts it."""
        return (self.tools or self.root / ".castoff") / "ministack" / "bin" / "ministack"

    @property
    def mark(self) -> str:
        """By what this project's programs are known again."""
        return str(self.folder.resolve())

    def log(self, name: str) -> Path:
        """Where that program's own words go."""
        return self.folder / f"{name}.log"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody else starts, stops or resets this cloud."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder.parent / "cloud.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back by the kernel, however this process ends
            yield

    def note(self, name: str) -> Path:
        """Where the launcher notes that program's pid and port."""
        return self.folder / f"{name}.pid"

    def program(self, name: str) -> Program | None:
        """Return the program that was last started under that name, dead or alive."""
        try:
            return parse_note(self.note(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
