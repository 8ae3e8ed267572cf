"""The build: a project's files, a target and an instant in; a release, its bodies and the money kept apart out."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from castoff import __version__
from castoff.contract import release as contract
from castoff.contract.release import File, Release, Site
from castoff.fleet.charters import parse_project
from castoff.fleet.guessable import guessable
from castoff.fleet.settings import EMBEDDED, addresses
from castoff.fleet.sources import SETTINGS, read_sources
from castoff.inputs import Inputs
from castoff.pages.assets import CACHE_CONTROL, make_assets, pictures_used
from castoff.pages.board import board
from castoff.pages.keys import site_pages
from castoff.pages.phase import CharterPhase, course_of
from castoff.pages.projection import Projector
from castoff.pages.prose import site_view
from castoff.pages.render import Renderer
from castoff.pages.theme import load_theme
from castoff.press import Press, Printed
from castoff.problems import Problem, ProblemsError, in_order, nearest, stops
from castoff.reading.reader import read
from castoff.remarks import held_back, long_past, lost_slugs
from castoff.reuse import Reused, all_reusable
from castoff.workers import in_halves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from castoff.contract.state import PublishedBooking
    from castoff.fleet.carry import BoardRow
    from castoff.fleet.charters import Fleet
    from castoff.fleet.content import CrewMember
    from castoff.fleet.model import Booking
    from castoff.fleet.settings import Addresses, Settings
    from castoff.fleet.sources import Sources
    from castoff.pages.theme import Theme

NO_TARGET: Final = ""
"""What a check builds for: nowhere."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a build is asked for: everything that is not a file; `clock` is the instant at which it is asked."""

    target: str
    clock: datetime
    commit: str = ""
    as_of: datetime | None = None
    """The instant to build for, where it is neither the clock nor an example site's own."""
    addresses: Addresses | None = None
    """Where the sites are seen, where that is not what the settings say: an embedded edge on a port of its own."""
    prior: Mapping[str, PublishedBooking] = field(default_factory=dict)
    """What was published before, by booking: what that handed on is built upon."""
    kept: Mapping[str, PublishedBooking] | None = None
    """What need not be read again where it is unchanged, if that is not `prior`: the builds of a preview before it."""
    full: bool = False
    """Whether everything is rendered, unchanged or not."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build: the release, every body by its site and key, and the money that settings let through, by booking."""

    release: Release
    bodies: Mapping[str, bytes]
    private: Mapping[str, Mapping[str, str]]


def build(root: Path, wishes: Wishes) -> tuple[Build | None, tuple[Problem, ...]]:
    """Read a project and return its build, None where a problem stops it, and every problem."""
    with no_collector():
        return assemble(read_sources(root), load_theme(root), wishes)


def check(root: Path, *, clock: datetime) -> tuple[Problem, ...]:
    """Return everything that is wrong with a project, layouts included: whatever would stop a build or be warned of."""
    return build(root, Wishes(target=NO_TARGET, clock=clock, addresses=EMBEDDED))[1]


def assemble(sources: Sources, theme: Theme, wishes: Wishes) -> tuple[Build | None, tuple[Problem, ...]]:
    """Return the build that files and wishes make: a pure function of both."""
    making = _Making(sources, theme, wishes)
    fleet, problems = parse_project(sources, making.reuse)
    problems = in_order((*problems, *theme.problems, *making.problems))
    if fleet is None or stops(problems):
        return None, problems
    try:
        built = making.build(fleet)
    except ProblemsError as error:
        return None, in_order((*problems, *error.problems))
    return built, in_order((*problems, *making.problems))


