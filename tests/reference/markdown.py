"""Markdown as the pages of the reference are written: tables, links, and names that are anchors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PATH = re.compile(
    r"(?<![`\w/(])((?:content|bookings|schema|layouts)/[\w./<>-]+|castoff\.yaml|\.md\b)(?<!\.)|(?<![`\w/(])(<\w+>[\w<>-]*)"
)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar within a cell stays one."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def page(title: str, *parts: str) -> str:
    """Return a page: its title, its parts with a line between them, and nothing after."""
    return "\n".join([f"# {title}\n", *(f"{part.strip()}\n" for part in parts if part.strip())])


def code(text: str) -> str:
    """Return text as code, whatever backticks are in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def spoken(name: str) -> str:
    """Return the name of a class in the words that it is made of: `CharterLength` is a charter length."""
    return re.sub(r"(?<=[a-z])([A-Z])", r" \1", name).lower()


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def with_paths(words: str) -> str:
    """Return the words of a docstring with the paths in them as code."""
    return _PATH.sub(r"`\g<0>`", words)
