"""Calendar files by their form: lines as RFC 5545 folds and ends them, parts that close, what an entry must have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_OCTETS: Final = 75
"""A line's length without its end, RFC 5545 section 3.1."""
_LINE: Final = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(;[A-Za-z0-9-]+=(\"[^\"]*\"|[^\";:,]*)(,(\"[^\"]*\"|[^\";:,]*))*)*:.*"
)
_TEXTS: Final = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION"})
_ESCAPED: Final = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
"""What a text may be, RFC 5545 section 3.3.11."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NEEDED: Final = {
    "VCALENDAR": ("VERSION", "PRODID", "VEVENT"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART"),
    "VTIMEZONE": ("TZID",),
}
_HINT: Final = "this is castoff's own fault: please report it"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that is open: its name, the line at which it began, and what it has so far."""

    name: str
    begun: int
    holds: set[str] = field(default_factory=set)


def calendar_problems(body: bytes, path: str) -> Iterator[Problem]:
    """Yield what keeps a phone from reading a calendar file."""
    lines = body.split(b"\r\n")
    if lines[-1]:
        yield Problem(path, len(lines), 1, "the last line has no end", "broken-calendar", _HINT)
    for number, line in enumerate(lines, 1):
        if len(line) > _OCTETS:
            words = f"the line has {len(line)} bytes, and calendars take {_OCTETS}"
            yield Problem(path, number, 1, words, "broken-calendar", _HINT)
        found = _CONTROL.search(line.decode(errors="replace"))
        if found is not None:
            words = "a sign stands here that no calendar takes"
            yield Problem(path, number, found.start() + 1, words, "broken-calendar", _HINT)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        yield Problem(path, 1, 1, "the file is not UTF-8", "broken-calendar", _HINT)
    else:
        yield from _parts(text, path)


def _parts(text: str, path: str) -> Iterator[Problem]:
    """Yield lines that are no properties, parts that do not close, and parts that lack what they must have."""
    parts = [_Part("", 1)]
    for number, line in _unfolded(text):
        found = _LINE.fullmatch(line)
        name, value = ("", "") if found is None else (found["name"].upper(), line.partition(":")[2])
        if found is None:
            yield Problem(path, number, 1, "this is no line of a calendar", "broken-calendar", _HINT)
        elif name in _TEXTS and not _ESCAPED.fullmatch(value):
            words = f"`{name}` has a sign that wants a backslash before it"
            yield Problem(path, number, 1, words, "broken-calendar", _HINT)
        elif name == "END" and parts[-1].name != value:
            yield Problem(path, number, 1, f"`END:{value}` closes nothing that is open", "broken-calendar", _HINT)
            return
        elif name == "END":
            yield from _lacking(parts.pop(), path)
        else:
            parts[-1].holds.add(value if name == "BEGIN" else name)
            parts += [_Part(value, number)] if name == "BEGIN" else []
    for part in parts[1:]:
        yield Problem(path, part.begun, 1, f"`BEGIN:{part.name}` is never closed", "broken-calendar", _HINT)
    if not parts[0].holds:
        yield Problem(path, 1, 1, "there is no calendar in this file", "broken-calendar", _HINT)


def _lacking(part: _Part, path: str) -> Iterator[Problem]:
    for needed in _NEEDED.get(part.name, ()):
        if needed not in part.holds:
            words = f"this `{part.name}` has no `{needed}`"
            yield Problem(path, part.begun, 1, words, "broken-calendar", _HINT)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each whole line with the number at which it begins."""
    begun, whole = 0, ""
    for number, line in enumerate(text.removesuffix("\r\n").split("\r\n"), 1):
        if line.startswith((" ", "\t")) and begun:
            whole += line[1:]
            continue
        if begun:
            yield begun, whole
        begun, whole = number, line
    if begun:
        yield begun, whole
