"""Whatever goes wrong on a person's way in is said by a page, never by JSON: also what no route was asked about."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lambdas.shipcaptaincrew import pages

_PEOPLE: Final = "/crew/"
_KEPT: Final = ("allow", "retry-after")
_WRONG: Final = 400
_ASTRAY: Final = 403  # who calls the API itself: a program, since every person comes through a site
_FAULT: Final = 500
_PAGES: Final[Mapping[int, Callable[[], str]]] = {503: pages.busy_page, 429: pages.too_many_page}


class ErrorPages:
    """Middleware that puts a page in the place of a refusal in JSON, with the same status."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see what is answered to a person."""
        if scope["type"] != "http" or not scope["path"].startswith(_PEOPLE):
            await self._app(scope, receive, send)
            return
        replaced = False

        async def readable(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_for_programs(message):
                replaced = True
                start, body = _page(message)
                await send(start)
                await send(body)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, readable)


def _is_for_programs(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] >= _WRONG and start["status"] != _ASTRAY and kind.startswith("application/json")


def _page(start: Message) -> tuple[Message, Message]:
    status = start["status"]
    page = _PAGES.get(status, pages.fault_page if status >= _FAULT else pages.refused_page)().encode()
    told = Headers(raw=start["headers"])
    headers = MutableHeaders(
        {**pages.HEADERS, "Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(page))}
    )
    for name in _KEPT:
        if name in told:
            headers[name] = told[name]
    return {**start, "headers": headers.raw}, {"type": "http.response.body", "body": page}
