"""Problems as people and GitHub read them, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from castoff.cli.findings import annotated, counted_up, folder_in_repository, told
from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path

ERROR = Problem("bookings/a7kq4wt.yaml", 4, 9, "unknown vessel `larc`", "unknown-vessel", "did you mean `lark`?")
WARNING = Problem("castoff.yaml", 1, 2, "words", "rule", severity=Severity.WARNING)


def plain(lines: list[str]) -> list[str]:
    """Return lines as a terminal without colour shows them."""
    return [click.unstyle(line) for line in lines]


def test_a_problem_is_told_as_an_editor_takes_it() -> None:
    """Place, words, rule, and the hint beneath; what is no error says so."""
    assert plain([*told([ERROR, WARNING])]) == [
        "bookings/a7kq4wt.yaml:4:9: unknown vessel `larc` [unknown-vessel]",
        "  hint: did you mean `lark`?",
        "castoff.yaml:1:2: warning: words [rule]",
    ]


def test_a_hint_that_many_share_is_given_once() -> None:
    """Two hundred bookings with one vessel misspelt fill two hundred lines, not four."""
    others = [Problem(f"bookings/{number}.yaml", 4, 9, *ERROR_WORDS) for number in range(200)]

    lines = plain([*told([ERROR, *others])])

    assert len(lines) == 202
    assert lines.count("  hint: did you mean `lark`?") == 1
    assert plain([*told([ERROR, others[0]])]).count("  hint: did you mean `lark`?") == 2


ERROR_WORDS = (ERROR.words, ERROR.rule, ERROR.hint)


@pytest.mark.parametrize(
    ("problems", "lines"),
    [
        ([], ["all is well"]),
        ([ERROR], ["1 error"]),
        ([ERROR, WARNING, WARNING], ["1 error, 2 warnings"]),
        ([ERROR] * 18 + [WARNING] * 3, ["18 errors, 3 warnings, in 2 files", "  18  unknown-vessel", "   3  rule"]),
        ([ERROR] * 21, ["21 errors, in 1 file", "  21  unknown-vessel"]),
    ],
)
def test_the_last_line_counts_and_of_many_says_of_which_rules(problems: list[Problem], lines: list[str]) -> None:
    """Whoever scrolls to the end sees what to mend first."""
    assert [*counted_up(problems)] == lines


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            ERROR,
            (
                "::error file=bookings/a7kq4wt.yaml,line=4,col=9,title=unknown-vessel::"
                "unknown vessel `larc`%0Ahint: did you mean `lark`?"
            ),
        ),
        (WARNING, "::warning file=castoff.yaml,line=1,col=2,title=rule::words"),
        (
            Problem("content/docks/50%, a:b.md", 1, 1, "50%: a,b ::error::x", "rule"),
            "::error file=content/docks/50%25%2C a%3Ab.md,line=1,col=1,title=rule::50%25: a,b ::error::x",
        ),
    ],
)
def test_an_annotation_is_one_line_that_nothing_breaks_out_of(problem: Problem, line: str) -> None:
    """GitHub's escapes: `%` and the end of a line everywhere, `:` and `,` in properties."""
    assert [*annotated([problem])] == [line]


@pytest.mark.parametrize("path", ["guest/g/lark.html", "ops/ops/index.html", "castoff/layouts/base.html"])
def test_what_is_not_in_the_repository_is_named_in_words(path: str) -> None:
    """GitHub shows no line beside a file that it does not have: a page that was made, a layout of castoff's own."""
    assert [*annotated([Problem(path, 3, 7, "words", "rule")], within="sites/harbor")] == [
        f"::error title=rule::{path}:3:7: words"
    ]


def test_an_annotation_names_files_as_the_repository_has_them(tmp_path: Path) -> None:
    """A project may lie in a folder of its repository."""
    root = tmp_path / "sites" / "harbor"
    root.mkdir(parents=True)

    assert folder_in_repository(root, {"GITHUB_WORKSPACE": str(tmp_path)}) == "sites/harbor"
    assert folder_in_repository(tmp_path, {"GITHUB_WORKSPACE": str(tmp_path)}) == ""
    assert folder_in_repository(tmp_path, {"GITHUB_WORKSPACE": str(root)}) == ""
    assert folder_in_repository(root, {}) == ""
    assert folder_in_repository(tmp_path / ".site", {"GITHUB_WORKSPACE": str(tmp_path)}) == ".site"
    assert [*annotated([WARNING], within="sites/harbor")] == [
        "::warning file=sites/harbor/castoff.yaml,line=1,col=2,title=rule::words"
    ]
