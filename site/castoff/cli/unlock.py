"""`castoff unlock`: who holds the lease on a target, and taking it away."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress, fail, say
from castoff.contract.counts import counted
from publisher.adapters.world import connect
from publisher.applying.hands import Hands
from publisher.applying.stopping import Never
from publisher.fence.lease import SECONDS
from publisher.fence.takeover import take_from
from publisher.fence.unlock import lock_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from publisher.fence.unlock import Lock

_SHOWN = 20
"""Bookings that are named one by one: a first publish may have thousands under way."""


@click.command()
@click.option("--target", default="production", show_default=True, help="Which target of castoff.yaml.")
@click.option("--yes", is_flag=True, help="Do not ask, not even where its holder is alive on this machine.")
@click.pass_obj
def command(directory: str, *, target: str, yes: bool) -> None:
    """Show who is publishing to a target, and take the lease away from them.

    What they left is read back; nothing else is done. Whoever they are can change no booking any more, and the next
    publish does what is left. It is only needed where nobody wants to wait: a lease runs out by itself in two minutes.

    \b
    Example:
      castoff unlock --target production
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    progress = Progress()
    with told(progress, broken_off=f"what was read back so far is lost; run `castoff unlock --target {target}` again"):
        project = open_project(find_root(directory), target=target, as_of=None)
        world = connect(project.destination())
        loaded = world.states.load()
        lock = lock_on(loaded)
        if lock is None:
            say(f"nothing to unlock: nobody is publishing to {target}")
            return
        if lock.stopped:
            say(f"nobody publishes to {target}: the last publish stopped; the next one does what is left")
            return
        for line in shown(lock, target, zone=project.settings.zone):
            say(line)
        if not _agreed(lock, yes=yes):
            say("nothing was changed")
            return
        reads = partial(Hands, clock=world.clock, stop=Never(), progress=progress)
        if not take_from(lock.token, world, seconds=SECONDS, reads=reads):
            fail("they are at work no more, so nothing was changed", hint="run it again to see who is now, if anyone")
    progress.clear()
    say(f"unlocked; now run `castoff publish --target {target}`: it does what is left")


def shown(lock: Lock, target: str, *, zone: ZoneInfo) -> Iterator[str]:
    """Yield who holds a target, since when, and what is under way, as lines."""
    yield f"{target} is held by {lock.name}"
    as_of = datetime.fromisoformat(lock.as_of).astimezone(zone) if lock.as_of else None
    yield f"  commit     {lock.commit[:12]}" + (f", as of {as_of:%Y-%m-%d %H:%M %Z}" if as_of else "")
    taken = lock.taken.astimezone(zone)
    yield f"  taken      {taken:%Y-%m-%d %H:%M:%S %Z}; last heard of {lock.silent:.0f} s ago, by S3's clock"
    if lock.left:
        yield f"  runs out   in {lock.left:.0f} s, unless it is renewed"
    else:
        yield "  runs out   it has: the next publish takes over by itself"
    listed = [*lock.bookings.items()][:_SHOWN]
    more = {"booking": len(lock.bookings) - len(listed)}
    rows = [(booking, _counts(counts)) for booking, counts in listed]
    rows += [("…", f"{_counts(more)} more")] if more["booking"] else []
    rows += [("others", _counts(lock.others))] if lock.others else []
    for number, (booking, words) in enumerate(rows):
        yield f"  {'under way' if not number else '':<9}  {booking:<9} {words}"


def _agreed(lock: Lock, *, yes: bool) -> bool:
    """Tell whether to go on: who is alive on this machine can be asked to stop, which loses nothing."""
    if yes:
        return True
    if lock.alive:
        fail(
            f"process {lock.pid} is at work on this machine",
            hint="let it finish, or stop it with Ctrl-C; `--yes` takes the lease from it all the same",
        )
    if not sys.stdin.isatty():
        fail("there is no terminal to ask at", hint="read what is under way, then run it with `--yes`")
    with told(broken_off="nothing was changed"):
        return click.confirm("take it away?", err=True)


def _counts(counts: Mapping[str, int]) -> str:
    """Return `event, 3 files`."""
    return ", ".join(what if count == 1 and what != "file" else counted(count, what) for what, count in counts.items())
