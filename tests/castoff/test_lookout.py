"""Someone who looks while others work: the same view as one's own, wherever the child cannot be had or waited for."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

PROGRAM = """
    import os, resource, signal, sys
    from pathlib import Path
    from castoff.lookout import Lookout, look

    here = Path(sys.argv[1])
    (here / "bookings").mkdir()
    (here / "bookings/one.yaml").write_text("x")
    before = os.listdir("/proc/self/fd")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    SETUP
    lookout = Lookout(here / "bookings", here / "build")
    with lookout:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        view = lookout.view()
    print(view == look(here / "bookings", here / "build"), len(view.bookings), os.listdir("/proc/self/fd") == before)
"""


@pytest.mark.parametrize(
    "setup",
    [
        "",
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, before)) + 1, hard))",
    ],
    ids=["as ever", "ends of children are ignored", "no more files may be open"],
)
def test_the_view_is_ones_own(setup: str, tmp_path: object) -> None:
    """And nothing stays open."""
    program = textwrap.dedent(PROGRAM).replace("SETUP", setup)

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False, timeout=30
    )

    assert (done.stdout, done.stderr) == ("True 1 True\n", "")
