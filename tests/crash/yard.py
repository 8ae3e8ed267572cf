"""A yard: a harbour in which publishers die, each over a booking of its own, and what they asked until then."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crash.places import Death, plain_call
from crash.scenarios import FollowUp, Scenario
from crash.versions import NOWHERE, Told
from support import warm
from support.harbour import open_harbour
from support.hurried import Hurried
from support.projects import ZONE
from support.treatments import PATIENCE, Arrives, Held
from support.turnstile import Turnstile

from castoff.cli.errors import told
from castoff.cli.publishing import publish_project, tell
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress
from publisher.adapters.patience import Patience
from publisher.adapters.world import connect
from publisher.planning.limits import Limits
from publisher.publish import Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from support.harbour import Harbour
    from support.projects import Project, Ran
    from support.warm import Running
    from support.witness import Witness

    from castoff.contract.state import State
    from publisher.ports import Clock, Loaded, States, World
    from publisher.target import Target

AWS: Final = "AWS"
SCC: Final = "SCC"
DASHBOARD: Final = "DASHBOARD"
EDGE: Final = "EDGE"

_PATIENCE: Final = Patience(read=60.0, enough=120.0)
_LEASE: Final = 1.0
_ELSEWHERE: Final = "another machine"

_WINDOW: Final = 60
_NEXT_RUN: Final = 144
_LONG_AGO: Final = timedelta(days=5, hours=12)
"""Forms live for seven days: six nights from so long ago on, each has to sign anew what the one before it signed."""
_NIGHT: Final = timedelta(hours=168 - _NEXT_RUN, seconds=30)
_MINUTE: Final = timedelta(minutes=1)
_NEAR: Final = 8
_FAR: Final = _WINDOW + _NEXT_RUN // 24 + 10
_STEP: Final = 25
"""Days between the charters that always sail, so that no month's board is made or unmade by another."""
_STANDING: Final = tuple(range(_FAR - _FAR % _STEP, _FAR + 4 * _STEP, _STEP))


@dataclass(slots=True)
class Berth:
    """A booking over which a publisher is to die, `by_time` on another machine, where only time tells that it did."""

    booking: str
    day: int
    scenario: Scenario
    follow_up: FollowUp
    by_time: bool = False
    as_of: datetime | None = None
    booked: str = ""
    called: bool = False
    """Whether the publisher that died had changed the event, and with it called the crew."""
    entered: bool = False
    """Whether the calendar has an entry of it, as far as the publisher came that died."""

    @property
    def seen_at(self) -> str:
        """The path at which a guest sees it."""
        return f"/g/jada-guest-{self.booking}"

    @property
    def told(self) -> Told:
        """What the crew heard before anything died."""
        told = Told(self.booking)
        if self.scenario.before is not NOWHERE:
            told.hear(self.scenario.before)
        told.mails.clear()
        return told


@dataclass(frozen=True, slots=True)
class Afar:
    """The states behind a port, written from another machine under a lease of a second."""

    real: States

    def load(self) -> Loaded:
        """Read the state."""
        return self.real.load()

    def again(self, loaded: Loaded) -> Loaded:
        """Look at it again."""
        return self.real.again(loaded)

    def save(self, state: State, *, etag: str | None) -> str:
        """Write the state, and in it whose it is."""
        working = state.in_progress
        if working is not None and working.lease:
            holder = replace(working.holder, machine=_ELSEWHERE)
            state = replace(state, in_progress=replace(working, holder=holder, lease=_LEASE))
        return self.real.save(state, etag=etag)


