"""Broken YAML in words that whoever runs charters understands: libyaml's complaint becomes place, words and hint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from yaml import MarkedYAMLError
from yaml.reader import ReaderError

from castoff.reading.signs import odd_structure

if TYPE_CHECKING:
    from yaml import YAMLError

_QUOTES: Final = "put the value in quotes"
_CLOSE: Final = "close it, with the kind of quote that opens it"
_COLUMNS: Final = "lines that belong together begin at one column"
_UNEVEN: Final = re.compile(r"(?P<indent> *)(?:- +)?[\w-]+")
_CROWDED: Final = re.compile(r" *(?P<name>[\w-]+:)(?=[^\s:/])")
_CROWDED_ITEM: Final = re.compile(r"(?P<indent> *)-(?=[^\s-])[^:]*$")
_BEGINS_TEXT: Final = re.compile(r" *(?:- +)?[\w-]+: +[|>][+-]?\s*")
_SPACES: Final = {2: "two spaces", 4: "four spaces", 6: "six spaces"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the form of a text; line and column start at 0."""

    line: int
    column: int
    words: str
    rule: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class _Case:
    """One complaint of libyaml, by parts of its problem and its context, in an operator's words."""

    problem: str
    context: str
    words: str
    hint: str
    opens: bool = False
    """Whether the place to look at is where the broken thing opens, rather than where it broke."""


_CASES: Final = (
    _Case("cannot start any token", "", "a value cannot begin with {character}", _QUOTES),
    _Case(
        "mapping values are not allowed",
        "",
        "a colon stands where none can be",
        _QUOTES,
    ),
    _Case("could not find expected ':'", "", "this line has no colon", "write `field: value`", opens=True),
    _Case("end of stream", "quoted scalar", "the quote that opens here is never closed", _CLOSE, opens=True),
    _Case("document indicator", "quoted scalar", "the quote that opens here is never closed", _CLOSE, opens=True),
    _Case("", "quoted scalar", "a backslash stands in double quotes", "use single quotes"),
    _Case("expected node content", "", "a value is missing here", "write it, or take the comma away"),
    _Case(
        "",
        "flow sequence",
        "the list that opens here lacks a comma or its `]`",
        "write it like `[one, two]`",
        opens=True,
    ),
    _Case(
        "",
        "flow mapping",
        "the fields that open here lack a comma or their `}`",
        "write them like `{one: 1, two: 2}`",
        opens=True,
    ),
    _Case("", "scanning an alias", "a value cannot begin with `*`", _QUOTES, opens=True),
    _Case("", "scanning an anchor", "a value cannot begin with `&`", _QUOTES, opens=True),
    _Case("", "scanning a tag", "a value cannot begin with `!`", _QUOTES, opens=True),
    _Case("<document start>", "", "a second document begins here", "keep one booking a file"),
    _Case("", "block", "this line does not begin where the lines around it do", _COLUMNS),
    _Case("", "", "this is not YAML: {problem}", _COLUMNS),
)


def fault_of(error: YAMLError, text: str) -> Fault:
    """Return the fault that an error of libyaml stands for; its message is the last resort."""
    if isinstance(error, ReaderError):
        return _unreadable(error, text)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Fault(0, 0, "this is not YAML", "broken-yaml", _COLUMNS)
    problem, context, at = str(error.problem), str(error.context), error.problem_mark
    character = text[at.index : at.index + 1]
    crooked = _out_of_line(text, at) if "mapping values" in problem else _crowded(text, error.context_mark)
    crooked = crooked or _unindented(text, error.context_mark or at) or _crowded_item(text, error.context_mark or at)
    seen = _odd_structure(text, at.line) or crooked or _commented(text, context, error.context_mark)
    if seen is not None:
        return seen
    if character == "\t":
        return Fault(at.line, at.column, "a tab stands where only spaces may", "tab", "indent with spaces")
    if "block" in context and text[: at.index].rpartition("\n")[2].strip():
        return Fault(
            at.line, at.column, "this stands where nothing can follow", "broken-yaml", "put the whole value in quotes"
        )
    case = next(case for case in _CASES if case.problem in problem and case.context in context)
    if case.opens and error.context_mark is not None:
        at = error.context_mark
    named = "a backtick" if character == "`" else f"`{character}`"
    words = case.words.replace("{character}", named).replace("{problem}", problem)
    return Fault(at.line, at.column, words, "broken-yaml", case.hint)


def _commented(text: str, context: str, opens: Any) -> Fault | None:
    """Return the fault of a comment within brackets, where a value that begins with `#` was meant."""
    line = "" if opens is None or "flow" not in context else _line(text, opens.line)
    found = line.find(" #", opens.column) if line else -1
    if found < 0:
        return None
    words = "a comment begins at this `#`, before the brackets on this line are closed"
    return Fault(opens.line, found + 1, words, "broken-yaml", 'put the value in quotes, such as `"#0b4f6c"`')


def _out_of_line(text: str, at: Any) -> Fault | None:
    """Return the fault of a field that does not begin where those around it do: YAML takes it for more of the value."""
    found = _UNEVEN.fullmatch(_line(text, at.line)[: at.column])
    if found is None or not found["indent"]:
        return None
    above = next((line for line in reversed(text.split("\n")[: at.line]) if line.strip()), "")
    words = "this line does not begin where the one above it does"
    hint = f"begin it in column {len(above) - len(above.lstrip(' ')) + 1}"
    return Fault(at.line, len(found["indent"]), words, "broken-yaml", hint)


def _crowded(text: str, at: Any) -> Fault | None:
    """Return the fault of a field without a space behind its colon: YAML takes both for one word."""
    found = None if at is None else _CROWDED.match(_line(text, at.line))
    if found is None:
        return None
    words = "a space is missing behind the colon"
    return Fault(at.line, found.end("name"), words, "broken-yaml", "write `field: value`")


def _unindented(text: str, at: Any) -> Fault | None:
    """Return the fault of a text that begins at the margin, beneath the sign that begins it: YAML takes none of it."""
    above = next((line for line in reversed(text.split("\n")[: at.line]) if line.strip()), "")
    if not _BEGINS_TEXT.fullmatch(above):
        return None
    column = len(above) - len(above.lstrip(" ")) + 2
    words = "this line does not belong to the text above it"
    return Fault(at.line, at.column, words, "broken-yaml", f"begin it with {_SPACES.get(column, f'{column} spaces')}")


def _crowded_item(text: str, at: Any) -> Fault | None:
    """Return the fault of an item of a list without a space behind its hyphen."""
    found = _CROWDED_ITEM.match(_line(text, at.line))
    if found is None:
        return None
    words = "a space is missing behind the hyphen"
    return Fault(at.line, found.end("indent") + 1, words, "broken-yaml", "write each item like `- one`")


def _odd_structure(text: str, line: int) -> Fault | None:
    """Return the fault of a space or a colon that only looks like one, in the line that broke or the one above."""
    for number in (line - 1, line):
        odd = odd_structure(_line(text, number))
        if odd is not None:
            return Fault(number, odd.at, odd.words, "odd-sign", odd.hint)
    return None


def _line(text: str, number: int) -> str:
    """Return a line, empty before the first and after the last, where libyaml notices what is missing."""
    return "".join(text.split("\n")[number : number + 1]) if number >= 0 else ""


def _unreadable(error: ReaderError, text: str) -> Fault:
    """Return the fault for a character that no YAML text may hold; libyaml gives its place in bytes."""
    before = text.encode()[: error.position].decode(errors="ignore")
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    return Fault(
        line,
        column,
        "an invisible control character stands here",
        "control-character",
        "delete it and type the text anew",
    )
