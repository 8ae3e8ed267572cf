"""The signature on a request to S3 is the one that AWS's own tools make."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from publisher.adapters.seal import Seal
from publisher.target import Credentials

NOW = datetime(2024, 5, 28, 19, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize("token", [None, "a/session+token=="])
@pytest.mark.parametrize("headers", [{}, {"If-Match": '"abc"', "Content-Type": "text/html; charset=utf-8"}])
@pytest.mark.parametrize("path", ["/bucket/g/jada-guest-xhqgmdh.html", "/g/%C3%A9t%C3%A9%20%2B~.html"])
def test_signature_is_that_of_botocore(path: str, headers: dict[str, str], token: str | None) -> None:
    """Whatever path, headers and credentials: the same key, the same text, the same signature."""
    body = b"<p>Step aboard</p>"
    request = AWSRequest("PUT", f"https://s3.us-west-2.amazonaws.com{path}", headers=dict(headers), data=body)
    judge: Any = S3SigV4Auth(ReadOnlyCredentials("AKIAEXAMPLE", "sesame", token), "s3", "us-west-2")
    request.context["timestamp"] = f"{NOW:%Y%m%dT%H%M%SZ}"
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    request.headers["Host"] = "s3.us-west-2.amazonaws.com"
    if token:
        request.headers["X-Amz-Security-Token"] = token
    request.context["payload_signing_enabled"] = True
    request.headers["X-Amz-Content-SHA256"] = judge.payload(request)
    wanted = judge.signature(judge.string_to_sign(request, judge.canonical_request(request)), request)

    found = Seal("s3", "us-west-2").headers(
        "PUT",
        "s3.us-west-2.amazonaws.com",
        path,
        headers,
        body=body,
        credentials=Credentials("AKIAEXAMPLE", "sesame", token),
        now=NOW.timestamp(),
    )

    assert found["authorization"].rpartition("Signature=")[2] == wanted
    assert found.get("x-amz-security-token") == token
    assert "sesame" not in str(found)
