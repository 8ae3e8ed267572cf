"""What the caches are asked to forget, what is waited for, and what is seen before a link is sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from support.releases import PAGE, booking, make
from support.worlds import Line, Services, Silent

from castoff.contract.plan import Invalidate, Put, Reason
from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.applying.caches import Caches
from publisher.applying.hands import Hands
from publisher.applying.stopping import Never
from publisher.errors import BusyError, PublishError, StoppedError
from publisher.publish import Terms, publish

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.release import Booking
    from publisher.fence.lease import Lease
    from publisher.folder import ReleaseFolder
    from publisher.ports import Distributions, World
    from publisher.publish import Done


def _with(known: Booking, label: str, text: str) -> Booking:
    """Return a booking with a fact that its pages show and no crew call holds."""
    return replace(known, input=f"{label} {text}", facts={**known.facts, label: text})


A, B, C = booking("aaaaaaa"), booking("bbbbbbb"), booking("ccccccc")


@dataclass
class Slow:
    """Distributions that take so many looks for each invalidation, and so many invalidations at once."""

    behind: Distributions
    looks: int = 0
    at_once: int = 99
    asked: list[tuple[str, int, str]] = field(default_factory=list)
    refused: int = 0
    most: int = 0
    looked: set[str] = field(default_factory=set)
    _left: dict[str, int] = field(default_factory=dict)

    def invalidate(self, site: Site, paths: tuple[str, ...], *, reference: str) -> str:
        """Take it, unless as many are in progress as may be."""
        if sum(left > 0 for left in self._left.values()) >= self.at_once:
            self.refused += 1
            self._left = {made: left - 1 for made, left in self._left.items()}
            raise BusyError("too many")
        made = self.behind.invalidate(site, paths, reference=reference)
        self.asked.append((site.value, len(paths), reference))
        self._left[made] = self.looks
        self.most = max(self.most, sum(left > 0 for left in self._left.values()))
        return made

    def completed(self, site: Site, invalidation: str) -> bool:
        """Look once more."""
        self.looked.add(site.value)
        self._left[invalidation] -= 1
        return self._left[invalidation] <= 0

    @property
    def pending(self) -> int:
        """How many nobody has seen completed."""
        return sum(left > 0 for left in self._left.values())


def run(folder: ReleaseFolder, ports: World, *, stop: Any = None) -> Done:
    """Publish with everything confirmed."""
    terms = Terms(commits=Line(), confirm=lambda _plan: True)
    terms = replace(terms, stop=stop) if stop else terms
    return publish(lambda _state: folder, ports, terms=terms, progress=Silent())


def ungated(folder: ReleaseFolder) -> ReleaseFolder:
    """Return a release whose crew pages are for whoever knows their address."""
    return replace(folder, release=replace(folder.release, gated=False))


@pytest.mark.parametrize(
    ("bookings", "headers", "forgotten", "waited"),
    [
        pytest.param(
            (A, B, C), PAGE, {"ops"}, set(), id="a new booking is in no cache, and nobody is sent to the board"
        ),
        pytest.param((booking("aaaaaaa", dock="Fuel Dock"), B), PAGE, {"guest"}, {"guest"}, id="a link is sent anew"),
        pytest.param((booking("aaaaaaa", status="cancelled"), B), PAGE, {"guest"}, {"guest"}, id="it is called off"),
        pytest.param(
            (_with(A, "boarding", "2024-05-30 08:30"), B), PAGE, {"guest"}, {"guest"}, id="a guest is told, no crew is"
        ),
        pytest.param((_with(A, "guests", "7"), B), PAGE, {"guest"}, set(), id="nobody is told"),
        pytest.param((A, B), "no-store", {"guest"}, {"guest"}, id="headers, which may close a page"),
        pytest.param((B,), PAGE, {"guest", "ops"}, {"guest"}, id="what vanishes"),
    ],
)
def test_what_is_forgotten_and_waited_for(
    tmp_path: Path, bookings: tuple[Booking, ...], headers: str, forgotten: set[str], waited: set[str]
) -> None:
    """What nobody has seen is in no cache; a publish waits only where a link is about to lead, or something goes."""
    world = Services()
    run(make(tmp_path / "1", A, B), world.ports())
    world.invalidated.clear()
    slow = Slow(world.ports().distributions, looks=3)

    run(make(tmp_path / "2", *bookings, commit="2", headers=headers), replace(world.ports(), distributions=slow))

    assert {site for site, _ in world.invalidated} == forgotten
    assert slow.looked == waited
    assert slow.pending == len(forgotten - waited)


def test_new_page_that_a_distribution_remembers_as_missing_is_forgotten_too(tmp_path: Path) -> None:
    """Where an operator's own distribution keeps errors, the page is not seen; then the new ones are forgotten, too."""
    world = Services()
    world.cached["guest/g/aaaaaaa-guest"] = b"not found"

    run(make(tmp_path, booking("aaaaaaa")), world.ports())

    assert world.invalidated == [("guest", ("/g/aaaaaaa-guest", "/g/aaaaaaa-guest.html"))]
    assert world.mails == ["aaaaaaa call crew-001", "aaaaaaa call crew-002"]


