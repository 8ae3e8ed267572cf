"""Who holds a lease: this process, named so that another on the same machine can prove that it no longer lives."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

from castoff.contract.state import Holder


@cache
def this_process() -> Holder:
    """Return this process as a lease's holder."""
    pid = os.getpid()
    return Holder(
        machine=_machine(),
        pid=pid,
        started=_started(pid) or "",
        name=f"{os.environ.get('GITHUB_WORKFLOW') or socket.gethostname()}, process {pid}",
    )


def is_dead(holder: Holder, *, seen_from: Holder) -> bool:
    """Tell whether `holder` ran since this machine's last boot and is gone for certain; unsure is False."""
    if not holder.machine or holder.machine != seen_from.machine or not holder.started:
        return False
    return _started(holder.pid) != holder.started


def _machine() -> str:
    """Return the id of this boot and process namespace, or nothing where the system has none (then only time tells)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str | None:
    """Return when a process started, in clock ticks since boot (proc(5), field 22), or None where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else fields[19]
