"""Castoff's own code as one digest: between two versions it is many a commit, and each may make other bytes."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the digest of the code that is installed, in hex."""
    return digest_of(Path(__file__).parent)


def digest_of(package: Path) -> str:
    """Return the digest of a package's modules, by their names and bytes; with bare calls, since every run asks."""
    hashed = hashlib.sha256()
    for name in sorted(_modules(f"{package}/", "")):
        with open(f"{package}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - a path for each takes as long again
            body = file.read()
        hashed.update(f"{name} {len(body)}\n".encode())
        hashed.update(body)
    return hashed.hexdigest()


def _modules(package: str, folder: str) -> Iterator[str]:
    """Yield the modules in a folder and below it, by their paths in the package."""
    with os.scandir(package + folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield folder + entry.name
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _modules(package, f"{folder}{entry.name}/")