def test_page_is_looked_at_for_a_minute_after_it_was_forgotten_late(tmp_path: Path) -> None:
    """An invalidation takes longer than a page may: the minute begins at its end, after a first look at all."""
    world = Services()
    ports = world.ports()
    times: list[float] = []

    @dataclass
    class Tardy:
        """Pages that take half a second each, and come half a minute after they were forgotten."""

        def fetch(self, url: str) -> bytes | None:
            world.clock.sleep(0.5)
            times.append(world.clock.time)
            forgotten = next((at for at in invalidated if at), None)
            return ports.web.fetch(url) if forgotten and world.clock.time > forgotten + 30 else None

        def ask(self, url: str) -> tuple[int, str]:
            return ports.web.ask(url)

    invalidated: list[float] = []

    @dataclass
    class Long:
        """Distributions that take a minute and a half."""

        def invalidate(self, site: Site, paths: tuple[str, ...], *, reference: str) -> str:
            return ports.distributions.invalidate(site, paths, reference=reference)

        def completed(self, site: Site, invalidation: str) -> bool:
            world.clock.sleep(90)
            invalidated.append(world.clock.time)
            return ports.distributions.completed(site, invalidation)

    crowd = [booking(f"book{number:03}") for number in range(150)]

    run(make(tmp_path, *crowd), replace(ports, web=Tardy(), distributions=Long()))

    assert len(world.mails) == 300
    assert times[-1] - times[0] > 75 + 90 + 30


def test_page_that_is_never_seen_calls_nobody(tmp_path: Path) -> None:
    """A distribution that goes on showing something else stops the publish; its pages are written anew next time."""
    world = Services()
    ports = world.ports()

    @dataclass
    class Stubborn:
        def fetch(self, _url: str) -> bytes | None:
            return b"something else"

        def ask(self, url: str) -> tuple[int, str]:
            return ports.web.ask(url)

    folder = make(tmp_path, booking("aaaaaaa"), booking("bbbbbbb"))
    with pytest.raises(PublishError, match="aaaaaaa-guest, and 1 more, to show what was written, in vain"):
        run(folder, replace(ports, web=Stubborn()))

    assert world.mails == []
    done = run(folder, ports)
    assert {action.reason for action in done.plan.actions if isinstance(action, Put)} == {Reason.UNKNOWN}


def test_crew_page_that_is_for_everyone_is_seen_like_a_guest_page(tmp_path: Path) -> None:
    """Without a gate it can be seen from outside, so it is."""
    world = Services()

    run(ungated(make(tmp_path, booking("aaaaaaa"))), world.ports())

    assert "guest/g/aaaaaaa-crew" in world.cached
    assert [call for call in world.calls if call.startswith("ask ")] == ["ask https://ops.example.com/ops/"]


def test_only_pages_that_are_about_to_be_linked_are_looked_at(tmp_path: Path) -> None:
    """Of all pages that are written, those that nobody is sent to are not waited for."""
    world = Services()
    run(make(tmp_path / "1", A, B), world.ports())
    world.cached.clear()

    run(make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), B, commit="2", headers="max-age=5"), world.ports())

    assert world.cached.keys() == {"guest/g/aaaaaaa-guest"}


def test_batches_are_awaited_in_turn() -> None:
    """Sixteen folders of a site are more wildcards than may be in progress: the last waits for the others."""
    world = Services()
    slow = Slow(world.ports().distributions, looks=2)
    paths = tuple(f"/{number}/*" for number in range(16))
    sites = [Invalidate(site, paths[: 16 if site is Site.OPS else 1], Reason.PAGES_CHANGED) for site in Site]

    _caches(slow, world).forget(sites, wait_for=frozenset())

    assert [(site, count) for site, count, _ in slow.asked] == [("guest", 1), ("ops", 15), ("ops", 1)]
    assert len({reference for *_, reference in slow.asked}) == 3
    assert slow.pending == 2  # the last of each site


