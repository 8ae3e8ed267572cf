"""What may follow what is live: a commit after it, by a history as git really has it, at an instant not before it."""

from __future__ import annotations

import subprocess
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from support.broken import run, state_of
from support.releases import booking, make
from support.worlds import Services

from publisher.adapters.git import Git
from publisher.errors import PublishError
from publisher.planning.ancestry import instant_after

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = ("-c", "user.name=Kim", "-c", "user.email=kim@example.com")
NOW = "2024-05-28T12:00:00+00:00"


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it says."""
    done = subprocess.run(["git", "-C", str(folder), *IDENTITY, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, name: str, *more: str) -> str:
    """Commit a new file and return the commit."""
    (folder / name).write_text(name)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", name, *more)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository with a first commit, on `main`."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "zero")
    return folder


def publish(
    folder: Path, at: str, world: Services, *, out: Path, dock: str = "Fuel Dock", force: str | None = None
) -> str:
    """Publish a commit of a clone, and return what is live then."""
    released = make(out / at, booking("aaaaaaa", dock=dock), commit=at)
    run(released, world, commits=Git(folder), force_from=force)
    return state_of(world).commit


@pytest.mark.parametrize("how", ["amend", "rebase"])
@pytest.mark.parametrize("ref", ["branch", "tag", "hash", "short", "forgotten"])
def test_rewritten_history_is_published_by_naming_what_is_live(tmp_path: Path, clone: Path, how: str, ref: str) -> None:
    """By a name that git still has for it, or by the beginning of a hash that it has forgotten."""
    world, root = Services(), git(clone, "rev-parse", "HEAD")
    live = commit(clone, "one")
    publish(clone, live, world, out=tmp_path)
    if ref in {"branch", "tag"}:
        git(clone, ref, "as-published")
    if how == "amend":
        new = commit(clone, "two", "--amend")
    else:
        git(clone, "checkout", "--quiet", "-b", "other", root)
        commit(clone, "before")
        git(clone, "checkout", "--quiet", "main")
        git(clone, "rebase", "--quiet", "other")
        new = git(clone, "rev-parse", "HEAD")
    if ref == "forgotten":
        git(clone, "reflog", "expire", "--expire=now", "--all")
        git(clone, "update-ref", "-d", "ORIG_HEAD")
        git(clone, "gc", "--quiet", "--prune=now")
        assert not Git(clone).knows(live)
    named = {"branch": "as-published", "tag": "as-published", "hash": live, "short": live[:9], "forgotten": live[:7]}

    with pytest.raises(PublishError) as refused:
        publish(clone, new, world, out=tmp_path)
    became = publish(clone, new, world, out=tmp_path, force=named[ref])

    assert f"--force-from {live[:12]}" in str(refused.value.hint)
    assert ("does not know it" in refused.value.words) is (ref == "forgotten")
    assert became == new


@pytest.mark.parametrize("ref", ["main", "no-such-branch", "abcdef1", "HEAD~1", ""])
def test_another_name_is_refused_with_words(tmp_path: Path, clone: Path, ref: str) -> None:
    """What does not name the live commit allows nothing: neither the new one, nor a guess."""
    world = Services()
    live = commit(clone, "one")
    publish(clone, live, world, out=tmp_path)
    new = commit(clone, "two", "--amend")

    with pytest.raises(PublishError) as refused:
        publish(clone, new, world, out=tmp_path, force=ref)

    assert refused.value.words == f"`--force-from {ref}` does not name what is live, which is commit {live[:12]}"
    assert state_of(world).commit == live


def test_six_signs_are_too_few(tmp_path: Path, clone: Path) -> None:
    """The beginning of a hash that git has forgotten is taken from seven signs on."""
    world = Services()
    publish(clone, "f" * 40, world, out=tmp_path)
    new = commit(clone, "one")

    with pytest.raises(PublishError, match="does not name what is live"):
        publish(clone, new, world, out=tmp_path, force="ffffff")

    assert publish(clone, new, world, out=tmp_path, force="fffffff") == new


def test_clone_that_was_not_fetched_is_told_to_fetch(tmp_path: Path, clone: Path) -> None:
    """Somebody else published a commit that this clone has not seen: nothing is rewritten, it is only behind."""
    other, world = tmp_path / "other", Services()
    git(tmp_path, "clone", "--quiet", str(clone), str(other))
    live = commit(other, "theirs")
    publish(other, live, world, out=tmp_path)
    mine = commit(clone, "mine")

    with pytest.raises(PublishError, match="this clone does not know it") as refused:
        publish(clone, mine, world, out=tmp_path)

    assert str(refused.value.hint).startswith("`git fetch`")


def test_force_that_is_not_needed_any_more_changes_nothing(tmp_path: Path, clone: Path) -> None:
    """The same command run again finds its commit live, whatever it was forced from."""
    world = Services()
    live = commit(clone, "one")
    publish(clone, live, world, out=tmp_path)
    new = commit(clone, "two", "--amend")
    publish(clone, new, world, out=tmp_path, force=live)

    assert publish(clone, new, world, out=tmp_path, force=live) == new


@pytest.mark.parametrize(
    ("description", "live", "instant"),
    [
        ("nothing is live", "", NOW),
        ("what is live is older", "2024-05-28T04:59:00-07:00", NOW),
        ("this clock is a minute behind", "2024-05-28T12:01:00+00:00", "2024-05-28T12:01:00+00:00"),
        ("a minute behind, in another zone", "2024-05-28T05:01:00-07:00", "2024-05-28T12:01:00+00:00"),
        ("as far as S3 lets a clock be wrong", "2024-05-28T12:15:00+00:00", "2024-05-28T12:15:00+00:00"),
        ("more than that", "2024-05-28T12:15:01+00:00", NOW),
        ("tomorrow's forms were wanted early", "2024-05-29T06:00:00+00:00", NOW),
        ("a slip of the pen", "2034-05-28T12:00:00+00:00", NOW),
    ],
)
def test_instant_to_build_for(description: str, live: str, instant: str) -> None:
    """A clock that is behind takes nothing back in time; a slip in `--as-of` holds nothing in the future."""
    found = instant_after(live, datetime.fromisoformat(NOW))

    assert found == datetime.fromisoformat(instant), description
