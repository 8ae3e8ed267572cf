"""Git, asked as an operator's own git answers."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from publisher.adapters.git import Git
from publisher.errors import PublishError

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = ("-c", "user.name=Kim", "-c", "user.email=kim@example.com")


def run(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it says."""
    done = subprocess.run(["git", "-C", str(folder), *IDENTITY, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, name: str) -> str:
    """Commit a new file and return the commit."""
    (folder / name).write_text(name)
    run(folder, "add", ".")
    run(folder, "commit", "--quiet", "-m", name)
    return run(folder, "rev-parse", "HEAD")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty repository."""
    run(tmp_path, "init", "--quiet")
    return tmp_path


def test_history_is_told(folder: Path) -> None:
    """A commit comes after itself and its ancestors, and after nothing that is not known."""
    one, two = commit(folder, "one"), commit(folder, "two")
    git = Git(folder)

    assert git.head() == two
    assert (git.is_ancestor(one, two), git.is_ancestor(two, two)) == (True, True)
    assert (git.is_ancestor(two, one), git.is_ancestor("0" * 40, two)) == (False, False)


def test_changes_are_told(folder: Path) -> None:
    """Changed, added and untracked files are all not the commit."""
    commit(folder, "one")
    assert Git(folder).changed() == []

    (folder / "one").write_text("changed")
    (folder / "two").write_text("new")

    assert Git(folder).changed() == ["one", "two"]


def test_folder_without_repository_or_commit_is_refused(tmp_path: Path) -> None:
    """Each says what to run."""
    with pytest.raises(PublishError, match="is not a git repository") as refused:
        Git(tmp_path).head()
    assert refused.value.hint is not None
    assert "git init" in refused.value.hint

    run(tmp_path, "init", "--quiet")
    with pytest.raises(PublishError, match="there is no commit yet"):
        Git(tmp_path).head()


def test_what_castoff_writes_itself_is_no_change(folder: Path) -> None:
    """A release that was just built does not stand in the way of its own publish."""
    commit(folder, "one")
    for written in ("build", ".castoff"):
        (folder / written).mkdir()
        (folder / written / "x").write_text("x")

    assert Git(folder).changed() == []


def test_ignored_booking_is_a_change(folder: Path) -> None:
    """A booking that git ignores would be live and in no commit."""
    commit(folder, "one")
    (folder / ".git" / "info" / "exclude").write_text("bookings/\n")
    (folder / "bookings").mkdir()
    (folder / "bookings" / "xhqgmdh.yaml").write_text("id: xhqgmdh")

    assert Git(folder).changed() == ["bookings/"]


def test_repository_in_disorder_is_no_clean_one(folder: Path) -> None:
    """Where git cannot tell what has changed, nothing is taken as unchanged."""
    commit(folder, "one")
    (folder / ".git" / "index").write_text("x")

    with pytest.raises(PublishError, match="git refuses: "):
        Git(folder).changed()


def test_a_repository_that_git_cannot_read_is_one_still(folder: Path) -> None:
    """What git says of it is passed on, and nobody is told to make a new one where theirs is."""
    commit(folder, "one")
    (folder / ".git" / "config").write_text("[broken")

    with pytest.raises(PublishError, match="git refuses: fatal: bad config line") as refused:
        Git(folder).head()

    assert refused.value.hint == "mend the repository, then publish again"


def test_shallow_clone_says_so(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A clone without its history cannot tell what came before, and is not told to use force."""
    one, two = commit(folder, "one"), commit(folder, "two")
    shallow = tmp_path_factory.mktemp("shallow")
    run(shallow, "clone", "--quiet", "--depth", "1", f"file://{folder}", ".")

    with pytest.raises(PublishError, match="this clone is shallow") as refused:
        Git(shallow).is_ancestor(one, two)

    assert refused.value.hint is not None
    assert "fetch-depth: 0" in refused.value.hint
