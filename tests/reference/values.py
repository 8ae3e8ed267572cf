"""docs/reference/values.md: each kind of value once, with its form and examples; fields link to it."""

from __future__ import annotations

import re
from typing import Final

from reference.markdown import anchor, code, page, spoken

from castoff.fields import kind_schema, kind_words

_BEGINNING: Final = """\
A value stands behind its field's colon as it is: `count: 6`, `starts: 2024-05-30 09:00`. castoff reads every value as
the text that stands there, so that `no` is never false by itself and `14:30` never a number. Quotes, `"…"` or `'…'`,
are only needed where YAML would read something else: before a `#`, around `: `, or where a value begins with one of
`` [ ] { } & * ! | > % @ ` `` or a quote. `null` and `~` are no values: a field that has none is left out.

A list is written `[one, two]`, or one item a line, each after `- `. Fields within a field are written
`{one: 1, two: 2}`, or a line each, indented by two spaces."""


def values() -> str:
    """Return the page."""
    parts = [_kind(name, words) for name, words in kind_words().items()]
    return page("Values", _BEGINNING, *parts)


def link(kind: str) -> str:
    """Return a link to a kind, from another page of the reference."""
    return f"[{spoken(kind)}](values.md#{anchor(spoken(kind))})"


def examples(kind: str) -> list[str]:
    """Return examples of a kind as they would stand in a file."""
    return [as_yaml(value) for value in kind_schema(kind).get("examples", ())]


def as_yaml(value: object) -> str:
    """Return a value as an operator would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"[{', '.join(map(as_yaml, value))}]"
    text = str(value)
    return f'"{text}"' if re.match(r"[#+&*!|>%@`\"'\[{]", text) or ": " in text or " #" in text else text


def _kind(name: str, words: str) -> str:
    shown = [f"- {code(example)}" for example in examples(name) if example not in words]
    return "\n\n".join([f"## {spoken(name).capitalize()}", words, *(["\n".join(shown)] if shown else [])])
