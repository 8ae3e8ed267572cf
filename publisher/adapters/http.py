"""HTTP to services and sites: one pool, one resolver, tries where trying again is right, refusals in words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

import urllib3

from publisher.adapters.answers import Answer
from publisher.adapters.patience import BROKE, PASSES, REFUSED, UNKNOWN_HOST, UNTRUSTED, Patience, Tries
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publisher.ports import Clock

_WORDS: Final = 200
_SUCCESS: Final = 200
_REDIRECT: Final = 300
_NO_SUCH_PATH: Final = "not_found"
"""What our services call a path of which they know nothing; any other 404 of theirs is of a thing that is not there."""

_UNSIGNED: Final = "Missing Authentication Token"
"""What API Gateway says where a call should have been signed."""

_PRIVATE: Final = re.compile(r"[\d@]")
_SHORTEST: Final = 3
"""Signs of the shortest value that says something."""

_SKEWED: Final = re.compile(r"Signature (expired|not yet current)")
"""What AWS says, with its own time, where the signature's is minutes off."""

_EXECUTE_API: Final = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com")


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

    def __init__(self, *, endpoint: str | None, clock: Clock, patience: Patience) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._patience = patience
        timeout = urllib3.Timeout(connect=patience.connect, read=patience.read)
        self._pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=timeout)

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        repeat: bool = True,
        sign: Sign | None = None,
    ) -> Answer | str:
        """Return the answer, or in words why there was none; asked again while it is one that may pass: 429, 5xx, none.

        A success without a body, or a redirect to nowhere, is an answer that was cut within its headers: nobody who is
        asked here says so little.
        What must not happen twice is asked once, with `repeat` off. Each try is signed anew.
        """
        tries = Tries(self._patience, self._clock)
        while True:
            answer = self._once(method, url, headers=headers, body=body, sign=sign)
            passes = isinstance(answer, str) or answer.status in PASSES or answer.is_cut
            if not passes or not repeat or not tries.again():
                return answer

    def _once(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, sign: Sign | None
    ) -> Answer | str:
        """Ask once; redirects are not followed."""
        where, host = locate(url, endpoint=self._endpoint)
        named = {"Host": host, **headers, **(sign(method, where, host=host, body=body) if sign else {})}
        try:
            answer = self._pool.request(method, where, body=body, headers=named, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return _reason(error, self._patience)
        return Answer(answer.status, answer.data, {name.lower(): text for name, text in answer.headers.items()})


class Sign(Protocol):
    """Returns the headers that sign a call, which says in its Host header what `host` is."""

    def __call__(self, method: str, url: str, *, host: str, body: bytes | None) -> Mapping[str, str]:
        """Sign one try of a call."""
        ...


def json_call(
    body: Mapping[str, Any] | None, *, serial: int | None, request: str | None
) -> tuple[dict[str, str], bytes | None]:
    """Return headers and body of a call to a JSON service; `request` is the Idempotency-Key."""
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if serial is not None:
        headers["X-Castoff-Serial"] = str(serial)
    if request is not None:
        headers["Idempotency-Key"] = request
    return headers, None if body is None else json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


class JsonApi:
    """A JSON service under one base URL; `secret` gives the header that it asks for, `sign` those of a signature."""

    def __init__(
        self, name: str, base: str, http: Http, *, secret: Callable[[], tuple[str, str]], sign: Sign | None = None
    ) -> None:
        self.name = name
        self._base = base.rstrip("/")
        self._http = http
        self._secret = secret
        self._sign = sign

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        about: str | None = None,
        serial: int | None = None,
        key: str | None = None,
        also: tuple[int | str, ...] = (),
        repeat: bool = True,
        private: bool = False,
    ) -> tuple[int, dict[str, Any]]:
        """Return status and JSON of a call: 2xx, or one of `also`; raise PublishError, which names call and answer.

        `about` is what the call is about, where its path does not say so; `also` has statuses, and errors by the name
        that the service gives them; `private` is a body of which nothing may be told.
        """
        header, secret = self._secret()
        headers, text = json_call(body, serial=serial, request=key)
        answer = self._http.ask(
            method,
            f"{self._base}{path}",
            headers={header: secret, **headers},
            body=text,
            repeat=repeat,
            sign=self._sign,
        )
        call = f"{self.name}, asked `{method} {path}`{f' for {about}' if about else ''},"
        if isinstance(answer, str):
            raise PublishError(f"{call} did not answer: {answer}", hint=f"check {self._base}, then publish again")
        value = answer.json()
        if value is not None and (answer.status in also or value.get("error") in also):
            return answer.status, value
        if not _SUCCESS <= answer.status < _REDIRECT:
            hint = self._hint(answer.status, value or {})
            is_read = answer.status not in {401, 403}  # who is turned away at the door was not listened to
            words = said_in(value or {}, private=(body or {}) if private and is_read else None)
            raise PublishError(f"{call} answered {answer.status}{words and f': {words}'}", hint=hint)
        if value is None:
            raise PublishError(
                f"{call} answered {answer.status} with something that is not a JSON object",
                hint=f"check in castoff.yaml that {self._base} is {self.name}'s address, then publish again",
            )
        return answer.status, value

    def _hint(self, status: int, value: Mapping[str, Any]) -> str:
        match status:
            case 401:
                return f"compare {self.name}'s key with the secret that castoff.yaml names, then publish again"
            case 403:
                return f"{self._way_in(str(value.get('message') or value.get('Message')))}, then publish again"
            case 404 if value.get("error") in {None, _NO_SUCH_PATH}:
                return f"check {self.name}'s address in castoff.yaml, with its stage at the end, then publish again"
            case 409:
                return "a newer publish was here first: pull, then publish again"
            case _:
                return "run `castoff publish` again; what was done is known and is not done twice"

    def _way_in(self, refusal: str) -> str:
        if _SKEWED.match(refusal):
            return "set this machine's clock by the network: `sudo timedatectl set-ntp true`"
        address = f"check {self.name}'s address in castoff.yaml"
        if refusal == _UNSIGNED and not self._sign:
            return f"{address}, or write `auth: sigv4` there, if its stack has OperatorAuth=sigv4"
        return f"{address}, and that " + (
            "its stack lists who publishes" if self._sign else "its resource policy lets this machine in"
        )


