"""The operator's board: published bookings by day, from what builds hand on, so that none has to be read again.

The board itself goes to the end of next month, and each month after that has a page of its own. A charter stands on
one page, and no page of a month needs the clock: it is all ahead. A month that comes near goes over to the board.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from castoff.contract.keys import address_of
from castoff.fleet.model import Status
from castoff.pages import wording
from castoff.pages.keys import BOARD, board_of_month
from castoff.pages.views import BoardDayView, BoardEntryView, BoardMonthView, BoardPageView, BoardView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from castoff.fleet.carry import BoardRow
    from castoff.fleet.settings import Addresses

KEPT: Final = timedelta(days=7)
"""How long a charter that is over stays on the board: photos and things left behind are asked for in that time."""
_DAY: Final = len("2024-05-30")
_MONTH: Final = len("2024-05")
_SHOWN: Final = attrgetter(
    *("status", "slug", "vessel", "captain", "dock", "lead", "guests", "calls", "starts", "ends")
)
"""What a page shows of a row."""


@dataclass(frozen=True, slots=True)
class Board:
    """Its pages at an instant, the board itself first, and the next instant at which the clock alone changes one."""

    sheets: tuple[Sheet, ...]
    next_turn: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the board; `month` is in words, and empty for the board itself, which alone has months `ahead`.

    `as_of` is in the operator's zone; `before` and `after` are the months beside it.
    """

    key: str
    month: str
    lines: Sequence[_Line]
    as_of: datetime
    ahead: tuple[BoardMonthView, ...] = ()
    before: BoardPageView | None = None
    after: BoardPageView | None = None

    @property
    def source(self) -> str:
        """Return a digest of what this page is made from and not all pages are: while it stays, so does the page."""
        when = self.month or self.as_of.date().isoformat()
        hashed = hashlib.sha256(repr((when, self.ahead, self.before, self.after)).encode())
        for line in self.lines:
            hashed.update(repr((line.booking, _SHOWN(line.row))).encode())
        return hashed.hexdigest()

    def view(self, addresses: Addresses) -> BoardView:
        """Return what it shows."""
        days = groupby(self.lines, key=attrgetter("day"))
        return BoardView(
            month=self.month,
            as_of=wording.day_and_year(self.as_of),
            charters=_charters(self.lines),
            days=tuple(
                _day(date.fromisoformat(day), [_entry(line, addresses) for line in lines], as_of=self.as_of)
                for day, lines in days
            ),
            ahead=self.ahead,
            board=f"/{BOARD}",
            before=self.before,
            after=self.after,
        )


class _Line(NamedTuple):
    """A booking on the board, by what it is sorted by; `day` is that of the clock at its dock, in ISO 8601."""

    day: str
    starts: float
    booking: str
    row: BoardRow


def board(rows: Mapping[str, BoardRow], *, as_of: datetime) -> Board:
    """Return the board of these bookings, by their ids; `as_of` is in the operator's zone."""
    reach = _month_after(_month_after(as_of.date())).isoformat()
    begun = {booking: _drops(row) for booking, row in rows.items() if row.starts < reach}
    kept = {booking: drops for booking, drops in begun.items() if drops > as_of.timestamp()}
    near = _lines({booking: rows[booking] for booking in kept})
    later = _lines({booking: row for booking, row in rows.items() if booking not in begun})
    far = [(date.fromisoformat(f"{month}-01"), [*found]) for month, found in groupby(later, key=_month_of)]
    pages = [BoardPageView(wording.month(month), f"/{board_of_month(month)}") for month, _ in far]
    ahead = [BoardMonthView(page, _charters(found)) for page, (_, found) in zip(pages, far, strict=True)]
    beside = zip([None, *pages], far, [*pages[1:], None], strict=False)
    months = (
        Sheet(board_of_month(month), wording.month(month), found, as_of, before=before, after=after)
        for before, (month, found), after in beside
    )
    return Board(
        (Sheet(BOARD, "", near, as_of, ahead=tuple(ahead), after=next(iter(pages), None)), *months),
        next_turn=_next_turn(kept.values(), as_of),
    )


def _lines(rows: Mapping[str, BoardRow]) -> list[_Line]:
    """Return bookings in the order of the board."""
    return sorted(
        _Line(row.starts[:_DAY], datetime.fromisoformat(row.starts).timestamp(), booking, row)
        for booking, row in rows.items()
    )


def _drops(row: BoardRow) -> float:
    """Return when a charter goes from the board, in seconds since the epoch."""
    return (datetime.fromisoformat(row.ends) + KEPT).timestamp()


def _next_turn(drops: Iterable[float], as_of: datetime) -> datetime:
    midnight = _midnight(as_of.date() + timedelta(days=1), as_of)
    first = min(drops, default=midnight.timestamp())
    return midnight if first >= midnight.timestamp() else datetime.fromtimestamp(first, as_of.tzinfo)


def _month_of(line: _Line) -> str:
    return line.day[:_MONTH]


def _month_after(day: date) -> date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _charters(lines: Sequence[_Line]) -> str:
    """Return how many charters there are, in words; one that is cancelled is none."""
    return wording.counted(sum(line.row.status != Status.CANCELLED for line in lines), "charter")


def _day(day: date, entries: Sequence[BoardEntryView], *, as_of: datetime) -> BoardDayView:
    begins, ends = _midnight(day, as_of), _midnight(day + timedelta(days=1), as_of)
    over = ends.timestamp() <= as_of.timestamp()
    return BoardDayView(wording.day_and_year(day), begins.isoformat(), ends.isoformat(), over, tuple(entries))


def _midnight(day: date, as_of: datetime) -> datetime:
    """Return when a day begins by the operator's clocks; the hour after it where they skip midnight."""
    begins = datetime.combine(day, time(), as_of.tzinfo)
    return datetime.fromtimestamp(begins.timestamp(), as_of.tzinfo)


def _entry(line: _Line, addresses: Addresses) -> BoardEntryView:
    row, starts = line.row, datetime.fromisoformat(line.row.starts)
    return BoardEntryView(
        booking=line.booking,
        status=row.status,
        vessel=row.vessel,
        captain=row.captain,
        dock=row.dock,
        lead=row.lead,
        guests=wording.counted(row.guests, "guest"),
        calls=wording.clock_from(datetime.fromisoformat(row.calls), starts.date()),
        starts=wording.clock(starts),
        ends=wording.clock_from(datetime.fromisoformat(row.ends), starts.date()),
        starts_iso=row.starts,
        guest_address=address_of(row.slug, site=addresses.guest),
    )
