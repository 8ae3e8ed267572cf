"""Documents of lines: put together as canonical JSON, taken apart without being read, renewed line by line."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.contract.lines import Section, entry, name_of, pieces, same, taken_apart, whole
from castoff.contract.release import File, Site, files_of, files_of_none

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = st.dictionaries(st.text(max_size=8), st.one_of(st.integers(), st.text(max_size=8)), max_size=12)


def section(entries: dict[str, object]) -> list[bytes]:
    """Return the lines of some entries."""
    return [entry(name, entries[name]) for name in sorted(entries)]


def test_a_line_an_entry() -> None:
    """Sorted by name, fields and sections alike; nothing but newlines is added to canonical JSON."""
    text = whole({"z": 1, "b": {"y": [], "x": None}}, {"c": section({"two": 2, "one": {"b": 1, "a": "é"}}), "d": []})

    assert text.decode() == '{"b":{"x":null,"y":[]},"c":{\n"one":{"a":"é","b":1},\n"two":2\n},"d":{\n},"z":1}\n'


@given(ENTRIES, ENTRIES, ENTRIES, st.lists(st.text(max_size=8), max_size=4))
def test_a_section_renewed_is_one_written_anew(
    before: dict[str, object], other: dict[str, object], new: dict[str, object], gone: list[str]
) -> None:
    """Whatever the names are: quotes, newlines, nothing at all."""
    text = whole({"format": 1}, {"a": section(before), "b": section(other)})
    apart = taken_apart(text, ["a", "b"])
    gone = [name for name in {*gone, *list(before)[:2]} if name not in new]

    renewed = apart["a"].renewed(gone=gone, new={name: entry(name, value) for name, value in new.items()})
    untouched = apart["b"].renewed(new={})
    document = list(pieces({"format": 2}, {"a": renewed.lines(), "b": untouched.lines()}))
    after = b"".join(document)

    expected = {name: value for name, value in before.items() if name not in gone} | new
    assert after == whole({"format": 2}, {"a": section(expected), "b": section(other)})
    assert json.loads(after) == {"format": 2, "a": expected, "b": other}
    assert list(renewed.names()) == sorted(expected)
    assert renewed.count == len(expected)
    assert [renewed.line(name) for name in expected] == [entry(name, value) for name, value in expected.items()]
    assert renewed.line("nobody's name") is None
    assert list(untouched.names()) == sorted(other)
    assert (same(after, document), same(after + b"x", document), same(after[:-1], document)) == (True, False, False)
    assert same(text, document) == (text == after)


def test_a_long_text_is_never_held_twice(tmp_path: Path) -> None:
    """A season's release is renewed within a twentieth of its own size."""
    names = [f"{number:05}" for number in range(9000)]
    files = [File(Site.GUEST, f"g/{name}.html", "0" * 64, 1, "t" * 200, "", booking=name) for name in names]
    lines = [file.line() for file in files]
    text = whole({"format": 1}, {"files": lines})
    new = {"guest/g/00007.html": lines[7].replace(b"ttt", b"uuu")}

    tracemalloc.start()
    try:
        section = taken_apart(text, ["files"])["files"]
        owned, unowned = files_of(section, {"00003"}), files_of_none(section)
        renewed = section.renewed(gone=["guest/g/00005.html"], new=new)
        unchanged = same(text, pieces({"format": 1}, {"files": section.renewed(new={}).lines()}))
        count = sum(1 for _ in renewed.names())
        with (tmp_path / "release.json").open("wb") as writing:
            writing.writelines(pieces({"format": 1}, {"files": renewed.lines()}))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (owned, unowned, unchanged, count) == ({"00003": ["guest/g/00003.html"]}, [], True, 8999)
    assert (tmp_path / "release.json").read_bytes() == whole(
        {"format": 1}, {"files": [*lines[:5], lines[6], new["guest/g/00007.html"], *lines[8:]]}
    )
    assert most < len(text) / 20


@pytest.mark.parametrize("text", [b"", b"{}", b'{"a":{}}\n', b'{"b":{\n}}\n', b'{"a":{\n"x":1'])
def test_what_was_written_otherwise_is_refused(text: bytes) -> None:
    """By a ValueError, whatever it is."""
    with pytest.raises(ValueError, match="not found"):
        taken_apart(text, ["a"])


def test_a_name_is_read_to_its_end() -> None:
    """A quote within it does not end it."""
    assert name_of(entry('a":{"b', {})) == 'a":{"b'
    line = entry("é", 1)
    assert Section(line + b",\n", 0, len(line) + 2).line("é") == '"é":1'.encode()
