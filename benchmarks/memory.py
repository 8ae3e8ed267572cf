"""How much memory a command takes at its peak: its own and that of every process beneath it, each shared page once."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAUSE: Final = 0.01
"""Seconds between two looks: each takes about a millisecond of the kernel's time for a process of 100 MB."""
_PROC: Final = Path("/proc")


def peak(command: Sequence[str | Path], *, environment: dict[str, str]) -> float:
    """Run a command to its end and return the most memory, in MB, that it was seen to have; NaN where nobody says.

    It is the sum of the proportional set sizes (PSS) of its processes, as Linux counts them: a page that two of them
    share, as forked ones do, is half of each. Raises CalledProcessError where the command fails.
    """
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_own, _tree(process.pid))))
        time.sleep(_PAUSE)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return most / 1024 if _PROC.is_dir() else float("nan")


def _tree(root: int) -> Iterator[int]:
    """Yield a process and those beneath it: a child has a later number than its parent but where numbers start anew."""
    known = {root}
    yield root
    numbers = sorted(int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()) if _PROC.is_dir() else []
    for number in numbers:
        if number not in known and _parent(number) in known:
            known.add(number)
            yield number


def _parent(number: int) -> int:
    try:
        fields = (_PROC / str(number) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0  # it has ended
    return int(fields.rpartition(")")[2].split()[1])


def _own(number: int) -> int:
    """Return the proportional set size of a process in KB, 0 where it has ended."""
    try:
        lines = (_PROC / str(number) / "smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
