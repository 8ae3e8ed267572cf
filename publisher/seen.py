"""What was seen of a target's bookings, part by part; a part that would not answer says why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Records: TypeAlias = "Mapping[str, Mapping[str, Any]]"


class Part(StrEnum):
    """The parts of a booking that have to agree."""

    FILE = "file"
    PAGE = "page"
    EVENT = "event"
    CALENDAR = "calendar"
    MAIL = "mail"


class Shown(StrEnum):
    """What a guest's address shows."""

    LIVE = "live"
    OTHER = "other"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be looked up: bookings, the address of each guest page and its path, and the days they sail on.

    `files` are the objects whose headers are asked for, too: a listing does not tell them.
    """

    bookings: Sequence[str]
    pages: Mapping[str, tuple[str, str]]
    days: tuple[str, str]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """All of it, by booking; None or text in place of a part is why it was not seen.

    `objects` has the ETag of each object by path, `headers` the digest of its headers where they were asked for,
    `pages` what the guest page's address shows, `events` and `entries` what the services have as they say it, `mails`
    what ShipCaptainCrew sent or is to send (None where it tells nothing about mail), `members` whom it knows by their
    ids (None where it does not tell).
    """

    objects: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, Shown] = field(default_factory=dict)
    events: Records = field(default_factory=dict)
    entries: Records = field(default_factory=dict)
    mails: Mapping[str, tuple[Mapping[str, Any], ...]] | None = field(default_factory=dict)
    members: frozenset[str] | None = None
    silent: Mapping[Part, str] = field(default_factory=dict)
