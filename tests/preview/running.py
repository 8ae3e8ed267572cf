"""`castoff serve` as a test runs it: a project laid out, the real program beside the test, and how a viewer asks it."""

from __future__ import annotations

import html
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any, Final

from edge.viewing import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.edge.messages import Headers, Response

ROOT: Final = Path(__file__).resolve().parents[2]
PROGRAM: Final = Path(sys.executable).with_name("castoff")
GUEST: Final = "/g/boatsetter-may30"
CREW: Final = "/g/xhqgmdh-crew"
BOOKING: Final = "bookings/xhqgmdh.yaml"

_PATIENCE: Final = 30.0


def lay_out(folder: Path) -> Path:
    """Lay out the example site as an operator has it: settings, content, bookings, and no layouts of their own."""
    folder.mkdir()
    shutil.copyfile(ROOT / "castoff.yaml", folder / "castoff.yaml")
    for part in ("bookings", "content"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Write a file anew in which one place has become another."""
    text = (root / path).read_text("utf-8")
    assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in {path}"
    (root / path).write_text(text.replace(old, new), "utf-8")


@dataclass
class Running:
    """A preview that runs; `said` are the lines that it has said so far beside its address."""

    root: Path
    process: subprocess.Popen[str]
    port: int
    lines: Queue[str] = field(default_factory=Queue)

    @property
    def home(self) -> str:
        """The address of the home page."""
        return f"http://localhost:{self.port}"

    def ask(self, path: str, *, host: str = "localhost", headers: Headers = ()) -> Response:
        """Ask for a path under one of the preview's names."""
        return ask(self.port, path, host=host, headers=headers)

    def page(self, path: str) -> str:
        """Return a page that is there."""
        response = self.ask(path)
        assert response.status == 200, (response.status, response.body[:2000])
        return response.body.decode()

    def crew_page(self, booking: str = "xhqgmdh") -> str:
        """Return a crew page as whoever came by the home page sees it."""
        response = self.ask(f"/g/{booking}-crew", headers=(("cookie", self.cookie(booking)),))
        assert response.status == 200, (response.status, response.headers)
        return response.body.decode()

    def cookie(self, booking: str) -> str:
        """Return the cookie that the home page gives with a booking."""
        return str(self.ask(f"/?booking={booking}").header("set-cookie")).partition(";")[0]

    def report(self) -> str:
        """Return the problems that the home page shows, as they stand there."""
        found = re.search(r"<pre>(.*?)</pre>", self.page("/"), re.DOTALL)
        return html.unescape(found[1]) if found else ""

    def news(self) -> dict[str, Any]:
        """Return what a page is told that knows nothing yet."""
        found: dict[str, Any] = json.loads(self.ask("/__castoff/news?known=").body)
        return found

    def said(self) -> str:
        """Return the next line that it says."""
        return self.lines.get(timeout=_PATIENCE)


@contextmanager
def serving(root: Path, *words: str) -> Iterator[Running]:
    """Run `castoff serve` on a port that is free, from its first word to Ctrl-C, which it must obey at once."""
    with subprocess.Popen(
        [PROGRAM, "-C", str(root), "serve", *(words if "--port" in words else ("--port", str(free_port()), *words))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://localhost:"), (address, process.stderr.read())
            running = Running(root, process, int(address.rpartition(":")[2]))
            reader = threading.Thread(target=_read, args=(process.stderr, running.lines), daemon=True)
            reader.start()
            yield running
            assert process.poll() is None, "it ended by itself"
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=3) == 0
            reader.join(timeout=5)
            assert "Traceback" not in "".join(running.lines.queue)
        finally:
            process.kill()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _read(stream: Any, lines: Queue[str]) -> None:
    for line in stream:
        lines.put(line.rstrip("\n"))
