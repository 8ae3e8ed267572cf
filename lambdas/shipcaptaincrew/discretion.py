"""What a server around the app may log of a magic link: its path, never its token."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_LINKS: Final = "/crew/"


class Discretion:
    """Middleware that takes the query of a link from the server's own scope, of which uvicorn logs it afterwards."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its query, and leave the server without."""
        if scope["type"] != "http" or not scope["path"].startswith(_LINKS):
            await self._app(scope, receive, send)
            return
        whole = dict(scope)
        scope["query_string"] = b""
        await self._app(whole, receive, send)
