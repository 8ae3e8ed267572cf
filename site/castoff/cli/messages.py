"""Messages to guests, ready to send: an invitation, what changed, what is called off, in a guest's own terms."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from castoff.contract.document import Fields
from castoff.contract.facts import BOARDING, DOCK, DURATION, STARTS, VESSEL, is_told
from castoff.contract.state import REMOVED
from castoff.fleet.carry import Carry, Facts
from castoff.fleet.model import Status
from castoff.pages.wording import clock, day, day_and_year, first_name, span
from castoff.reading.forms import in_words, parse_duration
from publisher.fates import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.contract.release import Booking
    from castoff.fleet.settings import Brand
    from publisher.record import Deed

Changes = dict[str, tuple[str, str]]
"""What a fact was and is, by its label."""


def message_for(booking: Booking, brand: Brand, deed: Deed | None = None) -> str:
    """Return the message for the guest of a booking of a release; with what a publish did to it, of that."""
    row = Carry.from_json(Fields(booking.carry, f"carry of {booking.id}")).board
    changes = {
        change.label: (change.before, change.after)
        for change in (deed.changed if deed else ())
        if change.before and change.after
    }
    return message(
        row.lead,
        datetime.fromisoformat(row.starts),
        status=booking.status,
        vessel=row.vessel,
        url=booking.guest_url,
        brand=brand,
        changes=changes if deed and deed.fate in {Fate.CHANGED, Fate.REINSTATED} else {},
        reinstated=deed is not None and deed.fate is Fate.REINSTATED,
    )


def message_of_live(carry: Mapping[str, Any], *, url: str, brand: Brand) -> str:
    """Return the message about what is live, with what is other than the guest was first told."""
    found = Carry.from_json(Fields(dict(carry), "carry"))
    row, first, now = found.board, found.first, found.facts
    return message(
        row.lead,
        datetime.fromisoformat(row.starts),
        status=row.status,
        vessel=row.vessel,
        url=url,
        brand=brand,
        changes={
            label: (before, after)
            for label, before, after in (
                (STARTS, _wall(first.starts), _wall(now.starts)),
                (DURATION, _length(first), _length(now)),
                (VESSEL, first.vessel, now.vessel),
                (DOCK, first.dock, now.dock),
                (BOARDING, _wall(first.boards), _wall(now.boards)),
            )
            if before != after
        },
    )


def is_worth_telling(deed: Deed) -> bool:
    """Tell whether a guest wants to hear of what a publish did: of what they rely on, and of nothing else."""
    return bool(deed.was) and deed.status != REMOVED and is_told(deed.was, deed.status, deed.changed)


def message(
    lead: str,
    starts: datetime,
    *,
    status: str,
    vessel: str,
    url: str,
    brand: Brand,
    changes: Changes | None = None,
    reinstated: bool = False,
) -> str:
    """Return an invitation to a charter, what changed of it, or what to say of one that is cancelled."""
    greeting, charter = f"Hi{f' {first_name(lead)}' if lead else ''}", f"{day_and_year(starts)}, aboard {vessel}"
    changed = list(_changed(changes or {}))
    if status == Status.CANCELLED:
        said = f"{greeting}, your charter on {charter}, is cancelled. Your page says what happens now."
    elif changed and reinstated:
        said = (
            f"{greeting}, good news: your charter on {charter}, sails after all, with a change: {'; '.join(changed)}."
            " Your page has everything."
        )
    elif changed:
        said = f"{greeting}, a change to your charter on {charter}: {'; '.join(changed)}. Your page has everything."
    elif reinstated:
        said = f"{greeting}, good news: your charter on {charter}, sails after all. Your page has everything."
    else:
        said = f"{greeting}, everything for {charter} is on your page: where to board, what to bring, how to reach us."
    return f"{said}\n{url}\n{brand.name}"


def _changed(changes: Changes) -> Iterator[str]:
    """Yield what changed, one clause each."""
    if STARTS in changes:
        before, after = map(datetime.fromisoformat, changes[STARTS])
        if before.date() == after.date():
            yield f"it starts at {clock(after)} now, not at {clock(before)}"
        else:
            yield f"it is on {day(after)}, at {clock(after)} now, not on {day(before)}"
    if DURATION in changes:
        was, takes = map(parse_duration, changes[DURATION])
        yield f"it takes {span(takes)} now, not {span(was)}"
    if VESSEL in changes:
        yield f"she is {changes[VESSEL][1]} now, not {changes[VESSEL][0]}"
    if DOCK in changes:
        yield f"it leaves from {changes[DOCK][1]} now, not from {changes[DOCK][0]}"
    if BOARDING in changes:
        yield f"please be there at {clock(datetime.fromisoformat(changes[BOARDING][1]))}"


def _length(facts: Facts) -> str:
    """Return how long a charter is, as facts have it."""
    return in_words(datetime.fromisoformat(facts.ends) - datetime.fromisoformat(facts.starts))


def _wall(instant: str) -> str:
    """Return an instant by the clock at the dock, as facts have it."""
    return f"{datetime.fromisoformat(instant):%Y-%m-%d %H:%M}"
