"""From a saved file to the page in the browser: `castoff serve` and `hugo server` in turn, on the same text."""

from __future__ import annotations

import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from almanac import write_almanac
from builds import CASTOFF, hugo, lay_hugo_out
from paired import environment, table, timed
from playwright.sync_api import sync_playwright
from season import Season, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Page

CHROMIUM: Final = "/usr/bin/chromium"
_EDITS: Final = 4
"""Edits a round: each takes a fraction of a second, so there can be many."""
_PAUSE: Final = 400
"""Milliseconds between two edits, in which a server comes to rest."""
_PATIENCE: Final = 120.0
_LOADED: Final = """words => {
  const ended = performance.getEntriesByType('navigation')[0].loadEventEnd;
  return ended > 0 && document.body.innerText.includes(words) && performance.timeOrigin + ended;
}"""
"""When the page that shows the words was loaded, by its own clock: asking it takes longer than some builds."""


@dataclass
class Preview:
    """A preview that runs: the booking's file that is edited, the page that shows it, and what is said of builds."""

    file: Path
    address: str
    build: re.Pattern[str]
    said: list[str] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)

    @property
    def builds(self) -> list[float]:
        """How long its builds took, in its own words, in milliseconds; the first is from nothing."""
        return [float(found[1]) for line in self.said if (found := self.build.search(line))][1:]


def measure(folder: Path, counts: list[int], *, rounds: int) -> str:
    """Return the table, two lines for each number of bookings."""
    head = ["", "edit to page ms, median", "from, to", "its build ms, median"]
    return table(head, [row for count in counts for row in _rows(folder / f"preview-{count}", count, rounds=rounds)])


def _rows(folder: Path, count: int, *, rounds: int) -> list[list[str]]:
    project, site = folder / "project", folder / "hugo"
    project.mkdir(parents=True)
    write_project(project, Season(count))
    timed([CASTOFF, "-C", project, "build", "--target", "local", "--out", folder / "first"])
    write_almanac(folder / "first" / "public" / "guest" / "g", project)
    lay_hugo_out(project, site)
    booking, page = _edited(project)
    with ExitStack() as running:
        previews = {
            "castoff serve": running.enter_context(_castoff(project, booking, page)),
            "hugo server": running.enter_context(_hugo(site, booking, page)),
        }
        browser = running.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        pages = {name: browser.new_page() for name in previews}
        for name, opened in pages.items():
            opened.goto(previews[name].address)
            opened.wait_for_timeout(1000)
        for turn in range(rounds * _EDITS + 1):
            for name, preview in previews.items():
                took = _edit(preview, pages[name], turn)
                if turn:  # the first is not counted: caches fill
                    preview.shown.append(took)
        browser.close()
    return [
        [
            f"{name}, {count:,} bookings",
            f"{statistics.median(preview.shown):.0f}",
            f"{min(preview.shown):.0f} to {max(preview.shown):.0f}",
            f"{statistics.median(preview.builds):.0f}",
        ]
        for name, preview in previews.items()
    ]


def _edit(preview: Preview, page: Page, turn: int) -> float:
    """Write a booking anew and return the milliseconds until the page shows it, loaded to its end."""
    words = f"lamp number {turn:03}"
    text = re.sub(r"^requests:.*\n", "", preview.file.read_text("utf-8"), flags=re.MULTILINE)
    started = time.time()
    preview.file.write_text(f"{text}requests: please bring {words}\n", encoding="utf-8")
    loaded = float(page.wait_for_function(_LOADED, arg=words, polling=20).json_value())
    page.wait_for_timeout(_PAUSE)
    return loaded - started * 1000


def _edited(project: Path) -> tuple[str, str]:
    """Return a booking that is confirmed and has no slug of its own, and the name of its guest page."""
    for file in sorted((project / "bookings").iterdir()):
        text = file.read_text("utf-8")
        vessel = re.search(r"^vessel: (\S+)$", text, re.MULTILINE)
        if vessel and "status: confirmed" in text and "slug:" not in text:
            return file.stem, f"{vessel[1]}-guest-{file.stem}"
    raise AssertionError("a season has such a booking")


@contextmanager
def _castoff(project: Path, booking: str, page: str) -> Iterator[Preview]:
    port = _free_port()
    file = project / "bookings" / f"{booking}.yaml"
    preview = Preview(file, f"http://localhost:{port}/g/{page}", re.compile(r" +(\d+) ms  "))
    with _running([CASTOFF, "-C", project, "serve", "--port", str(port)], preview, ready=" ms  "):
        yield preview


@contextmanager
def _hugo(site: Path, booking: str, page: str) -> Iterator[Preview]:
    port = _free_port()
    file = site / "data" / "bookings" / f"{booking}.yaml"
    preview = Preview(file, f"http://localhost:{port}/g/{page}.html", re.compile(r"(?:Total|Built) in (\d+) ms"))
    words = ["server", "-s", site, "--bind", "127.0.0.1", "-p", str(port), "--renderToMemory"]
    with _running([hugo(), *words], preview, ready="Web Server is available"):
        yield preview


@contextmanager
def _running(command: Sequence[str | Path], preview: Preview, *, ready: str) -> Iterator[None]:
    """Run a server from its first build to the end of the measurement."""
    with subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            if process.stdout is None:
                raise AssertionError("its output was asked for")
            up = threading.Event()
            reader = threading.Thread(target=_read, args=(process.stdout, preview, ready, up), daemon=True)
            reader.start()
            if not up.wait(_PATIENCE):
                sys.stderr.write("".join(preview.said))
                raise subprocess.CalledProcessError(1, list(command))
            yield
        finally:
            process.terminate()


def _read(stream: IO[str], preview: Preview, ready: str, up: threading.Event) -> None:
    for line in stream:
        preview.said.append(line)
        if ready in line:
            up.set()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
