"""Remarks are told at their places, whatever became of the file since it was read."""

from __future__ import annotations

import pytest

from castoff.fleet.sources import Sources
from castoff.pages.projection import HeldBack
from castoff.remarks import held_back


@pytest.mark.parametrize(
    ("description", "now", "place"),
    [
        ("as it was", b"notes: |\n  shade\n  paid $840\n", (3, 3)),
        ("a line fewer", b"notes: shade\n", (1, 1)),
        ("no such field", b"id: a7kq4wt\n", (1, 1)),
        ("a list by now", b"notes: [shade, paid]\n", (1, 1)),
        ("no YAML", b"notes: [\n", (1, 1)),
        ("no text", b"\xff", (1, 1)),
        ("empty", b"", (1, 1)),
    ],
)
def test_a_line_that_is_gone_is_told_of_at_the_first(description: str, now: bytes, place: tuple[int, int]) -> None:
    """Somebody saves while castoff builds: it is told what was read, and sees no traceback."""
    sources = Sources(b"", {"a7kq4wt": now}, {}, {}, ())

    [problem] = held_back(sources, [HeldBack("a7kq4wt", "notes", 2)])

    assert (problem.line, problem.column) == place, description
