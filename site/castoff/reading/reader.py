"""The one YAML reader: text to fields in one pass over libyaml's events, every key and value with its place.

Scalars stay the text that stands in the file: the usual loader makes 870 of an unquoted `14:30` and False of `no`,
and lets a repeated key win silently. Anchors, aliases, merges, tags and second documents are refused: nothing in these
files needs them, and each hides what a reader sees. For a full booking bare events take 63 µs, PyYAML's C base loader
with its composer 120 before it has places for keys, and this reader 75 with everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from yaml import YAMLError
from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs leave it out
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from castoff.problems import Problem, Severity
from castoff.reading.faults import Fault, fault_of

if TYPE_CHECKING:
    from collections.abc import Callable

Node: TypeAlias = "Fields | Items | ScalarEvent"

LARGEST: Final = 64_000
"""Bytes in a YAML file: sixty times a full booking, and a bound on what a stray file can cost."""
_DEEPEST: Final = 8
_MOST: Final = 300
"""Fields, or items of a list, that stand together: ten times what any needs, and a bound on what is said of them."""
_ENDS: Final = re.compile("\r\n?")
_BREAKS: Final = ("\x85", "\u2028", "\u2029")
"""Ends of lines for YAML 1.1, and for no editor."""
_CONFLICT: Final = re.compile("^(?:<{7}|>{7}) ", re.MULTILINE)


@dataclass(slots=True)
class Fields:
    """Keys and values: `values` is plain text, lists and dicts for Pydantic; `keys` and `nodes` know the places."""

    mark: Any
    values: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Items:
    """A list: `values` plain, `nodes` with their places."""

    mark: Any
    values: list[Any] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Document:
    """The fields of one file, or of the front matter that begins after `above` lines of it."""

    path: str
    fields: Fields
    text: str
    above: int = 0

    def place_of(self, *steps: str | int) -> tuple[int, int]:
        """Return line and column of the value that the steps lead to, or of the last thing on the way that there is."""
        node: Node = self.fields
        for step in steps:
            if isinstance(node, Fields) and step in node.nodes:
                node = node.nodes[str(step)]
            elif isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
                node = node.nodes[step]
            else:
                break
        return (1, 1) if node is self.fields else self._place(_mark(node))

    def place_of_key(self, *steps: str | int) -> tuple[int, int]:
        """Return line and column of the key that the last step names; of a list's item, where the item begins."""
        node: Node = self.fields
        for step in steps[:-1]:
            node = node.nodes[step]  # type: ignore[index, union-attr] # steps of a value that was read
        if isinstance(node, Fields) and steps[-1] in node.keys:
            return self._place(node.keys[str(steps[-1])])
        return self.place_of(*steps)

    def place_in(self, *steps: str | int, at: int) -> tuple[int, int]:
        """Return line and column of one character of a value; of the value itself where YAML wrote it otherwise.

        That is so in text that is folded, or in double quotes with a backslash before that character.
        """
        line, column = self.place_of(*steps)
        node: Any = self.fields
        for step in steps:
            node = node.nodes[step]
        value, lines = str(node.value), self.text.split("\n")
        above = value.count("\n", 0, at)
        if node.style == "|":
            behind = at - (value.rfind("\n", 0, at) + 1)
            written, source = value.split("\n")[above], lines[line - self.above + above]
            return (line + above + 1, len(source) - len(written) + behind + 1)
        start = column - 1 + (1 if node.style else 0)
        is_plain = lines[line - 1 - self.above][start : start + at + 1] == value[: at + 1]
        return (line, start + at + 1) if is_plain else (line, column)

    def style_of(self, *steps: str | int) -> str | None:
        """Return how the value that the steps lead to is written: `|`, `>`, a quote, or None for plain."""
        node: Any = self.fields
        for step in steps:
            node = node.nodes[step]
        return getattr(node, "style", None)

    def has_comment(self, *steps: str | int) -> bool:
        """Tell whether a comment follows the value that the steps lead to on its line."""
        line = self.place_of(*steps)[0] - 1 - self.above
        return " #" in "".join(self.text.split("\n")[line : line + 1])

    def problem(
        self,
        *steps: str | int,
        words: str,
        rule: str,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """Return a problem with the value that the steps lead to."""
        return Problem(self.path, *self.place_of(*steps), words, rule, hint, severity)

    def _place(self, mark: Any) -> tuple[int, int]:
        return mark.line + 1 + self.above, mark.column + 1


def decode(content: bytes, path: str, *, largest: int = LARGEST) -> str | Problem:
    """Return the text of a file, or why it is none to go on with; a byte order mark, as some editors write, goes."""
    if len(content) > largest:
        return Problem(
            path, 1, 1, f"the file is larger than {largest // 1000} KB", "too-large", "move what is long elsewhere"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        return Problem(path, line, column, "this byte is not UTF-8 text", "not-utf-8", "save the file as UTF-8")
    text = _ENDS.sub("\n", text) if "\r" in text else text
    conflict = _CONFLICT.search(text) if "<<<<<<< " in text or ">>>>>>> " in text else None
    if conflict is not None:
        line, hint = text.count("\n", 0, conflict.start()) + 1, "keep one of both versions, and delete git's marks"
        return Problem(path, line, 1, "two versions stand here that git could not merge", "merge-conflict", hint)
    return text


def read(text: str, path: str, *, above: int = 0) -> tuple[Document | None, list[Problem]]:
    """Return the fields of a YAML text and every problem with its form; `above` counts the lines over it."""
    reading = _Reading(above)
    try:
        fields = reading.document(CParser(_with_an_editor_s_lines(text)))
    except _TooDeepError as error:
        fields = None
        reading.refuse(
            error.mark, f"fields stand more than {_DEEPEST} deep in each other", "too-deep", "make it flatter"
        )
    except _TooManyError as error:
        fields = None
        words = f"more than {_MOST} fields or items stand together"
        reading.refuse(error.mark, words, "too-many-fields", "see that this is the right file")
    except YAMLError as error:
        fields = None
        reading.add_last(fault_of(error, text))
    problems = [
        Problem(path, fault.line + 1 + above, fault.column + 1, fault.words, fault.rule, fault.hint)
        for fault in reading.faults
    ]
    return (None if fields is None else Document(path, fields, text, above)), problems


def _with_an_editor_s_lines(text: str) -> str:
    """Return the text without what ends a line for YAML alone: places beneath would be those of other lines."""
    for sign in () if text.isascii() else _BREAKS:
        text = text.replace(sign, " ")  # which costs nothing where there is none; `translate` is a hundred times slower
    return text


class _TooManyError(Exception):
    def __init__(self, mark: Any) -> None:
        super().__init__()
        self.mark = mark


class _TooDeepError(Exception):
    def __init__(self, mark: Any) -> None:
        super().__init__()
        self.mark = mark


class _Reading:
    """One pass over the events of one text."""

    def __init__(self, above: int) -> None:
        self.faults: list[Fault] = []
        self._above = above
        self._event: Callable[[], Any]

    def document(self, parser: Any) -> Fields | None:
        """Return the fields of the one document in the stream."""
        self._event = parser.get_event
        self._event()
        if type(self._event()) is StreamEndEvent:
            words = "no fields stand here" if self._above else "the file is empty"
            self.faults.append(Fault(0, 0, words, "empty-file", "write fields, or delete the file"))
            return None
        event = self._event()
        node, _ = self._node(event, 1)
        while type(event) is not DocumentEndEvent:
            event = self._event()
        after = self._event()
        if type(after) is not StreamEndEvent:
            self.refuse(
                after,
                "a second document begins here",
                "second-document",
                "keep one booking a file, without `---` between",
            )
        if isinstance(node, Fields):
            return node
        self.refuse(node, "the file must hold fields", "not-fields", "write lines such as `field: value`")
        return None

    def _node(self, event: Any, depth: int) -> tuple[Node, Any]:
        """Return the node that the event begins and its plain value."""
        kind = type(event)
        if kind is AliasEvent:
            self.refuse(event, "an alias stands here", "alias", "put text that begins with `*` in quotes")
            return ScalarEvent(None, None, (True, False), "", event.start_mark), f"*{event.anchor}"
        if event.anchor is not None:
            self.refuse(event, "an anchor stands here", "anchor", "put text that begins with `&` in quotes")
        if event.tag is not None:
            self.refuse(event, "a tag stands here", "tag", "put text that begins with `!` in quotes")
        if kind is ScalarEvent:
            return event, event.value
        if depth > _DEEPEST:
            raise _TooDeepError(event.start_mark)
        if kind is MappingStartEvent:
            fields = self._fields(event, depth)
            return fields, fields.values
        items = self._items(event, depth)
        return items, items.values

    def _fields(self, start: Any, depth: int) -> Fields:
        fields = Fields(start.start_mark)
        values, keys, nodes, next_event = fields.values, fields.keys, fields.nodes, self._event
        while True:
            key = next_event()
            if type(key) is MappingEndEvent:
                return fields
            name = self._name(key, keys, depth)
            value = next_event()
            node: Node
            if type(value) is ScalarEvent and value.anchor is None and value.tag is None:
                node, plain = value, value.value  # most values: spared a call
            else:
                node, plain = self._node(value, depth + 1)
            if name is not None:
                values[name], keys[name], nodes[name] = plain, key.start_mark, node
                if len(values) > _MOST:
                    raise _TooManyError(key.start_mark)

    def _name(self, key: Any, known: dict[str, Any], depth: int) -> str | None:
        """Return the key's text, or None where its value shall be passed over."""
        if type(key) is not ScalarEvent or key.anchor is not None or key.tag is not None:
            found = len(self.faults)
            self._node(key, depth + 1)
            if type(key) is MappingStartEvent and key.flow_style:  # `{{ name }}`: fields as the name of a field
                words, hint = "braces of a template stand here", "write the value itself; braces go in quotes"
                mark = _mark(key)
                self.faults.append(Fault(mark.line, mark.column - 1, words, "wrong-kind", hint))
            elif len(self.faults) == found:
                self.refuse(
                    key, "a field's name must be one word", "wrong-field-name", "write lines such as `field: value`"
                )
            return None
        name: str = key.value
        if name == "<<" and not key.style:
            self.refuse(key, "`<<` merges other fields in", "merge", "write the fields themselves")
            return None
        if name in known:
            first = known[name].line + 1 + self._above
            self.refuse(
                key, f"field `{name}` stands twice", "repeated-field", f"keep one; the first is in line {first}"
            )
            return None
        return name

    def _items(self, start: Any, depth: int) -> Items:
        items = Items(start.start_mark)
        while True:
            event = self._event()
            if type(event) is SequenceEndEvent:
                return items
            node, plain = self._node(event, depth + 1)
            items.nodes.append(node)
            items.values.append(plain)
            if len(items.values) > _MOST:
                raise _TooManyError(event.start_mark)

    def add_last(self, fault: Fault) -> None:
        """Note why reading broke off, unless its line has been refused already: that was the reason, then."""
        if all(other.line != fault.line for other in self.faults):
            self.faults.append(fault)

    def refuse(self, at: Any, words: str, rule: str, hint: str) -> None:
        """Note what is refused, at an event, a node or a mark."""
        mark = _mark(at)
        self.faults.append(Fault(mark.line, mark.column, words, rule, hint))


def _mark(at: Any) -> Any:
    """Return where an event or a node begins; a mark is its own place."""
    return getattr(at, "start_mark", None) or getattr(at, "mark", at)
