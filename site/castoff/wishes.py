"""What a build is asked for: everything that is not a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from castoff.versions import versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from castoff.contract.state import PublishedBooking
    from castoff.fleet.settings import Addresses
    from castoff.logbook import Known

NO_TARGET: Final = ""
"""What a check builds for: nowhere."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a build is asked for: everything that is not a file; `clock` is the instant at which it is asked."""

    target: str
    clock: datetime
    commit: str = ""
    as_of: datetime | None = None
    """The instant to build for, where it is neither the clock nor an example site's own."""
    addresses: Addresses | None = None
    """Where the sites are seen, where that is not what the settings say: an embedded edge on a port of its own."""
    prior: Mapping[str, PublishedBooking] = field(default_factory=dict)
    """What was published before, by booking: what that handed on is built upon."""
    publishing: bool = False
    """Whether `prior` is all that a target has: a booking that is not in it goes out for the first time, and is told
    of what only then can still be changed, or is a slip of the pen."""
    kept: Mapping[str, PublishedBooking] | None = None
    """What need not be read again where it is unchanged, if that is not `prior`: the builds of a preview before it."""
    known: Known | None = None
    """What stands in the folder that is built into, where that is to be renewed; nothing was published before, then."""
    versions: Mapping[str, str] = field(default_factory=versions)
    """Which castoff builds, and with what."""
    full: bool = False
    """Whether everything is rendered, unchanged or not."""
    cache: Path | None = None
    """Where layouts are kept as they were compiled, from one process to the next."""
    workers: int | None = None
    """How many processes share the work at most; None for as many as pay. What they make is the same bytes."""
