"""How long a request may go on: the template ends a Lambda after 28 seconds, API Gateway gives up after 29.

Whoever is ended in the midst of a thing has no answer to give; who begins nothing more in time can say: ask again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

LONGEST: Final = 9.0
"""Seconds after which a request begins nothing more: a claim of 4, a mail of 6 and its note of 8 end before 28."""

TO_FINISH: Final = 4.0
"""Seconds more in which to begin to note what is done already; the last call of 4 comes on top."""

_ends: ContextVar[float] = ContextVar("ends", default=inf)


def seconds_left() -> float:
    """Return for how long the request at hand may begin something more: infinity outside of any."""
    return _ends.get() - time.monotonic()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let what happens inside begin nothing more after so many seconds, or sooner where it was bounded already."""
    token = _ends.set(min(_ends.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _ends.reset(token)


@contextmanager
def finishing() -> Iterator[None]:
    """Give what happens inside some seconds however late it is: it notes what cannot be undone."""
    token = _ends.set(max(_ends.get(), time.monotonic() + TO_FINISH))
    try:
        yield
    finally:
        _ends.reset(token)


class Patience:
    """Middleware that bounds each request."""

    def __init__(self, app: ASGIApp, seconds: float = LONGEST) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its bound."""
        with within(self._seconds):
            await self._app(scope, receive, send)
