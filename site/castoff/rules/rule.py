"""One rule: the name that stands behind a problem in brackets, and what it says to whoever looks it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from castoff.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """What a problem's name stands for: what it means and what to do, a sentence or two of Markdown each."""

    name: str
    means: str
    remedy: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules that are about one part of a project, under their heading in the reference."""

    title: str
    rules: tuple[Rule, ...]


def by_name(*chapters: Chapter) -> Mapping[str, Rule]:
    """Return the rules of all chapters by name; raise ValueError for a name that stands twice."""
    found: dict[str, Rule] = {}
    for rule in (rule for chapter in chapters for rule in chapter.rules):
        if found.setdefault(rule.name, rule) is not rule:
            raise ValueError(f"rule {rule.name} stands twice")
    return found
