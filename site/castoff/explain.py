"""Why a booking was rendered again, or why not: in words, from what the logbook says and what is so now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from castoff.fleet.sources import booking_path
from castoff.inputs import ADDRESSES, TARGET, ZONE
from castoff.pages.phase import UploadPhase
from castoff.versions import CASTOFF, LIBRARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.logbook import Account, Entry, Logbook

_MOST: Final = 8
"""Parts that are named: whoever took over another theme needs no list of it."""
_ALL: Final = "so much else changed that everything was rendered"
_FORM: Final = {
    UploadPhase.NONE: "photos are not asked for any more",
    UploadPhase.BEFORE: "the upload form is not there yet",
    UploadPhase.OPEN: "the upload form is open",
    UploadPhase.CLOSED: "the upload form is closed",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether one booking was rendered by a build, and why or why not."""

    booking: str
    rendered: bool
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Say it as a terminal shows it."""
        return "\n".join(
            [
                f"{self.booking}: {'rendered' if self.rendered else 'not rendered'}",
                *(f"  {reason}" for reason in self.reasons),
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {"rendered": self.rendered, "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Story:
    """One build beside the one before it; `touched` are files of the release that were not as built, by booking.

    It is None where no release stood that the logbook was about.
    """

    folder: str
    full: bool
    book: Logbook | None
    stamps: Mapping[str, str]
    touched: Mapping[str, tuple[str, ...]] | None
    account: Account
    reused: frozenset[str]

    def of(self, booking: str) -> Explanation:
        """Return the explanation of a booking, or of an id that is none."""
        if booking in self.reused and booking not in self._waiting:
            entry = None if self.book is None else self.book.bookings[booking]
            return Explanation(booking, rendered=False, reasons=(_nothing_changed(entry),))
        if booking in self.account.rows:
            otherwise = "another booking wants what it wants" if self.reused else _ALL
            reasons = tuple(self._reasons(booking)) or (otherwise,)
            return Explanation(booking, rendered=True, reasons=reasons)
        if booking in self.stamps:
            return Explanation(booking, rendered=False, reasons=("a draft or a hold has no pages",))
        gone = self.book is not None and booking in self.book.bookings and booking not in self._waiting
        words = (
            f"{booking_path(booking)} is gone, and so are its pages" if gone else f"there is no {booking_path(booking)}"
        )
        return Explanation(booking, rendered=False, reasons=(words,))

    @property
    def _waiting(self) -> frozenset[str]:
        """The drafts and holds that the logbook knows."""
        entries = {} if self.book is None else self.book.bookings
        return frozenset(booking for booking, entry in entries.items() if entry.waits)

    def _reasons(self, booking: str) -> Iterator[str]:
        """Yield why a booking was rendered, what is nearest to it first."""
        if self.full:
            yield "asked for by `--full`"
            return
        if self.book is None or self.touched is None:
            yield f"nothing stands in {self.folder} that castoff left there"
            return
        entry = self.book.bookings.get(booking)
        if entry is None:
            yield "it was never built before"
        elif entry.stamp != self.stamps.get(booking):
            yield f"{booking_path(booking)} was written"
        elif not entry.stamp:
            yield f"{booking_path(booking)} had been written at the moment of the build before"
        elif booking in self.book.warned:
            yield f"the build before warned of {booking_path(booking)}"
        yield from (f"{path} was not as it had been built" for path in self.touched.get(booking, ()))
        yield from _parts_changed(self.book.parts, self.account.parts)
        if entry is not None and not entry.waits:
            yield from self._clock(entry, booking)

    def _clock(self, entry: Entry, booking: str) -> Iterator[str]:
        now, _ = self.account.stands[booking]
        charter, photos = entry.standing
        if charter != now.charter:
            yield f"clock: {charter} -> {now.charter}"
        if photos != now.photos:
            yield f"clock: {_FORM[now.photos]}"
        if datetime.fromisoformat(self.account.as_of) < datetime.fromisoformat(entry.since):
            yield f"clock: it went back, from {_shown(entry.since)} to {_shown(self.account.as_of)}"


def _nothing_changed(entry: Entry | None) -> str:
    if entry is None:
        raise AssertionError("what is reused was built before")
    until = "" if entry.until is None else f"; by the clock it will on {_shown(entry.until)}"
    return f"nothing that it is made from has changed since {_shown(entry.since)}{until}"


def _parts_changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Yield what changed of all that bookings share."""
    changed = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    yield from (_part_changed(name, before.get(name), now.get(name)) for name in changed[:_MOST])
    if len(changed) > _MOST:
        yield f"and {len(changed) - _MOST} more files that all bookings share"


def _part_changed(name: str, before: str | None, now: str | None) -> str:
    if name in (CASTOFF, TARGET, ADDRESSES):
        return f"{name}: {before} -> {now}"
    if name.startswith(LIBRARY):
        return f"{name.removeprefix(LIBRARY)}: {before} -> {now}"
    what = f"the time zone {name.removeprefix(ZONE)}" if name.startswith(ZONE) else name
    if before is None:
        return f"{what} is new"
    return f"{what} is gone" if now is None else f"{what} changed"


def _shown(instant: str) -> str:
    return f"{datetime.fromisoformat(instant):%Y-%m-%d %H:%M}"
