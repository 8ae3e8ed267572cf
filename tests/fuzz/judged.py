"""What a problem has to be, whatever it is about: at a place in a file, by a known rule, in words for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from castoff.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from castoff.problems import Problem


def wrong_with(problems: Iterable[Problem], files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with problems themselves; `files` are those that they are about."""
    shapes: dict[str, tuple[int, int]] = {}
    for problem in problems:
        words = f"{problem.words} {problem.hint or ''}"
        if problem.rule not in RULES:
            yield f"`{problem.rule}` is no rule: {problem}"
        if not problem.hint:
            yield f"no hint: {problem}"
        if not words.isprintable() or len(words) > 800:
            yield f"words that are no line: {problem!r}"
        if problem.path in files:
            shapes.setdefault(problem.path, _shape(files[problem.path]))
            yield from _misplaced(problem, *shapes[problem.path])


def _shape(body: bytes) -> tuple[int, int]:
    """Return how many lines a file has as YAML 1.1 counts them, and how long the longest is as an editor shows it.

    libyaml counts the former, whoever never reached it (text that is no text) the latter.
    """
    text = body.decode("utf-8-sig", errors="replace")
    return len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text)), max(map(len, text.split("\n")))


def _misplaced(problem: Problem, lines: int, longest: int) -> Iterator[str]:
    if not 1 <= problem.line <= lines + 1:
        yield f"no such line among {lines}: {problem}"
    elif not 1 <= problem.column <= longest + 2:
        yield f"no such column: {problem}"
