"""Files that are none, links that lead elsewhere, folders that nobody may open: each told, none skipped in silence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from castoff.fleet.sources import read_sources
from castoff.fleet.trees import files_beneath, unreadable
from castoff.pages.theme import load_theme

if TYPE_CHECKING:
    from castoff.problems import Problem


def project(folder: Path) -> Path:
    """Make the folders of a project."""
    root = folder / "project"
    for name in ("bookings", "content/vessels", "content/pictures", "layouts/guest"):
        (root / name).mkdir(parents=True)
    (root / "castoff.yaml").write_text("brand: {name: Harbor Sails}\ntimezone: America/Los_Angeles\n")
    return root


def told(root: Path) -> list[tuple[str, str, str]]:
    """Return what is said of a project's files, layouts included, in the order in which they are met."""
    problems = (*read_sources(root).problems, *load_theme(root).problems)
    return [(problem.path, problem.rule, problem.words) for problem in problems]


@pytest.mark.parametrize(
    "path", ["bookings/a7kq4wt.yaml", "content/vessels/lark.md", "content/pictures/lark.png", "layouts/guest/dock.html"]
)
def test_a_link_out_of_the_project_is_refused(path: str, tmp_path: Path) -> None:
    """What it leads to is not committed, and may be nobody's business."""
    root = project(tmp_path)
    (tmp_path / "secret.txt").write_text("hunter2\n")
    (root / path).symlink_to(tmp_path / "secret.txt")

    assert told(root) == [
        (path, "linked-file", "this link leads out of the project, and what is there is not committed")
    ]
    assert "hunter2" not in str(read_sources(root))


def test_a_link_within_the_project_is_followed(tmp_path: Path) -> None:
    """It is committed with what it leads to."""
    root = project(tmp_path)
    (root / "bookings/a7kq4wt.yaml").write_text("id: a7kq4wt\n")
    (root / "bookings/b7kq4wt.yaml").symlink_to("a7kq4wt.yaml")

    assert told(root) == []
    assert dict(read_sources(root).bookings)["b7kq4wt"] == b"id: a7kq4wt\n"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("a7kq4wt.yaml", "this link leads nowhere"),
        ("gone.yaml", "this link leads nowhere"),
        ("../content", "this link leads to a folder, and what is there is not committed"),
    ],
)
def test_a_link_in_a_circle_to_nothing_or_to_a_folder_is_told(target: str, words: str, tmp_path: Path) -> None:
    """Nothing loops, and nothing is passed over."""
    root = project(tmp_path)
    (root / "bookings/a7kq4wt.yaml").symlink_to(target)

    assert told(root) == [("bookings/a7kq4wt.yaml", "linked-file", words)]


@pytest.mark.parametrize(
    "path", ["castoff.yaml", "bookings/a7kq4wt.yaml", "content/pictures/lark.png", "layouts/guest/dock.html"]
)
def test_a_pipe_is_no_file_and_holds_nothing_up(path: str, tmp_path: Path) -> None:
    """Whoever opened it to read would wait for a writer for ever."""
    root = project(tmp_path)
    (root / path).unlink(missing_ok=True)
    os.mkfifo(root / path)

    assert told(root) == [(path, "unreadable", "this is not a file")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open whatever it likes")
@pytest.mark.parametrize("folder", ["bookings", "content/vessels", "content/pictures", "layouts", "layouts/guest"])
def test_a_folder_that_nobody_may_open_is_told(folder: str, tmp_path: Path) -> None:
    """Its files would be missing from the pages, and nobody would know why."""
    root = project(tmp_path)
    (root / folder).chmod(0)

    found = told(root)
    (root / folder).chmod(0o755)

    assert (folder, "unreadable", "the folder cannot be read: permission denied") in found


@pytest.mark.parametrize("folder", ["bookings", "content/vessels", "content/pictures", "layouts"])
def test_a_file_in_a_folder_s_place_is_told(folder: str, tmp_path: Path) -> None:
    """As after a checkout on a system without links, where a link becomes a file with a path in it."""
    root = project(tmp_path)
    if folder == "layouts":
        (root / "layouts/guest").rmdir()
    (root / folder).rmdir()
    (root / folder).write_text("../elsewhere\n")

    assert (folder, "unreadable", "the folder cannot be read: not a directory") in told(root)


def test_files_come_by_name_and_hidden_ones_not_at_all(tmp_path: Path) -> None:
    """The same on any machine; what an editor or a system hides is nobody's."""
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", ".git/config", ".DS_Store"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    problems: list[Problem] = []

    found = [*files_beneath(tmp_path, shown="layouts", root=tmp_path, problems=problems)]

    assert [name for name, _ in found] == ["a/b/c.txt", "a/z.txt", "b.txt"]
    assert [Path(file).read_text() for _, file in found] == ["x", "x", "x"]
    assert problems == []


@pytest.mark.parametrize(
    ("error", "words", "hint"),
    [
        (
            PermissionError(13, "Permission denied"),
            "the file cannot be read: permission denied",
            "see to the file's permissions",
        ),
        (OSError(5, "Input/output error"), "the file cannot be read: input/output error", "put a file in its place"),
    ],
)
def test_what_the_system_refuses_is_told_in_its_words(error: OSError, words: str, hint: str) -> None:
    """With the one thing to do about it."""
    problem = unreadable("castoff.yaml", error)

    assert (problem.words, problem.hint) == (words, hint)
