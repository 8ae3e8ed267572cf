"""News: browsers that ask whether there is anything new are answered when there is."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS: Final = 25.0
"""How long a question is left open: less than what proxies and phones allow an idle connection."""


class News:
    """A bell that the builder's thread rings and the server's loop waits for."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bell = asyncio.Event()
        self._closed = False

    def ring(self) -> None:
        """Wake everyone who waits; from any thread."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has just ended
                loop.call_soon_threadsafe(self._ring)

    def close(self) -> None:
        """Wake everyone for the last time."""
        self._closed = True
        self.ring()

    async def until(self, is_news: Callable[[], bool], *, seconds: float = SECONDS) -> None:
        """Wait until there is news, or so many seconds."""
        # Before the first look: whoever rings after that look rings in this loop, later than the wait below begins.
        self._loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._closed and not is_news():
                    await self._bell.wait()

    def _ring(self) -> None:
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()
