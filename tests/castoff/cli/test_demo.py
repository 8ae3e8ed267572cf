"""`castoff demo` before its cloud starts: a newcomer's first command lays out its site, or says what hinders it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from support.projects import Project

from castoff.cli.demo import lay_out
from publisher.adapters.git import Git
from publisher.errors import PublishError

if TYPE_CHECKING:
    from pathlib import Path


def settle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let this be what git is told for every repository of its user."""
    (tmp_path / "gitconfig").write_text(text)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))


@pytest.mark.parametrize(
    "setting", ["[commit] gpgsign = true\n[gpg] program = false\n", "[core] hooksPath = {hooks}\n"]
)
def test_own_settings_of_git_are_not_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """Neither a key that commits are signed with nor a hook that refuses them is asked."""
    hook = tmp_path / "hooks/pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    settle(tmp_path, monkeypatch, setting.format(hooks=hook.parent))

    lay_out(tmp_path / "demo")

    assert len(Git(tmp_path / "demo").head()) == 40
    assert Git(tmp_path / "demo").changed() == []


def test_git_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the words that a publish has for it."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PublishError, match="git is not installed"):
        lay_out(tmp_path / "demo")


def test_git_that_refuses_is_said_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it."""
    settle(tmp_path, monkeypatch, "[commit\n")

    with pytest.raises(PublishError, match=r"git refuses: .*bad config line 1 in file") as refused:
        lay_out(tmp_path / "demo")

    assert refused.value.hint == "mend what it names, then run `castoff demo` again"


def test_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file stands where the demo's folder belongs."""
    (tmp_path / ".castoff").write_text("a file")

    ran = Project(tmp_path, os.environ).castoff("demo", "--once")

    assert ran.refusal == (
        f"error: {tmp_path}/.castoff/demo cannot be written: a file is in the way\n"
        "  hint: see that you may write there, and that the disk has room\n"
    )
