"""Folders with folders in them, pictures and layouts: every file beneath, and what keeps one from being read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


def files_beneath(folder: Path, *, shown: str, root: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield each file beneath a folder, by name: its name within, with slashes, and its path; hidden ones are nobody's.

    `shown` is what problems call the folder. A folder that cannot be listed is a problem, and so is a link that leads
    out of `root`, the project, or to a folder: what it leads to would not be committed with it.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(unreadable(shown, error, what="folder"))
        return
    for entry in entries:
        path = f"{shown}/{entry.name}"
        if entry.name.startswith("."):
            continue
        problem = leads_out(entry, path, root)
        if problem is not None:
            problems.append(problem)
        elif entry.is_dir(follow_symlinks=False):
            beneath = files_beneath(Path(entry.path), shown=path, root=root, problems=problems)
            yield from ((f"{entry.name}/{name}", file) for name, file in beneath)
        else:
            yield entry.name, entry.path


def leads_out(entry: os.DirEntry[str], path: str, root: Path) -> Problem | None:
    """Return the problem with a link that leads out of the project, in a circle, nowhere, or to a folder."""
    if not entry.is_symlink():
        return None
    try:
        target = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):  # until Python 3.13 a circle is a RuntimeError
        words, hint = "this link leads nowhere", "put the file itself here"
        return Problem(path, 1, 1, words, "linked-file", hint)
    if target.is_relative_to(root.resolve()) and not target.is_dir():
        return None
    words = "this link leads to a folder" if target.is_dir() else "this link leads out of the project"
    return Problem(
        path, 1, 1, f"{words}, and what is there is not committed", "linked-file", "put the file itself here"
    )


def unreadable(path: str, error: OSError, *, what: str = "file") -> Problem:
    """Return the problem of what the system does not let be read."""
    reason = (error.strerror or "it cannot be read").lower()
    hint = f"see to the {what}'s permissions" if isinstance(error, PermissionError) else f"put a {what} in its place"
    return Problem(path, 1, 1, f"the {what} cannot be read: {reason}", "unreadable", hint)
