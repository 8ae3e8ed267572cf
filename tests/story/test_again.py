"""Publishing again: where all is as it was it is one question, and whatever has changed is looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.harbour import open_harbour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.harbour import Harbour


@pytest.fixture(scope="module")
def harbour(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Iterator[Harbour]:
    """Open a harbour without an open upload form, which would have the state read each time."""
    with open_harbour(tmp_path_factory.mktemp("charters"), cloud_environment, free_port=free_port) as opened:
        yield opened


def _asked(harbour: Harbour, *more: str) -> list[str]:
    """Publish, and return how the cloud was asked."""
    harbour.turnstile.forget()
    done = harbour.publish(*more)
    assert done.code == 0, done.err
    assert "nothing to do: local is at " in done.err or "--json" in more
    return [call.partition(" ")[0] for call in harbour.turnstile.passed]


def test_whatever_has_changed_is_looked_into(harbour: Harbour, charter: str) -> None:
    """The state is read and a build made: for a plan in full, an untracked file, a new commit, or with no note."""
    note = harbour.project.root / ".castoff" / "publish" / "local.json"
    stray = harbour.project.root / f"{charter}.txt"
    assert harbour.publish().code == 0

    same = _asked(harbour)
    told = _asked(harbour, "--json")
    note.unlink()
    lost, found = _asked(harbour), _asked(harbour)
    stray.write_text("")
    untracked = _asked(harbour)
    stray.unlink()
    harbour.project.git("commit", "--quiet", "--allow-empty", "--message", "Nothing")
    committed, again = _asked(harbour), _asked(harbour)

    assert same == found == again == ["HEAD"]
    assert told == lost == untracked == ["GET"]
    assert committed == ["GET", "PUT"]


def test_another_state_is_read_after_one_question(harbour: Harbour, charter: str) -> None:
    """Where the state names another release, or none, it is read as ever, and what is to be done is done."""
    assert charter
    assert harbour.publish().code == 0
    note = harbour.project.root / ".castoff" / "publish" / "local.json"
    text = note.read_text("utf-8")
    note.write_text(text.replace(harbour.witness.state()["release"], "0" * 64), "utf-8")

    assert _asked(harbour) == ["HEAD", "GET"]
    assert _asked(harbour) == ["HEAD"]
