"""What was planted is found in whatever form a program wrote it."""

from __future__ import annotations

import base64
import json
from random import Random
from urllib.parse import quote

import pytest

from castoff.privacy.traces import number_mark, traces, word_mark

WORD, NUMBER = word_mark(Random(1)), number_mark(Random(1))  # noqa: S311 - marks, no secrets
FORMS = [
    ("plain", f"so {NUMBER}.17 it is"),
    ("in a longer number", f"1{NUMBER}9"),
    ("with commas", f"{int(NUMBER):,}.17"),
    ("with narrow spaces", f"{int(NUMBER):,}".replace(",", "\u202f")),
    ("with points", f"{int(NUMBER):,}".replace(",", ".")),
    ("as base64", base64.b64encode(f"a{NUMBER}.17".encode()).decode()),
    ("as base64 of addresses, in the middle", f"k={base64.urlsafe_b64encode(f'aé{NUMBER}.17?'.encode()).decode()}"),
    ("in hex", NUMBER.encode().hex()),
    ("as HTML's numbers", "".join(f"&#{ord(digit)};" for digit in NUMBER)),
    ("as JSON's escapes", "".join(f"\\u{ord(digit):04x}" for digit in NUMBER)),
    ("as in addresses", "".join(f"%{ord(digit):02X}" for digit in NUMBER)),
    ("in capitals", WORD.upper()),
    ("in a name", f"Dana {WORD.title()}'s"),
    ("in an address", quote(f"/g/{WORD}.html")),
    ("in JSON", json.dumps({WORD: 1})),
    ("folded in a calendar file", f"DESCRIPTION:{WORD[:5]}\r\n {WORD[5:]}"),
]


@pytest.mark.parametrize("text", [row[1] for row in FORMS], ids=[row[0] for row in FORMS])
def test_a_mark_is_found_in_every_form(text: str) -> None:
    """Thousands with separators, encodings, escapes, capitals, folded lines."""
    assert {mark for mark, _ in traces(text.encode(), {WORD, NUMBER}, deep=True)} <= {WORD, NUMBER}
    assert [*traces(text.encode(), {WORD, NUMBER}, deep=True)]


def test_the_line_is_told() -> None:
    """Where the mark stands as it is."""
    assert [*traces(f"\n\nso {WORD}".encode(), {WORD}, deep=False)] == [(WORD, 3)]


def test_what_was_not_planted_is_not_found() -> None:
    """Other numbers and words, however alike."""
    assert [*traces(f"{int(NUMBER) + 1} {WORD[:-1]}".encode(), {WORD, NUMBER}, deep=True)] == []
