"""Feeds: addresses at which calendar programs read the calendar, each with a key of its own, known by its hash alone.

feeds                <id>       whom it is for, the hash of its key, when it was made, the day it was last used
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from lambdas.service.fields import Line
from lambdas.service.instants import Clock
from lambdas.service.keys import fits_hash
from lambdas.service.limits import Limit, Limits
from lambdas.service.refusals import RefusalError
from lambdas.service.table import ConditionError, Delete, Key, Put, Table, Update
from lambdas.service.wire import Item

MOST = 50
"""Feeds at a time: one per device of everyone aboard is fewer."""
POLLS = Limit("feed", most=120, span=timedelta(hours=1))
"""A program asks once in five minutes at the most; several devices of one person may share a key."""

_PARTITION = "feeds"
_KEY = re.compile(r"(?P<id>[0-9a-f]{12})\.[A-Za-z0-9_-]{43}")


class FeedBody(BaseModel):
    """What a new feed is asked for with: words by which its operator knows it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Line


@dataclass(frozen=True)
class Feed:
    """A feed without its key; `used` is the day on which it was last read, if ever."""

    feed_id: str
    label: str
    made: str
    used: str | None = None


class Feeds:
    """The feeds in a table."""

    def __init__(self, table: Table, limits: Limits, *, now: Clock, zone: ZoneInfo) -> None:
        self._table = table
        self._limits = limits
        self._now = now
        self._zone = zone

    def make(self, label: str) -> tuple[Feed, str]:
        """Return a new feed and its key, which can be had here and never again; RefusalError 409 beyond fifty."""
        if len(self.all()) >= MOST:
            raise RefusalError(409, "too_many_feeds", f"there are {MOST} feeds; revoke one that is not used")
        feed = Feed(secrets.token_hex(6), label, self._now().isoformat())
        key = f"{feed.feed_id}.{secrets.token_urlsafe(32)}"
        item = {"pk": _PARTITION, "sk": feed.feed_id, "label": label, "made": feed.made, "hash": _hash(key)}
        self._table.write(Put(item, "attribute_not_exists(#pk)", label="feed"))
        return feed, key

    def all(self) -> Sequence[Feed]:
        """Return all feeds, the oldest first."""
        return sorted(map(_feed, self._table.partition(_PARTITION)), key=lambda feed: (feed.made, feed.feed_id))

    def revoke(self, feed_id: str) -> None:
        """End a feed: its key opens nothing from now on; RefusalError 404 for one that there is not."""
        try:
            self._table.write(Delete(Key(_PARTITION, feed_id), "attribute_exists(#pk)", label="feed"))
        except ConditionError:
            words = "there is no such feed, or no longer"
            raise RefusalError(404, "feed_unknown", words, field="feed_id") from None

    def open(self, key: str | None) -> None:
        """Let a right key in, and note the day: RefusalError 401 for a wrong one, 429 for one that asks too often."""
        shaped = _KEY.fullmatch(key or "")
        item = self._table.get(Key(_PARTITION, shaped["id"])) if shaped else None
        # Counted only once it is known to be right: nobody else's guesses shut it out.
        if key is None or item is None or not fits_hash(key, item["hash"]):
            raise RefusalError(401, "unauthorized", "this address is not, or no longer, one of a feed", field="key")
        now = self._now()
        if not self._limits.allows(POLLS, item["sk"], now=now):
            words = "this feed was read too often; ask again later"
            raise RefusalError(429, "too_many_requests", words, headers={"Retry-After": "900"})
        self._note(item, now)

    def _note(self, item: Item, now: datetime) -> None:
        """Note that a feed was used today, once a day; one that is revoked at this moment stays so."""
        today = now.astimezone(self._zone).date().isoformat()
        if item.get("used", "") >= today:
            return
        noted = Update(
            Key(_PARTITION, item["sk"]),
            change="SET #used = :today",
            condition="attribute_exists(#pk)",
            values={"today": today},
            label="feed",
        )
        try:
            self._table.update(noted)
        except ConditionError:
            raise RefusalError(401, "unauthorized", "this feed was revoked", field="key") from None


def _hash(key: str) -> str:
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def _feed(item: Item) -> Feed:
    return Feed(item["sk"], item["label"], item["made"], item.get("used"))
