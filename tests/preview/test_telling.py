"""Telling the operator: a terminal that is gone takes nothing with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest
from edge.viewing import ask
from preview.running import BOOKING, GUEST, PROGRAM, edit, free_port

from castoff.preview.telling import lasting

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("error", "logged"), [(BrokenPipeError("gone"), 0), (ZeroDivisionError("ours"), 1)], ids=["gone", "a fault of ours"]
)
def test_whoever_fails_is_not_asked_again(caplog: pytest.LogCaptureFixture, error: Exception, logged: int) -> None:
    """Nothing is raised; a fault of ours is told whole, once."""
    heard: list[str] = []

    def tell(words: str) -> None:
        heard.append(words)
        if words == "two":
            raise error

    told = lasting(tell)
    for words in ("one", "two", "three"):
        told(words)

    assert heard == ["one", "two"]
    assert len(caplog.records) == logged


def news_of(port: int, known: str = "") -> str:
    """Return which state a page is told of that knows another, as soon as there is one."""
    told: dict[str, str] = json.loads(ask(port, f"/__castoff/news?known={known}", host="localhost").body)
    return told["known"]


def test_pages_go_on_without_the_terminal(project: Path) -> None:
    """As when its words are piped into what ends early: each page is fresh, and a page that waits for news has them."""
    gone, words = os.pipe()
    os.close(gone)
    port = free_port()
    with subprocess.Popen(
        [PROGRAM, "-C", str(project), "serve", "--port", str(port)], stdout=subprocess.PIPE, stderr=words, text=True
    ) as process:
        os.close(words)
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            before = ask(port, GUEST, host="localhost")
            known = news_of(port)
            heard: list[str] = []
            asking = threading.Thread(target=lambda: heard.append(news_of(port, known)), daemon=True)
            asking.start()
            time.sleep(0.3)
            edit(project, BOOKING, "one guest uses a cane", "one guest uses a frame")
            asking.join(5)
            news = list(heard)  # the end of the program answers whoever still waits
            after = ask(port, GUEST, host="localhost")
            process.send_signal(signal.SIGINT)
            process.wait(timeout=5)
        finally:
            process.kill()

    assert address == f"http://localhost:{port}"
    assert (before.status, after.status) == (200, 200)
    assert b"uses a frame" in after.body
    assert [state != known for state in news] == [True]
