"""HTTP to services and sites: one pool, one resolver, tries where trying again is right, refusals in words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import urllib3

from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publisher.ports import Clock

TRIES: Final = 5
_AGAIN: Final = {429, 500, 502, 503, 504}
_CONNECT_SECONDS: Final = 5.0
_READ_SECONDS: Final = 12.0
_PATIENCE: Final = 20.0
"""Seconds after which no further try begins: a service that says nothing is asked twice, not for a whole minute."""
_WORDS: Final = 200

_EXECUTE_API: Final = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status and body."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, or None where it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


def locate(url: str, *, endpoint: str | None) -> tuple[str, str]:
    """Return where to connect for `url`, and the Host to name there.

    Names under `localhost` are this machine, which glibc does not know; an API's name on AWS is the embedded gateway
    where AWS is embedded. Everything else is itself.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    rest = parts._replace(scheme="", netloc="").geturl()
    api = _EXECUTE_API.fullmatch(host)
    if endpoint and api:
        gateway = urlsplit(endpoint)
        return f"{endpoint}{rest}", f"{api['api']}.execute-api.localhost:{gateway.port}"
    if host.endswith(".localhost"):
        return f"{parts.scheme}://127.0.0.1:{parts.port or 80}{rest}", parts.netloc
    return url, parts.netloc


class Http:
    """A connection pool for one target."""

    def __init__(self, *, endpoint: str | None, clock: Clock) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._pool: urllib3.PoolManager | None = None

    def once(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer | str:
        """Ask once; return the answer, or in words why there was none. Redirects are not followed."""
        if self._pool is None:
            timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
            self._pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=timeout)
        where, host = locate(url, endpoint=self._endpoint)
        try:
            answer = self._pool.request(method, where, body=body, headers={"Host": host, **headers}, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return _reason(error)
        return Answer(answer.status, answer.data)

    def repeated(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer | str:
        """Ask up to TRIES times while the answer is one that passes (429, 5xx, none), waiting longer each time."""
        answer: Answer | str = ""
        started = self._clock.monotonic()
        for attempt in range(TRIES):
            if attempt:
                self._clock.sleep(0.2 * 2**attempt)
            answer = self.once(method, url, headers=headers, body=body)
            passes = isinstance(answer, str) or answer.status in _AGAIN
            if not passes or self._clock.monotonic() - started > _PATIENCE:
                break
        return answer


class JsonApi:
    """A JSON service under one base URL; `secret` gives the header that it asks for."""

    def __init__(self, name: str, base: str, http: Http, *, secret: Callable[[], tuple[str, str]]) -> None:
        self.name = name
        self._base = base.rstrip("/")
        self._http = http
        self._secret = secret

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        serial: int | None = None,
        key: str | None = None,
        also: tuple[int, ...] = (),
    ) -> tuple[int, dict[str, Any]]:
        """Return status and JSON of a call: 2xx, or one of `also`; raise PublishError, which names call and answer."""
        header, secret = self._secret()
        headers = {header: secret, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if serial is not None:
            headers["X-Castoff-Serial"] = str(serial)
        if key is not None:
            headers["Idempotency-Key"] = key
        text = None if body is None else json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        answer = self._http.repeated(method, f"{self._base}{path}", headers=headers, body=text)
        call = f"{self.name}, asked `{method} {path}`,"
        if isinstance(answer, str):
            raise PublishError(f"{call} did not answer: {answer}", hint=f"check {self._base}, then publish again")
        value = answer.json()
        if answer.status in also and value is not None:
            return answer.status, value
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - the class of answers that HTTP calls success
            raise PublishError(f"{call} answered {answer.status}{_detail(value)}", hint=self._hint(answer.status))
        if value is None:
            raise PublishError(
                f"{call} answered {answer.status} with something that is not a JSON object",
                hint=f"is {self._base} really {self.name}'s address? It belongs in castoff.yaml",
            )
        return answer.status, value

    def _hint(self, status: int) -> str:
        match status:
            case 401:
                return f"the key is not one that {self.name} accepts: compare the secret that castoff.yaml names"
            case 403:
                return f"{self.name}'s resource policy turns this address away, or its address in castoff.yaml is wrong"
            case 404:
                return f"check {self.name}'s address in castoff.yaml, with its stage at the end"
            case 409:
                return "a newer publish was here first: pull, then publish again"
            case _:
                return "run `castoff publish` again; what was done is known and is not done twice"


def _detail(value: Mapping[str, Any] | None) -> str:
    """Return what a service says of its refusal, from the fields that may be shown."""
    if not value:
        return ""
    words = str(value.get("detail") or value.get("error") or value.get("message") or value.get("Message") or "")
    return f": {words[:_WORDS]}" if words else ""


def _reason(error: Exception) -> str:
    """Return what went wrong in a few words: urllib3's messages name its own objects."""
    match error:
        case urllib3.exceptions.NewConnectionError():
            return "the connection was refused"
        case urllib3.exceptions.TimeoutError():
            return f"no answer within {_READ_SECONDS:.0f} s"
        case urllib3.exceptions.SSLError():
            return "its certificate is not valid"
        case _:
            return "the connection broke"
