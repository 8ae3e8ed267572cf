"""The registry of rules: every one that can be said stands in it, and every one in it is shown."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from castoff.problems import Severity
from castoff.rules import CHAPTERS, RULES, Rule, output

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "site/castoff"
POSITIONS = {"Problem": 4, "Fault": 3, "WrongLine": 2, "refuse": 2, "_at_key": 3}
"""Where the rule stands among the positional arguments of what says one."""
NOT_PROBLEMS = {"unclear"}
"""Said of an answer at the terminal, where it is asked again at once; it has no place and needs no reference."""
SHOWN_ELSEWHERE = {
    **{rule.name: "output/test_inspection.py" for rule in output.CHAPTER.rules},
    **dict.fromkeys(("public-slug", "guessable-id", "long-past", "far-ahead", "long-charter"), "test_firsts.py"),
    "former-slug": "test_standing.py",
    "heavy-picture": "fleet/test_pictures.py",
    "linked-file": "fleet/test_trees.py",
    "no-project": "test_rules.py",
    "privacy-leak": "privacy/test_leaks.py",
    "standing-clock": "test_build.py",
    "unknown-target": "test_build.py",
}
"""Rules that no project under tests/invalid can show: the module of tests/castoff that does."""
CHOSEN = {"over-licence", "headings"}
"""Rules whose severity settings choose, or that are graver in one place than in another."""


def test_every_rule_that_can_be_said_is_registered() -> None:
    """Whoever looks a rule up finds it; and the other way round, no rule is explained that nobody says."""
    said = {rule for path in SOURCE.rglob("*.py") if "rules" not in path.parts for rule in _said_in(path)}

    assert said - NOT_PROBLEMS - set(RULES) == set()
    assert set(RULES) - _words_of_source() == set()


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_is_shown(name: str) -> None:
    """A project under tests/invalid says it, with its severity, or a test that is named here does."""
    shown = _shown().get(name, set())
    if name in SHOWN_ELSEWHERE:
        assert name in _asserted(SHOWN_ELSEWHERE[name]), f"{SHOWN_ELSEWHERE[name]} asserts nothing of {name}"
    else:
        assert shown, f"{name} wants a folder under tests/invalid, or a line in SHOWN_ELSEWHERE"
    assert name in CHOSEN or shown <= {RULES[name].severity}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_is_explained_in_sentences(rule: Rule) -> None:
    """What it means and what to do, each for somebody who has never read the source."""
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.name)
    for text in (rule.means, rule.remedy):
        assert re.fullmatch(r"[A-Z`0-9].*\.", text, re.DOTALL)
        assert "  " not in text


def test_chapters_have_titles_of_their_own() -> None:
    """Anchors of chapters and of rules never meet."""
    titles = [chapter.title for chapter in CHAPTERS]

    assert len({*titles}) == len(titles)
    assert not {title.lower().replace(" ", "-") for title in titles} & set(RULES)


def test_a_folder_without_settings_is_no_project(tmp_path: Path) -> None:
    """`no-project` is said where a caller does not look for castoff.yaml before, as the command line does."""
    from datetime import UTC, datetime  # noqa: PLC0415 - this test alone builds

    from castoff.build import check  # noqa: PLC0415 - the same

    problems = check(tmp_path, clock=datetime(2024, 5, 28, tzinfo=UTC))

    assert "no-project" in {problem.rule for problem in problems}


@lru_cache(maxsize=1)
def _shown() -> dict[str, set[Severity]]:
    """Return the rules that projects under tests/invalid say, with their severities."""
    shown: dict[str, set[Severity]] = {}
    for path in (ROOT / "tests/invalid").glob("*/expected.txt"):
        for mark, rule in re.findall(
            r"^\S.*?:\d+:\d+: (warning: )?.* \[([a-z0-9-]+)\]$", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            shown.setdefault(rule, set()).add(Severity.WARNING if mark else Severity.ERROR)
    return shown


@lru_cache
def _asserted(module: str) -> set[str]:
    """Return the rules that a module of tests asserts: within `assert`, or in a table that a test is run with.

    As a text of its own, or in brackets at the end of a problem's line; the module's list of exceptions is neither.
    """
    tree = ast.parse((ROOT / "tests/castoff" / module).read_text(encoding="utf-8"))
    tables = {
        node.target.id if isinstance(node, ast.AnnAssign) else node.targets[0].id: node.value
        for node in tree.body
        if (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name))
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name))
    }
    looked_at: list[ast.AST] = []
    for test in tree.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            looked_at += [node for node in ast.walk(test) if isinstance(node, ast.Assert)]
            looked_at += test.decorator_list
    used = {node.id for one in looked_at for node in ast.walk(one) if isinstance(node, ast.Name)}
    looked_at += [value for name, value in tables.items() if name in used and name != "SHOWN_ELSEWHERE" and value]
    texts = [
        node.value
        for one in looked_at
        for node in ast.walk(one)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {*texts, *(rule for text in texts for rule in re.findall(r"\[([a-z0-9-]+)\]", text))}


@lru_cache(maxsize=1)
def _words_of_source() -> set[str]:
    """Return every text in the source that could be a rule; `unknown-vessel` and its like are put together there."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py") if "rules" not in path.parts)
    constants = {
        node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) if node.value
    }
    words = {value for value in constants if isinstance(value, str)}
    things = {f"unknown-{thing.replace(' ', '-')}" for thing in ("vessel", "dock", "crew member", "checklist")}
    return words | things | {"missing-layout", "missing-asset"}


def _said_in(path: Path) -> Iterator[str]:
    """Yield the rules that a module says as they stand there: by keyword, by position, and as what is called `rule`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            yield from (text for keyword in node.keywords if keyword.arg == "rule" for text in _texts(keyword.value))
            plain = [one for one in node.args if not isinstance(one, ast.Starred)]
            starred = len(plain) < len(node.args)
            at = POSITIONS.get(name)
            if at is not None and not starred and len(node.args) > at:
                yield from _texts(node.args[at])
            elif at is not None and starred:  # `Problem(path, *place, words, rule, …)`
                yield from (
                    text for one in plain[2:4] for text in _texts(one) if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)
                )
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _assigned(target, node.value)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name) and target.id == "rule":
        yield from _texts(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _assigned(one, other)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
