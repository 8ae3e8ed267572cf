"""What the Lambdas know keys by."""

from __future__ import annotations

import pytest

from castoff.cloud.keys.verify import accepted_hashes, hash_of

PRESENT = "sha256:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"


@pytest.mark.parametrize(
    ("what", "known", "earlier", "kept"),
    [
        ("nothing known", [], [], []),
        ("the present key known", [PRESENT], [PRESENT], []),
        ("an earlier generated key", ["sha256:00"], ["sha256:00"], []),
        ("a key somebody chose", ["$2b$12$abc", "sha256:00"], ["sha256:00"], ["$2b$12$abc"]),
        ("a generated key that somebody added", ["sha256:00", "sha256:01"], ["sha256:00"], ["sha256:01"]),
    ],
)
def test_accepted_hashes(what: str, known: list[str], earlier: list[str], kept: list[str]) -> None:
    """Of generated keys the present ones are accepted, beside whatever a person added."""
    accepted = accepted_hashes([hash_of("key")], known=known, earlier=earlier)

    assert (what, accepted) == (what, [PRESENT, *kept])
