"""Values planted at the place of others, and nothing else in the file changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import Drawn, valid_bookings

from castoff.privacy.planting import has_value, names_at, planted, value_at, with_field, with_paragraph
from castoff.reading.reader import decode, read

TABLE = [
    ("plain", "a: 1\nb: 2 # why\nc: 3\n", ("b",), 'a: 1\nb: "x" # why\nc: 3\n'),
    ("in quotes", "a: '1'\nb: \"2\"\n", ("b",), "a: '1'\nb: \"x\"\n"),
    ("inside", "f:\n  a: 1.50 \n  b: 2\n", ("f", "a"), 'f:\n  a: "x" \n  b: 2\n'),
    ("on one line", "f: {a: 1, b: 2}\n", ("f", "a"), 'f: {a: "x", b: 2}\n'),
    ("in a list", "a: [1, 2]\n", ("a", 1), 'a: [1, "x"]\n'),
    ("a block keeps its lines", "a: |\n  1\n  2\nb: 3\n", ("a",), 'a: "x"\n\n\nb: 3\n'),
    ("as other systems end lines", "a: 1\r\nb: 2\r\nc: |\r\n  3\r\n", ("b",), 'a: 1\r\nb: "x"\r\nc: |\r\n  3\r\n'),
    ("behind letters that take more bytes", "a: é🎂\nb: ü # é\n", ("b",), 'a: é🎂\nb: "x" # é\n'),
    ("behind a byte order mark", "\ufeffa: 1\nb: 2\n", ("a",), '\ufeffa: "x"\nb: 2\n'),
    ("at the head of Markdown", "---\na: 1\nb: 2\n---\na: 1\n", ("b",), '---\na: 1\nb: "x"\n---\na: 1\n'),
    ("where there is none", "a: 1\n", ("b", "c"), "a: 1\n"),
    ("where the list is shorter", "a: []\n", ("a", 0), "a: []\n"),
    ("where fields stand", "a: {b: 1}\n", ("a",), "a: {b: 1}\n"),
    ("in what cannot be read", "a: [1\n", ("a",), "a: [1\n"),
]


@pytest.mark.parametrize(("text", "steps", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_value_is_replaced_where_it_stands(text: str, steps: tuple[str | int, ...], expected: str) -> None:
    """Comments, quotes and ends of lines around it stay as they are."""
    assert planted(text.encode(), {steps: "x"}) == expected.encode()


@settings(max_examples=30)
@given(valid_bookings(), st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30))
def test_what_is_planted_is_read_and_the_rest_as_before(booking: Drawn, value: str) -> None:
    """However a booking is written."""
    values = {("finance", name): "123456789.17" for name in booking.fields.get("finance", ())}
    values |= {("guests", "lead"): value}

    text = decode(planted(booking.text.encode(), values), booking.path)

    assert isinstance(text, str)
    document, problems = read(text, booking.path)
    assert document is not None, problems
    expected = {**booking.fields, "guests": {**booking.fields["guests"], "lead": value}}
    if "finance" in booking.fields:
        expected["finance"] = dict.fromkeys(booking.fields["finance"], "123456789.17")
    assert document.fields.values == expected


def test_a_field_is_added_where_it_changes_no_other() -> None:
    """A file on one line, or one that ends its document, is left as it is."""
    more = {"revenue": "1.17"}

    assert with_field(b"a: 1", "finance", more) == b'a: 1\nfinance: {"revenue": "1.17"}\n'
    assert with_field(b"a: |+\n  1\n\n", "finance", more).startswith(b"a: |+\n  1\n\nfinance")
    assert with_field(b"{a: 1}\n", "finance", more) == b"{a: 1}\n"
    assert with_field(b"a: 1\n...\n", "finance", more) == b"a: 1\n...\n"


def test_a_file_is_asked_what_it_says() -> None:
    """Of settings, bookings and content alike."""
    body = b"---\nrole: crew\ntargets: {one: {}, two: {}}\n---\n\nBody.\n"

    assert value_at(body, "role") == "crew"
    assert value_at(body, "targets") is None
    assert names_at(body, "targets") == ("one", "two")
    assert has_value(body, ("role",))
    assert not has_value(body, ("email",))
    assert with_paragraph(body, "More.") == body[:-1] + b"\n\nMore.\n"
