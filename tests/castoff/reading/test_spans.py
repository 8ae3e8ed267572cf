"""Where each line of a text stands in its file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.reading.reader import read
from castoff.reading.spans import Stretch, stretches

TABLE = [
    ("a plain text", "notes: all of it\n", [[(1, 8, "all of it")]]),
    ("plain text over lines", "notes: one\n  two\n  three\n", [[(1, 8, "one"), (2, 3, "two"), (3, 3, "three")]]),
    ("a blank line ends a folded one", "notes: one\n\n  two\n", [[(1, 8, "one")], [(3, 3, "two")]]),
    ("a block", "id: a\nnotes: |\n  one\n\n    two\n", [[(3, 3, "one")], [], [(5, 5, "two")]]),
    ("a block that begins blank", "notes: |\n\n  one\n", [[], [(3, 3, "one")]]),
    ("a block with a comment in its head", "notes: |-  # for the crew\n  one\n", [[(2, 3, "one")]]),
    ("a block with its indentation said", "notes: |2\n    one\n  two\n", [[(2, 5, "one")], [(3, 3, "two")]]),
    ("a block with a comment behind it", "notes: |\n  one\n# two\nid: a\n", [[(2, 3, "one")]]),
    ("folded", "notes: >\n  one\n  two\n\n  three\n", [[(2, 3, "one"), (3, 3, "two")], [(5, 3, "three")]]),
    (
        "folded, with lines that are not",
        "notes: >\n  one\n    two\n  three\n",
        [[(2, 3, "one")], [(3, 5, "two")], [(4, 3, "three")]],
    ),
    ("single quotes", "notes: 'it''s one\n  two'\n", [[(1, 9, "it''s one"), (2, 3, "two")]]),
    ("double quotes", 'notes: "one\n  two"\n', [[(1, 9, "one"), (2, 3, "two")]]),
    (
        "breaks in double quotes",
        r'notes: "one\ntwo\n\nthree"',
        [[(1, 9, "one")], [(1, 14, "two")], [], [(1, 21, "three")]],
    ),
    (
        "escapes",
        r'notes: "\u0041\x42\\\"\U00000043 \t d\nnext"',
        [[(1, 9, r"\u0041\x42\\\"\U00000043 \t d")], [(1, 40, "next")]],
    ),
    (
        "a line that goes on in double quotes",
        'notes: "one \\\n  two\\n\n  three"',
        [[(1, 9, "one"), (2, 3, "two")], [(3, 3, "three")]],
    ),
    ("letters beyond ASCII", "notes: |\n  é 🎂 one\n  two\n", [[(2, 3, "é 🎂 one")], [(3, 3, "two")]]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_each_line_has_its_places(text: str, expected: list[list[tuple[int, int, str]]]) -> None:
    """However it is written."""
    document, problems = read(text, "a.yaml")

    assert document is not None, problems
    assert stretches(document, "notes") == [tuple(Stretch(*part) for part in line) for line in expected]


def test_front_matter_counts_the_lines_above() -> None:
    """Places are those of the file, not of the part that was read."""
    document, _ = read("notes: |\n  one\n", "a.md", above=1)

    assert document is not None
    assert stretches(document, "notes") == [(Stretch(3, 3, "one"),)]


WORDS = st.text("ab'\"\\ é:#-|>", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_what_stands_there_is_the_line(lines: list[str]) -> None:
    """In a block each line stands as it is; in double quotes, on one line, so do the letters that need no escape."""
    block = "notes: |2\n" + "".join(f"  {line}\n" for line in lines)
    document, problems = read(block, "a.yaml")

    assert document is not None, problems
    assert [[part.words for part in parts] for parts in stretches(document, "notes")] == [[line] for line in lines]
