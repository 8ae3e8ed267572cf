"""The edge's store: ours as it should be, others' left alone, whoever writes at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.cloud.key_value_store import bring_about

if TYPE_CHECKING:
    from support.edge_store import EdgeStore

    from castoff.cloud.account import Account


def test_more_entries_than_a_page_of_the_store(admin: Account, edge_store: EdgeStore) -> None:
    """A stale key behind a hundred entries is found, and every entry of who left stays."""
    gone = {f"gone:crew-{number:03}": "1716900000" for number in range(100)}
    edge_store.put({**gone, "word:z": "stale"})

    changed = bring_about(admin, edge_store.arn, wanted={}, ours=is_word)

    present = edge_store.entries()
    assert changed
    assert "word:z" not in present
    assert gone.items() <= present.items()


def test_what_is_as_wanted_is_not_written(admin: Account, edge_store: EdgeStore) -> None:
    """A second time nothing is left to do, and the ETag that others write under stays good."""
    first = bring_about(admin, edge_store.arn, wanted={"word:a": "1"}, ours=is_word)
    etag = edge_store.etag()
    second = bring_about(admin, edge_store.arn, wanted={"word:a": "1"}, ours=is_word)

    assert (first, second) == (True, False)
    assert edge_store.etag() == etag


def test_a_write_in_between_is_not_lost(admin: Account, edge_store: EdgeStore) -> None:
    """Whoever leaves while a deploy is about to write is refused all the same, and the deploy gets through."""
    edge_store.put({"word:stale": "1"})
    written: list[str] = []

    def ours(entry: str) -> bool:
        if not written:  # asked between the reading and the writing
            written.append(entry)
            edge_store.put({"gone:crew-777": "1716900001"})
        return is_word(entry)

    changed = bring_about(admin, edge_store.arn, wanted={"word:a": "1"}, ours=ours)

    present = edge_store.entries()
    assert changed
    assert written
    assert (present["gone:crew-777"], present["word:a"]) == ("1716900001", "1")
    assert "word:stale" not in present


def is_word(entry: str) -> bool:
    """Say whether an entry is of these tests."""
    return entry.startswith("word:")
