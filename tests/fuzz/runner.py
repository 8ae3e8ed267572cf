"""A process of its own, in which `castoff check` meets broken files one after another, within bounds that are kept.

    python runner.py FOLDER FIRST COUNT

FOLDER is laid out anew. One JSON object a line: each input that went wrong, and at the end the worst time and memory.
"""

from __future__ import annotations

import base64
import json
import random
import resource
import shutil
import signal
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "site"), str(ROOT), str(ROOT / "tests")]

from fuzz.judged import wrong_with  # noqa: E402 - likewise
from fuzz.mutations import mutated  # noqa: E402 - likewise

from castoff.build import check  # noqa: E402 - the path to it is set above

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from castoff.problems import Problem

SECONDS = 1.0
BYTES = 200_000_000
CLOCK = datetime(2024, 5, 28, 19, tzinfo=UTC)
BOOKINGS = ("xhqgmdh", "c7rm4qx", "m2zc8yd")


def main(folder: Path, first: int, count: int) -> None:
    """Check so many inputs, from the first on, and say what went wrong."""
    plain, own = folder / "plain", folder / "own"
    files = _laid_out(own)
    shutil.copytree(own, plain, ignore=shutil.ignore_patterns("layouts"))  # half the time where they are not asked for
    check(own, clock=CLOCK)
    signal.signal(signal.SIGPROF, _too_long)
    before = _in_use()
    resource.setrlimit(resource.RLIMIT_AS, (before + BYTES, before + BYTES))
    worst = 0.0
    for number in range(first, first + count):
        path, body = _input(number, files)
        root = own if path.startswith("layouts/") else plain
        (root / path).write_bytes(body)
        problems, took, wrong = _check(root)
        wrong += wrong_with(problems, {**files, path: body})
        worst = max(worst, took)
        wrong += [f"{took:.1f} s"] if took > SECONDS else []
        if wrong:
            _say(number=number, path=path, wrong=wrong, body=base64.b64encode(body).decode())
        (root / path).write_bytes(files[path])
    # Not `ru_maxrss`: of a program that was just started that is its parent's.
    peak = int(Path("/proc/self/status").read_text("utf-8").partition("VmHWM:")[2].split()[0]) * 1024
    _say(inputs=count, worst_seconds=round(worst, 3), peak_bytes=peak)


def _check(folder: Path) -> tuple[Sequence[Problem], float, list[str]]:
    """Return the problems, how long it took (seconds of a processor) and what went wrong beside: tracebacks, memory."""
    signal.setitimer(signal.ITIMER_PROF, 10 * SECONDS)
    problems: Sequence[Problem] = ()
    wrong: list[str] = []
    started = time.process_time()
    try:
        problems = check(folder, clock=CLOCK)
    except MemoryError:
        wrong.append(f"more than {BYTES} bytes")
    except Exception:  # noqa: BLE001 - whatever it is, it is told
        wrong.append(traceback.format_exc())
    took = time.process_time() - started
    signal.setitimer(signal.ITIMER_PROF, 0)
    return problems, took, wrong


def _laid_out(folder: Path) -> dict[str, bytes]:
    """Lay out a project of the example's files, an own layout among them, and return every file by its path."""
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copytree(ROOT / "layouts" / "guest", folder / "layouts" / "guest")
    (folder / "bookings").mkdir()
    shutil.copy(ROOT / "castoff.yaml", folder)
    for booking in BOOKINGS:
        shutil.copy(ROOT / "bookings" / f"{booking}.yaml", folder / "bookings")
    kinds = {".yaml", ".md", ".html"}
    found = sorted(path for path in folder.rglob("*") if path.suffix in kinds)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _input(number: int, files: dict[str, bytes]) -> tuple[str, bytes]:
    """Return the path and the bytes of an input: the same for the same number, on any machine."""
    dice = random.Random(number)  # noqa: S311 - the same dice every time
    kinds = ("bookings/", "bookings/", "castoff.yaml", "content/", "content/", "content/checklists/", "layouts/")
    kind = dice.choice(kinds)
    path = dice.choice([path for path in files if path.startswith(kind)])
    return path, mutated(files[path], files[dice.choice(list(files))], dice)


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"still at it after {10 * SECONDS:.0f} s")


def _in_use() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def _say(**values: Any) -> None:
    print(json.dumps(values), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
