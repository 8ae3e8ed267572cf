"""`castoff history`: the publishes of a target, and one booking's life, with the commits that they came from."""

from __future__ import annotations

import sys
from datetime import datetime
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Final

import click

from castoff.cli.errors import told
from castoff.cli.lines import hanging, width_for
from castoff.cli.project import find_root
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress, fail, result, result_json, say
from castoff.contract.counts import counted
from castoff.contract.facts import STATUS, heading
from castoff.contract.mails import Kind
from castoff.contract.state import REMOVED
from castoff.fleet.sources import booking_path
from castoff.problems import nearest
from publisher.adapters.world import connect
from publisher.fates import LIVED, UPKEPT, Fate
from publisher.history import life_of, releases
from publisher.record import MAILED
from publisher.telling.words import fate_counts, withdrawn_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from castoff.cli.releasing import Project
    from castoff.contract.state import Published, State
    from publisher.history import Life, Moment
    from publisher.record import Deed

_COMMIT: Final = 10
"""Digits of a commit: git itself shows fewer, and takes these."""
_HEAD: Final = " " * len("2024-05-30 09:00 PDT  ")
_UNKNOWN: Final = "a commit that this clone does not know"

_SELF_EVIDENT: Final = {STATUS, "cancelled because"}
"""Facts that are told by what became of the booking."""


