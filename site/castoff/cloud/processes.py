"""Programs that outlive the one that started them: launched, known again, ended; never anybody else's."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# In the environment of each program that is ours; its value says which project's.
MARK = "CASTOFF_CLOUD"

# Seconds in which one that is told to end may put its state on disk.
PATIENCE = 15.0

# The shell leaves at once and the program belongs to nobody, so no later death of ours reaches it; and the
# shell notes the pid, since its own session outlives us too.
_LAUNCHER = """
log=$1 note=$2 port=$3; shift 3
"$@" >"$log" 2>&1 </dev/null &
echo "$! $port" >"$note.new" && mv "$note.new" "$note" && cat "$note"
"""


@dataclass(frozen=True)
class Program:
    """A program that was started, and the port it was to listen on."""

    pid: int
    port: int


def launch(
    command: Sequence[str], *, port: int, mark: str, environment: Mapping[str, str], log: Path, note: Path
) -> Program:
    """Start a program in a session of its own, with that environment and no more.

    `note` holds its pid from then on, whatever happens to this process.
    """
    started = subprocess.run(  # noqa: S603, the command is our own
        ["/bin/sh", "-c", _LAUNCHER, "sh", str(log), str(note), str(port), *command],
        env={**environment, MARK: mark},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        start_new_session=True,
    )
    return parse_note(started.stdout)


def parse_note(text: str) -> Program:
    """Read what the launcher noted; ValueError where it is another thing."""
    pid, port = text.split()
    return Program(int(pid), int(port))


def is_ours(pid: int, *, mark: str) -> bool:
    """Say whether that process lives and carries our mark; a pid alone may have gone to another program."""
    told = f"{MARK}={mark}"
    try:
        # A zombie's environment is empty, so it counts as dead, as it should.
        return told.encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        pass
    if Path("/proc/self/environ").exists():
        return False
    listed = subprocess.run(  # noqa: S603, macOS has no /proc
        ["/bin/ps", "eww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return told in listed.stdout.split(" ")


def end(pid: int, *, mark: str, patience: float = PATIENCE) -> bool:
    """End a program of ours with all it started; return whether there was one.

    It gets `patience` seconds to put its state on disk before it is killed.
    """
    try:
        group = os.getpgid(pid)  # the session that `launch` opened: nobody else's programs are in it
    except ProcessLookupError:
        return False
    if not is_ours(pid, mark=mark):
        return False
    _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while is_ours(pid, mark=mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    if group != os.getpgrp():
        _signal(-group, signal.SIGKILL)
    while is_ours(pid, mark=mark):
        time.sleep(0.02)
    return True


def is_free(port: int) -> bool:
    """Say whether a program could listen on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # ended by itself meanwhile
        os.kill(pid, number)
