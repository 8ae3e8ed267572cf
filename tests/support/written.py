"""A build that is at hand, written where a release stands: what building into a folder is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.folder import fresh_folder

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.build import Build


def write_release(build: Build, folder: Path) -> None:
    """Write the release into `folder`: bodies, `release.json`, and `private.json` that nobody else may read.

    The release that stood there goes. Raises as `fresh_folder` does.
    """
    with fresh_folder(folder) as fresh:
        part = fresh.part(0)
        for path, body in build.bodies.items():
            part.put(build.release.files[path], body)
        for booking in build.release.bookings.values():
            part.book(booking)
        fresh.add(part.done())
        fresh.finish(build.release, build.private)
