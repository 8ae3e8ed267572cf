"""Projects that are wrong in one way each, and what `castoff check` says of them, word for word.

`CASTOFF_UPDATE=1` writes what is said now, to be reviewed in the diff.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from castoff.build import check

INVALID = Path(__file__).resolve().parents[1] / "invalid"
BASE = INVALID / "_base"
CASES = sorted(folder.name for folder in INVALID.iterdir() if folder != BASE)
CLOCK = datetime(2024, 5, 28, 19, tzinfo=UTC)


def lay_out(case: str, folder: Path) -> None:
    """Make the case's project: the base, what the case removes from it, and the case's own files over it."""
    shutil.copytree(BASE, folder)
    removed = INVALID / case / "removed.txt"
    for path in removed.read_text().split() if removed.exists() else ():
        (folder / path).unlink()
        with suppress(OSError):  # as git has no empty folders, neither has a case
            (folder / path).parent.rmdir()
    shutil.copytree(INVALID / case, folder, dirs_exist_ok=True)


def test_the_base_is_in_order(tmp_path: Path) -> None:
    """What a case finds wrong is the case's own doing: the project beneath has no problem."""
    shutil.copytree(BASE, tmp_path / "project")

    assert check(tmp_path / "project", clock=CLOCK) == ()


@pytest.mark.parametrize("case", CASES)
def test_a_broken_project_is_told_so_word_for_word(case: str, tmp_path: Path) -> None:
    """Every problem of every file comes in one run, with its place, its words, its rule and its hint."""
    lay_out(case, tmp_path / "project")
    expected = INVALID / case / "expected.txt"

    told = "".join(f"{problem}\n" for problem in check(tmp_path / "project", clock=CLOCK))

    if os.environ.get("CASTOFF_UPDATE"):
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")
