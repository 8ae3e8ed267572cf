"""Documents: one canonical form, and refusals that name the place."""

from __future__ import annotations

import pytest

from castoff.contract.document import DocumentError, canonical, digest, parse


def test_equal_values_have_equal_bytes() -> None:
    """The order in which fields were written does not show."""
    assert canonical({"b": 1, "a": "ü"}) == canonical({"a": "ü", "b": 1}) == '{"a":"ü","b":1}\n'
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})


@pytest.mark.parametrize(
    ("description", "text", "words"),
    [
        ("no JSON", "{", "state.json is not JSON"),
        ("no object", "[]", "state.json must be an object"),
        ("no format", "{}", "state.json.format must be a number"),
        ("a newer format", '{"format": 2}', "state.json has format 2; this castoff reads 1"),
        ("a boolean for a number", '{"format": true}', "state.json.format must be a number"),
    ],
)
def test_what_is_no_document_is_refused(description: str, text: str, words: str) -> None:
    """Unknown is refused with its place, never guessed."""
    with pytest.raises(DocumentError) as refused:
        parse(text, name="state.json")

    assert str(refused.value).startswith(words), description


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ("text", "here.x must be a string"),
        ("integer", "here.x must be a number"),
        ("number", "here.x must be a number"),
        ("mapping", "here.x must be an object"),
        ("texts", "here.x must hold strings"),
    ],
)
def test_fields_of_another_kind_are_refused(reading: str, words: str) -> None:
    """A field is read as what it is, or refused by its name."""
    fields = parse('{"format": 1, "x": [1]}', name="here")

    with pytest.raises(DocumentError) as refused:
        getattr(fields, reading)("x")

    assert str(refused.value) == words
