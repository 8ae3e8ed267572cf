"""The fleet: every charter with its vessel, dock, crew and instants, validated and cross-checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from castoff.fleet.batches import Batch, joined, read_batch
from castoff.fleet.clashes import clashes
from castoff.fleet.namesakes import namesakes
from castoff.fleet.outlines import outline_of_row
from castoff.fleet.overlaps import overlaps
from castoff.fleet.places import Places
from castoff.fleet.shelf import parse_shelf
from castoff.fleet.slugs import claims, lost_to
from castoff.fleet.sources import read_sources
from castoff.problems import in_order, stops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from castoff.fleet.carry import BoardRow
    from castoff.fleet.charter import Charter
    from castoff.fleet.content import Checklist, CrewMember, Dock, Snippet, Vessel
    from castoff.fleet.outlines import Outline
    from castoff.fleet.settings import Settings
    from castoff.fleet.shelf import Shelf
    from castoff.fleet.sources import Sources
    from castoff.problems import Problem

    Reuse = Callable[[Settings], Mapping[str, BoardRow]]
    """Name, once settings are known, the bookings that need not be read."""
    Read = Callable[[Sequence[str]], Batch]
    """Read some bookings: here and now, or shared out among workers."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Everything an operator has: charters by booking id, content by file name.

    `names` says whose each id, slug and alias is; `reused` are the bookings that were not read again, `outlines` those
    that were. Where workers have read them, the charters stay with them, and there are none here.
    """

    settings: Settings
    charters: tuple[Charter, ...]
    vessels: Mapping[str, Vessel]
    docks: Mapping[str, Dock]
    crew: Mapping[str, CrewMember]
    checklists: Mapping[str, Checklist]
    snippets: Mapping[str, Snippet]
    names: Mapping[str, str]
    reused: Mapping[str, BoardRow]
    outlines: tuple[Outline, ...] = ()


def load_project(root: Path, *, as_of: datetime | None = None) -> tuple[Fleet | None, tuple[Problem, ...]]:
    """Read a project's files and return the fleet, None where a problem stops it, and every problem."""
    return parse_project(read_sources(root), as_of=as_of)


def parse_project(
    sources: Sources, reuse: Reuse | None = None, *, as_of: datetime | None = None
) -> tuple[Fleet | None, tuple[Problem, ...]]:
    """Return the fleet that the files describe, None where a problem stops it, and the problems of all files.

    `reuse` names, once settings are known, the bookings that need not be read: they take part in cross-checks by their
    line on the board, and have no charter. Charters that are over at `as_of` take no part in them.
    """
    shelf = parse_shelf(sources)
    reused = reuse(shelf.settings) if reuse is not None and shelf.settings is not None else {}
    return gather(
        sources, shelf, reused, lambda bookings: read_batch(bookings, sources, shelf, as_of=as_of), as_of=as_of
    )


def gather(
    sources: Sources,
    shelf: Shelf,
    reused: Mapping[str, BoardRow],
    read: Read,
    *,
    as_of: datetime | None = None,
    as_if_all: bool = False,
) -> tuple[Fleet | None, tuple[Problem, ...]]:
    """Have all bookings read that are not reused, hold each against the others, and return the fleet.

    One that was to be reused is read after all where another has taken a slug that used to lead to it. `as_if_all` has
    whatever another clashes with read, too, so that each problem is told where it is when all are read.
    """
    ids = sources.bookings
    found = read([booking for booking in ids if booking not in reused])
    lost = lost_to(found.outlines, ids=ids, reused=reused)
    if lost:
        reused = {booking: row for booking, row in reused.items() if booking not in lost}
        found = joined((found, read(sorted(lost))))
    names, problems = _cross_checked(sources, shelf, found.outlines, reused, as_of=as_of)
    if as_if_all and problems and (others := _clashing(shelf, found.outlines, reused, names)):
        reused = {booking: row for booking, row in reused.items() if booking not in others}
        found = joined((found, read(sorted(others))))
        names, problems = _cross_checked(sources, shelf, found.outlines, reused, as_of=as_of)
    problems = in_order((*shelf.problems, *found.problems, *problems))
    if stops(problems):
        return None, problems
    return replace(fleet_of(shelf, names), charters=found.charters, reused=reused, outlines=found.outlines), problems


def fleet_of(shelf: Shelf, names: Mapping[str, str]) -> Fleet:
    """Return a fleet without charters, of a shelf that is in order."""
    if shelf.settings is None:
        raise AssertionError("settings that are missing are a problem, and stop a build")
    return Fleet(
        settings=shelf.settings,
        charters=(),
        vessels=shelf.vessels,
        docks=shelf.docks,
        crew=shelf.crew,
        checklists=shelf.checklists,
        snippets=shelf.snippets,
        names=names,
        reused={},
    )


def _cross_checked(
    sources: Sources,
    shelf: Shelf,
    outlines: Sequence[Outline],
    reused: Mapping[str, BoardRow],
    *,
    as_of: datetime | None,
) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """Return whose each name is, and what is wrong between bookings, read again or not."""
    places = Places(sources.bookings)
    names, problems = claims(outlines, ids=sources.bookings, reused=reused, places=places)
    problems += namesakes(sources.content, vessels=shelf.vessels, docks=shelf.docks, crew=shelf.crew)
    if shelf.settings is not None:
        over = 0.0 if as_of is None else as_of.timestamp()
        ahead = [one for one in (*outlines, *_beside(outlines, reused)) if one.ends > over]
        problems += overlaps(ahead, rest=_rest(shelf, shelf.settings), zone=shelf.settings.zone, places=places)
    return names, tuple(problems)


def _rest(shelf: Shelf, settings: Settings) -> dict[str, timedelta]:
    """Return what each vessel needs between two charters."""
    return {
        vessel.id: settings.turnaround if vessel.turnaround is None else vessel.turnaround
        for vessel in shelf.vessels.values()
    }


def _clashing(
    shelf: Shelf, outlines: Sequence[Outline], reused: Mapping[str, BoardRow], names: Mapping[str, str]
) -> set[str]:
    """Return the bookings of `reused` that want a vessel, a person or a name that one that was read wants, too."""
    found = {names.get(name, "") for outline in outlines for name in (outline.slug, *outline.aliases)}
    if shelf.settings is not None:
        both = (*outlines, *_beside(outlines, reused))
        for clash in clashes(both, _rest(shelf, shelf.settings)):
            found |= {one.booking for one in (clash.before, clash.after) if one is not None}
    return found & reused.keys()


def _beside(outlines: Iterable[Outline], reused: Mapping[str, BoardRow]) -> Iterator[Outline]:
    """Yield the bookings not read again that have vessel or people in common with one that was: none else can clash."""
    taken = {name for one in outlines for name in (one.vessel, one.captain, *one.crew)}
    for booking, row in reused.items():
        if row.vessel_id in taken or row.captain_id in taken or not taken.isdisjoint(row.crew_ids):
            yield outline_of_row(booking, row)
