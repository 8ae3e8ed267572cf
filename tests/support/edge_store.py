"""A stack's KeyValueStore, as a person would look into it and write to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from castoff.cloud.key_value_store import open_store

if TYPE_CHECKING:
    from castoff.cloud.account import Account


@dataclass(frozen=True)
class EdgeStore:
    """The store at that ARN, seen from that account."""

    account: Account
    arn: str

    def entries(self) -> dict[str, str]:
        """Return all that it holds."""
        pages = open_store(self.account).get_paginator("list_keys").paginate(KvsARN=self.arn)
        return {item["Key"]: item["Value"] for page in pages for item in page["Items"]}

    def etag(self) -> str:
        """Return what changes with every write."""
        return open_store(self.account).describe_key_value_store(KvsARN=self.arn)["ETag"]

    def put(self, entries: dict[str, str]) -> None:
        """Write entries beside those that are there, as many as one call takes at a time."""
        store, puts = open_store(self.account), list(entries.items())
        for start in range(0, len(puts), 50):
            some = [{"Key": key, "Value": value} for key, value in puts[start : start + 50]]
            store.update_keys(KvsARN=self.arn, IfMatch=self.etag(), Puts=some)
