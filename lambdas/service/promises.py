"""What routes promise, beside what their parameters say: noted as plain values that only `openapi` reads.

    @router.post("/event")
    @answers(201, EventAnswer)
    @refuses(409, "event_exists")
    def create_event(...)

A route keeps the promises of its dependencies too: what `require_service_key` refuses is noted there, once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

JSON: Final = "application/json"
PAGE: Final = "text/html"

Called = TypeVar("Called", bound=Callable[..., Any])


@dataclass(frozen=True)
class Header:
    """A header that is read by hand."""

    name: str
    form: dict[str, Any]
    required: bool = False


@dataclass
class Promise:
    """Answers by status and media type, errors by status, models of the body, headers that are read, and the key."""

    answers: dict[int, tuple[str, Any]] = field(default_factory=dict)
    refuses: dict[int, list[str]] = field(default_factory=dict)
    bodies: list[tuple[str, Any]] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


_promises: Final[dict[Callable[..., Any], Promise]] = {}


def promise_of(called: Callable[..., Any]) -> Promise:
    """Return what a route or a dependency promises by itself."""
    return _promises.get(called, Promise())


def answers(status: int, form: Any = None, *, media: str = JSON) -> Callable[[Called], Called]:
    """Promise an answer: its form is a TypedDict, or None where there is no body or it is no JSON."""
    return _noting(lambda promise: promise.answers.update({status: (media if form or media != JSON else "", form)}))


def refuses(status: int, *errors: str) -> Callable[[Called], Called]:
    """Promise that a request may be refused so: `errors` are what the JSON answer calls it."""
    return _noting(lambda promise: promise.refuses.setdefault(status, []).extend(errors))


def reads_body(form: Any, *, media: str = JSON) -> Callable[[Called], Called]:
    """Promise that a body is read: its form is a model or a TypedDict."""
    return _noting(lambda promise: promise.bodies.append((media, form)))


def reads_header(name: str, *, required: bool = False, **form: Any) -> Callable[[Called], Called]:
    """Promise that a header is read, of a form in JSON Schema's words."""
    return _noting(lambda promise: promise.headers.append(Header(name, form, required)))


def needs_key(header: str) -> Callable[[Called], Called]:
    """Promise that the key in a header opens it."""
    return _noting(lambda promise: promise.keys.append(header))


def _noting(note: Callable[[Promise], Any]) -> Callable[[Called], Called]:
    def noted(called: Called) -> Called:
        note(_promises.setdefault(called, Promise()))
        return called

    return noted
