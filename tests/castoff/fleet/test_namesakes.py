"""Two files for what may be one are told of: castoff would take one person for two."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from castoff.fleet.charters import load_project
from castoff.problems import Severity

BASE = Path(__file__).resolve().parents[2] / "invalid/_base"


@pytest.mark.parametrize(
    ("description", "path", "lines", "told"),
    [
        ("another address", "crew/ana.md", "name: Ana Silva\nrole: crew\nemail: ana@example.com", None),
        ("in capitals", "crew/leo-park.md", "role: crew\nname: L\nemail: LEO@example.com", "crew/leo-park.md:4:8"),
        ("of a captain", "crew/ana.md", "name: Ana\nrole: captain\nemail: leo@example.com", "crew/leo.md:4:8"),
        ("one name, two people", "crew/leo-two.md", "name: Leo Park\nrole: crew\nemail: two@example.com", None),
        ("works ashore, too", "crew/office.md", "name: Leo Park\nrole: ops\nemail: leo@example.com", None),
        ("a vessel's name", "vessels/lark-two.md", "capacity: 6\nname: '  LARK'", "vessels/lark-two.md:3:7"),
        ("a vessel called like a dock", "vessels/pier.md", "name: The Pier\ncapacity: 6", None),
        ("a dock's, spaced", "docks/the-pier.md", "name: The  pier\naddress: 2 Harbor", "docks/the-pier.md:2:7"),
    ],
)
def test_one_for_two(description: str, path: str, lines: str, told: str | None, tmp_path: Path) -> None:
    """Of two files the second by name is told of, at the value that both have; a row is what comes to the base."""
    project = shutil.copytree(BASE, tmp_path / "project")
    (project / "content" / path).write_text(f"---\n{lines}\n---\nWords.\n")

    found = [problem for problem in load_project(project)[1] if problem.rule in ("same-address", "same-name")]

    places = [f"{problem.path}:{problem.line}:{problem.column}" for problem in found]
    assert places == ([f"content/{told}"] if told else []), description
    assert all(problem.severity is Severity.WARNING for problem in found)
