"""Where each line of a text stands in its file: of block and folded text, in quotes or without."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.reading.reader import Document

_BLANK: Final = frozenset(" \t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
"""Spaces, and whatever `str.splitlines` takes for the end of a line."""
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.|\n))", re.DOTALL)
_NAMED: Final = dict(zip("0abefnrtvN_LP", "\0\a\b\x1b\f\n\r\t\v\x85\xa0\u2028\u2029", strict=True))


class Stretch(NamedTuple):
    """A part of a text that stands in one line of its file; line and column start at 1."""

    line: int
    column: int
    words: str


def stretches(document: Document, *steps: str | int) -> list[tuple[Stretch, ...]]:
    """Return for each line of a text, as `str.splitlines` has them, the parts of the file that make it up.

    What YAML folds is one line and stands in several. A line of nothing but blanks stands nowhere.
    """
    node: Any = document.fields
    for step in steps:
        node = node.nodes[step]
    places = [(line, column) for line, column, sign in _signs(document.text, node) if sign not in _BLANK]
    found: list[tuple[Stretch, ...]] = []
    begun = 0
    written = document.text.split("\n")
    for line in str(node.value).splitlines():
        ended = begun + sum(sign not in _BLANK for sign in line)
        parts = [[*part] for _, part in groupby(places[begun:ended], key=lambda place: place[0])]
        found.append(
            tuple(
                Stretch(
                    part[0][0] + 1 + document.above, part[0][1] + 1, written[part[0][0]][part[0][1] : part[-1][1] + 1]
                )
                for part in parts
            )
        )
        begun = ended
    return found


def _signs(text: str, node: Any) -> Iterator[tuple[int, int, str]]:
    """Yield the characters that a scalar is made of, each with line and column from 0 where it is written."""
    lines = text.split("\n")
    first, last = node.start_mark, node.end_mark
    source = "\n".join(lines[first.line : last.line + 1])
    at, end = first.column, len(source) - len(lines[last.line]) + last.column if last.line < len(lines) else len(source)
    if node.style in {"|", ">"}:
        at = source.find("\n", at) + 1 or end
    elif node.style:
        at, end = at + 1, end - 1
    line, begun = first.line + source.count("\n", 0, at), source.rfind("\n", 0, at) + 1
    while at < end:
        sign, width = _sign(source, at, node.style)
        yield line, at - begun, sign
        if "\n" in source[at : at + width]:
            line, begun = line + 1, source.index("\n", at) + 1
        at += width


def _sign(source: str, at: int, style: str | None) -> tuple[str, int]:
    """Return the character that stands at a place of the file, and how many it takes to write it."""
    if style == "'" and source.startswith("''", at):
        return "'", 2
    escape = _ESCAPE.match(source, at) if style == '"' else None
    if escape is None:
        return source[at], 1
    number = escape[1] or escape[2] or escape[3]
    return (chr(int(number, 16)) if number else _NAMED.get(escape[4], escape[4])), len(escape[0])
