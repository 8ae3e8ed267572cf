"""A service fuzzed by its OpenAPI document: what was answered, and every way in which an answer breaks the document."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from hypothesis import strategies
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.hooks import unregister

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_INSTANTS: Final = strategies.datetimes(
    min_value=datetime(2000, 1, 2),  # noqa: DTZ001 - hypothesis wants them without a zone, and adds it
    max_value=datetime(2100, 12, 30),  # noqa: DTZ001 - as above
    timezones=strategies.just(UTC),
)

# What no pattern says in a way that examples could be made from.
schemathesis.openapi.format("date-time", _INSTANTS.map(lambda instant: instant.isoformat()))
schemathesis.openapi.format("date", _INSTANTS.map(lambda instant: instant.date().isoformat()))
schemathesis.openapi.format("phone", strategies.from_regex(r"\+1 [2-9][0-9]{2} 555 01[0-9]{2}", fullmatch=True))
schemathesis.openapi.format("email", strategies.from_regex(r"[a-z][a-z0-9_+-]{0,9}@example\.(com|org)", fullmatch=True))


@dataclass
class Fuzzed:
    """Answers by call and status, and faults: the call, what is wrong, and a request that shows it."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many requests were answered."""
        return self.answers.total()

    @property
    def told(self) -> str:
        """Every fault in words, each with a request that shows it; nothing where there is none."""
        return "\n".join(f"{words}\n  {request}" for words, request in self.faults.items())

    def statuses(self, call: str) -> set[int]:
        """Return what a call was answered with."""
        return {status for asked, status in self.answers if asked == call}


def fuzz(
    document: Mapping[str, Any],
    *,
    headers: Mapping[str, str],
    examples: int,
    app: Any = None,
    base_url: str | None = None,
    likely: Callable[[str, dict[str, Any]], None] = lambda _operation, _body: None,
    beyond: Sequence[str] = (),
) -> Fuzzed:
    """Ask a service what its document allows and forbids, one call by itself and in chains.

    `likely` makes a good body of a call better still; of the calls in `beyond`, a body that the document allows may be
    refused with 422.
    """
    refusable = {"checks": {"positive_data_acceptance": {"enabled": False}}}
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": dict(headers),
            "continue-on-failure": True,
            **({"base-url": base_url} if base_url else {}),
            "generation": {"max-examples": examples, "deterministic": True, "database": "none", "no-shrink": True},
            "operations": [{"include-name": call, **refusable} for call in beyond],
        }
    )
    schema = schemathesis.openapi.from_dict(_makeable(document), config=config)
    schema.app = app

    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - the library's names
        if case.meta and case.meta.generation.mode.is_positive and isinstance(case.body, dict):
            likely(case.operation.definition.raw["operationId"], case.body)

    fuzzed = Fuzzed()
    schemathesis.hook(before_call)
    try:
        for event in from_schema(schema).execute():
            match event:
                case events.ScenarioFinished():
                    _note(event.recorder, fuzzed)
                case events.NonFatalError():
                    fuzzed.faults[f"{event.label}: {event.value}"] = ""
                case events.FatalError():
                    raise event.exception
    finally:
        unregister(before_call)
    return fuzzed


def _makeable(document: Any) -> Any:
    """Return a document without the length of mail addresses: an example at such an edge takes a minute to find."""
    match document:
        case {"format": "email", "pattern": pattern, **others}:
            bare = re.sub(r"^\^\(\?=[^)]*\)", "^", pattern)
            return {**{name: other for name, other in others.items() if name != "maxLength"}, "pattern": bare}
        case dict():
            return {name: _makeable(part) for name, part in document.items()}
        case list():
            return [_makeable(part) for part in document]
        case _:
            return document


def _note(recorder: Any, fuzzed: Fuzzed) -> None:
    for of_case, interaction in recorder.interactions.items():
        if interaction.response is not None:
            call = recorder.cases[of_case].value.operation.label
            fuzzed.answers[call, interaction.response.status_code] += 1
    for of_case, checks in recorder.checks.items():
        case = recorder.cases[of_case].value
        for check in checks:
            if check.failure_info is not None:
                words = f"{case.operation.label}: {check.name}: {check.failure_info.failure}"
                fuzzed.faults.setdefault(words, case.as_curl_command())
