"""How benchmarks come to their figures: what is weighed, what is timed, what is drawn, and where it is written."""

from __future__ import annotations

import gzip
import importlib.util
import re
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from support.written import write_release

from benchmarks.season import ROOT, Season, write_project
from castoff.build import build
from castoff.contract.state import State
from castoff.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

BENCHMARKS = ROOT / "benchmarks"
HELD = "import time; held = bytearray(40_000_000); held[::4096] = b'x' * len(held[::4096]); {}; time.sleep(0.3)"
FORKED = "import os; child = os.fork(); child and os.waitpid(child, 0)"


@pytest.fixture(scope="module")
def bench() -> Callable[[str], ModuleType]:
    """Return what loads a module as benchmarks load each other: by a name of its own."""
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module  # type: ignore[misc] # a fixture that tidies up
    sys.path.remove(str(BENCHMARKS))


@pytest.mark.parametrize(("description", "then"), [("alone", "pass"), ("two that share it", FORKED)])
def test_memory_that_two_processes_share_counts_once(
    description: str, then: str, bench: Callable[[str], ModuleType]
) -> None:
    """Forty megabytes are forty, however many processes see them."""
    most = bench("memory").peak([sys.executable, "-c", HELD.format(then)], environment={})

    assert 40 < most < 70, description


def test_a_command_that_fails_is_no_figure(bench: Callable[[str], ModuleType]) -> None:
    """Whoever ends early would be fast."""
    for measure in (bench("paired").timed, lambda command: bench("memory").peak(command, environment={})):
        with pytest.raises(subprocess.CalledProcessError):
            measure([sys.executable, "-c", "raise SystemExit(1)"])


def test_commands_run_in_turn_and_the_first_round_is_not_timed(bench: Callable[[str], ModuleType]) -> None:
    """A B A B, each told its round; what a round leaves is tidied up before the next begins."""
    ran: list[str] = []

    def ready(name: str) -> Callable[[int], list[str]]:
        return lambda turn: ran.append(f"{name}{turn}") or [sys.executable, "-c", "pass"]  # type: ignore[func-returns-value]

    taken = bench("paired").in_turn(
        {"a": ready("a"), "b": ready("b")}, rounds=2, after=lambda turn: ran.append(f"tidied {turn}")
    )

    assert ran == ["a0", "b0", "tidied 0", "a1", "b1", "tidied 1", "a2", "b2", "tidied 2"]
    assert [len(runs.runs) for runs in taken.values()] == [2, 2]


def test_every_place_of_a_table_is_on_the_page_once(bench: Callable[[str], ModuleType]) -> None:
    """Whatever is measured can be written there, and the page keeps every other word."""
    page = bench("page")
    text = before = page.SPEED.read_text(encoding="utf-8")

    for name in (*bench("run").PARTS, "growth"):
        text = page.put(text, name, f"figures of {name}")
        assert text.count(f"figures of {name}") == 1

    assert [line for line in before.splitlines() if line.startswith("## ")] == [
        line for line in text.splitlines() if line.startswith("## ")
    ]
    with pytest.raises(page.NoSuchPlaceError):
        page.put(text, "weather", "")


def test_what_is_linear_is_drawn_as_a_straight_line(bench: Callable[[str], ModuleType]) -> None:
    """Ten times as many bookings and ten times as long: the same step to the right and up."""
    svg = bench("plot").plot({"a": [(100, 0.1), (1000, 1), (10_000, 10)]}, across="bookings", up="seconds")

    [line] = re.findall(r'<polyline points="([^"]+)"', svg)
    (x1, y1), (x2, y2), (x3, y3) = (map(float, point.split(",")) for point in line.split())
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y1 - y2 == pytest.approx(y2 - y3, abs=0.2)
    assert x1 < x2 < x3
    assert y1 > y2 > y3


def test_a_profile_knows_modules_that_are_there(bench: Callable[[str], ModuleType]) -> None:
    """A module that was renamed would be counted to another step, and nobody would see it."""
    missing = [
        module
        for modules in bench("phases").STEPS.values()
        for module in modules
        if importlib.util.find_spec(f"castoff.{module}") is None
    ]

    assert missing == []


def test_upon_the_state_of_a_release_nothing_is_rendered_again(
    tmp_path: Path, bench: Callable[[str], ModuleType]
) -> None:
    """The state that a fresh clone begins with is one that a publish could have left."""
    project, state = tmp_path / "project", tmp_path / "state.json.gz"
    project.mkdir()
    write_project(project, Season(20, days=250))
    built, _ = build(project, Wishes(target="local", clock=datetime.now(UTC)))
    assert built is not None
    write_release(built, tmp_path / "release")

    bench("prior").write_state(tmp_path / "release", state)

    prior = State.from_json(gzip.decompress(state.read_bytes())).bookings
    again, _ = build(project, Wishes(target="local", clock=datetime.now(UTC), prior=prior))
    assert again is not None
    rendered = {file.booking for file in again.release.files.values() if file.booking}
    assert rendered == {file.booking for file in built.release.files.values() if file.slots}
    assert len(again.release.reused) + len(rendered) == len(built.release.bookings)
