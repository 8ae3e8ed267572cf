"""The release on disk: written beside the folder where it belongs and swapped in, so that no half stands there."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Final

from castoff.contract.document import canonical

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.build import Build

_LEFT: Final = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)\.(new|old)")


class ForeignFolderError(Exception):
    """What stands in a folder is no release, so it is not ours to replace."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds something that is no release")


class UnwritableFolderError(Exception):
    """A folder cannot be written to, for a reason that the system names."""

    def __init__(self, folder: Path, error: OSError) -> None:
        in_the_way = isinstance(error, (FileExistsError, NotADirectoryError))
        reason = "a file is in the way" if in_the_way else (error.strerror or "the system says no more").lower()
        super().__init__(f"{folder} cannot be written: {reason}")


def write_release(build: Build, folder: Path) -> None:
    """Write the release into `folder`: bodies, `release.json`, and `private.json` that nobody else may read.

    The release that stood there goes, and so does what killed builds left beside it. Raises ForeignFolderError where
    something else stands there, and UnwritableFolderError where nothing can be written.
    """
    try:
        _write_beside_and_swap(build, folder.absolute())
    except OSError as error:
        raise UnwritableFolderError(folder, error) from error


def _write_beside_and_swap(build: Build, folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / "release.json").is_file():
        raise ForeignFolderError(folder)
    fresh, stale = (folder.parent / f".{folder.name}.{os.getpid()}.{state}" for state in ("new", "old"))
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_left(folder)
    _write_bodies(build, fresh)
    _write(f"{fresh}/release.json", build.release.to_json().encode(), mode=0o644)
    private = {"format": 1, "calendar": {booking: dict(money) for booking, money in build.private.items()}}
    _write(f"{fresh}/private.json", canonical(private).encode(), mode=0o600)
    if folder.exists():
        folder.rename(stale)
    fresh.rename(folder)
    shutil.rmtree(stale, ignore_errors=True)


def _write_bodies(build: Build, folder: Path) -> None:
    """Write every body; folders are made once and files by bare system calls, since there are five a booking."""
    made: set[str] = set()
    public = f"{folder}/public"
    os.makedirs(public)  # noqa: PTH103 - with strings, beside the calls below
    for path, body in build.bodies.items():
        parent = path.rpartition("/")[0]
        if parent not in made:
            os.makedirs(f"{public}/{parent}", exist_ok=True)  # noqa: PTH103 - as above
            made.add(parent)
        _write(f"{public}/{path}", body, mode=0o644)


def _write(file: str, body: bytes, *, mode: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        view = memoryview(body)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _remove_left(folder: Path) -> None:
    """Remove what builds of this folder left beside it whose processes are gone."""
    for entry in os.scandir(folder.parent):
        left = _LEFT.fullmatch(entry.name)
        if left is not None and left["name"] == folder.name and not _runs(int(left["pid"])):
            shutil.rmtree(entry.path, ignore_errors=True)


def _runs(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # someone else's
        return True
    return True
