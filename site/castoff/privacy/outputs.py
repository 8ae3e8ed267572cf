"""Everything that a build makes, each part with the audience that gets it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from castoff.contract.document import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.build import Build
    from castoff.contract.release import File


class Audience(StrEnum):
    """Who gets to see a part, in the order of the table."""

    GUEST_PAGE = "guest page"
    """`g/<slug>.html`: whoever has the link."""
    GUEST_CALENDAR = "guest calendar"
    """`g/<slug>.ics`: the same."""
    CREW_PAGE = "crew page"
    """`g/<id>-crew.html`: the crew of that charter, with their cookie."""
    CREW_CALENDAR = "crew calendar"
    """`g/<id>-crew.ics`: the same."""
    BOARD = "board"
    """`ops/index.html` and its months: the operator's own people."""
    EVENT = "crew call"
    """What ShipCaptainCrew mails to the crew."""
    ENTRY = "calendar entry"
    """What the dashboard keeps, without the money that settings let through."""
    MEMBERS = "crew list"
    """What ShipCaptainCrew knows of the crew."""
    CARRY = "state"
    """What the published state keeps of a booking, where no distribution serves it."""
    OTHER = "other files"
    """Forwards, the pages for what is not found and for thanks, styles, scripts, pictures."""
    RELEASE = "rest of the release"
    """Keys, digests, instants, addresses of pages."""
    TOLD = "what is said"
    """Problems, plan, summaries: terminals, and logs of CI."""


@dataclass(frozen=True, slots=True)
class Output:
    """One part: where an operator finds it, whose it is, and its bytes."""

    path: str
    audience: Audience
    booking: str | None
    body: bytes


def outputs(built: Build) -> Iterator[Output]:
    """Yield what a build makes; input digests, which are made of every byte, and the money kept apart are left out."""
    release = built.release
    for path, file in release.files.items():
        yield Output(f"build/public/{path}", audience_of(file), file.booking, built.bodies[path])
    for booking in release.bookings.values():
        parts = {
            Audience.EVENT: booking.event,
            Audience.ENTRY: booking.calendar,
            Audience.CARRY: [booking.carry, dict(booking.facts)],
            Audience.RELEASE: replace(booking, input="", event=None, calendar=None, carry={}, facts={}).to_json(),
        }
        for audience, value in parts.items():
            yield Output("build/release.json", audience, booking.id, canonical(value).encode())
    for member in release.crew.values():
        yield Output("build/release.json", Audience.MEMBERS, None, canonical([member.id, member.to_json()]).encode())
    rest = replace(release, crew={}, bookings={})
    yield Output("build/release.json", Audience.RELEASE, None, rest.to_json().encode())


def audience_of(file: File) -> Audience:
    """Return whom a file is for, by its key; a page that goes on to another is nobody's in particular."""
    if file.site == "ops" and file.key.startswith("ops/"):
        return Audience.BOARD
    is_calendar = file.key.endswith(".ics")
    if file.booking is None:
        return Audience.OTHER
    if file.key.removesuffix(".ics").removesuffix(".html") == f"g/{file.booking}-crew":
        return Audience.CREW_CALENDAR if is_calendar else Audience.CREW_PAGE
    return Audience.GUEST_CALENDAR if is_calendar else Audience.GUEST_PAGE
