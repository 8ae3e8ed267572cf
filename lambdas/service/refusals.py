"""How a service says no: one JSON form, never a stack trace, never an echo of what was sent."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

_LONGEST_FIELD = 80
_ERRORS = {
    HTTPStatus.NOT_FOUND: ("not_found", "there is nothing at this path"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "this path does not take this method"),
}


class RefusalError(Exception):
    """A request that cannot be done, with the status and words that its caller gets."""

    def __init__(
        self,
        status: int,
        error: str,
        detail: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {error}: {detail}")
        self.status = status
        self.error = error
        self.detail = detail
        self.field = field
        self.headers = dict(headers or {})


class UnavailableError(Exception):
    """A part behind the service did not answer as it should; what was asked may be asked again."""


def refusal_answer(refusal: RefusalError) -> JSONResponse:
    """Return a refusal as its JSON answer."""
    body = {"error": refusal.error, "detail": refusal.detail, "field": refusal.field}
    return JSONResponse(body, refusal.status, headers={"Cache-Control": "no-store", **refusal.headers})


def answer_refusals(app: FastAPI) -> None:
    """Make an app answer every refusal and every fault in the one JSON form."""

    @app.exception_handler(RefusalError)
    async def refused(_: Request, refusal: RefusalError) -> JSONResponse:
        return refusal_answer(refusal)

    @app.exception_handler(UnavailableError)
    async def unavailable(_: Request, fault: UnavailableError) -> JSONResponse:
        return unavailable_answer(fault)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, fault: RequestValidationError) -> JSONResponse:
        return refusal_answer(invalid_field(fault.errors()[0], skip=1))

    @app.exception_handler(HTTPException)
    async def unmatched(request: Request, fault: HTTPException) -> JSONResponse:
        error, detail = _ERRORS.get(HTTPStatus(fault.status_code), ("refused", "this request was not understood"))
        headers = dict(fault.headers or {})
        if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(sorted(_methods_of(app, request.url.path)))
        return refusal_answer(RefusalError(fault.status_code, error, detail, headers=headers))

    app.add_middleware(FaultShield)


def _methods_of(app: FastAPI, path: str) -> set[str]:
    """Return every method of the routes that fit a path most exactly; the framework names those of the first."""
    fitting = [
        (str(route.path).count("{"), method)
        for route in iter_route_contexts(app.routes)
        if (pattern := getattr(route, "path_regex", None)) is not None and pattern.match(path)
        for method in route.methods or ()
    ]
    fewest = min((parameters for parameters, _ in fitting), default=0)
    return {method for parameters, method in fitting if parameters == fewest}


def unavailable_answer(fault: UnavailableError) -> JSONResponse:
    """Return the JSON answer of a moment in which a part does not answer, and log which it was."""
    _log.error("unavailable: %s", fault, exc_info=fault)
    words = "a part behind this service did not answer; ask again"
    return refusal_answer(RefusalError(503, "unavailable", words, headers={"Retry-After": "2"}))


def invalid_field(problem: Mapping[str, object], *, skip: int = 0) -> RefusalError:
    """Return one of Pydantic's problems as a refusal that names the field and never its value.

    The first `skip` parts of the place say where the request held it (query, path), which no caller needs.
    """
    place = problem.get("loc", ())
    parts = [str(part) for part in place][skip:] if isinstance(place, tuple) else []
    words = str(problem.get("msg", "is not valid")).removeprefix("Value error, ")
    # A name that we do not know is the caller's own text: shown in part, and in characters that any answer can hold.
    named = ".".join(parts).encode("ascii", "backslashreplace").decode()[:_LONGEST_FIELD]
    return RefusalError(422, "invalid_field", words, field=named or None)


class FaultShield:
    """Middleware that turns a fault of ours into a plain 500 and keeps its traceback in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer for it when that fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            _log.exception("fault while answering %s %r", scope["method"], scope["path"])
            if started:
                raise
            fault = RefusalError(500, "internal", "this service failed; its log says why")
            await refusal_answer(fault)(scope, receive, send)
