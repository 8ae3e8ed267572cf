"""Knows how to ask an origin: a bucket by S3's API, an API at the embedded gateway."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import unquote_to_bytes, urlsplit

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from castoff.edge.messages import Response

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from castoff.edge.messages import Headers, Request

HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Response headers that belong to one connection, or that the edge's own server writes."""


@dataclass(frozen=True, kw_only=True)
class Unreachable:
    """An origin that gave no answer: 502, or 504 when it took too long; with the reason in words."""

    status: int
    reason: str


class Origin(Protocol):
    """Where answers come from: a bucket, an API, or a folder while pages are being written."""

    def fetch(self, request: Request) -> Response | Unreachable:
        """Answer a request whose path is still percent-encoded and holds the origin's own prefix.

        Where the request revalidates an ETag, the answer may be 304.
        """
        ...


class BucketOrigin:
    """A bucket, read with the edge's own credentials."""

    def __init__(self, client: S3Client, *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def fetch(self, request: Request) -> Response | Unreachable:
        """Return the object, or S3's own answer when there is none to be had."""
        if request.method not in ("GET", "HEAD"):
            return _refusal(405, "MethodNotAllowed")
        key = object_key(request.path)
        if key is None:
            return _refusal(404, "NoSuchKey")
        asked = {"Bucket": self._bucket, "Key": key}
        if request.revalidates:
            asked["IfNoneMatch"] = request.revalidates
        try:
            return self._read(request.method, asked)
        except ClientError as fault:
            return _told_by_s3(fault)
        except ReadTimeoutError as fault:
            return Unreachable(status=504, reason=f"bucket `{self._bucket}` did not answer in time: {fault}")
        except BotoCoreError as fault:
            return Unreachable(status=502, reason=f"bucket `{self._bucket}` did not answer: {fault}")

    def _read(self, method: str, asked: dict[str, str]) -> Response:
        # The stubs want each argument by name; what is asked depends on the request.
        client = cast("Any", self._client)
        answer = client.head_object(**asked) if method == "HEAD" else client.get_object(**asked)
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        if method == "HEAD":
            length = (("content-length", str(headers.get("content-length", "0"))),)
            return Response(status=200, headers=(*_kept(headers), *length))
        return Response(status=200, headers=_kept(headers), body=answer["Body"].read())


class ApiOrigin:
    """An API of API Gateway, asked at the embedded cloud's address under the API's own host name."""

    def __init__(self, endpoint: str, *, domain: str, seconds: float) -> None:
        address = urlsplit(endpoint)
        self._address = address.hostname or "127.0.0.1"
        self._port = address.port or 80
        self._host = embedded_host(domain, port=self._port)
        self._seconds = seconds

    def fetch(self, request: Request) -> Response | Unreachable:
        """Pass the request on as it is and return what the API says."""
        connection = http.client.HTTPConnection(self._address, self._port, timeout=self._seconds)
        target = f"{request.path}?{request.query}" if request.query else request.path
        try:
            connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
            connection.putheader("host", self._host)
            connection.putheader("connection", "close")  # or the embedded cloud keeps it open for 75 s
            etag = (("if-none-match", request.revalidates),) if request.revalidates else ()
            for name, value in (*request.headers, *etag):
                connection.putheader(name, value.encode("latin-1", "replace"))
            if request.body or request.method in ("POST", "PUT", "PATCH"):
                connection.putheader("content-length", str(len(request.body)))
            connection.endheaders(request.body or None)
            answer = connection.getresponse()
            return Response(
                status=answer.status,
                headers=_kept((name.lower(), value) for name, value in answer.getheaders()),
                body=answer.read(),
            )
        except TimeoutError:
            return Unreachable(status=504, reason=f"the API did not answer within {self._seconds:g} seconds")
        except (OSError, http.client.HTTPException, ValueError) as fault:
            return Unreachable(status=502, reason=f"the API did not answer: {fault}")
        finally:
            connection.close()


def object_key(path: str) -> str | None:
    """Return the key S3 reads out of a path, or None where no key of ours could be meant.

    S3 decodes a path once and resolves no dots; the client's own HTTP library would, so dots go no further.
    """
    try:
        key = unquote_to_bytes(path).decode()[1:]
    except UnicodeDecodeError:
        return None
    return None if not key or {".", ".."} & set(key.split("/")) else key


def embedded_host(domain: str, *, port: int) -> str:
    """Return the host under which the embedded gateway knows an API's domain of AWS."""
    api = re.fullmatch(r"(?P<id>[a-z0-9]+)\.execute-api\..+", domain)
    return f"{api['id']}.execute-api.localhost:{port}" if api else domain


def _told_by_s3(fault: ClientError) -> Response:
    metadata = fault.response["ResponseMetadata"]
    status = int(metadata["HTTPStatusCode"])
    if status == HTTPStatus.NOT_MODIFIED:
        return Response(status=status, headers=_kept(metadata["HTTPHeaders"]))
    return _refusal(status, str(fault.response["Error"]["Code"]))


def _refusal(status: int, code: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code></Error>'
    return Response(status=status, headers=(("content-type", "application/xml"),), body=text.encode())


def _kept(headers: Any) -> Headers:
    pairs = headers.items() if isinstance(headers, dict) else headers
    return tuple((name.lower(), str(value)) for name, value in pairs if name.lower() not in HOP_BY_HOP)
