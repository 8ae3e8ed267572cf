"""Knows how to run CloudFront's function file: an engine per thread, with limits of time and memory."""

from __future__ import annotations

import json
import re
import threading
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol, cast

import quickjs

from castoff.edge.event import BadOutcomeError, Place, outcome, viewer_request_event

if TYPE_CHECKING:
    from castoff.edge.messages import Request, Response

SECONDS = 2.0
"""Processor time of the whole process, so generous: it ends an endless loop and no honest call."""

MEMORY = 16 * 1024 * 1024
"""CloudFront allows 2 MB; the engine takes some for itself, and the bindings more."""

MODULES = ("cloudfront", "crypto")
"""What a function may import here."""


class FunctionError(Exception):
    """The function threw, ran too long, or gave back what CloudFront would not take; CloudFront answers 503."""


class StoreError(Exception):
    """A key-value store would not say what it holds; the function hears of it as of a promise that was broken."""


class Store(Protocol):
    """What a function's key-value store holds; a plain dict will do."""

    def get(self, key: str, /) -> str | None:
        """Return the value of a key, None where there is none; raises `StoreError`."""
        ...


def run_function(code: str, request: Request, place: Place, *, values: Store | None = None) -> Request | Response:
    """Return the request as the function rewrote it, or the response it gave; raises `FunctionError`.

    Without `values` it has no key-value store, so that asking one fails.
    """
    engine = _engine(code)
    try:
        return outcome(_run(engine, viewer_request_event(request, place), values), request)
    except (FunctionError, quickjs.JSException, BadOutcomeError) as fault:
        _engines.ready = None  # an engine that was stopped in the middle is in no state to go on
        raise FunctionError(_reason(str(fault))) from fault


def with_bindings(code: str) -> str:
    """Return the file as a script: each `import name from 'module'` becomes a constant of ours."""
    return _IMPORT.sub(r"const \1 = castoffModules.\2;", code)


_IMPORT = re.compile(rf"^[ \t]*import[ \t]+(\w+)[ \t]+from[ \t]+['\"]({'|'.join(MODULES)})['\"][ \t]*;?", re.MULTILINE)


class _Engines(threading.local):
    """Each thread's own engine, made and let go by that thread: the engine bears no other."""

    ready: tuple[str, quickjs.Context] | None = None


_engines = _Engines()


def _engine(code: str) -> quickjs.Context:
    if _engines.ready is None or _engines.ready[0] != code:
        _engines.ready = (code, _start(code))
    return _engines.ready[1]


def _start(code: str) -> quickjs.Context:
    engine = quickjs.Context()
    engine.set_memory_limit(MEMORY)
    engine.set_time_limit(SECONDS)
    try:
        engine.eval(resources.files("castoff.edge").joinpath("bindings.js").read_text(encoding="utf-8"))
        engine.eval(with_bindings(code))
    except quickjs.JSException as fault:
        raise FunctionError(_reason(str(fault))) from fault
    return engine


def _reason(words: str) -> str:
    """Say what the engine says; without memory it has not even a word for that."""
    return "it is out of memory" if words.strip() == "null" else words.strip()


def _run(engine: quickjs.Context, event: dict[str, Any], values: Store | None) -> object:
    engine.get("castoffStart")(json.dumps(event))
    while (told := _outcome(engine)) is None:
        question = engine.get("castoffQuestion")()
        if question is None:
            raise FunctionError("the function waits for something that never comes")
        _answer(engine, question, values)
    if "fault" in told:
        raise FunctionError(str(told["fault"]))
    return told["value"]


def _answer(engine: quickjs.Context, question: str, values: Store | None) -> None:
    if values is None:
        engine.get("castoffFail")("the function asks a key-value store and has none")
        return
    try:
        value = values.get(question)
    except StoreError as fault:
        engine.get("castoffFail")(str(fault))
    else:
        engine.get("castoffAnswer")(value)


def _outcome(engine: quickjs.Context) -> dict[str, Any] | None:
    """Run what is due until nothing is, and return how the function ended, if it did."""
    while engine.execute_pending_job():
        pass
    text = engine.get("castoffResult")()
    return None if text is None else cast("dict[str, Any]", json.loads(text))
