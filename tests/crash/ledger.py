"""What of the matrix passed for these very files, so that after an interruption it is not run again."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from support.projects import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def page(name: str) -> Path:
    """Return the file that is there once a part of the matrix passed."""
    folder = ROOT / ".castoff" / "proof"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{_files()}-crash-{name}"


@cache
def _files() -> str:
    """Return the digest of every file of this checkout that git knows or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    whole = hashlib.sha256()
    for name in sorted(set(listed.stdout.split("\0"))):
        path = ROOT / name
        if path.is_file():
            whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:16]
