"""The YAML reader: text stays text, everything has its place, and nothing that hides is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.problems import Problem
from castoff.reading.reader import LARGEST, Document, decode, read


def document_of(text: str) -> Document:
    """Return the fields of a text that has no problem."""
    document, problems = read(text, "a.yaml")
    assert problems == []
    assert document is not None
    return document


@pytest.mark.parametrize(
    "text",
    ["14:30", "no", "yes", "450.10", "0123456", "1e12345", "null", "~", "2024-05-30", "0x1F", ".inf", "12_000", "<<"],
)
def test_a_scalar_stays_the_text_that_it_is(text: str) -> None:
    """What another loader makes a number, a truth or a date of is text here."""
    assert document_of(f"value: {text}").fields.values == {"value": text}


def test_every_key_and_value_has_its_place() -> None:
    """Lines and columns start at 1, in nested fields and lists as well."""
    document = document_of("# a comment\nguests:\n  count: 6\ncrew: [leo, ines]\nnotes: |\n  long\n")

    assert document.place_of_key("guests", "count") == (3, 3)
    assert document.place_of("guests", "count") == (3, 10)
    assert document.place_of("crew", 1) == (4, 13)
    assert document.place_of_key("notes") == (5, 1)
    assert document.place_of("nowhere") == (1, 1)


def test_a_comment_a_schema_line_and_a_byte_order_mark_do_no_harm() -> None:
    """Editors put them there."""
    text = decode(b"\xef\xbb\xbf# yaml-language-server: $schema=x.json\r\n---\r\nid: a\r\n", "a.yaml")

    assert isinstance(text, str)
    assert text.startswith("#")
    assert document_of(text).fields.values == {"id": "a"}


def test_columns_count_characters_not_bytes() -> None:
    """An accent before it does not move a place."""
    _, problems = read('{"é": 1, "é": 2}', "a.yaml")

    assert [(problem.line, problem.column) for problem in problems] == [(1, 10)]


def test_lines_of_front_matter_are_those_of_the_whole_file() -> None:
    """The lines above the text count."""
    _, problems = read("a: 1\na: 2\n", "a.md", above=1)

    assert problems == [
        Problem("a.md", 3, 1, "field `a` stands twice", "repeated-field", "keep one; the first is in line 2")
    ]


def test_reading_goes_on_after_what_is_refused() -> None:
    """One run tells all that is wrong with the form, and the rest is still there to be checked."""
    document, problems = read("a: &x 1\nb: *x\na: 2\n<<: {c: 3}\nd: !t 4\n[e]: 5\nf: 6\n", "a.yaml")

    assert [problem.rule for problem in problems] == [
        *("anchor", "alias", "repeated-field", "merge", "tag", "wrong-field-name")
    ]
    assert document is not None
    assert document.fields.values["f"] == "6"


def test_what_is_refused_is_not_repeated() -> None:
    """A figure behind a stray sign must not end up in a log."""
    _, problems = read("revenue: *84075\nfee: &84075 x\nnet: !84075 x\n", "a.yaml")

    assert not any("84075" in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("content", "place", "rule"),
    [
        (b"ab\nc\xc3\xa9\xff", (2, 3), "not-utf-8"),
        (b"\xff\xfea\x00", (1, 1), "not-utf-8"),
        (b"x" * (LARGEST + 1), (1, 1), "too-large"),
    ],
)
def test_bytes_that_are_no_text_are_told_with_their_place(content: bytes, place: tuple[int, int], rule: str) -> None:
    """What cannot be decoded is a problem like any other."""
    problem = decode(content, "a.yaml")

    assert isinstance(problem, Problem)
    assert (problem.line, problem.column, problem.rule) == (*place, rule)


def test_a_file_may_be_as_large_as_it_is_said() -> None:
    """The bound itself is within it."""
    assert decode(b"x" * 64_000, "a.yaml") == "x" * 64_000
    assert isinstance(decode(b"x" * 64_001, "a.yaml"), Problem)


@pytest.mark.parametrize(
    ("description", "steps", "place"),
    [
        ("a value", ("a", "b"), (4, 6)),
        ("what is not there, and would be elsewhere", ("x", "c"), (1, 1)),
        ("what is not in there, and would be beside it", ("a", "c"), (4, 3)),
        ("a value behind a sign that ends lines for YAML alone", ("d", 1), (6, 10)),
    ],
)
def test_a_place_is_that_of_the_last_thing_on_the_way(
    description: str, steps: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    """In the lines of the whole file."""
    document, _ = read("a:\n  b: 1 # one\nc: 2\nd: [a\u2028b, 3]\n", "a.md", above=2)

    assert document is not None
    assert document.place_of(*steps) == place, description
    assert document.has_comment(*steps) == (place[0] == 4)


PIECES = [
    "a",
    ": ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    '"',
    "|",
    ">",
    "&x ",
    "*x",
    "!t ",
    "#",
    "%",
    "@",
    "`",
]


@given(st.lists(st.sampled_from([*PIECES, "\t", "---", "...", "?", "<<", "\\", "\x00", "\x85", "\u2028", "é"])))
def test_no_text_is_too_broken_to_be_told_about(pieces: list[str]) -> None:
    """Whatever is typed, there are fields or there is a problem within the file, and never a traceback."""
    text = "".join(pieces)

    document, problems = read(text, "a.yaml")

    assert document is not None or problems
    assert all(problem.line >= 1 and problem.column >= 1 and problem.hint for problem in problems)


@given(st.binary(max_size=200))
def test_no_bytes_are_too_broken_either(content: bytes) -> None:
    """Decoding gives text that can be read, or a problem."""
    text = decode(content, "a.yaml")

    if isinstance(text, str):
        read(text, "a.yaml")
