"""AWS's signature, version 4, on a request to S3 whose body is at hand: in microseconds, thousands of times."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.target import Credentials

_METHOD: Final = "AWS4-HMAC-SHA256"


class Seal:
    """Signs for one service in one region."""

    def __init__(self, service: str, region: str) -> None:
        self._service = service
        self._region = region

    def headers(
        self,
        method: str,
        host: str,
        path: str,
        headers: Mapping[str, str],
        *,
        body: bytes,
        credentials: Credentials,
        now: float,
    ) -> dict[str, str]:
        """Return all headers of a request without a query; `path` is quoted, `now` in seconds since 1970."""
        instant = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        scope = f"{instant[:8]}/{self._region}/{self._service}/aws4_request"
        hashed = hashlib.sha256(body).hexdigest()
        said = {name.lower(): text for name, text in headers.items()}
        said |= {"host": host, "x-amz-content-sha256": hashed, "x-amz-date": instant}
        if credentials.token:
            said["x-amz-security-token"] = credentials.token
        names = sorted(said)
        signed = ";".join(names)
        lines = "".join(f"{name}:{said[name]}\n" for name in names)
        canonical = hashlib.sha256(f"{method}\n{path}\n\n{lines}\n{signed}\n{hashed}".encode()).hexdigest()
        key = _key(credentials.secret, instant[:8], self._region, self._service)
        signature = hmac.digest(key, f"{_METHOD}\n{instant}\n{scope}\n{canonical}".encode(), "sha256").hex()
        said["authorization"] = (
            f"{_METHOD} Credential={credentials.key}/{scope}, SignedHeaders={signed}, Signature={signature}"
        )
        said["content-length"] = str(len(body))
        return said


def _key(secret: str, *steps: str) -> bytes:
    """Return the key of a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for step in (*steps, "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return key
