"""A release on disk, as `castoff build` leaves it: read file by file as each is asked for, so that none is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from castoff.contract.release import Release

if TYPE_CHECKING:
    from pathlib import Path


def read_release(folder: Path) -> Release:
    """Return the release in a folder; raise DocumentError where it is none."""
    return Release.from_json((folder / "release.json").read_bytes())


class Bodies(Mapping[str, bytes]):
    """The bodies in a release's folder, by site and key."""

    def __init__(self, folder: Path) -> None:
        self._public = folder / "public"

    def __getitem__(self, path: str) -> bytes:
        try:
            return (self._public / path).read_bytes()
        except OSError as error:
            raise KeyError(path) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    @cached_property
    def _paths(self) -> frozenset[str]:
        found = os.walk(self._public)
        return frozenset(
            os.path.relpath(os.path.join(folder, name), self._public).replace(os.sep, "/")  # noqa: PTH118 - of walk
            for folder, _, names in found
            for name in names
        )
