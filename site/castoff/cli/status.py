"""`castoff status`: each booking in file, page, event, calendar and mail, side by side, and where they differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.errors import told
from castoff.cli.interrupts import heard
from castoff.cli.lines import hanging, terminal_width
from castoff.cli.project import find_root, this_instant
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress, aimed, fail, result, result_json, say, summary
from castoff.contract.counts import counted
from castoff.contract.state import REMOVED, UNKNOWN
from castoff.fleet.booking import parse_booking
from castoff.fleet.sources import BOOKINGS, booking_path
from castoff.problems import nearest, stops
from publisher.adapters.clock import SystemClock
from publisher.adapters.plain import BRIEF
from publisher.adapters.survey import survey
from publisher.adapters.world import connect
from publisher.applying.hands import Hands
from publisher.fence.lease import NoLease
from publisher.fence.unlock import lock_on
from publisher.planning.diff import is_over
from publisher.seen import Part
from publisher.survey.compare import Comparison, Wanted, compare, looked_up
from publisher.survey.look import wish_of
from publisher.telling.words import in_a_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from castoff.cli.releasing import Project
    from castoff.contract.state import PublishedBooking, State
    from castoff.fleet.model import Status
    from publisher.fence.unlock import Lock
    from publisher.seen import Seen, Wish
    from publisher.survey.compare import Row
    from publisher.target import Target

_FEW: Final = 20
"""Bookings that are shown whether or not they differ; of more, only those that do."""


@click.command()
@click.argument("booking", metavar="[ID]", required=False)
@click.option("--target", default="production", show_default=True, help="Of which target of castoff.yaml.")
@click.option("--all", "everything", is_flag=True, help="Show every booking, of many as well.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(directory: str, booking: str | None, target: str, *, everything: bool, as_json: bool) -> None:
    """Show each booking as it stands in file, page, event, calendar and mail, and where they differ.

    Charters that have sailed are not looked up. It ends with 1 where anything differs.

    \b
    Example:
      castoff status --target local
      castoff status xhqgmdh --json
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    progress = Progress()
    with told(progress, broken_off="nothing was changed: it only looks"):
        project = open_project(find_root(directory), target=target, as_of=None)
        project.look_first()
        loaded = connect(project.destination()).states.load()
        state, lock = loaded.state, lock_on(loaded)
        found, mended = _compared(project, state, booking, progress, lock)
    if as_json:
        result_json(_as_json(state, found))
    else:
        width = terminal_width()
        few = everything or len(found.rows) <= _FEW
        for line in table([row for row in found.rows if few or row.differences], width=width):
            result(line)
        if found.rows and found.others:
            result("")
        for difference in found.others:
            for line in hanging(f"{difference.part.value}: ", aimed(difference.words), width=width):
                result(line)
        for line in (*told_of(state, target, lock, zone=project.settings.zone), *_counts(found, only=booking)):
            say(line)
        if booking is None and (waiting := _waiting(project.root, found, state)):
            say(f"nothing is published of {in_a_row(waiting)}")
    raise SystemExit(1 if found.differs or not mended else 0)


def table(rows: Sequence[Row], *, width: int) -> Iterator[str]:
    """Yield the bookings as a table, beneath each what differs."""
    if not rows:
        return
    cells = [
        {"booking": row.booking, "sails": row.when, **{part.value: row.cells[part] for part in Part}} for row in rows
    ]
    columns = {name: max(len(name), *(len(row[name]) for row in cells)) for name in cells[0]}
    yield click.style(_line({name: name for name in columns}, columns), bold=True)
    for row, shown in zip(rows, cells, strict=True):
        yield _line(shown, columns)
        for difference in row.differences:
            lines = [*hanging(f"  {difference.part.value}: ", aimed(difference.words), width=width)]
            yield from (click.style(line, fg="yellow") for line in lines)


def told_of(state: State, target: str, lock: Lock | None = None, *, zone: ZoneInfo) -> list[str]:
    """Return what is to be said of a target beside its bookings: where it is, and who is at it."""
    if state.serial == 0:
        return [f"nothing was ever published to {target}"]
    last = f", {_when(state.history[0].at, zone)}" if state.history else ""
    lines = [f"{target} is at {state.commit[:12]}{last}: {counted(len(_live(state)), 'booking')}"]
    if lock is not None:
        lines.append(_told_of_lock(lock))
    return lines


def look(target: Target, wish: Wish, state: State, progress: Progress) -> Seen:
    """Return what stands; Ctrl-C is heard at once, since calls that are under way may take their time to end."""
    with heard(progress, only_looks=True) as interrupts:
        reads = Hands(NoLease(), SystemClock(), stop=interrupts, progress=progress)
        return survey(target, wish, state, patience=BRIEF, reads=reads)


