"""docs/reference/problems.md: every rule, from the registry, with what the program says from tests/invalid."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from reference.markdown import page
from support.example import ROOT

from castoff.problems import Severity
from castoff.rules import CHAPTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.rules import Chapter, Rule

_BEGINNING: Final = """\
Every problem names its place, what is wrong, the rule in brackets, and one thing to do:

```
bookings/xhqgmdh.yaml:11:1: unknown field `captian` [unknown-field]
  hint: did you mean `captain`?
```

The rule is a heading on this page. **Errors** stop the build; **warnings** are said, and stop it only with
`castoff check --strict`. All problems of all files are told in one run."""
_PROBLEM: Final = re.compile(r"^\S.*?:\d+:\d+: .* \[(?P<rule>[a-z0-9-]+)\]$")


def problems() -> str:
    """Return the page."""
    contents = "\n".join(
        f"- [{chapter.title}](#{chapter.title.lower().replace(' ', '-')}): "
        + ", ".join(f"[{rule.name}](#{rule.name})" for rule in chapter.rules)
        for chapter in CHAPTERS
    )
    return page("Problems", _BEGINNING, contents, *(part for chapter in CHAPTERS for part in _chapter(chapter)))


@lru_cache(maxsize=1)
def said() -> Mapping[str, str]:
    """Return the first thing that the program says of each rule in tests/invalid, hint and all."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "tests/invalid").glob("*/expected.txt")):
        lines = path.read_text("utf-8").splitlines()
        for line, below in zip(lines, [*lines[1:], ""], strict=True):
            problem = _PROBLEM.match(line)
            if problem:
                found.setdefault(problem["rule"], "\n".join([line, below] if below.startswith("  hint: ") else [line]))
    return found


def _chapter(chapter: Chapter) -> list[str]:
    return [f"## {chapter.title}", *(_rule(rule) for rule in chapter.rules)]


def _rule(rule: Rule) -> str:
    kind = "Warning. " if rule.severity is Severity.WARNING else ""
    example = f"\n\n```\n{said()[rule.name]}\n```" if rule.name in said() else ""
    return f"### {rule.name}\n\n{kind}{rule.means}\n\n**What to do:** {rule.remedy}{example}"