def test_the_same_paths_of_the_same_publish_have_the_same_reference() -> None:
    """An invalidation whose answer was lost is asked for again, and CloudFront makes no second."""
    world = Services()
    slow = Slow(world.ports().distributions)
    action = Invalidate(Site.GUEST, ("/g/x", "/g/x.html"), Reason.PAGES_CHANGED)

    for serial, given in ((7, action), (7, action), (8, action), (7, replace(action, paths=("/g/x",)))):
        _caches(slow, world, serial=serial).forget([given], wait_for=frozenset())

    first, again, later, other = (reference for *_, reference in slow.asked)
    assert first == again
    assert len({first, later, other}) == 3


def test_busy_distribution_is_waited_for(tmp_path: Path) -> None:
    """What CloudFront has no room for is asked again until it has; Ctrl-C is heard meanwhile."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world.ports())
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")
    slow = Slow(world.ports().distributions, looks=5, at_once=1)
    slow.invalidate(Site.GUEST, ("/x",), reference="another's")

    run(moved, replace(world.ports(), distributions=slow))

    assert slow.refused == 5
    assert "aaaaaaa changed dock crew-001" in world.mails


@dataclass
class _After:
    """Asked to stop after so many questions whether anybody asked."""

    left: int

    def asked(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_waiting_for_an_invalidation_can_be_stopped(tmp_path: Path) -> None:
    """Who asks to stop during a wait is heard at once, and the pages stay unknown until they were forgotten."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world.ports())
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")
    slow = Slow(world.ports().distributions, looks=1000)
    started = world.clock.now()

    with pytest.raises(StoppedError):
        run(moved, replace(world.ports(), distributions=slow), stop=_After(40))

    assert world.clock.now() - started < 60
    assert world.mails == ["aaaaaaa call crew-001", "aaaaaaa call crew-002"]
    assert world.state_at
    working = State.from_json(world.state_at[0]).in_progress
    assert working
    assert "guest/g/aaaaaaa-guest.html" in working.intents.files


@pytest.mark.parametrize("site", ["guest.example.com", "ops.example.com"])
@pytest.mark.parametrize(
    ("description", "status", "leads_to"),
    [
        ("no function: the bucket says that there is nothing", 404, ""),
        ("no function, and the page is there", 200, ""),
        ("another's login", 302, "https://login.example.com/"),
        ("another page of crew's", 301, "/crew/"),
    ],
)
def test_gate_that_is_open_keeps_everything_as_it_was(
    tmp_path: Path, description: str, status: int, leads_to: str, site: str
) -> None:
    """Where a stranger is not led to the login, be it to crew pages or to the board, no page is written."""
    world = Services(at_the_gate={site: (status, leads_to)})

    with pytest.raises(PublishError, match=f"is answered {status} and does not lead to the login") as refused:
        run(make(tmp_path, booking("aaaaaaa")), world.ports())

    assert refused.value.hint
    assert "castoff doctor" in refused.value.hint
    assert world.objects_at == {}, description
    assert world.mails == []


def test_gate_is_asked_once_a_site_and_only_for_what_is_behind_it(tmp_path: Path) -> None:
    """However many crew pages are written it is one request, one for the board, and none where neither is written."""
    world = Services()
    first = make(tmp_path / "1", *(booking(f"book{number:03}") for number in range(20)))
    run(first, world.ports())
    asked = [call for call in world.calls if call.startswith("ask ")]

    run(make(tmp_path / "2", *first.release.bookings.values(), commit="2", headers="max-age=5"), world.ports())

    assert asked == ["ask https://guest.example.com/g/book000-crew", "ask https://ops.example.com/ops/"]
    assert [call for call in world.calls if call.startswith("ask ")] == asked


class _Lease:
    """A lease that never runs out."""

    def check(self) -> None:
        """See that it holds."""

    def renew(self) -> None:
        """Renew it."""


def _caches(distributions: Distributions, world: Services, *, serial: int = 7) -> Caches:
    lease = cast("Lease", _Lease())
    return Caches(distributions, Hands(lease, world.clock, stop=Never(), progress=Silent()), serial=serial)
