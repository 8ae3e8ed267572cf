"""What to look up of a target, and the look of a repair: all of it, or an error that says what would not answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from castoff.contract.keys import page_at
from publisher.errors import PublishError
from publisher.seen import Part, Wish
from publisher.survey.compare import Wanted, looked_up
from publisher.survey.drift import drift_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Reads, World
    from publisher.survey.drift import Drift

_AROUND: Final = timedelta(days=8)
"""How far before its end a charter may begin, or be moved in a calendar by hand and still be found at once."""
_FIRST, _LAST = date.min + _AROUND, date.max - _AROUND


def wish_of(wanted: Wanted, state: State, *, bookings: Sequence[str], every_file: bool) -> Wish:
    """Return what to look up of these bookings; of their objects and those of none, or of every one, headers, too."""
    pages: dict[str, tuple[str, str]] = {}
    ends = [state.bookings[key].ends[:10] for key in bookings if key in state.bookings]
    for key in bookings:
        if booking := wanted.booking(key):
            ends.append(booking.ends[:10])
            path = page_at(booking.guest_url)
            if path in state.files:
                pages[key] = (booking.guest_url, path)
    days = sorted(min(max(date.fromisoformat(end), _FIRST), _LAST) for end in ends) or [_FIRST]
    owners = {None, *bookings}
    files = tuple(path for path, file in state.files.items() if every_file or file.booking in owners)
    return Wish(bookings, pages, ((days[0] - _AROUND).isoformat(), (days[-1] + _AROUND).isoformat()), files)


def look_closely(folder: ReleaseFolder, state: State, world: World, *, reads: Reads) -> Drift:
    """Return everything that was changed by hand; raise PublishError where some of it cannot be seen."""
    wanted = Wanted(folder)
    bookings = looked_up(wanted, state, now=folder.release.as_of)
    seen = world.survey.see(wish_of(wanted, state, bookings=bookings, every_file=True), state, reads=reads)
    for part, why in seen.silent.items():
        if part is not Part.MAIL:
            raise PublishError(
                f"a repair has to see everything, and could not: {why}",
                hint="nothing was changed: see what `castoff doctor` says, then publish again with `--repair`",
            )
    return drift_of(folder, state, seen, bookings=bookings)
