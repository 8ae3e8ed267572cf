"""The function in both engines: the edge's own, and njs, which is CloudFront's; each with a store that a test holds."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from castoff.edge.event import Place, viewer_request_event
from castoff.edge.function import StoreError, run_function
from castoff.edge.messages import Request, Response

FUNCTION = Path(__file__).parents[2] / "cloudfront_function.js"
PLACE = Place(distribution_id="E1EXAMPLE", distribution_domain="d1.cloudfront.net", request_id="r1")

NOW = 1_716_922_800
"""What both engines' clocks say where a test has them stand still."""

_CLOUDFRONT = """
let held = {};
let asked = [];
async function value(key) {
    asked.push(key);
    if (held.values === null || asked.length > held.answers) {
        throw new Error('the store fails');
    }
    return held.values[key];
}
export default {
    hold: function (store) { held = store; asked = []; },
    asked: function () { return asked; },
    kvs: function () {
        return {
            get: async function (key) {
                const found = await value(key);
                if (found === undefined) {
                    throw new Error('KeyNotFound');
                }
                return found;
            },
            exists: async function (key) {
                const found = await value(key);
                return found !== undefined;
            }
        };
    }
};
"""
_DRIVER = """
const rows = %s;
(async function () {
    const told = [];
    for (let i = 0; i < rows.length; i++) {
        cf.hold(rows[i]);
        const value = await handler(rows[i].event);
        told.push({ value: value, asked: cf.asked() });
    }
    require('fs').writeFileSync('/dev/stdout', JSON.stringify(told));  // console.log cuts a line at 2,048 bytes
})();
"""


@dataclass
class Held:
    """A key-value store: what it holds, and how many questions it answers before it fails; None values always fail."""

    values: dict[str, str] | None
    answers: int = 1000
    asked: list[str] = field(default_factory=list)

    def get(self, key: str, /) -> str | None:
        """Return a value, or fail as a real store might."""
        self.asked.append(key)
        if self.values is None or len(self.asked) > self.answers:
            raise StoreError("the store fails")
        return self.values.get(key)


@dataclass(frozen=True)
class Ask:
    """A request with the store that stands behind the function."""

    request: Request
    store: Held


@dataclass(frozen=True)
class Told:
    """What a function made of a request, in CloudFront's own form, and the keys it asked its store for."""

    value: dict[str, Any]
    asked: list[str]

    def __str__(self) -> str:
        """Say it as the tables say it."""
        match self.value:
            case {"statusCode": status, "headers": {"location": {"value": location}}}:
                return f"{status} {location}"
            case {"uri": str(uri)}:
                return f"object {uri}"
        raise AssertionError(self.value)


def stopped_clock(code: str) -> str:
    """Return the code with a clock that stands still."""
    return f"{code}\nDate.now = function () {{ return {NOW}000; }};\n"


def in_edge(code: str, ask: Ask) -> Request | Response:
    """Run the function in the edge's engine."""
    ask.store.asked.clear()
    return run_function(code, ask.request, PLACE, values=ask.store)


def in_njs(code: str, asks: list[Ask]) -> list[Told]:
    """Run the function on each request in one process of njs."""
    rows = [
        {
            "event": viewer_request_event(ask.request, PLACE),
            "values": ask.store.values,
            "answers": ask.store.answers,
        }
        for ask in asks
    ]
    return [Told(**one) for one in json.loads(run_njs(code + _DRIVER % json.dumps(rows)))]


def run_njs(script: str) -> str:
    """Run a script beside a module `cloudfront` and return what it says; CalledProcessError where njs refuses it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "cloudfront").write_text(_CLOUDFRONT)
        Path(folder, "run.js").write_text(script)
        command = ["njs", "-p", folder, f"{folder}/run.js"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def in_cloudfronts_form(result: Request | Response) -> dict[str, Any]:
    """Return what the edge's engine came to as the function itself put it."""
    if isinstance(result, Request):
        return viewer_request_event(result, PLACE)["request"]  # type: ignore[no-any-return]
    return {
        "statusCode": result.status,
        "headers": {name: {"value": value} for name, value in result.headers},
    }


def asked_for(target: str, *, method: str = "GET", host: str = "guest.localhost", cookie: str | None = None) -> Request:
    """Return a browser's request for a target, with its query and cookies."""
    path, _, query = target.partition("?")
    cookies = (("cookie", cookie),) if cookie else ()
    return Request(method=method, host=host, path=path, query=query, headers=(("accept", "text/html"), *cookies))
