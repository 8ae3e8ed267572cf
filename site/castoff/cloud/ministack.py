"""The program that is AWS here: where it is found, and how it is set up."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from castoff.cloud.problems import ProgramMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.place import Place

REGION = "us-west-2"
HEALTH = "/_ministack/health"


@dataclass(frozen=True)
class Ministack:
    """The program, in an environment of its own, by whose interpreter it runs Lambdas whatever they ask for."""

    program: Path

    def runtime(self) -> str:
        """Name the Lambda runtime that its interpreter is."""
        python = self.program.resolve().parent / "python"
        asked = [str(python), "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603, installed by us
        return answer.stdout.strip()


def find(place: Place, environment: Mapping[str, str]) -> Ministack:
    """Find the program: the one CASTOFF_MINISTACK names, else the project's own, else on the PATH."""
    named = environment.get("CASTOFF_MINISTACK")
    for candidate in (Path(named) if named else None, place.installed):
        if candidate and os.access(candidate, os.X_OK):
            return Ministack(candidate)
    if on_path := shutil.which("ministack", path=environment.get("PATH")):
        return Ministack(Path(on_path))
    raise ProgramMissingError((str(place.installed), "CASTOFF_MINISTACK", "PATH"))


def has_saved_state(folder: Path, *, since: float) -> bool:
    """Say whether it put its state on disk at or after that time (seconds); it does so only when it is told to end."""
    return any(path.stat().st_mtime >= since for path in (folder / "state").glob("*.json"))


def wake(url: str, *, port: int) -> None:
    """Have the Lambda behind an API begin to start: whoever asks it first waits for that, for seconds.

    Nobody waits here, and what it answers is nobody's business.
    """
    api = urlsplit(url)
    host = f"{api.netloc.partition('.')[0]}.execute-api.localhost:{port}"
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0) as way:
        way.sendall(f"GET {api.path}/wake HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())


def prepare(folder: Path, *, port: int, path: str) -> dict[str, str]:
    """Make its folders and give its whole environment; Lambdas inherit it, so nothing of the operator's is in it.

    `path` is the PATH to run with.
    """
    temporary = folder / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)  # Lambdas' unpacked code, which it leaves behind
    temporary.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": path,
        "HOME": str(folder),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "LOG_LEVEL": "WARNING",
        "AUTH": "true",  # policies and signatures count
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
    }
