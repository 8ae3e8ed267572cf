"""The preview put together and run: which thread does what, and how it ends.

main      uvicorn's loop: takes requests in, holds questions for news open
edge-N    a few: each answers a request, waiting for the builder where it must
builder   builds, one build at a time
watchdog  its own: tells the builder that something changed
"""

from __future__ import annotations

import gc
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import uvicorn

from castoff.preview.application import PreviewApplication
from castoff.preview.builder import Builder
from castoff.preview.forms import Forms
from castoff.preview.home import Home
from castoff.preview.news import News
from castoff.preview.passes import Passes
from castoff.preview.server import Preview
from castoff.preview.stamps import ProjectFiles
from castoff.preview.telling import lasting
from castoff.preview.watcher import Watcher

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import FrameType

    from castoff.fleet.settings import Addresses
    from castoff.preview.builder import Built, Make
    from castoff.preview.forms import Signer


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a preview is made of: the project, how it is built, where it is seen, and whom it tells."""

    root: Path
    make: Make
    code: str
    """The edge function's."""
    signer: Signer
    addresses: Addresses
    network: str | None
    """Where phones find it, if they may."""
    tell: Callable[[Built], None]
    """Hears of every build, in the builder's thread."""
    say: Callable[[str], None]
    """Says something to the operator, from any thread."""


def serve(parts: Parts, sockets: Sequence[socket.socket]) -> None:
    """Serve until Ctrl-C or SIGTERM, which end it at once and quietly."""
    news = News()
    told = lasting(parts.tell)  # by itself: pages hear the news though the terminal is gone

    def tell(built: Built) -> None:
        news.ring()
        told(built)
        if built.shown.number == 1:
            gc.freeze()  # most of what there is by now stays: looking through it for garbage would cost half a build

    builder = Builder(make=parts.make, files=ProjectFiles(parts.root), clock=_now, tell=tell)
    watcher = Watcher(parts.root, builder.nudge)
    application = PreviewApplication(preview_of(parts, builder), builder=builder, news=news)
    server = _Server(_config(application), (news.close, builder.close))
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, _interrupt)
        why_not = watcher.start()
        if why_not:
            parts.say(f"changes are looked for each second, since the system tells of none: {why_not}")
        builder.start()
        server.run(sockets=list(sockets))
    watcher.stop()


def preview_of(parts: Parts, builder: Builder) -> Preview:
    """Return the preview over a builder, which is for the caller to start."""
    passes = Passes(clock=time.time)
    return Preview(
        builder=builder,
        home=Home(parts.root, passes=passes, clock=_now, network=parts.network),
        passes=passes,
        forms=Forms(parts.signer, clock=_now, say=lasting(parts.say)),
        code=parts.code,
        addresses=parts.addresses,
        network=parts.network,
    )


class _Server(uvicorn.Server):
    """Uvicorn's, which lets everybody go who waits before it ends."""

    def __init__(self, config: uvicorn.Config, closing: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on a signal."""
        for close in self._closing:
            close()
        super().handle_exit(sig, frame)


def _config(application: PreviewApplication) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        access_log=False,
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
