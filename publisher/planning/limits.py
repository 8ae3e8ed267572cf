"""What a publish refuses without being told otherwise: bookings that vanish uncancelled, and an empty release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.contract.counts import counted
from castoff.contract.plan import Refusal
from castoff.contract.state import REMOVED
from publisher.errors import PublishError
from publisher.planning.diff import is_called_again, removed_bookings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.contract.plan import Plan
    from castoff.contract.release import Release
    from castoff.contract.state import State

_NAMED: Final = 12
"""Bookings that a refusal names; of more, it says how many there are."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a publish goes by itself; bookings are counted, not files."""

    max_removed: int = 3
    allow_empty: bool = False


def refusals(release: Release, state: State, limits: Limits, *, now: str | None = None) -> tuple[Refusal, ...]:
    """Return what of a release goes too far by the clock (`now`), each with the flag that allows it."""
    if not release.bookings and not release.reused:
        live = sorted(
            key for key, booking in state.bookings.items() if booking.status != REMOVED or is_called_again(booking)
        )
        if not live or limits.allow_empty:
            return ()
        return (
            Refusal(
                f"the release is empty, and {counted(len(live), 'booking')} {_are(live)} live: {_named(live)}",
                "check that bookings/ is there; `--allow-empty` removes them all",
            ),
        )
    removed = removed_bookings(release, state, now=now)
    if len(removed) <= limits.max_removed:
        return ()
    return (
        Refusal(
            f"{counted(len(removed), 'booking')} would vanish without being cancelled: {_named(removed)}",
            f"cancel them with `status: cancelled`, or allow it with `--max-removed {len(removed)}`",
        ),
    )


def heed_limits(plan: Plan) -> None:
    """Raise PublishError for a plan that goes too far."""
    for refusal in plan.refusals:
        raise PublishError(refusal.words, hint=refusal.hint)


def _are(bookings: Sequence[str]) -> str:
    return "is" if len(bookings) == 1 else "are"


def _named(bookings: Sequence[str]) -> str:
    more = len(bookings) - _NAMED
    return ", ".join(bookings[:_NAMED]) + (f" and {more} more" if more > 0 else "")
