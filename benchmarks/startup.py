"""The first answer: `castoff --help` beside Python doing nothing, and what it imports on the way."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from builds import CASTOFF
from paired import environment, in_turn, table

if TYPE_CHECKING:
    from pathlib import Path

HEAVY: Final = frozenset({"boto3", "botocore", "pydantic", "jinja2", "yaml", "markdown", "urllib3"})
"""Packages that only work needs, never the list of commands."""


def measure(*, rounds: int) -> str:
    """Return the table, and which heavy packages `castoff --help` imports."""
    help_ = [CASTOFF, "--help"]
    taken = in_turn(
        {
            "python -c pass": lambda _turn: [sys.executable, "-c", "pass"],
            "python -c 'import click'": lambda _turn: [sys.executable, "-c", "import click"],
            "castoff --help": lambda _turn: help_,
        },
        rounds=rounds,
    )
    bare = taken["python -c pass"]
    rows = [
        [f"`{name}`", f"{runs.median('wall') * 1000:.0f}", f"{runs.times(bare):.1f}"] for name, runs in taken.items()
    ]
    heavy = sorted(HEAVY & imported(help_))
    none = f"none of {', '.join(sorted(HEAVY))}"
    words = f"`castoff --help` imports {', '.join(heavy) or none}."
    return f"{table(['', 'wall ms, median', 'times bare Python'], rows)}\n\n{words}"


def imported(command: list[str | Path]) -> set[str]:
    """Return the packages that a Python program imports, by `-X importtime`."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], env=environment(), capture_output=True, text=True, check=True
    )
    modules = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {module.partition(".")[0] for module in modules}
