"""The build: a project's files, a target and an instant in; a release, its bodies and the money kept apart out."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from castoff.contract import release as contract
from castoff.contract.release import Release
from castoff.fleet.batches import joined
from castoff.fleet.charters import gather
from castoff.fleet.model import Status
from castoff.fleet.settings import EMBEDDED, CrewPages
from castoff.fleet.shelf import parse_shelf
from castoff.fleet.sources import open_sources
from castoff.fleet.unused import unused
from castoff.logbook import Account
from castoff.pages.assets import pictures_used
from castoff.pages.board import board
from castoff.pages.keys import site_pages
from castoff.pages.layouts import layout_problems
from castoff.pages.render import compile_layouts
from castoff.pages.theme import load_theme
from castoff.press import Press, Printed
from castoff.problems import Problem, ProblemsError, in_order, stops
from castoff.remarks import held_back, long_past, lost_slugs
from castoff.reuse import Reused, all_reusable
from castoff.settled import settle
from castoff.shares import Ground, Share
from castoff.sinks import Memory, Nowhere
from castoff.versions import CASTOFF
from castoff.wishes import NO_TARGET, Wishes
from castoff.workers import cut, team_of, workers_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from castoff.contract.release import File
    from castoff.fleet.batches import Batch
    from castoff.fleet.charters import Fleet
    from castoff.fleet.content import CrewMember
    from castoff.fleet.shelf import Shelf
    from castoff.fleet.sources import Sources
    from castoff.pages.theme import Theme
    from castoff.pages.views import BoardView
    from castoff.settled import Settled
    from castoff.sinks import Sink
    from castoff.workers import Team


_PUBLIC: Final = frozenset(status.value for status in Status if status.public)


@dataclass(frozen=True, slots=True)
class Build:
    """One build: the release, every body by its site and key, and the money that settings let through, by booking."""

    release: Release
    bodies: Mapping[str, bytes]
    private: Mapping[str, Mapping[str, str]]
    account: Account | None = None


def build(root: Path, wishes: Wishes) -> tuple[Build | None, tuple[Problem, ...]]:
    """Read a project and return its build, None where a problem stops it, and every problem."""
    with no_collector():
        return assemble(open_sources(root), load_theme(root), wishes)


def try_out(root: Path, wishes: Wishes) -> tuple[Build | None, tuple[Problem, ...]]:
    """Return a project's build as `build` does, for whoever is at work on it: layouts are looked through, too."""
    with no_collector():
        sources = open_sources(root)
        return assemble(sources, _looked_through(load_theme(root), sources), wishes)


def check(root: Path, *, clock: datetime) -> tuple[Problem, ...]:
    """Return everything that is wrong with a project, layouts included: whatever would stop a build or be warned of."""
    wishes = Wishes(target=NO_TARGET, clock=clock, addresses=EMBEDDED)
    with no_collector():
        sources = open_sources(root)
        return make(sources, _looked_through(load_theme(root), sources), wishes, Nowhere())[1]


def _looked_through(theme: Theme, sources: Sources) -> Theme:
    return replace(theme, problems=(*theme.problems, *layout_problems(theme, sources.pictures)))


def assemble(sources: Sources, theme: Theme, wishes: Wishes) -> tuple[Build | None, tuple[Problem, ...]]:
    """Return the build that files and wishes make: a pure function of both."""
    memory = Memory()
    made, problems = make(sources, theme, wishes, memory)
    if made is None:
        return None, problems
    kept = memory.kept
    return Build(made.release(kept.files, kept.bookings), kept.bodies, made.printed.private, made.account), problems


