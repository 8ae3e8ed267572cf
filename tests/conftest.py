"""What tests of several rooms stand on: this checkout, free ports, and the embedded cloud with the stack deployed."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import is_hypothesis_test, settings
from support.ledger import Ledger, of_these_files

from castoff.cloud import embedded
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent
from castoff.cloud.sources import Sources, sources_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from castoff.cloud.facts import Facts

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent

# Whoever runs tests in the background has Ctrl-C ignored, and so would every program that a test starts and stops.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Folders whose files take minutes: they begin first, so that none of them is left alone at the end.
LONG = ("story", "races", "crash", "faults", "benchmarks", "cloud", "hostile", "lambdas", "preview", "publisher")

PROOF = bool(os.environ.get("CASTOFF_PROOF"))
PASSED = pytest.StashKey[frozenset[str]]()

# `make proof` asks each property of ten times as many examples.
settings.register_profile("test", deadline=None, max_examples=40)
settings.register_profile("proof", deadline=None, max_examples=400)
settings.load_profile("proof" if PROOF else "test")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the ledger of a proof in the process that hears of all tests; whoever works for it is told what passed."""
    told = getattr(config, "workerinput", None)
    if not PROOF:
        return
    if told is None:
        ledger = Ledger(of_these_files())
        config.pluginmanager.register(ledger)
    config.stash[PASSED] = ledger.before if told is None else frozenset(told["passed"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest; a proof asks what is longer there, matrices and properties, and has not passed yet."""
    rooms = (*LONG, "")
    items.sort(key=lambda item: rooms.index(room if (room := item.path.relative_to(TESTS).parts[0]) in LONG else ""))
    if not PROOF:
        return
    longer = [item for item in items if item.get_closest_marker("matrix") or is_hypothesis_test(item.obj)]  # type: ignore[attr-defined]
    left = [item for item in longer if item.nodeid not in config.stash[PASSED]]
    unclosed = {item.path for item in left if item.get_closest_marker("closes")}
    items[:] = [item for item in longer if item in left or item.path in unclosed]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the folder of this very repository."""
    return ROOT


@pytest.fixture(scope="session")
def sources() -> Sources:
    """Return what the stack is made from, as it stands in this checkout."""
    return sources_beside(ROOT)


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Return a function that names a port nobody listens on."""

    def name_one() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            return port

    return name_one


@pytest.fixture(scope="session")
def cloud_environment() -> dict[str, str]:
    """Return the environment to start clouds with: the program that `make setup` installs, else the one it names."""
    installed = Place(ROOT).installed
    return {**os.environ, **({"CASTOFF_MINISTACK": str(installed)} if installed.exists() else {})}


@pytest.fixture(scope="session")
def new_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Place]]:
    """Return a function that makes a project's folder; whatever cloud is started there ends with the tests.

    The Lambdas' packages are this checkout's, so that they are installed once and not once a test.
    """
    made: list[Place] = []

    def make() -> Place:
        place = Place(tmp_path_factory.mktemp("project"), ROOT / ".castoff")
        made.append(place)
        return place

    yield make
    for place in made:
        embedded.reset(place)


@pytest.fixture(scope="session")
def cloud(
    new_place: Callable[[], Place],
    sources: Sources,
    free_port: Callable[[], int],
    cloud_environment: dict[str, str],
) -> Facts:
    """Start the embedded cloud, the real stack in it and the edge before it, and return its facts."""
    wishes = embedded.Wishes(port=free_port(), edge_port=free_port())
    place = new_place()
    return embedded.start(place, sources, wishes=wishes, environment=cloud_environment, progress=Silent())
