"""`castoff status`: what is live, booking by booking, as the published state has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root
from castoff.cli.releasing import open_project
from castoff.cli.terminal import counted, result, result_json, say
from publisher.adapters.world import connect
from publisher.diff import REMOVED

if TYPE_CHECKING:
    from castoff.contract.state import PublishedBooking, State


@click.command()
@click.option("--target", default="production", show_default=True, help="Of which target of castoff.yaml.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(directory: str, target: str, *, as_json: bool) -> None:
    """Show what is live, booking by booking.

    \b
    Example:
      castoff status --target local
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    with told():
        project = open_project(find_root(directory), target=target, as_of=None)
        state = connect(project.destination()).states.load().state
    if as_json:
        result_json(_as_json(state))
        return
    for line in live(state):
        result(line)
    for line in told_of(state, target):
        say(line)


def live(state: State) -> list[str]:
    """Return a line for each booking that is live, by the order in which they end."""
    bookings = sorted(_live(state).items(), key=lambda item: item[1].ends)
    return [
        f"{key}  {booking.status:<9}  ends {booking.ends[:16].replace('T', ' ')}  {_services(booking)}"
        for key, booking in bookings
    ]


def told_of(state: State, target: str) -> list[str]:
    """Return what is to be said of a target beside its bookings: where it is, and who is at it."""
    if state.serial == 0:
        return [f"nothing was ever published to {target}"]
    last = f", {state.history[0].at[:16].replace('T', ' ')} UTC" if state.history else ""
    lines = [f"{target} is at {state.commit[:12]}{last}: {counted(len(_live(state)), 'booking')}"]
    working = state.in_progress
    if working:
        lines.append(f"{working.holder.name} is publishing {working.commit[:12]}, or broke off; the next publish knows")
    return lines


def _live(state: State) -> dict[str, PublishedBooking]:
    """Return the bookings without those that are only remembered, as their events could come back."""
    return {key: booking for key, booking in state.bookings.items() if booking.status != REMOVED}


def _services(booking: PublishedBooking) -> str:
    event = f"event {booking.event.status}" if booking.event else "no event"
    return f"{event}, {'entry' if booking.calendar is not None else 'no entry'}"


def _as_json(state: State) -> dict[str, object]:
    return {
        "serial": state.serial,
        "commit": state.commit,
        "in_progress": state.in_progress is not None,
        "bookings": {
            key: {
                "status": booking.status,
                "ends": booking.ends,
                "event": booking.event and {"id": booking.event.id, "status": booking.event.status},
                "calendar": booking.calendar is not None,
            }
            for key, booking in state.bookings.items()
        },
    }
