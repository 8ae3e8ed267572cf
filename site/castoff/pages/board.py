"""The operator's board: published bookings by day, from what builds hand on, so that none has to be read again."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from castoff.pages import wording
from castoff.pages.views import BoardDayView, BoardEntryView, BoardView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from castoff.fleet.carry import BoardRow
    from castoff.fleet.settings import Addresses

KEPT: Final = timedelta(days=7)
"""How long a charter that is over stays on the board: photos and things left behind are asked for in that time."""


def board(rows: Mapping[str, BoardRow], *, addresses: Addresses, as_of: datetime) -> BoardView:
    """Return the board of these bookings, by their ids; `as_of` is in the operator's zone."""
    shown = sorted(
        (starts, booking, row)
        for booking, row, starts, ends in (
            (key, row, _instant(row.starts), _instant(row.ends)) for key, row in rows.items()
        )
        if ends >= as_of - KEPT
    )
    days = groupby(shown, key=lambda entry: entry[0].date())
    return BoardView(
        as_of=wording.day(as_of),
        days=tuple(
            _day(day, tuple(_entry(booking, row, addresses) for _, booking, row in entries), today=as_of.date())
            for day, entries in days
        ),
    )


def _day(day: date, entries: tuple[BoardEntryView, ...], *, today: date) -> BoardDayView:
    return BoardDayView(wording.day(day), day == today, day < today, entries)


def _entry(booking: str, row: BoardRow, addresses: Addresses) -> BoardEntryView:
    return BoardEntryView(
        status=row.status,
        vessel=row.vessel,
        captain=row.captain,
        dock=row.dock,
        lead=row.lead,
        guests=wording.counted(row.guests, "guest"),
        calls=wording.clock(_instant(row.calls)),
        starts=wording.clock(_instant(row.starts)),
        ends=wording.clock(_instant(row.ends)),
        starts_iso=row.starts,
        guest_address=f"{addresses.guest}/g/{row.slug}",
        crew_address=f"{addresses.guest}/g/{booking}-crew",
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