def said_in(value: Mapping[str, Any], *, private: Mapping[str, Any] | None = None) -> str:
    """Return what a service says of its refusal, where that is text.

    Lists of mistakes, as frameworks make them, repeat what was sent. Nothing of a `private` body is repeated either,
    which has money or addresses: where a service of one's own says what it got, only what else it says is told.
    """
    told = [words for name in ("detail", "error", "message", "Message") if isinstance(words := value.get(name), str)]
    if private is not None:
        told = [words for words in told if not _repeats(words, private)]
    return next((words[:_WORDS] for words in told if words), "")


def _repeats(words: str, sent: Any) -> bool:
    """Tell whether words show something of what was sent, or may: any figure, any address."""
    match sent:
        case dict():
            return bool(_PRIVATE.search(words)) or any(_repeats(words, value) for value in sent.values())
        case list():
            return any(_repeats(words, value) for value in sent)
        case _:
            return len(str(sent)) >= _SHORTEST and str(sent) in words


def _reason(error: Exception, patience: Patience) -> str:
    """Return what went wrong in a few words: urllib3's messages name its own objects."""
    match error:
        case urllib3.exceptions.NameResolutionError():
            return UNKNOWN_HOST
        case urllib3.exceptions.NewConnectionError():
            return REFUSED
        case urllib3.exceptions.ConnectTimeoutError():
            return patience.no_way
        case urllib3.exceptions.TimeoutError():
            return patience.silence
        case urllib3.exceptions.SSLError():
            return UNTRUSTED
        case _:
            return BROKE
