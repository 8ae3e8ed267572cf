"""Values planted in YAML at the place of those that stand there; every other byte of the file stays."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from castoff.reading.front_matter import read_front_matter
from castoff.reading.reader import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.reading.reader import Document

Steps: TypeAlias = tuple[str | int, ...]

_MARK: Final = "\ufeff"
_END: Final = re.compile(r"\r\n|\r|\n")


def planted(body: bytes, values: Mapping[Steps, str]) -> bytes:
    """Return a YAML or Markdown file with other values, in quotes, where the steps lead; those it lacks are left out.

    As many lines as a value took, as many it takes then. A file that cannot be read is returned as it is.
    """
    text = body.decode("utf-8", "replace")
    document = _document(text)
    if document is None:
        return body
    starts = _line_starts(text)
    for steps, value in sorted(values.items(), key=lambda item: document.place_of(*item[0]), reverse=True):
        node = _scalar(document, steps)
        if node is not None:
            begin, end = (_offset(starts, mark, document, text) for mark in (node.start_mark, node.end_mark))
            breaks = "".join(_END.findall(text[begin:end]))
            text = text[:begin] + json.dumps(value, ensure_ascii=False) + breaks + text[end:]
    return text.encode()


def has_value(body: bytes, steps: Steps) -> bool:
    """Tell whether a file says something where the steps lead."""
    document = _document(body.decode("utf-8", "replace"))
    return document is not None and _scalar(document, steps) is not None


def value_at(body: bytes, name: str) -> str | None:
    """Return the plain value of a field at the top of a file."""
    document = _document(body.decode("utf-8", "replace"))
    found = None if document is None else document.fields.values.get(name)
    return found if isinstance(found, str) else None


def names_at(body: bytes, name: str) -> tuple[str, ...]:
    """Return the names of the fields that a field at the top of a file holds."""
    document = _document(body.decode("utf-8", "replace"))
    found = None if document is None else document.fields.values.get(name)
    return tuple(found) if isinstance(found, dict) else ()


def with_field(body: bytes, name: str, values: Mapping[str, str]) -> bytes:
    """Return a YAML file with one more field, of fields, at its end; as it is where that would change another."""
    text = body.decode("utf-8", "replace")
    before = _document(text)
    line = f"{name}: {json.dumps(dict(values))}\n"
    more = text + ("" if text.endswith(("\n", "\r")) else "\n") + line
    after = _document(more)
    if before is None or after is None or after.fields.values != {**before.fields.values, name: dict(values)}:
        return body
    return more.encode()


def with_paragraph(body: bytes, words: str) -> bytes:
    """Return a Markdown file that ends in one more paragraph."""
    return body.rstrip() + f"\n\n{words}\n".encode()


def _document(text: str) -> Document | None:
    text = _END.sub("\n", text.removeprefix(_MARK))
    if text.startswith("---\n"):
        matter, _ = read_front_matter(text, "")
        return None if matter is None else matter.document
    return read(text, "")[0]


def _scalar(document: Document, steps: Steps) -> Any:
    node: Any = document.fields
    for step in steps:
        nodes = getattr(node, "nodes", {})
        if isinstance(step, str) != isinstance(nodes, dict):
            return None
        if isinstance(step, int):
            if step >= len(nodes):
                return None
        elif step not in nodes:
            return None
        node = nodes[step]
    return node if hasattr(node, "start_mark") else None


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _END.finditer(text))]


def _offset(starts: list[int], mark: Any, document: Document, text: str) -> int:
    line = mark.line + document.above
    begun = starts[line] if line < len(starts) else len(text)
    column: int = mark.column + (line == 0 and text.startswith(_MARK))
    return min(begun + column, len(text))
