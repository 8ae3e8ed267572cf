"""Publishing to the embedded cloud: every request counted at the server, step by step, and how long it takes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from builds import CASTOFF
from paired import Runs, table, timed
from season import AS_OF, ROOT, Season, one_more, write_project

from castoff.cloud import embedded
from castoff.cloud.facts import save_facts
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent
from castoff.cloud.sources import sources_beside

sys.path.insert(0, str(ROOT / "tests"))
from support.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from castoff.cloud.facts import Facts

STEPS: Final = {
    "read the state": r"^GET \S+ /[^/]+/state\.json\.gz",
    "write the state": r"^PUT \S+ /[^/]+/state\.json\.gz",
    "read a secret": r"^POST \S+ /$",
    "make a crew member known": r"^PUT \S+ /prod/crew-members/",
    "put an object": r"^PUT \S+ /[^/]+/(g|ops|castoff)/",
    "ask for an invalidation": r"^POST \S+ /2020-05-31/distribution/[^/]+/invalidation$",
    "look whether it is complete": r"^GET \S+ /2020-05-31/distribution/[^/]+/invalidation/",
    "see the page live": r"^GET guest\.\S+ /g/",
    "create the event": r"^POST \S+ /prod/event$",
    "put the calendar entry": r"^PUT \S+ /prod/calendar/",
}
"""What a publish asks for, in its order, and how each request looks at the server."""

_EDGE: Final = re.compile(r"^GET \S+ /(2020-05-31/|[^/]+/(g|ops|castoff)/)")
"""What the edge asks for itself, in CloudFront's place: no request of a publish."""

_ENDED: Final = timedelta(days=80)
_DAYS: Final = 60
_IDENTITY: Final = ("-c", "user.name=castoff", "-c", "user.email=operator@example.com")


@dataclass(frozen=True)
class Measured:
    """One project's figures: requests by step of a publish of nothing and of one new booking, and times of both."""

    bookings: int
    nothing: Counter[str]
    new: Counter[str]
    nothing_runs: Runs
    new_runs: Runs


def measure(folder: Path, counts: list[int], *, rounds: int) -> str:
    """Return the tables of requests and of times."""
    measured = [_measured(folder / f"publish-{count}", count, rounds=rounds) for count in counts]
    named = [f"{one.bookings:,}" for one in measured]
    steps = [
        step for step in [*STEPS, *_others(measured)] if any(one.nothing[step] + one.new[step] for one in measured)
    ]
    requests = [[step, *_figures(measured, step)] for step in steps]
    total = ["**together**", *(f"**{sum(made.values())}**" for one in measured for made in (one.nothing, one.new))]
    head = ["request", *(words for name in named for words in (f"nothing, at {name}", f"one new, at {name}"))]
    times = [
        [f"{words}, at {one.bookings:,}", f"{runs.median('wall'):.2f}", f"{runs.median('cpu'):.2f}"]
        for one in measured
        for words, runs in (("nothing", one.nothing_runs), ("one new booking", one.new_runs))
    ]
    return "\n\n".join([table(head, [*requests, total]), table(["publish of", "wall s, median", "CPU s"], times)])


def _figures(measured: list[Measured], step: str) -> list[str]:
    return [str(made[step] or "") for one in measured for made in (one.nothing, one.new)]


def _others(measured: list[Measured]) -> list[str]:
    """Return requests that belong to no step that is known: they are shown as they came."""
    return sorted({step for one in measured for made in (one.nothing, one.new) for step in made} - STEPS.keys())


def _measured(root: Path, count: int, *, rounds: int) -> Measured:
    """Publish a season that has ended, so that no crew is called; then nothing, then one booking that lies ahead."""
    write_project(root, Season(count, first=AS_OF.replace(hour=0) - _ENDED, days=_DAYS))
    (root / ".gitignore").write_text(".castoff/\nbuild/\n", encoding="utf-8")
    _git(root, "init", "--quiet")
    _commit(root)
    with _cloud(root) as facts, _turnstiles(facts) as (cloud, edge):
        told = replace(facts, edge=edge.endpoint)
        _tell(root, told)
        timed(_publish(root))
        _book(root, 0)
        timed(_publish(root))  # Lambdas start, caches fill
        _tell(root, replace(told, endpoint=cloud.endpoint))
        nothing = _counted(root, cloud, edge)
        _book(root, 1)
        new = _counted(root, cloud, edge)
        _tell(root, told)
        nothing_runs, new_runs = Runs(), Runs()
        for number in range(rounds):
            nothing_runs.runs.append(timed(_publish(root)))
            _book(root, 2 + number)
            new_runs.runs.append(timed(_publish(root)))
    return Measured(count, nothing, new, nothing_runs, new_runs)


def _counted(root: Path, *turnstiles: Turnstile) -> Counter[str]:
    """Publish, and return how often each step passed the turnstiles."""
    for turnstile in turnstiles:
        turnstile.forget()
    timed(_publish(root))
    steps = [_step(call) for turnstile in turnstiles for call in turnstile.passed]
    return Counter(step for step in steps if step is not None)


def _step(call: str) -> str | None:
    """Return the step that a request belongs to, itself where it belongs to none, None where the edge asks."""
    step = next((step for step, form in STEPS.items() if re.search(form, call)), None)
    return step or (None if _EDGE.search(call) else f"`{call}`")


@contextmanager
def _cloud(root: Path) -> Iterator[Facts]:
    """Run an embedded cloud on ports that are free, and remove it with its data."""
    place = Place(root, ROOT / ".castoff")
    installed = {"CASTOFF_MINISTACK": str(place.installed)} if place.installed.exists() else {}
    wishes = embedded.Wishes(port=_free_port(), edge_port=_free_port())
    try:
        yield embedded.start(
            place, sources_beside(ROOT), wishes=wishes, environment={**os.environ, **installed}, progress=Silent()
        )
    finally:
        embedded.reset(place)


@contextmanager
def _turnstiles(facts: Facts) -> Iterator[tuple[Turnstile, Turnstile]]:
    """Put one turnstile before the cloud and one before the edge."""
    cloud, edge = Turnstile(facts.endpoint), Turnstile(facts.edge)
    try:
        yield cloud, edge
    finally:
        cloud.close()
        edge.close()


def _tell(root: Path, facts: Facts) -> None:
    save_facts(facts, Place(root).facts)


def _publish(root: Path) -> list[str | Path]:
    return [CASTOFF, "-C", root, "publish", "--target", "local", "--yes"]


def _book(root: Path, number: int) -> None:
    booking, text = one_more(number)
    (root / "bookings" / f"{booking}.yaml").write_text(text, encoding="utf-8")
    _commit(root)


def _commit(root: Path) -> None:
    _git(root, "add", "--all")
    _git(root, *_IDENTITY, "commit", "--quiet", "--message", "As it stands")


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
