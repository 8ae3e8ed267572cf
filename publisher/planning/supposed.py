"""The state that would stand had a release been published: what another is held against, asking nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.contract.document import digest
from castoff.contract.facts import CAPTAIN, CREW
from castoff.contract.mails import members_of
from castoff.contract.state import PublishedBooking, PublishedEvent, PublishedFile, State
from publisher.events import event_fields
from publisher.planning.diff import calendar_digest, is_over

if TYPE_CHECKING:
    from castoff.contract.release import Booking, File, Release
    from publisher.folder import ReleaseFolder

_SERIAL: Final = 1
_NEVER: Final = "9999-12-31T00:00:00+00:00"
"""When the forms of a release that is only supposed die: renewing them is the night's work, not a commit's."""


def state_of(folder: ReleaseFolder) -> State:
    """Return the state as if this release, and nothing before it, had been published whole and in time."""
    release = folder.release
    return State(
        serial=_SERIAL,
        target=release.target,
        commit=release.commit,
        files={path: _file(file) for path, file in release.files.items()},
        bookings={booking.id: _booking(booking, folder) for booking in release.bookings.values()},
        crew={member.id: digest(member.to_json()) for member in release.crew.values()},
    )


def _file(file: File) -> PublishedFile:
    return PublishedFile(
        sha256=file.sha256,
        etag=f'"{file.sha256}"',
        headers=file.headers,
        form_expires=_NEVER if file.slots else None,
        booking=file.booking,
        size=file.size,
    )


def _booking(booking: Booking, folder: ReleaseFolder) -> PublishedBooking:
    return PublishedBooking(
        input=booking.input,
        status=booking.status,
        ends=booking.ends,
        since=_SERIAL,
        event=_event(booking, folder.release),
        calendar=None if booking.calendar is None else calendar_digest(booking, folder.private),
        carry=booking.carry,
        facts=booking.facts,
    )


def _event(booking: Booking, release: Release) -> PublishedEvent | None:
    """Return the crew call: one that is cancelled knows who was aboard by the facts alone, and of an ended one none."""
    if is_over(booking.ends, release.as_of):
        return None
    if booking.event is not None:
        return PublishedEvent(booking.id, 1, "scheduled", event_fields(booking.event), members_of(booking.event))
    named = (booking.facts.get(CAPTAIN, ""), *booking.facts.get(CREW, "").split(", "))
    return PublishedEvent(booking.id, 1, "cancelled", {"booking_id": booking.id}, tuple(filter(None, named)))
