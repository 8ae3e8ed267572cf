"""The edge's function: microseconds a request in njs, beside a function that only appends `.html`."""

from __future__ import annotations

import json
import statistics
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from paired import in_turn, table

from castoff.contract.tickets import Cookie, Key, cookie_name, sign_cookie

if TYPE_CHECKING:
    from collections.abc import Mapping

FUNCTION: Final = Path(__file__).resolve().parents[1] / "cloudfront_function.js"

_REQUESTS: Final = 10_000
"""In a row; njs frees no memory before it ends, so more of them would measure the machine's memory."""

_BOOKING: Final = "xhqgmdh"
_KEY: Final = Key("0a1b2c3d", "5e" * 32)
_COOKIE: Final = sign_cookie(Cookie(_BOOKING, "captain-001", epoch=1, expires=4_102_444_800), _KEY)
_PLAIN: Final = "only appends `.html`"
_NOTHING: Final = "nothing"

# What is asked, of which function, at which path, with which cookies.
_CASES: Final[Mapping[str, tuple[str, str, Mapping[str, str]]]] = {
    _NOTHING: ("appends", "/", {}),
    _PLAIN: ("appends", "/g/jada-guest-xhqgmdh", {}),
    "guest page": ("handler", "/g/jada-guest-xhqgmdh", {}),
    "asset": ("handler", "/castoff/site.3f2a9c1b.css", {}),
    "crew page, no cookie": ("handler", f"/g/{_BOOKING}-crew", {}),
    "crew page, forged cookie": ("handler", f"/g/{_BOOKING}-crew", {_BOOKING: f"{_COOKIE[:-43]}{'A' * 43}"}),
    "crew page, good cookie": ("handler", f"/g/{_BOOKING}-crew", {_BOOKING: _COOKIE}),
}
_STORE: Final = """
const held = %s;
export default {
    kvs: function () {
        return {
            get: async function (key) { return held[key]; },
            exists: async function (key) { return held[key] !== undefined; }
        };
    }
};
"""
_DRIVER: Final = """
function appends(event) {
    event.request.uri += '.html';
    return event.request;
}

(async function () {
    const event = %s;
    const uri = event.request.uri;
    const cookies = event.request.cookies;
    for (let n = 0; n < %d; n++) {
        event.request.uri = uri;
        event.request.cookies = cookies;
        await %s(event);
    }
})();
"""


def measure(folder: Path, *, rounds: int) -> str:
    """Return the table, and what was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cloudfront").write_text(_STORE % json.dumps({f"key:{_KEY.id}": _KEY.secret}), encoding="utf-8")
    scripts = {what: _script(folder, what) for what in _CASES}
    taken = in_turn(
        {what: lambda _turn, script=script: ["njs", "-p", folder, script] for what, script in scripts.items()},
        rounds=rounds,
    )
    start = taken[_NOTHING].median("cpu")
    each = {
        what: [(run.cpu - start) * 1e6 / _REQUESTS for run in runs.runs]
        for what, runs in taken.items()
        if what != _NOTHING
    }
    plain = statistics.median(each[_PLAIN])
    rows = [
        [
            what,
            f"{statistics.median(mine):.1f}",
            f"{min(mine):.1f} to {max(mine):.1f}",
            f"{statistics.median(mine) / plain:.1f}",
        ]
        for what, mine in each.items()
    ]
    version = subprocess.run(["njs", "-v"], check=True, capture_output=True, text=True).stdout.strip()
    words = (
        f"Processor time of {_REQUESTS:,} requests in a row within one process of njs {version}, less that of a "
        "process that answers none. The event is made once, and the store answers from memory: what it is asked costs "
        "a promise each."
    )
    return f"{words}\n\n{table(['', 'µs a request, median', 'from, to', 'times the first'], rows)}"


def _script(folder: Path, what: str) -> Path:
    function, path, cookies = _CASES[what]
    requests = 0 if what == _NOTHING else _REQUESTS
    driver = _DRIVER % (json.dumps(_event(path, cookies)), requests, function)
    script = folder / f"{what.translate(str.maketrans(' ,`.', '----'))}.js"
    script.write_text(FUNCTION.read_text(encoding="utf-8") + driver, encoding="utf-8")
    return script


def _event(path: str, cookies: Mapping[str, str]) -> dict[str, Any]:
    """Return an event as CloudFront makes it of a phone's request."""
    headers = {
        "host": "queenofsandiego.example",
        "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "accept-language": "en-US,en;q=0.9",
        "accept-encoding": "gzip, deflate, br",
        "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    }
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "203.0.113.7"},
        "request": {
            "method": "GET",
            "uri": path,
            "querystring": {},
            "headers": {name: {"value": value} for name, value in headers.items()},
            "cookies": {cookie_name(booking): {"value": value} for booking, value in cookies.items()},
        },
    }
