"""A service asked plainly: whatever it replies is a value, for whoever judges it rather than relies on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.http import Http, json_call
from publisher.adapters.patience import Patience
from publisher.adapters.secrets import secret_header
from publisher.adapters.signature import Signature
from publisher.clauses.reply import Key, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publisher.adapters.answers import Answer
    from publisher.adapters.http import Sign
    from publisher.target import ServiceTarget, Target

BRIEF: Final = Patience(connect=3.0, read=20.0, tries=2)
"""Somebody waits for the answer, and one that does not come is an answer too."""

WRONG: Final = "castoff-asks-with-a-wrong-key-on-purpose"


class PlainApi:
    """One service under its base URL; `secret` gives the header that it asks for, `sign` those of a signature."""

    def __init__(
        self, base: str, http: Http, *, secret: Callable[[], tuple[str, str]], sign: Sign | None = None
    ) -> None:
        self._base = base.rstrip("/")
        self._http = http
        self._secret = secret
        self._sign = sign

    def __call__(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: Key = Key.RIGHT,
        serial: int | None = None,
        request: str | None = None,
    ) -> Reply:
        """Ask as the publisher does; `request` is the Idempotency-Key."""
        answer = self.answer(method, path, body, key=key, serial=serial, request=request)
        if isinstance(answer, str):
            return Reply(0, reason=answer)
        return Reply(answer.status, answer.json(), kind=answer.headers.get("content-type", "").partition(";")[0])

    def answer(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: Key = Key.RIGHT,
        serial: int | None = None,
        request: str | None = None,
    ) -> Answer | str:
        """Return the whole answer, or in words why there is none; PublishError where the secret cannot be had."""
        headers, text = json_call(body, serial=serial, request=request)
        if key is not Key.NONE:
            header, secret = self._secret()
            headers[header] = secret if key is Key.RIGHT else WRONG
        return self._http.ask(method, f"{self._base}{path}", headers=headers, body=text, sign=self._sign)


@dataclass(frozen=True, slots=True)
class PlainServices:
    """Both services of a target, and what asks anything else over HTTP."""

    crew: PlainApi
    calendar: PlainApi
    http: Http


def plain_services(target: Target, *, patience: Patience = BRIEF, aws: Aws | None = None) -> PlainServices:
    """Return the services of a target; nothing is asked of them yet. `aws` is what asks its cloud already."""
    clock = SystemClock()
    cloud = aws or Aws(target, clock=clock, patience=patience)
    http = Http(endpoint=target.endpoint, clock=clock, patience=patience)

    def service(name: str, header: str, found: ServiceTarget) -> PlainApi:
        sign = Signature(name, found.url, cloud).headers if found.signed else None
        return PlainApi(found.url, http, secret=secret_header(header, found.secret, cloud), sign=sign)

    return PlainServices(
        crew=service("ShipCaptainCrew", "X-Service-Key", target.scc),
        calendar=service("the dashboard", "X-Dashboard-Token", target.dashboard),
        http=http,
    )
