"""What a server around an app may log of an address that is a key: its path, never its query."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_KEYS: Final = ("/crew/", "/calendar.ics")
"""Paths with a magic link's token, or a feed's key, in the query."""


class Discretion:
    """Middleware that takes such a query from the server's own scope, of which uvicorn logs it afterwards."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its query, and leave the server without."""
        if scope["type"] != "http" or not scope["path"].startswith(_KEYS):
            await self._app(scope, receive, send)
            return
        whole = dict(scope)
        scope["query_string"] = b""
        await self._app(whole, receive, send)
