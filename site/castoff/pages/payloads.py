"""The bodies that go to ShipCaptainCrew and to the dashboard: plain JSON values, field by field, without money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from castoff.reading.limits import LONGEST_LINE

if TYPE_CHECKING:
    from castoff.fleet.carry import Facts
    from castoff.fleet.charter import Charter


def crew_call(charter: Charter, facts: Facts, *, notes: str | None, crew_page: str) -> dict[str, Any]:
    """Return the body of `POST /event`; `notes` have had their money held back."""
    return {
        "event_name": charter.vessel.name,
        "booking_id": charter.id,
        "captain_id": charter.captain.id,
        "crew_ids": [member.id for member in charter.crew],
        "date": facts.starts,
        "duration_hours": round(charter.booking.duration.total_seconds() / 3600, 2),
        "call_time": facts.calls,
        "dock": charter.dock.name,
        "guest_count": charter.booking.guests.count,
        "notes": notes or "",
        "crew_page": crew_page,
        "forecast": charter.dock.forecast or "",
    }


def calendar_entry(charter: Charter, facts: Facts, *, lead: str, guest_page: str, crew_page: str) -> dict[str, Any]:
    """Return the body of `PUT /calendar/{booking_id}`; a cancelled charter says so rather than vanish."""
    booking = charter.booking
    return {
        "date": charter.starts.date().isoformat(),
        "event_type": "charter",
        "booking_id": booking.id,
        "title": f"{charter.vessel.name}, {lead or booking.id}"[:LONGEST_LINE],
        "starts": facts.starts,
        "ends": facts.ends,
        "vessel": charter.vessel.name,
        "dock": charter.dock.name,
        "captain": charter.captain.name,
        "crew": [member.name for member in charter.crew],
        "guest_count": booking.guests.count,
        "status": booking.status.value,
        "source": booking.source,
        "guest_page": guest_page,
        "crew_page": crew_page,
    }
