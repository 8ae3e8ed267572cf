"""From a project's files to a release in a folder, with no body kept at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from castoff.build import make, no_collector
from castoff.fleet.sources import open_sources
from castoff.folder import fresh_folder
from castoff.pages.theme import load_theme

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.logbook import Account
    from castoff.problems import Problem
    from castoff.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Written:
    """One build in a folder: how many bookings were printed, and how many files there are."""

    bookings: int
    files: int
    account: Account


def build_into(folder: Path, root: Path, wishes: Wishes) -> tuple[Written | None, tuple[Problem, ...]]:
    """Read a project and write its release into a folder, with `private.json` that nobody else may read.

    Return None where a problem stops it, and every problem. Raises as `fresh_folder` does.
    """
    with no_collector(), fresh_folder(folder) as fresh:
        made, problems = make(open_sources(root), load_theme(root), wishes, fresh)
        if made is None:
            return None, problems
        fresh.finish(made.release({}, {}), made.printed.private)
        return Written(fresh.bookings, fresh.files, made.account), problems
