"""A number with its noun: what an operator reads a hundred times a day."""

from __future__ import annotations

import pytest

from castoff.contract.counts import counted


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (0, "page", "0 pages"),
        (1, "page", "1 page"),
        (2, "page", "2 pages"),
        (12_000, "crew member", "12,000 crew members"),
        (1, "calendar entry", "1 calendar entry"),
        (3, "calendar entry", "3 calendar entries"),
        (3, "day", "3 days"),
    ],
)
def test_a_number_agrees_with_its_noun(count: int, noun: str, words: str) -> None:
    """One of it, none of it, thousands of it."""
    assert counted(count, noun) == words