@dataclass(slots=True)
class Yard:
    """The harbour, its turnstiles by name, the stack's own ids by name, and the instant that it is taken to be."""

    harbour: Harbour
    turnstiles: Mapping[str, Turnstile]
    names: Mapping[str, str]
    folder: Path
    as_of: datetime
    berths: list[Berth] = field(default_factory=list)
    heard: int = 0
    """How many mails were sent before the first of these berths."""
    _runs: Iterator[int] = field(default_factory=count)
    _bookings: Iterator[int] = field(default_factory=count)

    @property
    def project(self) -> Project:
        """The project that is published."""
        return self.harbour.project

    @property
    def witness(self) -> Witness:
        """Who is asked what is there."""
        return self.harbour.witness

    def berth(self, wanted: Iterable[tuple[Scenario, FollowUp, bool]]) -> Sequence[Berth]:
        """Remove the bookings of all earlier berths, and publish new ones as they are before anything dies."""
        old = self.berths
        far, near = (day for day in count(_FAR) if day % _STEP), (day for day in count(_NEAR))
        self.berths = []
        for scenario, follow_up, by_time in wanted:
            day = next(near if scenario.renewal else far)
            booking = f"yard{next(self._bookings):03}"
            entered = scenario.before.entry is not None
            self.berths.append(Berth(booking, day, scenario, follow_up, by_time, entered=entered))
        for berth in old:
            NOWHERE.write(self.project, berth.booking, day=berth.day)
        for berth in self.berths:
            if not berth.scenario.renewal:
                berth.scenario.before.write(self.project, berth.booking, day=berth.day)
        self._publish_calmly()
        for berth in self.berths:
            if berth.scenario.renewal:
                berth.scenario.before.write(self.project, berth.booking, day=berth.day)
                self.as_of += _MINUTE
                berth.as_of = self.as_of + _NIGHT
                berth.booked = self._publish_calmly()
        renewed = [berth.as_of for berth in self.berths if berth.as_of is not None]
        if renewed:  # a day has passed on the board, too, which is no business of these forms
            self.as_of = renewed[0] - _MINUTE
            self._publish_calmly()
        self.heard = len(self.witness.mails())
        return self.berths

    def log(self, berth: Berth) -> dict[str, list[str]]:
        """Publish a berth's change with nobody dying, and return its plain calls by turnstile."""
        self._change(berth)
        return self.log_again(berth)

    def log_again(self, berth: Berth) -> dict[str, list[str]]:
        """Publish what is committed of a berth, whoever died over it, and return the plain calls by turnstile."""
        ran = self.publish()
        assert ran.code == 0, ran.err
        berth.called = True
        berth.entered = berth.scenario.change.entry is not None
        return {
            name: [plain_call(call, berth.booking, self.names) for call in turnstile.passed]
            for name, turnstile in self.turnstiles.items()
        }

    def die(self, berth: Berth, death: Death) -> None:
        """Publish a berth's change, and kill the publisher at one request: before it arrived, or before its answer."""
        if berth.scenario.before is not NOWHERE:  # whoever has no link yet asks for no page
            self.witness.visit(berth.seen_at)
        self._change(berth)
        self.die_again(berth, death)

    def die_again(self, berth: Berth, death: Death) -> None:
        """Publish what is committed, and kill the publisher at one request of it."""
        self.mend()
        held, turnstile = Held(death.arrives), self.turnstiles[death.turnstile]
        turnstile.treat(death.pattern(berth.booking, self.names), held, after=death.nth)
        running = self._start(afar=berth.by_time)
        until = monotonic() + PATIENCE
        while not held.is_there:
            running.process.join(0.005)
            assert monotonic() < until, "it neither came to this place nor ended"
            if running.process.exitcode is not None:
                raise AssertionError(f"it ended without ever coming to this place: {running.wait().err}")
        running.process.kill()
        running.process.join()
        for name, other in self.turnstiles.items():
            other.settle(held=name == death.turnstile)
        held.release()
        turnstile.settle()
        berth.called |= self._came(SCC, "POST /prod/event", "PATCH /prod/events/", "DELETE /prod/events/", death=death)
        berth.entered |= self._came(DASHBOARD, "PUT /prod/calendar/", death=death)
        berth.entered &= not self._came(DASHBOARD, "DELETE /prod/calendar/", death=death)
        self.mend()

    def follow(self, berth: Berth) -> Ran:
        """Commit what follows, and publish it."""
        if berth.follow_up is FollowUp.UNDONE:
            self.project.git("revert", "--no-edit", berth.booked or "HEAD")
        elif berth.follow_up not in {FollowUp.AGAIN, FollowUp.KILLED}:
            berth.scenario.then(berth.follow_up).write(self.project, berth.booking, day=berth.day)
            self.project.commit()
        return self.publish(patiently=berth.by_time)

    def publish(self, *, max_removed: int = 3, patiently: bool = False) -> Ran:
        """Publish what is committed; the turnstiles know of this publish alone."""
        self.mend()
        return self._start(max_removed=max_removed, patiently=patiently).wait()

    def build(self) -> Path:
        """Build everything that is committed, on what was published before and return where: nothing is reused."""
        out = self._new_folder()
        prior = self.witness.state()["bookings"]
        work = partial(warm.build, prior=prior, out=out, as_of=self.as_of.isoformat())
        built = warm.start(self.project, work, folder=self._new_folder()).wait()
        assert built.code == 0, built.err
        return out

    def mend(self) -> None:
        """Let every place be there again, and forget who came."""
        for turnstile in self.turnstiles.values():
            turnstile.forget()

    def _change(self, berth: Berth) -> None:
        if berth.as_of is not None:
            self.as_of = berth.as_of
            return
        berth.scenario.change.write(self.project, berth.booking, day=berth.day)
        self.project.commit()

    def _publish_calmly(self) -> str:
        if self.project.git("status", "--porcelain"):
            self.project.commit()
        ran = self.publish(max_removed=1000)
        assert ran.code == 0, ran.err
        return self.project.git("rev-parse", "HEAD").strip()

    def _start(self, *, max_removed: int = 3, afar: bool = False, patiently: bool = False) -> Running:
        work = partial(
            _publish,
            as_of=self.as_of.isoformat(),
            max_removed=max_removed,
            endpoint=self.turnstiles[AWS].endpoint,
            afar=afar,
            patiently=patiently,
        )
        return warm.start(self.project, work, folder=self._new_folder())

    def _came(self, name: str, *calls: str, death: Death) -> bool:
        """Say whether such a call reached a service."""
        came = [call.partition(" ") for call in self.turnstiles[name].passed]
        number = sum(f"{method} {rest.partition(' ')[2]}".startswith(calls) for method, _, rest in came)
        lost = death.turnstile == name and death.arrives is Arrives.NEVER and death.call.startswith(calls)
        return number > lost

    def _new_folder(self) -> Path:
        return self.folder / str(next(self._runs))


