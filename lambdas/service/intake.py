"""What a request may carry: a bounded body, and JSON that a model accepts."""

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lambdas.service.promises import reads_body, refuses
from lambdas.service.refusals import RefusalError, invalid_field, refusal_answer

LARGEST_BODY = 64 * 1024

Model = TypeVar("Model", bound=BaseModel)


class BodyLimit:
    """Middleware that reads a body of at most 64 KB before anything else looks at the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body read, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            refusal = RefusalError(413, "body_too_large", f"a body holds at most {LARGEST_BODY} bytes")
            await refusal_answer(refusal)(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)


async def _read(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def json_body(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """Return a dependency that reads a request's JSON as `model`: 415, 400 or 422 otherwise.

    FastAPI's own body parameters are read before a route's dependencies, so before its key has been checked.
    """

    @reads_body(model)
    @refuses(400, "malformed_json")
    @refuses(415, "not_json")
    @refuses(422, "invalid_field")
    async def read(request: Request) -> Model:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise RefusalError(415, "not_json", "the body must be application/json")
        return parse_body(model, await request.body())

    return read


def parse_body(model: type[Model], body: bytes) -> Model:
    """Return JSON bytes as `model`; numbers with a point become Decimal, so that 840.75 stays what it is."""
    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_repetition)
    except (ValueError, RecursionError):
        raise RefusalError(400, "malformed_json", "the body is not well-formed JSON") from None
    if not isinstance(document, dict):
        raise RefusalError(422, "invalid_field", "the body must be a JSON object")
    try:
        return model.model_validate(document)
    except ValidationError as fault:
        raise invalid_field(fault.errors(include_url=False, include_input=False)[0]) from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")
    return document
