"""What callers are answered, as forms that programs can read."""

from datetime import date
from typing import Literal, NotRequired

from typing_extensions import TypedDict  # Pydantic reads that of `typing` from Python 3.12 on only

from lambdas.service.instants import Instant


class EntryAnswer(TypedDict):
    """An entry as it stands; `finance` only for who may see money, `conflicts` at most twenty bookings."""

    date: date
    event_type: str
    booking_id: str
    title: NotRequired[str]
    starts: NotRequired[Instant]
    ends: NotRequired[Instant]
    vessel: NotRequired[str]
    dock: NotRequired[str]
    captain: NotRequired[str]
    crew: NotRequired[list[str]]
    guest_count: NotRequired[int]
    status: NotRequired[str]
    source: NotRequired[str]
    guest_page: NotRequired[str]
    crew_page: NotRequired[str]
    finance: NotRequired[dict[str, float]]
    conflicts: list[str]
    revision: int
    updated: Instant


class EntriesAnswer(TypedDict):
    """Entries in the order of days; `next` is to be sent with the next call where more follow."""

    entries: list[EntryAnswer]
    next: NotRequired[str]


class RemovedAnswer(TypedDict):
    """An entry that is gone."""

    booking_id: str
    removed: Literal[True]


class FeedAnswer(TypedDict):
    """A feed; `used` is the day on which it was last read."""

    id: str
    label: str
    made: Instant
    used: date | None


class FeedsAnswer(TypedDict):
    """All feeds, the oldest first."""

    feeds: list[FeedAnswer]


class NewFeedAnswer(TypedDict):
    """A new feed, with the key that is told here alone."""

    id: str
    label: str
    made: Instant
    key: str
    path: str


class RevokedAnswer(TypedDict):
    """A feed that is ended."""

    id: str
    revoked: Literal[True]
