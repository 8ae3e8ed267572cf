"""`castoff check --output`: the site that a project makes, judged where the project is."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from click.testing import CliRunner
from support.built import BASE

from castoff.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_page_with_a_fault_is_told_like_any_file(tmp_path: Path) -> None:
    """Path, line and column are those in the built site; the command ends with 1."""
    root = shutil.copytree(BASE, tmp_path / "project")
    settings = (root / "castoff.yaml").read_text()
    (root / "castoff.yaml").write_text(f"{settings}as_of: 2024-05-28 12:00\n")
    (root / "layouts" / "guest").mkdir(parents=True)
    (root / "layouts" / "guest" / "footer.html").write_text('<footer><a href="/g/gone">x</a></footer>')

    plain = CliRunner().invoke(main, ["-C", str(root), "check"])
    shown = CliRunner().invoke(main, ["-C", str(root), "check", "--output"])

    assert (plain.exit_code, shown.exit_code) == (0, 1)
    assert "`/g/gone` leads to nothing: the release has no such file [broken-link]" in shown.stdout
    assert shown.stdout.startswith("guest/g/lark-guest-a7kq4wt.html:")


def test_without_the_parser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is an extra; whoever asks for the check without it is told the command, and nothing is shown."""
    monkeypatch.setitem(sys.modules, "justhtml", None)

    shown = CliRunner().invoke(main, ["-C", str(BASE), "check", "--output"])

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr == (
        "error: what reads built pages is not installed\n"
        "  hint: run `pip install '.[output]'` in castoff's own folder\n"
    )