def _when(at: str, zone: ZoneInfo) -> str:
    """Return an instant by the clock at the dock, with the name of its zone."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _told_of_lock(lock: Lock) -> str:
    """Return who is at work, or left something, and what to do."""
    if lock.left:
        return f"{lock.name} is publishing {lock.commit[:12]}: wait until it is done; `castoff unlock` shows more of it"
    return f"{lock.name} was publishing {lock.commit[:12]} and {lock.stand}: `castoff publish` does what is left"


def _compared(
    project: Project, state: State, only: str | None, progress: Progress, lock: Lock | None
) -> tuple[Comparison, bool]:
    """Return the comparison, and whether the files can be built."""
    now = (project.settings.standing_clock or this_instant()).isoformat()
    progress.step("reading the files")
    wanted, mended = _wanted(project, state, now)
    bookings = looked_up(wanted, state, now=now)
    if only is not None:
        bookings = [_one(project.root, only, bookings, state)]
    progress.step(f"looking at {counted(len(bookings), 'booking')}")
    wish = wish_of(wanted, state, bookings=bookings, every_file=False)
    seen = look(project.destination(), wish, state, progress)
    found = compare(wanted, state, seen, bookings=bookings, now=this_instant(), lock=lock)
    return (found if only is None else replace(found, others=())), mended


def _wanted(project: Project, state: State, now: str) -> tuple[Wanted, bool]:
    """Build what the files want; what has not sailed is built whether or not it changed, to have it at hand."""
    ahead = {key: replace(one, input=UNKNOWN) for key, one in state.bookings.items() if not is_over(one.ends, now)}
    out = project.root / ".castoff" / "status" / project.target
    folder, problems = project.attempt(prior={**state.bookings, **ahead}, out=out)
    if folder is None:
        say(
            f"the files cannot be built ({summary(problems)}): `castoff check` says why; the rest is shown without them"
        )
    return Wanted(folder), not stops(problems)


def _status_in_file(root: Path, booking: str) -> Status | None:
    """Return what a booking's file says of its status, None where there is none that can be read."""
    path = booking_path(booking)
    try:
        parsed = parse_booking((root / path).read_text("utf-8"), path).value
    except (OSError, ValueError):
        return None
    return None if parsed is None else parsed.status


def _one(root: Path, booking: str, bookings: Sequence[str], state: State) -> str:
    if booking in bookings:
        return booking
    if booking in state.bookings:
        fail(
            f"booking `{booking}` has sailed, or is gone: it is not looked up",
            hint=f"`castoff history {booking}` tells its life",
        )
    status = _status_in_file(root, booking)
    if status is not None and not status.public:
        fail(
            f"booking `{booking}` is a {status.value}: nothing of it is published",
            hint="nobody sees it until it is confirmed",
        )
    meant = nearest(booking, bookings)
    return fail(f"there is no booking `{booking}`", hint=f"did you mean `{meant}`?" if meant else "see bookings/")


def _waiting(root: Path, found: Comparison, state: State) -> list[str]:
    """Return the bookings of which nothing is to be published yet, by their files: a draft, a hold."""
    known = {row.booking for row in found.rows} | _live(state).keys()
    others = sorted(path.stem for path in (root / BOOKINGS).glob("*.yaml") if path.stem not in known)
    statuses = {key: _status_in_file(root, key) for key in others}
    return [f"{key} ({status.value})" for key, status in statuses.items() if status is not None and not status.public]


def _counts(found: Comparison, *, only: str | None) -> Iterator[str]:
    differing = sum(bool(row.differences) for row in found.rows)
    if found.rows:
        verb = "differs" if differing == 1 else "differ"
        unseen = any(one.part is not Part.FILE for one in found.others)
        agreed = "what was seen agrees" if unseen else "nothing differs"
        yield f"{differing} of {counted(len(found.rows), 'booking')} {verb}" if differing else agreed
    if found.drifted:
        yield "what was changed by hand is mended by `castoff publish --repair`"
    if found.past and only is None:
        has, is_not = ("has", "is not") if found.past == 1 else ("have", "are not")
        yield f"{counted(found.past, 'charter')} {has} sailed, and {is_not} looked up"


def _live(state: State) -> dict[str, PublishedBooking]:
    """Return the bookings without those that are only remembered, as their events could come back."""
    return {key: booking for key, booking in state.bookings.items() if booking.status != REMOVED}


def _line(cells: dict[str, str], columns: dict[str, int]) -> str:
    return "  ".join(f"{cells[name]:<{width}}" for name, width in columns.items()).rstrip()


def _as_json(state: State, found: Comparison) -> dict[str, object]:
    rows = {row.booking: row for row in found.rows}
    return {
        "serial": state.serial,
        "commit": state.commit,
        "in_progress": state.in_progress is not None,
        "differs": found.differs,
        "differences": [{"part": one.part.value, "words": one.words} for one in found.others],
        "bookings": {
            key: {**_published(state.bookings.get(key)), **_row_json(rows.get(key))}
            for key in sorted({*state.bookings, *rows})
        },
    }


def _published(booking: PublishedBooking | None) -> dict[str, object]:
    """Return what was published of a booking."""
    return {
        "status": booking.status if booking else None,
        "ends": booking.ends if booking else None,
        "event": booking.event and {"id": booking.event.id, "status": booking.event.status} if booking else None,
        "calendar": booking is not None and booking.calendar is not None,
    }


def _row_json(row: Row | None) -> dict[str, object]:
    """Return what was seen of a booking, None of one that was not looked up."""
    if row is None:
        return {"seen": None, "differences": []}
    return {
        "seen": {part.value: words for part, words in row.cells.items()},
        "differences": [{"part": one.part.value, "words": one.words} for one in row.differences],
    }
