"""The facts that a plan tells of a charter: words by label, without names of people and without money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.contract.facts import CAPTAIN, CREW, STARTS, VESSEL, mark
from castoff.reading.forms import in_words

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.fleet.charter import Charter


def facts_of(charter: Charter, *, requests: str | None, notes: str | None) -> dict[str, str]:
    """Return what people know a charter by; `requests` and `notes` have had their money held back."""
    booking = charter.booking
    shown = {
        "status": booking.status.value,
        VESSEL: charter.vessel.name,
        STARTS: _clock(charter.starts),
        "duration": in_words(booking.duration),
        "boarding": _clock(charter.boards),
        "crew call": _clock(charter.calls),
        "dock": charter.dock.name,
        CAPTAIN: charter.captain.id,
        CREW: ", ".join(member.id for member in charter.crew),
        "guests": str(booking.guests.count),
        "slug": charter.slug,
        "earlier slugs": ", ".join(booking.aliases),
    }
    private = {
        "source": booking.source,
        "lead guest": booking.guests.lead,
        "allergies": "\n".join(booking.guests.allergies),
        "waiver": booking.waiver,
        "requests": requests,
        "notes": notes,
    }
    facts = {label: text for label, text in shown.items() if text}
    return facts | {label: mark(label, text, booking=charter.id) for label, text in private.items() if text}


def _clock(instant: datetime) -> str:
    """Return an instant as the operator writes it, by the clock at the dock."""
    return f"{instant:%Y-%m-%d %H:%M}"
