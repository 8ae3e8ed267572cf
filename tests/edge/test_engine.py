"""The engine that runs a function: CloudFront's event in, a request or a response out, within limits."""

import base64
import hashlib
import hmac
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castoff.edge import function as engine
from castoff.edge.event import Place, viewer_request_event
from castoff.edge.function import FunctionError, StoreError, run_function
from castoff.edge.messages import Request, Response

PLACE = Place(distribution_id="E1EXAMPLE", distribution_domain="d1.cloudfront.net", request_id="r1")
REQUEST = Request(
    method="GET",
    host="guest.localhost:8080",
    path="/g/a%20b",
    query="a=1&a=2%20&c",
    headers=(("accept", "text/html"), ("cookie", "x=1; y=2; x=3"), ("dnt", "1"), ("dnt", "0")),
    viewer="203.0.113.7",
)
KEPT = "function handler(event) { return event.request; }"

# (what, code, a word of the reason)
FAULTS = [
    ("it throws", "function handler(event) { throw new Error('no anchor'); }", "no anchor"),
    ("it is no JavaScript", "function handler(event) {", "SyntaxError"),
    ("it has no handler", "function other(event) {}", "handler"),
    ("it returns nothing", "function handler(event) {}", "neither"),
    ("it returns text", "function handler(event) { return 'page'; }", "neither"),
    ("it rejects", "async function handler(event) { throw new Error('no wind'); }", "no wind"),
    ("it waits for ever", "function handler(event) { return new Promise(function () {}); }", "never comes"),
    ("a path without a slash", "function handler(e) { e.request.uri = 'g'; return e.request; }", "uri"),
    ("a query in the path", "function handler(e) { e.request.uri = '/g?a'; return e.request; }", "uri"),
    ("a status that is none", "function handler(e) { return {statusCode: 42}; }", "statusCode"),
    ("a status that is text", "function handler(e) { return {statusCode: '200'}; }", "statusCode"),
    (
        "a header without a value",
        "function handler(e) { return {statusCode: 200, headers: {a: 'b'}}; }",
        "headers.a",
    ),
    (
        "a header with a line break",
        "function handler(e) { return {statusCode: 200, headers: {a: {value: 'b\\nc: d'}}}; }",
        "line break",
    ),
    ("a body that is a number", "function handler(e) { return {statusCode: 200, body: 7}; }", "body"),
    ("a module of its own", "const fs = require('fs');" + KEPT, "fs"),
    (
        "a store it does not have",
        "import cf from 'cloudfront';\nasync function handler(e) { await cf.kvs().get('k'); return e.request; }",
        "key-value store",
    ),
]


