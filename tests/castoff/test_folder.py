"""The release on disk: whole or not there, and the same bytes whichever way they came."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.written import write_release

from castoff.build import Build, build
from castoff.contract.release import File, Release, Site
from castoff.folder import ForeignFolderError, UnwritableFolderError, fresh_folder
from castoff.wishes import Wishes
from castoff.writing import build_into

ROOT = Path(__file__).resolve().parents[2]
WISHES = Wishes(target="local", clock=datetime(2024, 5, 28, 19, tzinfo=UTC))


@pytest.fixture(scope="module")
def made() -> Build:
    """Return the example's build."""
    found, problems = build(ROOT, WISHES)
    assert found is not None, problems
    return found


def test_a_release_is_written_whole_and_replaces_what_was_there(made: Build, tmp_path: Path) -> None:
    """Bodies, release and private file; nothing stale stays, nothing is left beside it, money is the owner's."""
    folder = tmp_path / "out/build"
    write_release(made, folder)
    (folder / "public/guest/g/stale.html").write_text("x")

    write_release(made, folder)

    assert bodies_in(folder) == made.bodies
    assert (folder / "release.json").read_text("utf-8") == made.release.to_json()
    assert json.loads((folder / "private.json").read_text()) == {"format": 1, "calendar": made.private}
    assert stat.S_IMODE((folder / "private.json").stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["private.json", "public", "release.json"]
    assert [path.name for path in folder.parent.iterdir()] == ["build"]


def test_a_build_straight_into_a_folder_is_the_one_that_was_in_memory(made: Build, tmp_path: Path) -> None:
    """The same files, and the counts that the command tells."""
    write_release(made, tmp_path / "one")

    written, problems = build_into(tmp_path / "other", ROOT, WISHES)

    assert written is not None
    assert (written.bookings, written.files) == (len(made.release.bookings), len(made.release.files))
    assert tree(tmp_path / "other") == tree(tmp_path / "one")
    assert problems == build(ROOT, WISHES)[1]


def test_lines_of_a_long_release_come_in_order_of_their_names(tmp_path: Path) -> None:
    """Also where they went to disk in several runs and parts, and where a name sorts unlike its line."""
    names = [f"{word}{number}" for word in ("a", "a b", 'a"', "a-b", "é") for number in range(400)]
    files = {name: File(Site.GUEST, name, "0" * 64, 1, "t" * 4000, "") for name in names}
    head = Release("castoff", "local", "", "2024-05-28T12:00:00-07:00", "2024-05-29T12:00:00-07:00", {}, {}, {})

    with fresh_folder(tmp_path / "build") as fresh:
        for number in range(3):
            part = fresh.part(number)
            for name in names[number::3]:
                part.put(files[name], b"x")
            fresh.add(part.done())
        fresh.finish(head, {})

    whole = replace(head, files={file.path: file for file in files.values()})
    assert (tmp_path / "build/release.json").read_text("utf-8") == whole.to_json()
    assert len((tmp_path / "build/release.json").read_bytes()) > 3 * 2**21, "long enough for several runs"


@pytest.mark.parametrize("key", ["../../../pwned.html", "g/../../../../pwned.html", "g/x\0.html"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, key: str) -> None:
    """Whoever made the key: a file's place is within the release."""
    with pytest.raises(ValueError, match="leads out"), fresh_folder(tmp_path / "build") as fresh:
        fresh.part(0).put(File(Site.GUEST, key, "0" * 64, 1, "text/html", "no-store"), b"x")

    assert list(tmp_path.iterdir()) == []


def test_a_killed_build_leaves_the_one_before_and_is_cleared_away(made: Build, tmp_path: Path) -> None:
    """What it had written stands beside, under a name of its own, until the next build removes it."""
    folder = tmp_path / "build"
    write_release(made, folder)
    before = (folder / "release.json").read_bytes()
    child = os.fork()
    if child == 0:
        write_release(replace(made, bodies=_Deadly(made.bodies)), folder)
        os._exit(1)
    os.waitpid(child, 0)

    assert (folder / "release.json").read_bytes() == before
    assert len(list(tmp_path.glob(".build.*.new"))) == 1
    write_release(made, folder)
    assert not list(tmp_path.glob(".build.*"))


class _Deadly(dict[str, bytes]):
    """Bodies of which the writer sees a few, and then no more."""

    def items(self) -> object:  # type: ignore[override] # it ends the process
        """Give a third of the bodies and end."""
        for number, item in enumerate(super().items()):
            if number > len(self) // 3:
                os._exit(0)
            yield item


def test_a_build_that_is_stopped_leaves_the_one_before_and_nothing_else(made: Build, tmp_path: Path) -> None:
    """By a problem between bookings, by a layout's fault in the midst of printing, or by one of ours."""
    project, folder = tmp_path / "project", tmp_path / "out/build"
    write_release(made, folder)
    before = tree(folder)
    for part in ("bookings", "content"):
        shutil.copytree(ROOT / part, project / part)
    shutil.copyfile(ROOT / "castoff.yaml", project / "castoff.yaml")
    (project / "layouts").mkdir()
    (project / "layouts/crew.html").write_text("{{ view.nothing }}")

    stopped, problems = build_into(folder, project, WISHES)
    with pytest.raises(RuntimeError, match="of ours"):
        break_off(folder)

    assert stopped is None
    assert [problem.rule for problem in problems if problem.path.startswith("layouts")] == ["layout-error"]
    assert tree(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["build"]


def test_a_folder_that_holds_no_release_is_left_alone(made: Build, tmp_path: Path) -> None:
    """A build told to go where something else stands replaces nothing."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-elena.txt").write_text("dear Elena")

    with pytest.raises(ForeignFolderError, match="letters holds something that is no release"):
        write_release(made, tmp_path / "letters")

    assert (tmp_path / "letters" / "to-elena.txt").read_text() == "dear Elena"


def test_a_folder_that_cannot_be_made_is_told_in_words(made: Build, tmp_path: Path) -> None:
    """A file stands where a folder is to be."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(UnwritableFolderError, match="build cannot be written: a file is in the way"):
        write_release(made, tmp_path / "file/build")


@pytest.mark.parametrize("there", [True, False])
def test_a_link_to_a_folder_stays_one(there: bool, made: Build, tmp_path: Path) -> None:  # noqa: FBT001 - a table
    """The release goes where it leads, whether that is there yet or not; nothing is left beside either."""
    (tmp_path / "project").mkdir()
    (tmp_path / "disk").mkdir()
    (tmp_path / "project/build").symlink_to(tmp_path / "disk/site")
    if there:
        write_release(made, tmp_path / "disk/site")
    (tmp_path / "disk/.site.4194305.new").symlink_to("site")

    write_release(made, tmp_path / "project/build")

    assert (tmp_path / "project/build").readlink() == tmp_path / "disk/site"
    assert bodies_in(tmp_path / "disk/site") == made.bodies
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["build", "site"]


def test_only_what_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    """Whatever else the system refuses while a release is made stays what it is."""
    with pytest.raises(OSError, match="no more processes"), fresh_folder(tmp_path / "build"):
        raise OSError("no more processes")

    assert list(tmp_path.iterdir()) == []


def test_what_a_worker_cannot_write_is_told_by_its_parent(tmp_path: Path) -> None:
    """In the same words, in whichever process it was met."""
    with fresh_folder(tmp_path / "build") as fresh:
        part = fresh.part(0)
        part.put(File(Site.GUEST, "g", "", 1, "", ""), b"x")
        with pytest.raises(UnwritableFolderError) as met:
            part.put(File(Site.GUEST, "g/x.html", "", 1, "", ""), b"x")
    handed = pickle.loads(pickle.dumps(met.value))  # noqa: S301 - our own

    assert str(met.value) == f"{tmp_path / 'build'} cannot be written: a file is in the way"
    assert str(handed) == str(met.value)


def break_off(folder: Path) -> None:
    """Begin a release and fail."""
    with fresh_folder(folder) as fresh:
        fresh.part(0).put(File(Site.GUEST, "g/x.html", "", 1, "", ""), b"x")
        raise RuntimeError("of ours")


def bodies_in(folder: Path) -> dict[str, bytes]:
    """Return the bodies in a release's folder by their path."""
    public = folder / "public"
    return {path.relative_to(public).as_posix(): path.read_bytes() for path in public.rglob("*") if path.is_file()}


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file in a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
