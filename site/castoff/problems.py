"""What is wrong with an operator's files: one value a problem, with its place, its rule and the one thing to do."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

REFERENCE: Final = "docs/reference/problems.md"
"""Where each rule has its anchor (castoff.rules)."""
_LONGEST: Final = 400
"""Signs of a problem's words, beyond which what they repeat is cut short."""
_REPEATED: Final = re.compile(r"`([^`]{59})[^`]{2,}`")
_SHORT: Final = 3
"""Letters that a word needs to be taken for the beginning of another."""


class Severity(StrEnum):
    """Whether a problem stops the build."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one file: `path` is relative to the project, with slashes; line and column start at 1."""

    path: str
    line: int
    column: int
    words: str
    rule: str
    hint: str | None = None
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        # Words repeat what stands in a file: no sign of it shall move a terminal's cursor, and none fill its screen.
        for name in ("path", "words", "hint"):
            text = getattr(self, name)
            if text is not None and not (text.isprintable() and len(text) <= _LONGEST):
                object.__setattr__(self, name, _readable(text))

    def __str__(self) -> str:
        mark = "" if self.severity is Severity.ERROR else f"{self.severity.value}: "
        text = f"{self.path}:{self.line}:{self.column}: {mark}{self.words} [{self.rule}]"
        return text if self.hint is None else f"{text}\n  hint: {self.hint}"

    def to_json(self) -> dict[str, Any]:
        """Return the problem for programs."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "words": self.words,
            "rule": self.rule,
            "hint": self.hint,
            "severity": self.severity.value,
            "reference": f"{REFERENCE}#{self.rule}",
        }


class ProblemsError(Exception):
    """Carry problems out of a depth from which there is nothing to return; the use case turns them into its answer."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems in file order, each once; those of one place stay in the order in which they were found."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda found: (found.path, found.line, found.column)))


def stops(problems: Iterable[Problem]) -> bool:
    """Tell whether one of the problems is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was most likely meant to be: nearly spelt so, or the one that it begins."""
    words = {one.lower(): one for one in known}
    close = difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    begun = [one for one in words if len(word) >= _SHORT and one.startswith(word.lower())]
    return words[close[0]] if close else words[begun[0]] if len(begun) == 1 else None


def _readable(text: str) -> str:
    """Return the text on one line, with a mark for each sign that cannot be printed, and not longer than is read."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    if len(plain) > _LONGEST:
        plain = _REPEATED.sub(r"`\1…`", plain)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
