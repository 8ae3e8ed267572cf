"""Signed calls: each try anew, for the right region, by whoever publishes; and nothing secret in what is signed."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

import pytest
from support.worlds import Clock

from publisher.adapters.aws import Aws
from publisher.adapters.http import Http, JsonApi
from publisher.adapters.patience import Patience
from publisher.adapters.signature import Signature
from publisher.errors import PublishError
from publisher.target import Credentials, ServiceTarget, Target

if TYPE_CHECKING:
    from pathlib import Path

    from support.service import Service

SCOPE: Final = re.compile(r"Credential=(?P<key>\w+)/\d{8}/(?P<region>[\w-]+)/(?P<service>[\w-]+)/aws4_request")


def aws(*, region: str | None = "us-west-2", credentials: Credentials | None = None) -> Aws:
    """Return AWS as one target sees it."""
    nowhere = ServiceTarget("", "")
    lent = credentials or Credentials("ASIAEXAMPLE", "open-says-me", "token-of-the-session")
    target = Target("production", {}, "", scc=nowhere, dashboard=nowhere, region=region, credentials=lent)
    return Aws(target, clock=Clock(), patience=Patience())


def signed(base: str, by: Aws) -> JsonApi:
    """Return an API whose calls are signed."""
    http = Http(endpoint=None, clock=Clock(), patience=Patience())
    sign = Signature("ShipCaptainCrew", base, by).headers
    return JsonApi("ShipCaptainCrew", base, http, secret=lambda: ("X-Service-Key", "sesame"), sign=sign)


def test_a_signed_call_says_by_whom_and_brings_the_key_as_well(service: Service) -> None:
    """The signature names its key and the session; the service's key goes beside it."""
    service.answers = [(200, b'{"ok": true}')]

    signed(f"{service.url}/prod", aws()).call("PUT", "/x", {"a": 1})

    _, _, headers, _ = service.asked[0]
    scope = SCOPE.search(headers["Authorization"])
    assert scope
    assert scope.groupdict() == {"key": "ASIAEXAMPLE", "region": "us-west-2", "service": "execute-api"}
    assert headers["X-Amz-Security-Token"] == "token-of-the-session"
    assert headers["X-Service-Key"] == "sesame"


def test_each_try_is_signed_anew(service: Service) -> None:
    """A signature lives five minutes, and a service may be throttled for longer than that."""
    service.answers = [(503, b"{}"), (200, b'{"ok": true}')]
    asked: list[str] = []

    def sign(method: str, _url: str, *, host: str, body: bytes | None) -> dict[str, str]:
        asked.append(f"{method} {host} {body!r}")
        return {"Authorization": f"try {len(asked)}"}

    http = Http(endpoint=None, clock=Clock(), patience=Patience())
    JsonApi("it", service.url, http, secret=lambda: ("X-Key", "sesame"), sign=sign).call("PUT", "/x", {"a": 1})

    assert [headers["Authorization"] for _, _, headers, _ in service.asked] == ["try 1", "try 2"]
    assert asked == [f"PUT {service.url.removeprefix('http://')} b'{{\"a\":1}}'"] * 2


def test_no_secret_is_signed_or_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """Botocore logs what it signs where somebody asks it to: neither key is in that."""
    service.answers = [(200, b'{"ok": true}')]

    with caplog.at_level(logging.DEBUG):
        signed(f"{service.url}/prod", aws()).call("PUT", "/x", {"a": 1})

    assert "CanonicalRequest" in caplog.text
    assert "sesame" not in caplog.text
    assert "open-says-me" not in caplog.text


@pytest.mark.parametrize(
    ("description", "host", "region", "expected"),
    [
        ("the API's own address names it", "a1b2.execute-api.eu-west-1.amazonaws.com", "us-west-2", "eu-west-1"),
        ("with a port", "a1b2.execute-api.eu-west-1.amazonaws.com:443", None, "eu-west-1"),
        ("a name of its own is in the target's", "api.example.com", "us-west-2", "us-west-2"),
        ("the embedded API", "a1b2.execute-api.localhost:4566", "us-west-2", "us-west-2"),
        (
            "a name that only looks like one",
            "a1.execute-api.eu-west-1.amazonaws.com.example.com",
            "us-west-2",
            "us-west-2",
        ),
    ],
)
def test_the_region_is_the_apis(description: str, host: str, region: str | None, expected: str) -> None:
    """A signature for another region than the API's is refused by AWS."""
    sign = Signature("ShipCaptainCrew", f"https://{host}/prod", aws(region=region)).headers

    scope = SCOPE.search(sign("GET", f"https://{host}/prod/events", host=host, body=None)["Authorization"])

    assert scope
    assert scope["region"] == expected, description


def test_no_region_anywhere_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without one there is nothing to sign for: it says what to set."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    sign = Signature("ShipCaptainCrew", "https://api.example.com", aws(region=None)).headers

    with pytest.raises(PublishError, match="names no region") as refused:
        sign("GET", "https://api.example.com/events", host="api.example.com", body=None)

    assert refused.value.hint
    assert "AWS_REGION" in refused.value.hint


def test_nobody_signed_in_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: Service) -> None:
    """Without credentials nothing is asked of the service."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    nowhere = ServiceTarget("", "")
    target = Target("production", {}, "", scc=nowhere, dashboard=nowhere, region="us-west-2")

    with pytest.raises(PublishError, match="could not be signed: Unable to locate credentials"):
        signed(service.url, Aws(target, clock=Clock(), patience=Patience())).call("GET", "/events")

    assert service.asked == []


@pytest.mark.parametrize(
    ("is_signed", "answer", "hint"),
    [
        (True, b'{"Message": "User: x is not authorized"}', "its stack lists who publishes"),
        (True, b'{"message": "Missing Authentication Token"}', "its stack lists who publishes"),
        (True, b'{"message": "Signature expired: 20240528T115500Z is now earlier than"}', "this machine's clock"),
        (True, b'{"message": "Signature not yet current: 20240528T121500Z is still"}', "this machine's clock"),
        (False, b'{"message": "Missing Authentication Token"}', "write `auth: sigv4`"),
        (False, b'{"Message": "User: anonymous is not authorized"}', "its resource policy lets this machine in"),
    ],
)
def test_a_closed_gateway_says_what_to_do(service: Service, *, is_signed: bool, answer: bytes, hint: str) -> None:
    """Whether it was signed decides what is to be done about a 403."""
    service.answers = [(403, answer)]
    http = Http(endpoint=None, clock=Clock(), patience=Patience())
    unsigned = JsonApi("ShipCaptainCrew", service.url, http, secret=lambda: ("X-Key", "sesame"))
    api = signed(service.url, aws()) if is_signed else unsigned

    with pytest.raises(PublishError) as refused:
        api.call("GET", "/events")

    assert hint in str(refused.value.hint)
