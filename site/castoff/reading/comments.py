"""Text that was lost to a comment: ` #204` behind an address is no part of it for YAML, and nobody would see it go."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, get_args

from yaml.events import ScalarEvent

from castoff.problems import Problem
from castoff.reading import kinds
from castoff.reading.meant_fields import record_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from castoff.reading.reader import Document, Fields

_FREE: Final = (kinds.Line, kinds.Text, kinds.Notes)
"""Kinds in which a `#` may well be meant."""
_HASH: Final = re.compile(r"#(?<=[ \t]#)[^\s#]")
"""What is lost looks like `#204`; a comment looks like `# so`, and a line of such signs says nothing."""
_LOST: Final = re.compile(rf"[ \t]+(?={_HASH.pattern})")


def lost_to_comments(document: Document, kind: type[BaseModel]) -> Iterator[Problem]:
    """Yield a problem for each text of a record whose end is a comment by the look of it, at its `#`."""
    text = document.text
    if _HASH.search(text):  # hardly a file goes on, which spares it the rest
        yield from _lost_in_record(document, document.fields, kind, text.split("\n"))


def _lost_in_record(document: Document, fields: Fields, kind: type[BaseModel], lines: list[str]) -> Iterator[Problem]:
    inner = _fields_of(kind)
    for name, node in fields.nodes.items():
        within = inner.get(name)
        if within is None:
            for text in _texts(node) if name in inner else ():
                yield from _lost(document, text, lines)
        elif hasattr(node, "keys"):
            yield from _lost_in_record(document, node, within, lines)  # type: ignore[arg-type] # what has keys has fields


def _lost(document: Document, text: ScalarEvent, lines: list[str]) -> Iterator[Problem]:
    end: Any = text.end_mark
    is_plain = text.value and not text.style and end.line < len(lines)  # of nothing, conversion says so
    found = _LOST.match(lines[end.line], end.column) if is_plain else None
    if found is not None:
        words = "what follows ` #` is a comment, and no part of this text"
        place = (end.line + 1 + document.above, found.end() + 1)
        hint = "put the text in quotes, or write a comment as `# …`"
        yield Problem(document.path, *place, words, "text-in-comment", hint)


def _texts(node: Any) -> Iterator[ScalarEvent]:
    """Yield the values of a field: itself, or those of a list."""
    if isinstance(node, ScalarEvent):
        yield node
    for item in getattr(node, "nodes", ()):
        if isinstance(item, ScalarEvent):
            yield item


@cache
def _fields_of(kind: type[BaseModel]) -> Mapping[str, type[BaseModel] | None]:
    """Return the fields of a record that take free text, and those that hold a record, with that record."""
    found = {name: record_in(field.annotation) for name, field in kind.model_fields.items()}
    return {
        name: inner
        for name, inner in found.items()
        if inner is not None or _is_free(kind.model_fields[name].rebuild_annotation())
    }


def _is_free(annotation: Any) -> bool:
    """Tell whether a field takes free text, or a list of it."""
    return annotation in _FREE or any(map(_is_free, get_args(annotation)))
