"""Files as no editor leaves them, by the hundred: always problems in words, never a traceback, always within bounds.

`CASTOFF_PROOF=1` asks ten thousand.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fuzz.judged import wrong_with
from fuzz.runner import BYTES, SECONDS
from hostile.places import FILES, File, written_as_yaml
from hypothesis import example, given
from hypothesis import strategies as st

from castoff.fleet.booking import parse_booking
from castoff.reading.bodies import items, to_html
from castoff.reading.prose import is_tangled, wrong_in_prose
from castoff.reading.reader import LARGEST, decode

if TYPE_CHECKING:
    from castoff.problems import Problem

RUNNER = Path(__file__).with_name("runner.py")
INPUTS = 10_000 if os.environ.get("CASTOFF_PROOF") else 160
SHARES = 2
"""Processes at a time."""


def test_broken_files_are_told_within_bounds(tmp_path: Path) -> None:
    """Each input is checked within a second of a processor and 200 MB; each problem has place, rule, hint and words."""
    runners = [
        subprocess.Popen(
            [sys.executable, RUNNER, tmp_path / str(share), str(share * INPUTS // SHARES), str(INPUTS // SHARES)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in range(SHARES)
    ]

    told = [json.loads(line) for runner in runners for line in runner.communicate()[0].splitlines()]

    assert [one for one in told if "wrong" in one] == []
    assert sum(one.get("inputs", 0) for one in told) == INPUTS
    assert max(one.get("worst_seconds", 0) for one in told) <= SECONDS
    assert max(one.get("peak_bytes", 0) for one in told) <= 2 * BYTES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
@given(content=st.binary(max_size=400))
@example(content=b"\xff\xfe")
@example(content=b"\xef\xbb\xbf")
@example(content=b"a: \xed\xa0\x80")
def test_any_bytes_are_told(file: File, content: bytes) -> None:
    """Whatever the bytes of a file of any kind, what is wrong with them is told."""
    assert list(wrong_with(problems_of(file, content), {file.path: content})) == []


PLAIN = st.text(max_size=30)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(PLAIN, max_size=3) | st.dictionaries(PLAIN, inner, max_size=4), max_leaves=12
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
@given(fields=st.data())
def test_any_values_are_told(file: File, fields: st.DataObject) -> None:
    """Fields that there are, with values of every shape, and fields that there are not: told each in its place."""
    names = st.sampled_from(sorted(file.model.model_fields)) | PLAIN
    drawn = fields.draw(st.dictionaries(names, VALUES, max_size=6))
    content = file.text(put={**file.fields, **drawn}).encode(errors="surrogatepass")

    assert list(wrong_with(problems_of(file, content), {file.path: content})) == []


SLOW = [
    "[](",
    "[a](",
    "![",
    "[",
    "*a",
    "`a",
    "` ",
    "> ",
    "* ",
    "- [ ] * ",
    "1. ",
    "\\",
    "a\n===\n",
    "x\n",
    "&#1;",
    "<b>",
]


@pytest.mark.parametrize("token", SLOW)
def test_a_body_costs_no_more_than_its_size(token: str) -> None:
    """Signs that Markdown goes over again and again, as many as a file can hold, are refused or take no second."""
    body = (token * LARGEST)[: LARGEST - 100]
    file = next(file for file in FILES if file.path.startswith("content/docks"))

    refused = any(line.rule == "tangled-text" for line in wrong_in_prose(body))

    assert refused == is_tangled(body)
    if not refused:
        assert to_html(body)
    assert list(wrong_with(problems_of(file, file.text(body=body).encode()), {})) == []


def test_a_text_that_is_only_long_is_taken() -> None:
    """What bounds the tangled refuses nobody's prose: a long page with links, lists in lists and quotes."""
    body = "\n\n".join(
        ["A [link](https://sails.example.com/) and more, " * 20, "- one\n    - two\n        - three", "> said"] * 30
    )

    assert not is_tangled(body)
    assert items("- [ ] Fuel above half {#fuel}")[1] == []


def test_thousands_of_fields_are_one_problem() -> None:
    """What is no file of ours is told as that, not a thousand times."""
    fields = {f"field{number}": "x" for number in range(5000)}

    told = parse_booking(written_as_yaml(fields), "bookings/a7kq4wt.yaml").problems

    assert [problem.rule for problem in told] == ["too-many-fields"]


def problems_of(file: File, content: bytes) -> list[Problem]:
    """Return what is said of the bytes of a file."""
    text = decode(content, file.path)
    if not isinstance(text, str):
        return [text]
    problems: list[Problem] = file.parse(text, file.path).problems
    return problems
