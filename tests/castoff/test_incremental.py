"""Incremental by proof: whatever was edited in whatever order, what a build leaves as it was is what it would make."""

from __future__ import annotations

import os
import resource
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st
from support.edited import IDS, World, lay_out

from castoff.build import build
from castoff.contract.release import Release
from castoff.contract.state import PublishedBooking
from castoff.folder import UnwritableFolderError
from castoff.upkeep import keep
from castoff.writing import build_into
from publisher.folder import load_release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.edited import Edit

    from castoff.wishes import Wishes


def tree(folder: Path) -> dict[str, Any]:
    """Return a folder by path: each file's mode and bytes, each folder as None."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else (path.stat().st_mode, path.read_bytes())
        for path in folder.rglob("*")
    }


@dataclass
class Published:
    """What a state would hold: files with their bodies, and bookings."""

    files: dict[str, tuple[Any, bytes]] = field(default_factory=dict)
    bookings: dict[str, PublishedBooking] = field(default_factory=dict)

    def expanded(self, made: Any) -> Published:
        """Return what stands once a build's release is published over this."""
        release = Release.from_json(made.release.to_json())
        reused = release.reused.keys()
        files = {path: file for path, file in self.files.items() if file[0].booking in reused}
        files |= {path: (file, made.bodies[path]) for path, file in release.files.items()}
        bookings = {key: booking for key, booking in self.bookings.items() if key in reused}
        assert {key: bookings[key].input for key in reused} == release.reused
        bookings |= {
            one.id: PublishedBooking(one.input, one.status, one.ends, carry=one.carry)
            for one in release.bookings.values()
        }
        return Published(files, bookings)


EDITS: Final = st.tuples(
    st.sampled_from(
        [
            *("hours", "status", "words", "name", "close", "passed"),
            *("content", "picture", "layout", "settings", "finance", "version", "target", "seen"),
        ]
    ),
    st.integers(0, 2),
    st.integers(0, 4),
)
HANDS: Final = ("page", "asset", "board", "month", "gone", "stray", "folder", "release", "private")
HAND: Final = st.sampled_from(("", "", "", *HANDS))


@given(st.lists(st.tuples(st.lists(EDITS, max_size=3), HAND), min_size=1, max_size=5))
@example([([("words", 0, 1)], ""), ([("words", 0, 0)], ""), ([("words", 0, 1)], "")])
@example([([("name", 0, 0)], ""), ([("name", 1, 0)], ""), ([("name", 2, 2)], ""), ([("name", 0, 0)], "")])
@example([([("passed", 0, how)], "") for how in (2, 3, 1, 4, 0)])
@example([([("finance", 0, 1)], ""), ([("words", 0, 1)], ""), ([("picture", 0, 1)], ""), ([("layout", 0, 1)], "")])
@example([([("status", 0, how)], "") for how in (4, 0, 3, 1, 2)])
@example([([], hand) for hand in HANDS])
@example([([("close", 0, 1)], ""), ([("words", 2, 1)], ""), ([("status", 0, 4)], ""), ([("words", 2, 0)], "")])
@example([([("close", 0, 1)], ""), ([("hours", 0, 2)], ""), ([("words", 0, 1)], ""), ([("close", 0, 2)], "")])
@example([([("words", 0, 2)], ""), ([("words", 1, 1)], ""), ([("words", 0, 0)], "")])
@example([([("close", 0, 2), ("status", 0, 1)], ""), ([("status", 0, 0)], ""), ([("status", 0, 2)], "")])
@example([([("status", 0, 2), ("status", 1, 1)], ""), *[([("passed", which, 2)], "") for which in (1, 2, 0)]])
@example([([("status", 0, 2)], ""), ([("close", 0, 1)], ""), ([("status", 0, 1)], ""), ([("status", 0, 0)], "")])
@example([([(what, 0, how)], "") for what in ("content", "version", "target", "seen", "settings") for how in (1, 0)])
@settings(max_examples=settings.default.max_examples // 10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_edits_built_incrementally_is_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[list[Edit], str]]
) -> None:
    """Byte for byte: the folder as a clean build's, the published state with what is reused as a full build on it.

    And word for word: what a clean build warns of is warned of, where it stands, and nothing else is.
    """
    root = tmp_path_factory.mktemp("incremental")
    project, folder, world, published = root / "project", root / "project/build", World(), Published()
    project.mkdir()
    for edits, hand in [([], ""), *steps]:
        for edit in edits:
            world = world.edited(edit)
        note(str(world))
        lay_out(project, world.files())
        disturb(folder, hand)
        wishes = world.wishes()

        kept, problems = keep(project, wishes, folder)
        little, _ = build(project, replace(wishes, prior=published.bookings))
        whole, _ = build(project, replace(wishes, prior=published.bookings, full=True))
        clean, told = build_into(root / "clean", project, wishes)

        assert kept is not None, problems
        assert clean is not None
        assert little is not None
        assert whole is not None
        assert tree(folder) == tree(root / "clean")
        assert problems == told
        assert published.expanded(little) == published.expanded(whole)
        published = published.expanded(little)
    shutil.rmtree(root)


