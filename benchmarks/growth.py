"""How the time of a build grows with the number of bookings: a table, and a plot in which linear is a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from builds import CLEAN, HUGO
from paired import table
from plot import plot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builds import Builds
    from paired import Runs

_NAMES: Final = {CLEAN: "castoff", HUGO: "Hugo"}


def growth(measured: Sequence[Builds]) -> str:
    """Return the table: seconds, microseconds a booking, and memory, of castoff and of Hugo."""
    head = ["bookings"]
    for name in _NAMES.values():
        head += [f"{name}, s", "µs a booking", "peak MB"]
    rows = [
        [f"{one.bookings:,}", *(figure for key in _NAMES for figure in _figures(one.taken.get(key), one.bookings))]
        for one in measured
    ]
    return table(head, rows)


def drawn(measured: Sequence[Builds]) -> str:
    """Return the plot as SVG."""
    lines = {
        name: [(one.bookings, one.taken[key].median("wall")) for one in measured if key in one.taken]
        for key, name in _NAMES.items()
    }
    return plot({name: line for name, line in lines.items() if line}, across="bookings", up="seconds")


def _figures(runs: Runs | None, bookings: int) -> list[str]:
    if runs is None:
        return ["", "", ""]
    wall = runs.median("wall")
    return [f"{wall:.2f}", f"{wall / bookings * 1e6:,.0f}", f"{runs.memory:.0f}"]