def test_event_is_cloudfronts() -> None:
    """The event has the shape of version 1.0: cookies apart, repeated values in order, nothing decoded."""
    assert viewer_request_event(REQUEST, PLACE) == {
        "version": "1.0",
        "context": {
            "distributionDomainName": "d1.cloudfront.net",
            "distributionId": "E1EXAMPLE",
            "eventType": "viewer-request",
            "requestId": "r1",
        },
        "viewer": {"ip": "203.0.113.7"},
        "request": {
            "method": "GET",
            "uri": "/g/a%20b",
            "querystring": {"a": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2%20"}]}, "c": {"value": ""}},
            "headers": {
                "host": {"value": "guest.localhost:8080"},
                "accept": {"value": "text/html"},
                "dnt": {"value": "1", "multiValue": [{"value": "1"}, {"value": "0"}]},
            },
            "cookies": {
                "x": {"value": "1", "multiValue": [{"value": "1"}, {"value": "3"}]},
                "y": {"value": "2"},
            },
        },
    }


def test_untouched_request_stays_as_it_was() -> None:
    """A function that gives the request back changes nothing about it."""
    assert run_function(KEPT, REQUEST, PLACE) == REQUEST


def test_rewritten_request() -> None:
    """Path, query, headers and cookies are taken from what the function gives back."""
    code = """
    function handler(event) {
        const request = event.request;
        request.uri = '/other';
        request.querystring = {b: {value: '2'}, a: {value: '1', multiValue: [{value: '1'}, {value: '3'}]}};
        request.headers['x-member'] = {value: 'captain-001'};
        delete request.headers.dnt;
        delete request.cookies.x;
        return request;
    }
    """

    result = run_function(code, REQUEST, PLACE)

    assert isinstance(result, Request)
    assert (result.path, result.query, result.host) == ("/other", "b=2&a=1&a=3", REQUEST.host)
    assert result.headers == (("accept", "text/html"), ("x-member", "captain-001"), ("cookie", "y=2"))


def test_response_of_the_function() -> None:
    """A status makes a response, with its headers, cookies and body."""
    code = """
    function handler(event) {
        return {
            statusCode: 401, statusDescription: 'Unauthorized',
            headers: {'Content-Type': {value: 'text/plain'}},
            cookies: {seen: {value: '1', attributes: 'Secure; Path=/'}},
            body: {encoding: 'base64', data: 'd2hv'}
        };
    }
    """

    assert run_function(code, REQUEST, PLACE) == Response(
        status=401,
        headers=(("content-type", "text/plain"), ("set-cookie", "seen=1; Secure; Path=/")),
        body=b"who",
    )


@pytest.mark.parametrize(("code", "reason"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_faults(code: str, reason: str) -> None:
    """Whatever CloudFront would answer 503 to is a fault with its reason."""
    with pytest.raises(FunctionError, match=reason):
        run_function(code, REQUEST, PLACE)


def test_endless_loop_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that never ends is stopped, and the next call has an engine again."""
    monkeypatch.setattr(engine, "SECONDS", 0.2)
    code = "function handler(event) { while (event.request.uri === '/loop') {} return event.request; }"

    with pytest.raises(FunctionError, match="interrupted"):
        run_function(code, Request(method="GET", host="h", path="/loop"), PLACE)

    assert run_function(code, REQUEST, PLACE) == REQUEST


def test_memory_ends() -> None:
    """A function that takes all memory is stopped."""
    code = "function handler(event) { const a = []; while (true) { a.push(new Array(1000).fill(a.length)); } }"

    with pytest.raises(FunctionError, match="memory"):
        run_function(code, REQUEST, PLACE)


def test_threads_have_engines_of_their_own() -> None:
    """Many threads run one function at once without disturbing each other."""
    code = (Path(__file__).parents[2] / "cloudfront_function.js").read_text()
    wrong: list[object] = []

    def run(number: int) -> None:
        for turn in range(50):
            result = run_function(code, Request(method="GET", host="h", path=f"/g/a{number}-{turn}"), PLACE)
            if not isinstance(result, Request) or result.path != f"/g/a{number}-{turn}.html":
                wrong.append(result)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_key_value_store() -> None:
    """A function may ask the store that is bound to it, as text or JSON, and learns what is missing."""
    code = """
    import cf from 'cloudfront';
    const store = cf.kvs();
    async function handler(event) {
        const text = await store.get('key:1');
        const json = await store.get('json', {format: 'json'});
        const gone = await store.exists('gone:captain-001');
        let missing = '';
        try { await store.get('gone:captain-001'); } catch (fault) { missing = fault.message; }
        return {statusCode: 200, body: [text, json.a, gone, missing].join(' ')};
    }
    """

    result = run_function(code, REQUEST, PLACE, values={"key:1": "one", "json": '{"a": 2}'})

    assert isinstance(result, Response)
    assert result.body == b"one 2 false KeyNotFound"


class Adrift:
    """A store that cannot be read."""

    def get(self, _key: str, /) -> str | None:
        """Fail."""
        raise StoreError("no line to shore")


@pytest.mark.parametrize("asks", ["exists", "get"])
def test_failing_store_is_the_functions_to_catch(asks: str) -> None:
    """A store that fails breaks the promise that it gave, so that a function may go on without."""
    code = f"""
    import cf from 'cloudfront';
    async function handler(event) {{
        try {{ await cf.kvs().{asks}('key:1'); }} catch (fault) {{ return {{statusCode: 200, body: fault.message}}; }}
    }}
    """

    result = run_function(code, REQUEST, PLACE, values=Adrift())

    assert isinstance(result, Response)
    assert result.body == b"no line to shore"


@settings(max_examples=settings.default.max_examples // 2)
@given(key=st.text(max_size=100), text=st.text(max_size=200))
def test_crypto_is_sha256(key: str, text: str) -> None:
    """The crypto module's digests are those of the standard library, for any text."""
    code = """
    import crypto from 'crypto';
    function handler(event) {
        const told = event.request.headers;
        const key = decodeURIComponent(told.key.value), text = decodeURIComponent(told.text.value);
        const mac = crypto.createHmac('sha256', key);
        return {statusCode: 200, headers: {
            hash: {value: crypto.createHash('sha256').update(text).digest('hex')},
            mac: {value: mac.update(text).update(text).digest('base64url')},
            plain: {value: crypto.createHash('sha256').update(key).update(text).digest('base64')}
        }};
    }
    """
    headers = (("key", escaped(key)), ("text", escaped(text)))

    result = run_function(code, Request(method="GET", host="h", path="/", headers=headers), PLACE)

    assert isinstance(result, Response)
    mac = hmac.new(key.encode(), text.encode() * 2, hashlib.sha256).digest()
    plain = hashlib.sha256(key.encode() + text.encode()).digest()
    assert result.header("hash") == hashlib.sha256(text.encode()).hexdigest()
    assert result.header("mac") == base64.urlsafe_b64encode(mac).decode().rstrip("=")
    assert result.header("plain") == base64.b64encode(plain).decode()


def escaped(text: str) -> str:
    """Return text with every byte as a percent escape."""
    return "".join(f"%{byte:02x}" for byte in text.encode())
