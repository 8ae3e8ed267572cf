"""S3 as far as uploads ask it: objects in memory with ETags, conditions, both listings."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from standin_wire import Reply

if TYPE_CHECKING:
    from standin_wire import Request

_MOST: Final = 1000
"""Keys in one answer of a listing."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object, with its entry in a listing ready to be sent."""

    body: bytes
    etag: str
    headers: str
    listed: str


class Bucket:
    """One bucket; its keys are sorted once they are listed."""

    def __init__(self) -> None:
        self.objects: dict[str, Stored] = {}
        self._sorted: list[str] | None = None

    @property
    def keys(self) -> list[str]:
        """All keys in order."""
        if self._sorted is None:
            self._sorted = sorted(self.objects)
        return self._sorted

    def put(self, key: str, stored: Stored) -> None:
        """Keep an object."""
        if key not in self.objects:
            self._sorted = None
        self.objects[key] = stored

    def delete(self, key: str) -> None:
        """Let an object go."""
        if self.objects.pop(key, None):
            self._sorted = None


class Buckets:
    """All buckets: each is there once it is named."""

    def __init__(self) -> None:
        self._buckets: defaultdict[str, Bucket] = defaultdict(Bucket)
        self._second = ("", "")

    def forget(self) -> None:
        """Empty every bucket."""
        self._buckets.clear()

    def found(self, bucket: str, key: str) -> Stored | None:
        """Return an object, or None where there is none."""
        return self._buckets[bucket].objects.get(key)

    def reply(self, request: Request) -> Reply:
        """Answer one call."""
        name, _, key = request.path[1:].partition("/")
        bucket = self._buckets[name]
        match request.method:
            case "PUT" if key:
                return self._put(bucket, key, request)
            case "GET" | "HEAD" if key:
                return _read(bucket, key, request.method)
            case "DELETE" if key:
                return _delete(bucket, key, request)
            case "GET":
                return _list(name, bucket, dict(parse_qsl(request.query, keep_blank_values=True)))
            case _:
                return Reply(200)

    def _put(self, bucket: Bucket, key: str, request: Request) -> Reply:
        headers, there = request.headers, bucket.objects.get(key)
        wanted = headers.get("if-match")
        if wanted and there is None:
            return _error(404, "NoSuchKey", "PUT")
        if (wanted and there and wanted != there.etag) or (there and headers.get("if-none-match") == "*"):
            return _error(412, "PreconditionFailed", "PUT")
        etag = f'"{hashlib.md5(request.body, usedforsecurity=False).hexdigest()}"'
        dated, listed = self._dates()
        kept = [(name, headers[name]) for name in ("content-type", "cache-control") if name in headers]
        kept += [(name, value) for name, value in headers.items() if name.startswith("x-amz-meta-")]
        lines = "".join(f"{name}: {value}\r\n" for name, value in [("ETag", etag), ("Last-Modified", dated), *kept])
        size = len(request.body)
        entry = (
            f"<Contents><Key>{escape(key)}</Key><LastModified>{listed}</LastModified>"
            f"<ETag>&quot;{etag[1:-1]}&quot;</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        )
        bucket.put(key, Stored(request.body, etag, lines, entry))
        return Reply(200, b"", f"ETag: {etag}\r\nx-amz-version-id: {etag[1:-1]}\r\n", "PUT")

    def _dates(self) -> tuple[str, str]:
        """Return this second as HTTP and as listings write it."""
        now = datetime.now(UTC).replace(microsecond=0)
        plain = f"{now:%Y-%m-%dT%H:%M:%S}.000Z"
        if self._second[1] != plain:
            self._second = (format_datetime(now, usegmt=True), plain)
        return self._second


def _read(bucket: Bucket, key: str, method: str) -> Reply:
    there = bucket.objects.get(key)
    if there is None:
        return _error(404, "NoSuchKey", method)
    date = format_datetime(datetime.now(UTC), usegmt=True)
    lines = f"Date: {date}\r\nAccept-Ranges: bytes\r\nContent-Length: {len(there.body)}\r\n{there.headers}"
    return Reply(200, there.body, lines, method)


def _delete(bucket: Bucket, key: str, request: Request) -> Reply:
    there, wanted = bucket.objects.get(key), request.headers.get("if-match")
    if wanted and there and wanted != there.etag:
        return _error(412, "PreconditionFailed", "PUT")
    bucket.delete(key)
    return Reply(204, kind="PUT")


def _list(name: str, bucket: Bucket, query: dict[str, str]) -> Reply:
    """Answer either listing: the second names its page by a token, which here is the last key, as the first does."""
    if "location" in query:
        return Reply(200, b"<LocationConstraint>us-west-2</LocationConstraint>")
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    after = query.get("continuation-token") or query.get("start-after") or query.get("marker") or ""
    most = min(_MOST, int(query.get("max-keys", _MOST)))
    keys, entries, folders = bucket.keys, [], []
    at = bisect_right(keys, after) if after else 0
    last = ""
    while at < len(keys) and len(entries) + len(folders) < most:
        key = keys[at]
        at += 1
        if not key.startswith(prefix) or (delimiter and after.endswith(delimiter) and key.startswith(after)):
            continue
        inner = key.find(delimiter, len(prefix)) if delimiter else -1
        if inner < 0:
            entries.append(bucket.objects[key].listed)
            last = key
            continue
        last = key[: inner + len(delimiter)]
        if last not in folders:
            folders.append(last)
    more = at < len(keys)
    following = f"<NextContinuationToken>{escape(last)}</NextContinuationToken><NextMarker>{escape(last)}</NextMarker>"
    shared = "".join(f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in folders)
    text = (
        f"<?xml version='1.0' encoding='UTF-8'?><ListBucketResult><Name>{name}</Name><Prefix>{escape(prefix)}</Prefix>"
        f"<MaxKeys>{most}</MaxKeys><KeyCount>{len(entries) + len(folders)}</KeyCount>"
        f"<IsTruncated>{str(more).lower()}</IsTruncated>{following if more else ''}"
        f"{''.join(entries)}{shared}</ListBucketResult>"
    )
    return Reply(200, text.encode(), "Content-Type: application/xml\r\n", "LIST")


def _error(status: int, code: str, kind: str) -> Reply:
    text = f"<Error><Code>{code}</Code><Message>It stands otherwise</Message></Error>"
    date = format_datetime(datetime.now(UTC), usegmt=True)
    return Reply(status, text.encode(), f"Content-Type: application/xml\r\nDate: {date}\r\n", kind)