class _Making:
    """One build in the making: what settings decide, decided before anything else is read."""

    def __init__(self, sources: Sources, theme: Theme, wishes: Wishes) -> None:
        self.problems: list[Problem] = []
        self._sources = sources
        self._theme = theme
        self._wishes = wishes
        self._reused: dict[str, Reused] = {}
        self._as_of = wishes.as_of or wishes.clock
        self._addresses = wishes.addresses or EMBEDDED
        self._inputs: Inputs

    def reuse(self, settings: Settings) -> dict[str, BoardRow]:
        """Settle what depends on settings, and return the bookings that need not be read, as lines of the board."""
        wishes = self._wishes
        self.problems += _target_problems(self._sources, settings, wishes)
        target = settings.targets.get(wishes.target)
        if target is not None and wishes.addresses is None:
            self._addresses = addresses(target)
        self._as_of = (wishes.as_of or settings.standing_clock or wishes.clock).astimezone(settings.zone)
        self._inputs = Inputs(self._sources, self._theme, target=wishes.target, addresses=self._addresses)
        kept = wishes.prior if wishes.kept is None else wishes.kept
        self._reused = all_reusable(
            self._sources.bookings,
            {} if wishes.full else kept,
            prior=wishes.prior,
            settings=settings,
            inputs=self._inputs,
            as_of=self._as_of,
        )
        return {booking: reused.row for booking, reused in self._reused.items()}

    def build(self, fleet: Fleet) -> Build:
        """Return the build of a fleet in order; raise ProblemsError where a layout is at fault."""
        brand = fleet.settings.brand
        assets = make_assets(self._theme, self._sources.pictures, brand=brand, used=pictures_used(fleet))
        views = site_view(brand, fleet.snippets, address=self._addresses.guest)
        press = Press(
            settings=fleet.settings,
            projector=Projector(fleet, addresses=self._addresses, as_of=self._as_of),
            renderer=Renderer(self._theme, assets=assets, site=views),
            inputs=self._inputs,
            prior=self._wishes.prior,
            as_of=self._as_of,
            guest=self._addresses.guest,
        )
        printed = Printed()
        for half in in_halves(press.print_charters, [one for one in fleet.charters if one.booking.status.public]):
            printed.extend(half)
        if self._theme.own:
            for charter in islice((one for one in fleet.charters if not one.cancelled), 1):
                press.rehearse(charter)
        rows = {**fleet.reused, **printed.rows}
        pages = site_pages(board(rows, addresses=self._addresses, as_of=self._as_of))
        printed.extend(press.print_pages(pages))
        for asset in assets.values():
            for site in Site:
                printed.add_file(site, asset.key, asset.body, asset.content_type, CACHE_CONTROL)
        self.problems += held_back(self._sources, printed.held)
        self.problems += lost_slugs(self._sources, printed.lost, names=fleet.names)
        self.problems += long_past(self._sources, fleet, known=self._wishes.prior, as_of=self._as_of)
        if self._wishes.target == NO_TARGET:
            self.problems += guessable(self._sources, self._with_pages(fleet))
        return self._finished(fleet, printed)

    def _with_pages(self, fleet: Fleet) -> Iterator[Booking]:
        """Yield the bookings that have pages, or are to have some: what is past retention can be found by nobody."""
        for charter in fleet.charters:
            if course_of(charter, fleet.settings).standing(self._as_of).charter is not CharterPhase.RETIRED:
                yield charter.booking

    def _finished(self, fleet: Fleet, printed: Printed) -> Build:
        files = [File(*sheet) for sheet in printed.sheets]
        paths = [file.path for file in files]
        release = Release(
            generator=f"castoff {__version__}",
            target=self._wishes.target,
            commit=self._wishes.commit,
            as_of=self._as_of.isoformat(),
            next_run=(self._as_of + fleet.settings.uploads.next_run).isoformat(),
            files=dict(zip(paths, files, strict=True)),
            crew={member.id: _member(member) for member in fleet.crew.values()},
            bookings=printed.bookings,
            reused={booking: self._reused[booking].input for booking in fleet.reused},
        )
        return Build(release, dict(zip(paths, printed.bodies, strict=True)), printed.private)


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


def _target_problems(sources: Sources, settings: Settings, wishes: Wishes) -> list[Problem]:
    """Return what is wrong with the target that is asked for: unknown, or for real while the clock stands still."""
    if wishes.target == NO_TARGET:
        return []
    target = settings.targets.get(wishes.target)
    if target is None:
        meant = nearest(wishes.target, settings.targets)
        hint = f"did you mean `{meant}`?" if meant else "castoff.yaml names targets under `targets`"
        words = f"unknown target `{wishes.target}`"
        return [_in_settings(sources, "targets", words=words, rule="unknown-target", hint=hint)]
    if settings.as_of is not None and wishes.as_of is None and not target.embedded:
        words = f"the clock stands still here, and target `{wishes.target}` is for real"
        return [_in_settings(sources, "as_of", words=words, rule="standing-clock", hint="remove `as_of`")]
    return []


def _in_settings(sources: Sources, *steps: str, words: str, rule: str, hint: str) -> Problem:
    document, _ = read((sources.settings or b"").decode(errors="replace"), SETTINGS)
    place = (1, 1) if document is None else document.place_of_key(*steps)
    return Problem(SETTINGS, *place, words, rule, hint)


def _member(member: CrewMember) -> contract.CrewMember:
    return contract.CrewMember(member.id, member.name, member.role.value, member.email, member.phone)
