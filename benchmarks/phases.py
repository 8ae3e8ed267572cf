"""Where the time of a build goes, by the program's own steps: `python phases.py PROJECT OUT` prints them as JSON.

A timer interrupts the build every millisecond, and the step is that of the innermost module of castoff's that is at
work: sampling costs a hundredth, where cProfile makes every call dearer and small functions look slow.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paired import environment, say, table, timed
from season import Season, write_project

if TYPE_CHECKING:
    from types import FrameType

STEPS: Final = {
    "read files": ("fleet.sources", "fleet.trees", "fleet.file_names", "fleet.pictures", "pages.theme"),
    "YAML, with the place of every value": ("reading.reader", "reading.faults"),
    "values, by the model": ("reading", "fleet.booking", "fleet.model", "fleet.settings", "fleet.content"),
    "charters, and what they name": ("fleet",),
    "cross-checks between bookings": (
        *("fleet.outlines", "fleet.clashes", "fleet.overlaps", "fleet.slugs", "fleet.places", "fleet.namesakes"),
        *("fleet.charters", "fleet.guessable", "fleet.guessing", "fleet.unused"),
    ),
    "money held back": (
        *("contract.money", "contract.figures", "contract.sums", "contract.places"),
        *("contract.lettering", "contract.vocabulary"),
    ),
    "what each audience may see": ("pages",),
    "pages, by Jinja": ("pages.render", "pages.engine", "pages.compiled", "pages.layouts", "pages.keys"),
    "calendar files": ("pages.ics", "pages.appointments", "contract.calendar", "contract.timezones"),
    "digests, and the release": (
        "contract",
        "press",
        "inputs",
        "reuse",
        "fleet.carry",
        "shares",
        "build",
        "remarks",
        "settled",
    ),
    "write files": ("folder", "sinks", "writing"),
}
"""Modules of castoff by step; the longest name that fits decides, and a folder stands for the rest of it."""

_OTHER: Final = "anything else"
_START: Final = "start: Python and imports"
_EVERY: Final = 0.001
_MODULES: Final = {f"castoff.{module}": step for step, modules in STEPS.items() for module in modules}


def measure(folder: Path, count: int) -> str:
    """Return the table of one build of so many bookings, by one process."""
    project = folder / "profile"
    project.mkdir(parents=True)
    write_project(project, Season(count))
    say(f"profile of {count:,} bookings")
    command = [sys.executable, Path(__file__), project, folder / "profiled"]
    timed(command)
    shutil.rmtree(folder / "profiled")
    started = time.perf_counter()
    said = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True).stdout
    wall = time.perf_counter() - started
    seconds = json.loads(said)
    seconds[_START] = wall - sum(seconds.values())
    shutil.rmtree(folder)
    rows = [
        [step, f"{seconds[step] * 1000:,.0f}", f"{seconds[step] / wall:.0%}", f"{seconds[step] / count * 1e6:,.0f}"]
        for step in (_START, *STEPS, _OTHER)
        if seconds.get(step)
    ]
    total = ["**together**", f"**{wall * 1000:,.0f}**", "", f"**{wall / count * 1e6:,.0f}**"]
    return table([f"step of {count:,} bookings", "ms", "share", "µs a booking"], [*rows, total])


def main(project: Path, out: Path) -> None:
    """Build a project in one process, and print the seconds of each step."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # as the command line has it
    from castoff.wishes import Wishes  # noqa: PLC0415 - what is imported is not measured here
    from castoff.writing import build_into  # noqa: PLC0415 - the same

    found: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        found[_step(frame)] += 1

    signal.signal(signal.SIGALRM, look)
    started = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, _EVERY, _EVERY)
    built, problems = build_into(out, project, Wishes(target="local", clock=datetime.now(UTC), workers=1))
    signal.setitimer(signal.ITIMER_REAL, 0)
    took = time.perf_counter() - started
    if built is None:
        raise SystemExit("\n".join(map(str, problems)))
    looks = sum(found.values())
    print(json.dumps({step: took * count / looks for step, count in found.items()}))


def _step(frame: FrameType | None) -> str:
    """Return the step that a frame, or the nearest one around it that is castoff's, belongs to."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        while module.startswith("castoff."):
            if module in _MODULES:
                return _MODULES[module]
            module = module.rpartition(".")[0]
        frame = frame.f_back
    return _OTHER


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