@contextmanager
def open_yard(root: Path, environment: Mapping[str, str], *, free_port: Callable[[], int]) -> Iterator[Yard]:
    """Open a harbour, put a turnstile before every place that a publish asks, and publish the charters that stand."""
    with open_harbour(root / "charters", environment, free_port=free_port) as harbour, ExitStack() as stack:
        project, gateway = harbour.project, harbour.behind
        project.replace("castoff.yaml", "opens: 12h before start", f"opens: {_WINDOW}d before start")
        project.replace("castoff.yaml", "next_run: 26h", f"next_run: {_NEXT_RUN}h")
        outputs = dict(project.facts["outputs"])
        names = {value: name for name, value in outputs.items() if value}
        turnstiles = {AWS: harbour.turnstile}
        for place, output in ((SCC, "SccUrl"), (DASHBOARD, "DashboardUrl")):
            url = urlsplit(outputs[output])
            host = f"{(url.hostname or '').partition('.')[0]}.execute-api.localhost:{urlsplit(gateway).port}"
            turnstiles[place] = Turnstile(gateway, host=host)
            port = urlsplit(turnstiles[place].endpoint).port
            outputs[output] = f"http://{place.lower()}.localhost:{port}{url.path}"
        turnstiles[EDGE] = Turnstile(project.facts["edge"])
        for place in (SCC, DASHBOARD, EDGE):
            stack.callback(turnstiles[place].close)
        # The edge asks AWS itself, so only the publisher is told of a turnstile there.
        project.tell(outputs=outputs, edge=turnstiles[EDGE].endpoint, endpoint=gateway)
        yard = Yard(
            harbour,
            turnstiles,
            {name: value for value, name in names.items()},
            root / "runs",
            _noon_before(datetime.now(ZONE) - _LONG_AGO),
        )
        for day in _STANDING:
            project.book(f"stay{day:03}", days=day)
        yard.berth([])
        yield yard


def _noon_before(instant: datetime) -> datetime:
    """Return an instant from which on no midnight is near for hours."""
    noon = instant.replace(hour=12, minute=0, second=0, microsecond=0)
    return noon if noon <= instant else noon - timedelta(days=1)


def _publish(root: Path, *, as_of: str, max_removed: int, endpoint: str, afar: bool, patiently: bool) -> None:
    """Publish as the command does with `--yes`; only who has a lease to wait for does so patiently."""
    progress = Progress()
    with told(progress):
        project = open_project(root, target="local", as_of=as_of)
        limits = Limits(max_removed=max_removed)
        terms = Terms(commits=project.git, confirm=lambda _plan: True, limits=limits)
        world = partial(_connect, endpoint=endpoint, afar=afar, patiently=patiently)
        done = publish_project(project, terms=terms, progress=progress, world=world)
    tell(project, done)


def _connect(target: Target, *, endpoint: str, afar: bool, patiently: bool) -> World:
    world = connect(replace(target, endpoint=endpoint), patience=_PATIENCE)
    states: States = Afar(world.states) if afar else world.states
    clock: Clock = world.clock if patiently else Hurried(world.clock)
    return replace(world, clock=clock, states=states)
