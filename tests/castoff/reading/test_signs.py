"""Signs that look like plain ones: found where they do harm, left alone where people write."""

from __future__ import annotations

import pytest

from castoff.fleet.booking import parse_booking
from castoff.reading.forms import FormError
from castoff.reading.reader import read
from castoff.reading.signs import odd_sign, odd_structure
from castoff.reading.texts import parse_line, parse_text

BOOKING = """\
id: a7kq4wt
source: direct
status: confirmed
vessel: lark
dock: pier
starts: 2024-06-01 10:00
duration: 3h
captain: maya
guests:
  count: 4
  lead: Dana R.
"""


@pytest.mark.parametrize(
    ("text", "at", "name"),
    [
        ("lark\u00a0", 4, "a non-breaking space"),
        ("a\u2013b", 1, "a long dash"),
        ("\u201clark\u201d", 0, "a curly quote"),
        ("\u201elark\u201c", 0, "a curly quote"),
        ("\uff14", 0, "a double-width sign"),
        ("l\u0430rk", 1, "a Cyrillic letter"),
        ("la\u200brk", 2, "a sign that nobody sees"),
        ("\u0664", 0, "a digit of another script"),
    ],
)
def test_a_sign_is_told_by_its_place_and_name(text: str, at: int, name: str) -> None:
    """The operator cannot see what is wrong with it, so it is said."""
    odd = odd_sign(text)

    assert odd is not None
    assert (odd.at, odd.name) == (at, name)


@pytest.mark.parametrize("text", ["lark", "café", "Zoë", "\N{GRINNING FACE}", ""])
def test_a_sign_like_no_other_is_not_odd(text: str) -> None:
    """Accents and emoji are what they look like."""
    assert odd_sign(text) is None


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("vessel:\u00a0lark", 7),
        ("vessel\uff1a lark", 6),
        ("\u00a0\u00a0count: 4", 0),
        (" \u3000count: 4", 1),
        ("requests: a\u00a0cane", None),
        ("vessel: lark", None),
    ],
)
def test_a_line_is_told_what_keeps_it_from_being_one(line: str, at: int | None) -> None:
    """Only before a field and behind its colon does a space of print do harm."""
    odd = odd_structure(line)

    assert (None if odd is None else odd.at) == at


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("count: 4", "count: \uff14", (10, 10)),
        ("vessel: lark", 'vessel: "lark\u00a0"', (4, 14)),
        ("captain: maya", "captain: maya\ncrew: [leo, in\u200bes]", (9, 15)),
        ("  count: 4", "\u00a0\u00a0count: 4", (10, 1)),
        ("status: confirmed", "status: \u201cconfirmed\u201d", (3, 9)),
        ("starts: 2024-06-01", "starts: 2024\u201306\u201301", (6, 13)),
    ],
)
def test_the_place_is_that_of_the_very_sign(old: str, new: str, place: tuple[int, int]) -> None:
    """An editor's cursor stands before it."""
    problems = parse_booking(BOOKING.replace(old, new), "bookings/a7kq4wt.yaml").problems

    assert place in [(problem.line, problem.column) for problem in problems if problem.rule == "odd-sign"]


def test_free_text_may_hold_any_of_them_but_not_stand_in_quotes_of_print() -> None:
    """People write dashes and curly quotes; a name within them would be shown with them."""
    assert parse_text("“Please” help – a cane")
    assert parse_line("Maya’s “Lark”, a sloop")

    with pytest.raises(FormError):
        parse_line("“Dana R.”")


@pytest.mark.parametrize(
    ("text", "at", "place"),
    [
        ("notes: one two", 4, (1, 12)),
        ("notes: 'one two'", 4, (1, 13)),
        ('notes: "\\u0041 two"', 2, (1, 8)),
        ("notes: |\n  one\n  two\n", 5, (3, 4)),
        ("notes: |\n\n  one\n\n    two\n", 1, (3, 3)),
        ("notes: |\n\n  one\n\n    two\n", 8, (5, 5)),
        ("notes: >\n  one\n  two\n", 5, (1, 8)),
    ],
)
def test_a_character_of_a_value_has_its_place(text: str, at: int, place: tuple[int, int]) -> None:
    """Within a block of lines, too; where YAML wrote a value otherwise it is the value's own."""
    document, _ = read(text, "a.yaml")

    assert document is not None
    assert document.place_in("notes", at=at) == place


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_lines_are_those_of_an_editor(sign: str) -> None:
    """YAML 1.1 ends a line at more signs than any editor, and places beneath would be off."""
    document, _ = read(f"notes: a{sign}b\nvessel: lark\n", "a.yaml")

    assert document is not None
    assert document.place_of("vessel") == (2, 9)