@contextmanager
def no_collector() -> Iterator[None]:
    """Let the cycle collector rest: a build makes no cycles to speak of, and looking for them takes an eighth of it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def make(sources: Sources, theme: Theme, wishes: Wishes, sink: Sink) -> tuple[Made | None, tuple[Problem, ...]]:
    """Put what files and wishes make into a sink, and return the rest of it: None where a problem stops it.

    No page is rendered before all bookings are read and held against each other.
    """
    shelf = parse_shelf(sources)
    settled = None if shelf.settings is None else settle(sources, theme, shelf.settings, wishes)
    reused = {} if settled is None else _reused(sources, shelf, settled, wishes)
    ground = Ground(sources, theme, shelf, settled, wishes, sink)
    workers = workers_for(len(sources.bookings) - len(reused), most=wishes.workers)
    if workers > 1:
        compile_layouts(theme, wishes.cache)
    problems: tuple[Problem, ...] = ()
    try:
        with team_of([Share(number, ground) for number in range(workers)]) as team:
            rows = {booking: one.row for booking, one in reused.items()}
            fleet, problems = gather(
                sources,
                shelf,
                rows,
                partial(_read, team),
                as_of=None if settled is None else settled.as_of,
                as_if_all=wishes.known is not None,
            )
            problems = in_order((*problems, *theme.problems, *(settled.problems if settled else ())))
            if fleet is None or settled is None or stops(problems):
                return None, problems
            printed, more = _printed(team, fleet, ground)
        shown = {booking: row for booking, row in fleet.reused.items() if row.status in _PUBLIC}
        laid = board({**shown, **printed.rows}, as_of=settled.as_of)
        boards = {sheet.key: sheet.source for sheet in laid.sheets}
        stood = frozenset(
            key for key, source in boards.items() if wishes.known and wishes.known.boards.get(key) == source
        )
        new = {sheet.key: sheet.view(settled.addresses) for sheet in laid.sheets if sheet.key not in stood}
        _print_site(fleet, settled, ground, new, number=workers)  # once the team is gone, and its memory with it
    except ProblemsError as error:
        return None, in_order((*problems, *error.problems))
    inputs = {booking: reused[booking].input for booking in fleet.reused}
    turn = _next_turn(laid.next_turn, (reused[booking] for booking in fleet.reused))
    made = Made(fleet, settled, wishes, printed, inputs, boards, stood, next=turn.isoformat())
    return made, in_order((*problems, *more, *_remarks(sources, made)))


def _reused(sources: Sources, shelf: Shelf, settled: Settled, wishes: Wishes) -> dict[str, Reused]:
    """Return the bookings that need not be read."""
    if shelf.settings is None or wishes.full:
        return {}
    if wishes.known is not None:
        return wishes.known.reusable(settled.inputs.parts, among=sources.bookings, as_of=settled.as_of)
    return all_reusable(
        sources.bookings,
        wishes.prior if wishes.kept is None else wishes.kept,
        prior=wishes.prior,
        settings=shelf.settings,
        inputs=settled.inputs,
        as_of=settled.as_of,
    )


def _read(team: Team[Share], bookings: Sequence[str]) -> Batch:
    """Have bookings read, each by one of the team, who keeps its charter."""
    return joined(team.ask(Share.read, cut(bookings, team.size)))


def _printed(team: Team[Share], fleet: Fleet, ground: Ground) -> tuple[Printed, list[Problem]]:
    """Have the charters printed into the sink, each by whoever has read it."""
    printed, problems = Printed(), list[Problem]()
    names = fleet.names if ground.wishes.prior else {}  # asked for former slugs alone
    for output in team.ask(Share.print, names):
        ground.sink.add(output.done)
        printed.extend(output.printed)
        problems += output.problems
    samples = [sample for sample in team.ask(Share.sample, None) if sample is not None]
    if ground.theme.own and samples:
        team.ask(Share.rehearse, min(samples))
    return printed, problems


def _print_site(
    fleet: Fleet, settled: Settled, ground: Ground, boards: Mapping[str, BoardView], *, number: int
) -> None:
    """Print what belongs to no charter, as the part of the sink with that number: the board, assets and plain pages."""
    press = Press(fleet, ground.sources, ground.theme, settled=settled, wishes=ground.wishes)
    part = ground.sink.part(number)
    press.print_pages(site_pages(boards), part)
    press.print_assets(part)
    ground.sink.add(part.done())


def _next_turn(board: datetime, reused: Iterable[Reused]) -> datetime:
    """Return when the clock changes the board or a reused booking's pages next, in the operator's zone."""
    ahead = [one.next for one in reused if one.next is not None]
    return min((board, *ahead), key=datetime.timestamp).astimezone(board.tzinfo)


def _remarks(sources: Sources, made: Made) -> Iterator[Problem]:
    """Yield what a build warns of once it knows everything."""
    yield from held_back(sources, made.printed.held)
    yield from lost_slugs(sources, made.printed.lost, names=made.fleet.names)
    if made.wishes.publishing:
        stays, known = made.fleet.settings.retention.pages, made.wishes.prior
        yield from long_past(sources, made.printed.rows, known=known, stays=stays, as_of=made.settled.as_of)
    if made.wishes.target == NO_TARGET and not made.fleet.reused:  # of those not all that they name is known
        shown = pictures_used(made.fleet)
        yield from unused(made.fleet, made.fleet.outlines, pictures=sources.pictures, shown=shown)


@dataclass(frozen=True, slots=True)
class Made:
    """What a build came to, beside what is in the sink; `reused` are input digests."""

    fleet: Fleet
    settled: Settled
    wishes: Wishes
    printed: Printed
    reused: Mapping[str, str]
    boards: Mapping[str, str]
    """What each page of the board is made from, as a digest, by its key."""
    stood: frozenset[str]
    """Those of them that were left as they stood in the folder: a long one is dear."""
    next: str
    """When the clock changes the board or a reused booking next."""

    def release(self, files: Mapping[str, File], bookings: Mapping[str, contract.Booking]) -> Release:
        """Return the release with these files and bookings."""
        as_of = self.settled.as_of
        return Release(
            generator=f"castoff {self.wishes.versions[CASTOFF]}",
            target=self.wishes.target,
            commit=self.wishes.commit,
            as_of=as_of.isoformat(),
            next_run=(as_of + self.fleet.settings.uploads.next_run).isoformat(),
            files=files,
            crew={member.id: _member(member) for member in self.fleet.crew.values()},
            bookings=bookings,
            reused=self.reused,
            next=self.next,
            gated=self.fleet.settings.crew_pages is CrewPages.GATED,
            withheld=self._withheld(),
        )

    def _withheld(self) -> dict[str, str]:
        """Return the bookings that were published and are not to be seen any more, with their status."""
        waiting = {booking: row for booking, (row, _) in self.printed.waiting.items()}
        rows = sorted({**self.fleet.reused, **waiting}.items())
        known = self.wishes.prior
        return {booking: row.status for booking, row in rows if booking in known and row.status not in _PUBLIC}

    @property
    def account(self) -> Account:
        """What a logbook wants to know."""
        settled, printed = self.settled, self.printed
        return Account(
            settled.inputs.parts,
            settled.as_of.isoformat(),
            printed.rows,
            printed.stands,
            self.boards,
            self.stood,
            waiting=printed.waiting,
        )


def _member(member: CrewMember) -> contract.CrewMember:
    return contract.CrewMember(member.id, member.name, member.role.value, member.email, member.phone)