@click.command()
@click.argument("booking", metavar="[ID]", required=False)
@click.option("-n", "--number", type=click.IntRange(1), default=20, show_default=True, help="How many, the newest.")
@click.option("--target", default="production", show_default=True, help="Of which target of castoff.yaml.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(directory: str, booking: str | None, number: int, target: str, *, as_json: bool) -> None:
    """Show what was published, when, by whom and from which commit; or one booking's life.

    The publishes come newest first, a booking's life in its order. Records are kept for two years.

    \b
    Example:
      castoff history -n 5
      castoff history xhqgmdh
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    progress = Progress()
    with told(progress, broken_off="nothing was changed: it only looks"):
        project = open_project(find_root(directory), target=target, as_of=None)
        world = connect(project.destination())
        state = world.states.load().state
        if booking is None:
            lines = releases(state, world.records, most=number, progress=progress)
            subjects = project.git.subjects([line.commit for line in lines])
        else:
            life = life_of(booking, state, world.records, progress=progress)
            subjects = project.git.subjects([moment.record.commit for moment in life.moments])
    if booking is not None:
        _show_life(project, booking, state, life, subjects, as_json=as_json)
    elif as_json:
        result_json([line.to_json() | {"subject": subjects.get(line.commit)} for line in lines])
    elif not lines:
        say(f"nothing was ever published to {target}")
    else:
        for text in release_lines(lines, subjects, zone=project.settings.zone, width=width_for(sys.stdout)):
            result(text)


def release_lines(
    lines: Sequence[Published], subjects: Mapping[str, str], *, zone: ZoneInfo, width: int
) -> Iterator[str]:
    """Yield two lines or more for each publish: when and from which commit; what it did and by whom."""
    for line in lines:
        head = f"{_when(line.at, zone)}  {line.commit[:_COMMIT]}  "
        first, *more = hanging(head, _subject(line.commit, subjects), width=width)
        yield click.style(first, bold=True)
        yield from more
        yield from hanging(_HEAD, f"{_done(line)}, by {_whom(line.by)}", width=width)


def life_lines(moments: Sequence[Moment], subjects: Mapping[str, str], *, zone: ZoneInfo, width: int) -> Iterator[str]:
    """Yield what became of a booking, moment by moment; what only kept its pages up comes together."""
    again = _told_again(moments)
    for upkept, group in groupby(moments, key=_upkept):
        found = list(group)
        shown = [found[-1]] if upkept else found
        for moment in shown:
            times = f", {len(found)} times since {_when(found[0].record.at, zone)[:10]}" if len(found) > 1 else ""
            became = _stopped(moment) if moment.record.serial in again else _became(moment)
            words = f"{became}{times if upkept else ''}"
            first, *more = hanging(f"{_when(moment.record.at, zone)}  ", words, width=width)
            yield first if upkept else click.style(first, bold=True)
            yield from more
            record = moment.record
            source = f"{_subject(record.commit, subjects)}, by {_whom(record.by)}"
            yield from hanging(f"{_HEAD}{record.commit[:_COMMIT]}  ", source, width=width)


def _show_life(
    project: Project, booking: str, state: State, life: Life, subjects: Mapping[str, str], *, as_json: bool
) -> None:
    if not life.moments:
        _fail_unknown(project, booking, state)
    if as_json:
        result_json(
            {
                "booking": booking,
                "unread": life.unread,
                "gaps": [line.to_json() for line in life.gaps],
                "moments": [_moment_json(moment, subjects) for moment in life.moments],
            }
        )
        return
    known = state.bookings.get(booking)
    name = heading(known.facts) if known else ""
    off = "withdrawn" if life.moments[-1].deed.fate is Fate.WITHDRAWN else "gone"
    gone = known is None or known.status == REMOVED
    said = f"{booking}  {name}" if name else booking
    say(f"{said}{f' ({off})' if gone else ''}")
    for text in life_lines(life.moments, subjects, zone=project.settings.zone, width=width_for(sys.stdout)):
        result(text)
    for line in life.gaps:
        say(f"{_when(line.at, project.settings.zone)}  a publish of which no record was written: {_done(line)}")
    if life.unread:
        say(f"{counted(life.unread, 'older record')} not read")


def _fail_unknown(project: Project, booking: str, state: State) -> None:
    if booking in state.bookings:
        fail(f"there is no record of booking `{booking}` any more", hint="git knows: `git log -- bookings/`")
    if (project.root / booking_path(booking)).exists():
        fail(
            f"booking `{booking}` was never published to {project.target}",
            hint=f"`castoff publish --target {project.target}` does",
        )
    meant = nearest(booking, state.bookings)
    fail(f"there is no booking `{booking}`", hint=f"did you mean `{meant}`?" if meant else "see bookings/")


def _upkept(moment: Moment) -> Fate | None:
    """Return what only kept its pages up, and by a publish that came to its end; None where more became of it."""
    return moment.deed.fate if moment.deed.fate in UPKEPT and not moment.record.broke_off else None


def _became(moment: Moment) -> str:
    """Return what became of a booking by one publish, who was mailed, and whether it broke off there."""
    deed = moment.deed
    mended = {change.label for change in deed.mended}
    changed = [change for change in deed.changed if change.label not in _SELF_EVIDENT | mended]
    facts = [_fact(change) for change in (*changed, *deed.mended)]
    head = withdrawn_words(deed.status) if deed.fate is Fate.WITHDRAWN else LIVED[deed.fate]
    if deed.fate is Fate.CHANGED and facts:
        head = "; ".join(facts)
    elif facts:
        head = f"{head}; {'; '.join(facts)}"
    told_whom = "".join(f"; {words}" for words in _tellings(deed))
    broke_off = "; it stopped here" if moment.record.broke_off else ""
    return f"{head}{told_whom}{broke_off}"


def _told_again(moments: Sequence[Moment]) -> set[int]:
    """Return the publishes that broke off and whose work on the booking the next of them tells whole."""
    return {
        one.record.serial
        for one, later in pairwise(moments)
        if one.record.broke_off and _what(one.deed) == _what(later.deed)
    }


def _what(deed: Deed) -> tuple[object, ...]:
    return deed.was, deed.changed, deed.mended


def _stopped(moment: Moment) -> str:
    """Return what a publish did that broke off and was gone on with: whom it had mailed by then."""
    return "; ".join(["a publish stopped midway", *_tellings(moment.deed)])


def _tellings(deed: Deed) -> list[str]:
    return [f"{_telling(kind)}: {', '.join(members)}" for kind, members in _mailed(deed).items()]


def _telling(kind: str) -> str:
    """Return what went to members; where nobody knew what they had been told before, they are told by now."""
    return "mailed now, if not before" if kind == Kind.PERHAPS else f"mailed {kind}"


def _fact(change: Any) -> str:
    """Return a change in words; of what is not shown, that it changed."""
    return f"{change.label} changed" if change.before is change.after is None else str(change.line)


def _mailed(deed: Deed) -> dict[str, list[str]]:
    """Return who was told what, by what they were told."""
    found: dict[str, list[str]] = {}
    for member, kind in deed.mailed:
        found.setdefault(kind, []).append(member)
    return found


def _done(line: Published) -> str:
    """Return what a publish did, in words: `2 new, 1 changed, crew mailed: 4`."""
    told_of = fate_counts(line.counts)
    if mailed := line.counts.get(MAILED):
        told_of.append(f"crew mailed: {mailed:,}")
    words = ", ".join(told_of)
    if line.broke_off and not line.actions:
        return "broke off"
    if line.broke_off:
        return f"stopped after {counted(line.actions, 'action')}{f': {words}' if words else ''}"
    if not line.actions:
        return "nothing to do"
    return words or f"{counted(line.actions, 'action')}, of no booking"


def _subject(commit: str, subjects: Mapping[str, str]) -> str:
    return subjects.get(commit, _UNKNOWN)


def _when(at: str, zone: ZoneInfo) -> str:
    """Return an instant by the clock at the dock, with the name of its zone."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _whom(by: str) -> str:
    """Return the machine or workflow that published: the number of its process says nothing any more."""
    return by.partition(", process ")[0]


def _moment_json(moment: Moment, subjects: Mapping[str, str]) -> dict[str, Any]:
    record = moment.record
    return {
        "serial": record.serial,
        "at": record.at,
        "by": record.by,
        "commit": record.commit,
        "subject": subjects.get(record.commit),
        "broke_off": record.broke_off,
        **moment.deed.to_json(),
    }
