"""JSON of which large objects stand a line an entry: put together from lines, taken apart into lines, never read.

A release of ten thousand bookings has sixty thousand entries; to change one, only its line is written anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_END: Final = b",\n"
_encode: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def entry(name: str, value: Any) -> bytes:
    """Return one entry's line, without the comma and the newline that part it from the next."""
    return f"{quoted(name)}:{_encode(value)}".encode()


def quoted(text: str) -> str:
    """Return a string as canonical JSON has it."""
    return _encode(text)


def whole(fields: Mapping[str, Any], sections: Mapping[str, Iterable[bytes]]) -> bytes:
    """Return the document of these fields and sections, sorted by name; a section's lines come sorted by theirs."""
    return b"".join(pieces(fields, sections))


def pieces(
    fields: Mapping[str, Any], sections: Mapping[str, Iterable[bytes | memoryview]]
) -> Iterator[bytes | memoryview]:
    """Yield that document piece by piece, so that a long one is never held whole."""
    for number, name in enumerate(sorted({*fields, *sections})):
        yield b"," if number else b"{"
        if name not in sections:
            yield entry(name, fields[name])
            continue
        yield quoted(name).encode() + b":{\n"
        empty = True
        for line in sections[name]:
            if not empty:
                yield _END
            yield line
            empty = False
        yield b"}" if empty else b"\n}"
    yield b"}\n"


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one section, sorted by what they are of: a part of a longer text, which is never copied.

    Each ends with a newline, and before it a comma where another follows.
    """

    text: bytes
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self.text.count(b"\n", self.first, self.last)

    def names(self) -> Iterator[str]:
        """Yield what each line is of."""
        return self._names(self.first, self.last)

    def line(self, name: str) -> bytes | None:
        """Return a line without what ends it, None where there is none."""
        start, end = self._place(name)
        return bytes(self._bare(start, end)) or None

    def renewed(self, *, gone: Iterable[str] = (), new: Mapping[str, bytes]) -> Renewed:
        """Return the section without the lines that are gone, and with new ones in their places or over old ones."""
        cuts = [(*self._place(name), name, b"") for name in gone]
        cuts += [(*self._place(name), name, line) for name, line in new.items()]
        return Renewed(self, tuple(sorted(cuts)))

    def _names(self, start: int, stop: int) -> Iterator[str]:
        while start < stop:
            end = self.text.index(b"\n", start) + 1
            yield name_of(self.text[start:end])
            start = end

    def _bare(self, start: int, stop: int) -> memoryview:
        """Return some lines in a row without what ends the last of them."""
        ending = (_END if self.text.startswith(_END, stop - 2) else b"\n") if start < stop else b""
        return memoryview(self.text)[start : stop - len(ending)]

    def _place(self, name: str) -> tuple[int, int]:
        """Return where a line begins and ends, or twice where it would begin; looks at one line in some thousands."""
        text, low, high = self.text, self.first, self.last
        while low < high:
            middle = (low + high) // 2
            start = text.rfind(b"\n", low, middle) + 1 or low
            end = text.index(b"\n", start) + 1
            found = name_of(text[start:end])
            if found == name:
                return start, end
            if found < name:
                low = end
            else:
                high = start
        return low, low


@dataclass(frozen=True, slots=True)
class Renewed:
    """A section with other lines in some places: from where, to where, of what, and the line, empty for none."""

    section: Section
    cuts: tuple[tuple[int, int, str, bytes], ...]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self.section.count + sum(bool(line) - (start < stop) for start, stop, _, line in self.cuts)

    def names(self) -> Iterator[str]:
        """Yield what each line is of."""
        section, done = self.section, self.section.first
        for start, stop, name, line in self.cuts:
            yield from section._names(done, start)  # noqa: SLF001 - the two are one
            if line:
                yield name
            done = stop
        yield from section._names(done, section.last)  # noqa: SLF001 - as above

    def line(self, name: str) -> bytes | None:
        """Return a line without what ends it, None where there is none."""
        cut = {other: line for *_, other, line in self.cuts}
        return (cut[name] or None) if name in cut else self.section.line(name)

    def lines(self) -> Iterator[bytes | memoryview]:
        """Yield the lines in order, many at a time where none of them is new, for `pieces`."""
        section, done = self.section, self.section.first
        for start, stop, _, line in self.cuts:
            if done < start:
                yield section._bare(done, start)  # noqa: SLF001 - as above
            if line:
                yield line
            done = stop
        if done < section.last:
            yield section._bare(done, section.last)  # noqa: SLF001 - as above


def taken_apart(text: bytes, names: Iterable[str]) -> dict[str, Section]:
    """Return these sections of a text that `whole` wrote; raise ValueError where it has another form."""
    found: dict[str, Section] = {}
    openings = [f"{quoted(name)}:{{\n".encode() for name in sorted(names)]
    starts: list[int] = []
    for (
        opening
    ) in openings:  # first all of them: a few letters are found ten times as fast as the two that end a section
        starts.append(text.index(opening, starts[-1] if starts else 0) + len(opening))
    for name, first, behind in zip(sorted(names), starts, [*starts[1:], len(text)], strict=True):
        last = text.rindex(b"\n}", first - 1, behind)
        found[name] = Section(text, first, max(first, last + 1))
    return found


def same(text: bytes, document: Iterable[bytes | memoryview]) -> bool:
    """Tell whether a text is the one that comes piece by piece."""
    at = 0
    for piece in document:
        if not text.startswith(piece, at):
            return False
        at += len(piece)
    return at == len(text)


def names_in(lines: Iterable[bytes], name: str) -> Iterator[str]:
    """Yield what each line of a section is of, from the lines of a document; no more than one is ever held."""
    within = False
    for line in lines:
        if within and line.startswith(b"}"):
            return
        if within:
            yield name_of(line)
        else:
            within = line.endswith(f"{quoted(name)}:{{\n".encode())


def name_of(line: bytes) -> str:
    """Return the name that an entry's line begins with."""
    end = line.index(b'"', 1)
    if b"\\" not in line[:end]:
        return line[1:end].decode()
    name: str = json.JSONDecoder().raw_decode(line.decode())[0]
    return name
