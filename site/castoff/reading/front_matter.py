"""Front matter: the fields between two lines of `---` at the head of a Markdown file, and the body beneath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.problems import Problem
from castoff.reading.reader import read

if TYPE_CHECKING:
    from castoff.reading.reader import Document

_FENCE: Final = "---"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields, the body, and the line of the file in which the body begins, from 1."""

    document: Document
    body: str
    line: int


def read_front_matter(text: str, path: str) -> tuple[FrontMatter | None, list[Problem]]:
    """Return front matter and body of a Markdown file; lines are those of the whole file."""
    lines = text.split("\n")
    if not text.strip():
        return None, [Problem(path, 1, 1, "the file is empty", "empty-file", "write it, or delete the file")]
    if lines[0].rstrip() != _FENCE:
        hint = "begin the file with `---`, fields, `---`"
        return None, [Problem(path, 1, 1, "the file has no fields at its head", "missing-front-matter", hint)]
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), None)
    if end is None:
        words = "the fields that begin here have no end"
        return None, [Problem(path, 1, 1, words, "missing-front-matter", "write `---` beneath the last of them")]
    document, problems = read("\n".join(lines[1:end]) + "\n", path, above=1)
    if document is None:
        return None, problems
    return FrontMatter(document, "\n".join(lines[end + 1 :]), end + 2), problems
