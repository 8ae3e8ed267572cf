"""Whether a program on this machine answers yet."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING

from castoff.cloud.problems import NotHealthyError
from castoff.cloud.processes import is_ours

if TYPE_CHECKING:
    from pathlib import Path

_PAUSE = 0.05
_LINES_SHOWN = 20


def answers(port: int, path: str) -> bool:
    """Say whether GET of that path on 127.0.0.1 is answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path, headers={"Connection": "close"})  # see ApiOrigin
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_for(what: str, *, pid: int, mark: str, port: int, path: str, log: Path, patience: float = 30.0) -> None:
    """Wait until the program answers; NotHealthyError, with the end of its log, when it ends or never does."""
    deadline = time.monotonic() + patience
    while not answers(port, path):
        if not is_ours(pid, mark=mark) or time.monotonic() > deadline:
            raise NotHealthyError(what, log=log, last_lines=_last_lines(log))
        time.sleep(_PAUSE)


def _last_lines(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-_LINES_SHOWN:])
