"""Broken files: the preview lives, says of them what `castoff check` says, and mends itself when they are mended."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from preview.running import BOOKING, ROOT, Running, edit, lay_out, serving

from castoff.build import check
from castoff.problems import stops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

INVALID = ROOT / "tests" / "invalid"
CASES = sorted(folder.name for folder in INVALID.iterdir() if folder.name != "_base")
CLOCK = datetime(2024, 5, 28, 19, tzinfo=UTC)
(SOUND,) = (INVALID / "_base" / "bookings").iterdir()
PAGE = f"/g/lark-guest-{SOUND.stem}"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and permissions are POSIX's")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a preview of a small project that is in order; every test breaks it in another way."""
    root = tmp_path_factory.mktemp("problems") / "project"
    shutil.copytree(INVALID / "_base", root)
    with serving(root, "--as-of", CLOCK.isoformat()) as found:
        assert found.report() == ""
        yield found


@pytest.fixture
def mended(running: Running) -> Iterator[Running]:
    """Return the preview, and see that it is well again once the files are."""
    yield running
    shutil.rmtree(running.root)
    shutil.copytree(INVALID / "_base", running.root)
    assert running.report() == ""
    assert running.ask(PAGE).status == 200


def told_by_check(root: Path) -> str:
    """Return what `castoff check` prints of a project."""
    return "\n".join(map(str, check(root, clock=CLOCK)))


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told_as_a_check_tells_it(case: str, mended: Running) -> None:
    """Each project that is wrong in one way: word for word, and where no page can be made, that of before is there."""
    removed = INVALID / case / "removed.txt"
    for path in removed.read_text().split() if removed.exists() else ():
        (mended.root / path).unlink()
        with suppress(OSError):  # as git has no empty folders, neither has a case
            (mended.root / path).parent.rmdir()
    shutil.copytree(INVALID / case, mended.root, dirs_exist_ok=True)

    report, page = mended.report(), mended.ask(PAGE)

    assert report == told_by_check(mended.root)
    assert report
    assert page.status == 200 or not stops(check(mended.root, clock=CLOCK))
    assert mended.process.poll() is None


def _unlink(path: str) -> Callable[[Path], object]:
    return lambda root: (root / path).unlink()


def _write(path: str, content: bytes) -> Callable[[Path], object]:
    def write(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)

    return write


def _folder_for_file(path: str) -> Callable[[Path], object]:
    return lambda root: ((root / path).unlink(), (root / path).mkdir())


DISASTERS: list[tuple[str, Callable[[Path], object]]] = [
    ("the settings are gone", _unlink("castoff.yaml")),
    ("the settings are a folder", _folder_for_file("castoff.yaml")),
    ("the settings are rubbish", _write("castoff.yaml", bytes(range(256)) * 40)),
    ("a booking is rubbish", _write(f"bookings/{SOUND.name}", bytes(range(256)) * 40)),
    ("a booking is a folder", _folder_for_file(f"bookings/{SOUND.name}")),
    ("a booking is a link to nowhere", lambda root: (root / "bookings/hijklmn.yaml").symlink_to("nowhere")),
    ("a booking is a pipe", lambda root: os.mkfifo(root / "bookings/hijklmn.yaml")),
    ("a booking is empty", _write(f"bookings/{SOUND.name}", b"")),
    ("half a booking", _write(f"bookings/{SOUND.name}", SOUND.read_bytes()[:90])),
    ("the content is gone", lambda root: shutil.rmtree(root / "content")),
    ("a layout is rubbish", _write("layouts/guest.html", bytes(range(256)))),
    ("a layout is half a tag", _write("layouts/guest.html", b"{% if view")),
    ("a layout calls itself", _write("layouts/guest.html", b'{% include "guest.html" %}')),
    ("a layout divides by zero", _write("layouts/crew.html", b"{{ 1 // 0 }}")),
    ("a style has no brand", _write("layouts/assets/castoff.css", bytes(range(256)))),
]


@pytest.mark.parametrize("disaster", [row[1] for row in DISASTERS], ids=[row[0] for row in DISASTERS])
def test_a_disaster_is_survived(mended: Running, disaster: Callable[[Path], object]) -> None:
    """Whatever becomes of the files, what is told is what a check tells, and the guest's page is there."""
    disaster(mended.root)

    report, page = mended.report(), mended.ask(PAGE)

    assert report == told_by_check(mended.root)
    assert page.status == 200
    assert mended.process.poll() is None


def test_an_error_between_two_bookings_is_told_as_a_check_tells_it(project: Path) -> None:
    """Two charters that want one boat: whichever of the two was edited, both are named as a check names them."""
    with serving(project) as running:
        running.page("/")
        edit(project, "bookings/b4nq9rv.yaml", "vessel: sea-lark", "vessel: jada")
        edit(project, "bookings/b4nq9rv.yaml", "starts: 2024-06-01 10:00", "starts: 2024-05-30 10:00")
        one = running.report()
        edit(project, "bookings/b4nq9rv.yaml", "starts: 2024-05-30 10:00", "starts: 2024-06-01 10:00")
        running.page("/")
        edit(project, BOOKING, "starts: 2024-05-30 09:00", "starts: 2024-06-01 10:00")
        other = running.report()

        assert other == told_by_check(project)
        assert "vessel-twice" in one or "b4nq9rv" in one
        assert "xhqgmdh" in other


def test_warnings_of_bookings_that_were_not_read_again_stay(project: Path) -> None:
    """An edit elsewhere does not make a warning go, since the file that it is about is as it was."""
    edit(project, BOOKING, "Dock: Sheraton Marina", "Dock: Sheraton Marina, revenue 840")
    with serving(project) as running:
        before = running.report()
        edit(project, "bookings/c7rm4qx.yaml", "status: confirmed", "status: confirmed # still")
        after = running.report()

        assert before
        assert before == after == told_by_check(project)


def test_a_project_that_is_broken_from_the_start_is_served(project: Path) -> None:
    """There is no page yet: the problems stand alone, and the page comes by itself when they are mended."""
    (project / "castoff.yaml").write_text("brand: {\n")
    with serving(project) as running:
        page = running.ask("/g/boatsetter-may30")
        told = running.report()
        shutil.copyfile(ROOT / "castoff.yaml", project / "castoff.yaml")

        assert page.status == 503
        assert "castoff.yaml:" in page.body.decode()
        assert told.startswith("castoff.yaml:")
        assert "Jada" in running.page("/g/boatsetter-may30")


def test_the_terminal_has_a_line_for_each_build(tmp_path: Path) -> None:
    """Time, how long it took, how many files there are, what is wrong."""
    root = lay_out(tmp_path / "project")
    with serving(root) as running:
        running.page("/")
        first = running.said()
        edit(root, BOOKING, "captain: captain-001", "captian: captain-001")
        running.page("/")
        second = running.said()

        assert re.fullmatch(r"\d\d:\d\d:\d\d +\d+ ms  \d+ files, \d+ bookings anew", first)
        assert second.split(maxsplit=3)[3].startswith("1 error: bookings/xhqgmdh.yaml:13:1: unknown field `captian`")


def test_quiet_says_only_what_is_wrong(tmp_path: Path) -> None:
    """With `-q` a build that is well is no news, unless the one before was not."""
    root = lay_out(tmp_path / "project")
    with serving(root, "-q") as running:
        running.page("/")
        edit(root, BOOKING, "captain: captain-001", "captian: captain-001")
        running.page("/")
        edit(root, BOOKING, "captian: captain-001", "captain: captain-001")
        running.page("/")

        assert "1 error" in running.said()
        assert "bookings anew" in running.said()
