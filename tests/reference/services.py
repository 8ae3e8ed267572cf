"""docs/reference/services.md and openapi/*.json: what the services take and answer, from their apps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from reference.markdown import page, table
from support.contracts import documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TITLES: Final = {"shipcaptaincrew": "ShipCaptainCrew", "dashboard": "Dashboard"}
_BEGINNING: Final = """\
What the two services take and answer, in full, as OpenAPI 3.1:
[openapi/shipcaptaincrew.json](openapi/shipcaptaincrew.json) and [openapi/dashboard.json](openapi/dashboard.json).
Both are made from the services themselves, and the tests hold the services to them: no answer that is not written
there, and no 5xx. Whoever runs services of their own keeps to the calls that `publish` makes."""
_REFUSED: Final = """\
What cannot be done is answered with JSON of three members, and never with what was sent:

```json
{"error": "invalid_field", "detail": "must be a mail address, such as ana@example.com", "field": "email"}
```

`error` is for programs, `detail` for people, `field` names the field, parameter or header that is meant, or is null.
People who come with a link in a mail, below `/crew/`, get a page instead. Any call may besides be answered with 413
(a body over 64 KB), 404 and 405 (no such path, no such method), and 503 with `Retry-After`: nothing is half done then,
and the same call may be made again. A request begins nothing more after nine seconds, and answers so.

A creation carries an `Idempotency-Key`. The same key with the same body is answered again with the event as it stands
now, and nothing is sent twice; with another body it is 422 `idempotency_mismatch`, upon which the event can be looked
up and patched. Calls that carry `X-Castoff-Serial` are refused with 409 `stale_serial` once a higher one was seen for
the same booking or crew member."""


def services() -> str:
    """Return the page."""
    parts = [_BEGINNING]
    for name, document in documents().items():
        rows = [
            (f"`{method.upper()} {path}`", operation["summary"], _statuses(operation))
            for path, method, operation in _operations(document)
        ]
        parts += [f"## {_TITLES[name]}", document["info"]["description"], table(("call", "for", "answers"), rows)]
    return page("Services", *parts, f"## Refusals\n\n{_REFUSED}", table(("status", "`error`"), _errors()))


def openapi(name: str) -> str:
    """Return a service's document as JSON."""
    return json.dumps(documents()[name], indent=2, ensure_ascii=False) + "\n"


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _statuses(operation: Mapping[str, Any]) -> str:
    return " ".join(status for status in operation["responses"] if status not in {"413", "500", "503"})


def _errors() -> Iterator[tuple[str, str]]:
    errors: dict[str, set[str]] = {}
    for document in documents().values():
        for _, _, operation in _operations(document):
            for status, answer in operation["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                if "allOf" in schema:
                    errors.setdefault(status, set()).update(schema["allOf"][1]["properties"]["error"]["enum"])
    for status in sorted(errors):
        yield status, ", ".join(f"`{error}`" for error in sorted(errors[status]))
