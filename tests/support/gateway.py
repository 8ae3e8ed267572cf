"""The embedded API Gateway as any caller meets it: unsigned, signed, or with a signature that somebody forged."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from castoff.cloud.ministack import REGION

if TYPE_CHECKING:
    from castoff.cloud.facts import Credentials as Lent
    from castoff.cloud.facts import Facts

_STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str

    @property
    def by_gateway(self) -> bool:
        """Whether API Gateway answered itself, so that no Lambda was asked: our own refusals say `error`."""
        try:
            value: Any = json.loads(self.text)
        except ValueError:
            return False
        return isinstance(value, dict) and bool({"message", "Message"} & value.keys()) and "error" not in value


@dataclass(frozen=True)
class Caller:
    """Somebody who calls one API of the embedded cloud; without credentials nothing is signed."""

    endpoint: str
    url: str
    credentials: Lent | None = None
    headers: tuple[tuple[str, str], ...] = ()
    minutes_ago: int = 0
    tampered: bool = False
    form: str = ""

    def signing(self, credentials: Lent | None, **changes: Any) -> Caller:
        """Return the same caller with other credentials."""
        return replace(self, credentials=credentials, **changes)

    def bringing(self, **headers: str) -> Caller:
        """Return the same caller with more headers."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return replace(self, headers=(*self.headers, *named))

    def ask(self, method: str, path: str, body: object = None, *, sent: object = None) -> Answer:
        """Call the API, straight at its gateway; `sent` is a body that goes in the place of the signed one."""
        gateway, api = urlsplit(self.endpoint), urlsplit(self.url)
        host = f"{(api.hostname or '').partition('.')[0]}.execute-api.localhost:{gateway.port}"
        text = self.form.encode() if body is None else json.dumps(body).encode()
        headers = {"Host": host, "Content-Type": "application/json", **dict(self.headers)}
        if self.credentials is not None:
            headers = self._signed(method, f"http://{host}{api.path}{path}", headers, text)
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
        try:
            content = text if sent is None else json.dumps(sent).encode()
            connection.request(method, f"{api.path}{path}", body=content or None, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            connection.close()

    def post_form(self, path: str, **fields: str) -> Answer:
        """Send a form as a browser does."""
        kind = "application/x-www-form-urlencoded"
        return replace(self, form=urlencode(fields)).bringing(Content_Type=kind).ask("POST", path)

    def _signed(self, method: str, url: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
        lent = self.credentials
        if lent is None:
            raise AssertionError("nobody signs without credentials")
        request = AWSRequest(method, url, headers=headers, data=body)
        signer = _Signer(Credentials(lent.key, lent.secret, lent.token), "execute-api", REGION)
        signer.minutes_ago = self.minutes_ago
        signer.add_auth(request)
        signed = dict(request.headers.items())
        if self.tampered:  # one character of the signature, which stands at the end
            authorization = signed["Authorization"]
            signed["Authorization"] = authorization[:-1] + ("0" if authorization[-1] != "0" else "1")
        return signed


def caller(cloud: Facts, url: str) -> Caller:
    """Return somebody who calls the API at this URL and brings nothing."""
    return Caller(cloud.endpoint, url)


class _Signer(SigV4Auth):
    """Botocore's own, whose clock may be slow."""

    minutes_ago = 0

    def _modify_request_before_signing(self, request: Any) -> None:
        at = datetime.strptime(request.context["timestamp"], _STAMP).replace(tzinfo=UTC)
        request.context["timestamp"] = (at - timedelta(minutes=self.minutes_ago)).strftime(_STAMP)
        super()._modify_request_before_signing(request)
