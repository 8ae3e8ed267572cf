"""What the Lambdas know keys by."""

from __future__ import annotations

import pytest

from castoff.cloud.keys.verify import accepted_hashes, hash_of


@pytest.mark.parametrize(
    ("what", "known", "kept"),
    [
        ("nothing known", [], []),
        ("the present key known", ["sha256:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"], []),
        ("an earlier generated key", ["sha256:00"], []),
        ("a key somebody chose", ["$2b$12$abc", "sha256:00"], ["$2b$12$abc"]),
    ],
)
def test_accepted_hashes(what: str, known: list[str], kept: list[str]) -> None:
    """Only the present generated key is accepted, beside those that a person added."""
    present = "sha256:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"

    assert (what, accepted_hashes([hash_of("key")], known=known)) == (what, [present, *kept])