def disturb(folder: Path, hand: str) -> None:
    """Do to a release what nobody should."""
    pages = sorted(folder.glob("public/guest/g/*.html"))
    match hand:
        case "page" if pages:
            pages[0].write_bytes(pages[0].read_bytes().swapcase())
        case "asset":
            next(folder.glob("public/guest/castoff/*.css")).write_text("")
        case "board" | "month":
            boards = sorted(folder.glob("public/ops/ops/*.html"))
            boards[{"board": -1, "month": 0}[hand]].unlink()
        case "gone" if pages:
            pages[-1].unlink()
        case "stray":
            (folder / "public/guest/g").mkdir(exist_ok=True)
            (folder / "public/guest/g/stray.html").symlink_to("404.html")
        case "folder":
            (folder / "public/ops/new/er").mkdir(parents=True)
        case "release":
            (folder / "release.json").write_text("{}")
        case "private":
            (folder / "private.json").unlink()
        case _:
            pass


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that was built into its `build/`."""
    lay_out(tmp_path / "project", World().files())
    keep(tmp_path / "project", World().wishes(), tmp_path / "project/build")
    return tmp_path / "project"


@contextmanager
def opened() -> Iterator[list[str]]:
    """Give the paths of all files that this process opens in the block."""
    files: list[str] = []
    watching = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event == "open":
            files.append(str(arguments[0]))

    sys.addaudithook(hook)
    yield files
    watching.clear()


def test_where_nothing_changed_nothing_is_read_and_nothing_written(project: Path) -> None:
    """Not one booking's file is opened, and every file stays the very one that it was."""
    before = {path: path.stat().st_ctime_ns for path in (project / "build").rglob("*")}

    with opened() as files:
        kept, _ = keep(project, World().wishes(), project / "build")

    assert kept is not None
    assert any(file.endswith("castoff.yaml") for file in files)
    assert not [file for file in files if "/bookings/" in file]
    assert (kept.rendered, kept.bookings, kept.written) == (0, 3, 0)
    assert {path: path.stat().st_ctime_ns for path in (project / "build").rglob("*")} == before


def test_one_change_renders_one_booking_and_writes_its_pages(project: Path) -> None:
    """The others' files stay the very ones that they were."""
    changed = World().edited(("words", 1, 1))
    lay_out(project, changed.files())
    others = {path: path.stat().st_ino for path in (project / "build/public").rglob("*") if IDS[1] not in path.name}

    kept, _ = keep(project, changed.wishes(), project / "build")

    assert kept is not None
    assert (kept.rendered, kept.bookings) == (1, 3)
    assert 0 < kept.written <= 5
    assert {path: path.stat().st_ino for path in others} == others


@pytest.mark.parametrize(
    ("edit", "written"),
    [
        (("hours", 0, 2), {"index.html"}),
        (("hours", 1, 2), {"2024-11.html"}),
        (("hours", 2, 2), {"2025-03.html"}),
        (("status", 1, 3), {"index.html", "2024-11.html"}),  # which tells how many sail in November
        (("words", 1, 1), set()),
    ],
)
def test_one_change_writes_the_page_of_the_board_that_has_it(project: Path, edit: Edit, written: set[str]) -> None:
    """The board's other pages stay the very files that they were."""
    changed = World().edited(edit)
    before = {path: path.stat().st_ino for path in (project / "build/public/ops/ops").iterdir()}
    lay_out(project, changed.files())

    keep(project, changed.wishes(), project / "build")

    assert len(before) == 3
    assert {path.name for path, inode in before.items() if path.stat().st_ino != inode} == written


def test_a_renewal_that_is_killed_leaves_no_half_release_and_is_made_good(project: Path, tmp_path: Path) -> None:
    """Wherever it breaks off: a reader finds a whole release or none, and the next build makes it a clean one."""
    folder, broken = project / "build", 0
    for step in range(200):
        world = World().edited(("hours", 1, step % 3)).edited(("status", 2, step % 2)).edited(("passed", 0, step % 4))
        lay_out(project, world.files())
        ended = killed_at(step, project, world.wishes())

        if (folder / "release.json").exists():
            found = load_release(folder)
            assert all(found.body(file) for file in found.release.files.values())
        else:
            broken += 1
        kept, _ = keep(project, world.wishes(), folder)

        assert kept is not None
        build_into(tmp_path / "clean", project, world.wishes())
        assert tree(folder) == tree(tmp_path / "clean")
        assert [path.name for path in project.glob(".build.*")] == []
        if ended:
            break
    assert ended
    assert broken > 5


def killed_at(step: int, project: Path, wishes: Wishes) -> bool:
    """Build in a child that dies before its so manieth change of a file; tell whether it came to its end first."""
    child = os.fork()
    if child == 0:
        left = [step]

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if writes or event in {"os.rename", "os.remove", "os.rmdir"}:
                left[0] -= 1
                if left[0] < 0:
                    os._exit(1)

        sys.addaudithook(hook)
        keep(project, wishes, project / "build")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_renewal_that_finds_no_room_leaves_what_stands(project: Path) -> None:
    """Nothing is put aside before all that is new is written; nothing stays of it, and later there may be room."""
    folder = project / "build"
    before, longest = tree(folder), (folder / "release.json").stat().st_size
    world = World().edited(("words", 1, 1)).edited(("status", 2, 1))
    lay_out(project, world.files())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (longest // 2, hard))
    try:
        with pytest.raises(UnwritableFolderError, match="file too large"):
            keep(project, world.wishes(), folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    left = tree(folder)
    kept, _ = keep(project, world.wishes(), folder)

    assert left == before
    assert kept is not None
    assert kept.rendered < kept.bookings, "it is renewed, and not made anew"
