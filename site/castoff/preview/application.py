"""The preview as an ASGI application: news in the server's own loop, everything else in the threads of the edge's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse

from castoff.edge.server import Application, Responder
from castoff.preview.own_pages import PLACE
from castoff.preview.visitor import Visit, visit_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from castoff.preview.builder import Builder
    from castoff.preview.news import News
    from castoff.preview.server import Preview

NEWS: Final = f"{PLACE}news"


class PreviewApplication:
    """Answers what browsers ask."""

    def __init__(self, preview: Preview, *, builder: Builder, news: News) -> None:
        self._preview = preview
        self._builder = builder
        self._news = news
        hosts = _EveryHost(preview)
        self._pages = Application(lambda: hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of the server."""
        if scope["type"] != "http" or scope["path"] != NEWS:
            await self._pages(scope, receive, send)
            return
        # A question that stays open would keep a thread; here it keeps nothing but its connection.
        request = HttpRequest(scope, receive)
        visit = visit_of(request.headers.get("host", ""), viewer=request.client.host if request.client else "")
        if visit is Visit.ASTRAY:
            await JSONResponse({}, status_code=421)(scope, receive, send)
            return
        known = request.query_params.get("known", "")
        await self._news.until(lambda: self._preview.known(self._builder.shown) != known)
        told = self._preview.news(self._builder.shown, visit)
        await JSONResponse(told, headers={"cache-control": "no-store"})(scope, receive, send)


class _EveryHost(Mapping[str, Responder]):
    """The preview under whatever name it is asked: names are its own to judge."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview

    def __getitem__(self, host: str) -> Responder:
        return self._preview

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
