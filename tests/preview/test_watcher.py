"""The watcher: every change of a project is told of the moment it comes, whatever becomes of its folders."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from castoff.preview.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BOOKING = "bookings/xhqgmdh.yaml"
SECONDS = 5.0


@pytest.fixture
def told(project: Path) -> Iterator[threading.Event]:
    """Watch the project, and return what is set whenever something is told."""
    found = threading.Event()
    watcher = Watcher(project, found.set)
    assert watcher.start() is None
    yield found
    watcher.stop()


def _replace(root: Path) -> None:
    shutil.copyfile(root / BOOKING, root / "bookings" / ".fresh")
    (root / "bookings" / ".fresh").replace(root / BOOKING)


CHANGES: list[tuple[str, Callable[[Path], object]]] = [
    ("a booking written", lambda root: (root / BOOKING).write_text("id: another\n")),
    ("a booking replaced, as editors save", _replace),
    ("a booking removed", lambda root: (root / BOOKING).unlink()),
    ("a booking that may not be read", lambda root: (root / BOOKING).chmod(0)),
    ("the settings", lambda root: (root / "castoff.yaml").write_text("brand: {}\n")),
    ("content", lambda root: (root / "content/guest/faq.md").write_text("")),
    ("the folder of bookings moved away", lambda root: (root / "bookings").rename(root / "elsewhere")),
]


@pytest.mark.parametrize("change", [row[1] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_a_change_is_told(project: Path, told: threading.Event, change: Callable[[Path], object]) -> None:
    """Without a look at the files."""
    change(project)

    assert told.wait(SECONDS)


def test_reading_is_no_change(project: Path, told: threading.Event) -> None:
    """A build reads every file, which must not make the next build."""
    for path in project.rglob("*.*"):
        path.read_bytes()

    assert not told.wait(0.3)


@pytest.mark.parametrize("folder", ["bookings", "content", "layouts"])
def test_a_folder_that_comes_is_watched(project: Path, told: threading.Event, folder: str) -> None:
    """A folder that was not there, or was removed and made again, is watched from then on."""
    shutil.rmtree(project / folder, ignore_errors=True)
    (project / folder / "deeper").mkdir(parents=True)
    while told.wait(0.3):
        told.clear()
    (project / folder / "deeper" / "file.html").write_text("x")

    assert told.wait(SECONDS)


def test_a_system_that_grants_no_events_says_why(tmp_path: Path) -> None:
    """The reason comes in words; the builder's own looking finds changes all the same."""
    watcher = Watcher(tmp_path / "nowhere", lambda: None)
    why = watcher.start()
    watcher.stop()

    assert why == "no such file or directory"
