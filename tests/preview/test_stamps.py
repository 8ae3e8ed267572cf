"""What a project's files look like from outside: nothing that a build would see differently looks the same."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from castoff.preview.stamps import YOUNG_NS, ProjectFiles, take_stamps, unchanged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOOKING = "bookings/xhqgmdh.yaml"


def _same_size_and_time(root: Path) -> None:
    before = (root / BOOKING).stat()
    (root / BOOKING).write_bytes(b"x" * before.st_size)
    os.utime(root / BOOKING, ns=(before.st_atime_ns, before.st_mtime_ns))


def _another_in_its_place(root: Path) -> None:
    shutil.copy2(root / BOOKING, root / "fresh")
    (root / "fresh").replace(root / BOOKING)


CHANGES: list[tuple[str, Callable[[Path], object]]] = [
    ("a booking written", lambda root: (root / BOOKING).write_text("id: another\n")),
    ("a booking of the same size and time", _same_size_and_time),
    ("a booking moved into another's place", _another_in_its_place),
    ("a booking removed", lambda root: (root / BOOKING).unlink()),
    ("a booking renamed", lambda root: (root / BOOKING).rename(root / "bookings/abcdefg.yaml")),
    ("a booking that may not be read", lambda root: (root / BOOKING).chmod(0)),
    ("a file that does not belong there", lambda root: (root / "bookings/notes.txt").write_text("")),
    ("a folder that does not belong there", lambda root: (root / "bookings/2024").mkdir()),
    ("the settings", lambda root: (root / "castoff.yaml").write_text("brand: {}\n")),
    ("the settings removed", lambda root: (root / "castoff.yaml").unlink()),
    ("a picture", lambda root: (root / "content/pictures/jada.svg").write_text("<svg/>")),
    ("the folder of bookings removed", lambda root: shutil.rmtree(root / "bookings")),
    ("a file where a folder was", lambda root: (shutil.rmtree(root / "content"), (root / "content").touch())),
    ("a layout, the first one", lambda root: ((root / "layouts").mkdir(), (root / "layouts/ops.html").touch())),
]


@pytest.mark.parametrize("change", [row[1] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_a_change_is_seen(project: Path, change: Callable[[Path], object]) -> None:
    """Whatever a build would read otherwise has another stamp."""
    files = ProjectFiles(project)
    before = files.look()
    still = files.same(before, files.look())
    change(project)

    assert still
    assert not files.same(before, files.look())


@pytest.mark.parametrize(
    "name", ["bookings/.xhqgmdh.yaml.swp", "layouts/.git/index", "build/release.json", "notes.txt"]
)
def test_what_no_build_reads_is_not_looked_at(project: Path, name: str) -> None:
    """An editor's own files, and whatever else lies about, make no build."""
    (project / "layouts").mkdir()
    files = ProjectFiles(project)
    before = files.look()
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("x")

    assert files.same(before, files.look())


def test_a_young_file_is_told_by_its_content(project: Path) -> None:
    """Two writes within a tick of the clock leave one stamp: until it is old enough, the content itself is compared."""
    when = (project / BOOKING).stat().st_ctime_ns
    young = take_stamps(project, now_ns=when + 1)
    old = take_stamps(project, now_ns=when + 2 * YOUNG_NS)
    content = young.young[BOOKING]

    assert old.young == {}
    assert unchanged(young, replace(young), lambda _path: None)
    assert unchanged(young, old, young.young.get)
    assert not unchanged(young, old, lambda path: "another" if path == BOOKING else young.young[path])
    assert not unchanged(young, replace(young, young={**young.young, BOOKING: "another"}), young.young.get)
    assert content is not None


def test_a_time_to_come_says_nothing(project: Path) -> None:
    """A file dated next year, as some archives unpack it, does not make every build wait for quiet."""
    later = time.time_ns() + 10**16
    os.utime(project / BOOKING, ns=(later, later))

    stamps = take_stamps(project, now_ns=time.time_ns())

    assert stamps.newest <= time.time_ns()


def test_a_folder_linked_into_itself_ends(project: Path) -> None:
    """Links are followed, as a build follows them, and not for ever."""
    (project / "content" / "guest" / "again").symlink_to(project / "content")

    assert len(take_stamps(project, now_ns=time.time_ns()).files) < 5000


def test_a_pipe_is_not_waited_for(project: Path) -> None:
    """A pipe in the place of a file is looked at and never opened, which could last for ever."""
    os.mkfifo(project / "bookings" / "abcdefg.yaml")

    stamps = take_stamps(project, now_ns=time.time_ns())

    assert "bookings/abcdefg.yaml" in stamps.files
    assert "bookings/abcdefg.yaml" not in stamps.young
