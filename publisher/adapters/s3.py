"""Objects and the published state in S3: every write conditional on the ETag that was read."""

from __future__ import annotations

import gzip
import zlib
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import DocumentError
from castoff.contract.state import State
from publisher.adapters.answers import StrangeAnswerError, code_of
from publisher.adapters.aws import refused
from publisher.errors import ConflictError, PublishError
from publisher.ports import Loaded, Stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.exceptions import ClientError

    from castoff.contract.release import Site
    from publisher.adapters.answers import Answered
    from publisher.adapters.aws import Aws
    from publisher.target import SiteTarget

STATE_KEY: Final = "state.json.gz"
RELEASE: Final = "release"
"""What the state's metadata call the digest of the release that is live, whole, with nobody at work on another."""

_LOST: Final = {"PreconditionFailed", "412"}
_TOGETHER: Final = {"ConditionalRequestConflict", "409"}
_ABSENT: Final = {"NoSuchKey", "404", "NotFound"}

_OK: Final = 200
_NOT_FOUND: Final = 404
_NOTHING_YET: Final = b"<Code>NoSuchKey</Code>"
_DATED: Final = {"date", "last-modified"}
_HEADERS: Final = {"ContentType": "Content-Type", "CacheControl": "Cache-Control"}


class S3Objects:
    """The sites' buckets."""

    def __init__(self, aws: Aws, sites: Mapping[Site, SiteTarget]) -> None:
        self._aws = aws
        self._sites = sites

    def put(
        self, site: Site, key: str, body: bytes, *, content_type: str, cache_control: str, etag: str | None
    ) -> Stored:
        """Write an object over the one with `etag`, or only where there is none; raise ConflictError otherwise."""
        bucket = self._sites[site].bucket
        headers = {"ContentType": content_type, "CacheControl": cache_control}
        return put_if(self._aws, bucket, key, body, headers=headers, etag=etag)

    def delete(self, site: Site, key: str, *, etag: str) -> None:
        """Delete the object with `etag`; one that is gone already is well."""
        bucket = self._sites[site].bucket
        with self._aws.in_words("DeleteObject", f"s3://{bucket}/{key}"):
            try:
                self._aws.tried(lambda: self._aws.s3.delete_object(Bucket=bucket, Key=key, IfMatch=etag))
            except refused() as error:
                if code_of(error) in _ABSENT:
                    return
                if code_of(error) in _LOST | _TOGETHER:
                    if self.head(site, key) is None:
                        return
                    raise _conflict(bucket, key, error) from error
                raise

    def head(self, site: Site, key: str) -> Stored | None:
        """Return what stands at a key."""
        bucket = self._sites[site].bucket
        with self._aws.in_words("HeadObject", f"s3://{bucket}/{key}"):
            try:
                return _stored(self._aws.tried(lambda: _marked(self._aws.s3.head_object(Bucket=bucket, Key=key))))
            except refused() as error:
                if code_of(error) in _ABSENT:
                    return None
                raise


class S3States:
    """The published state in its bucket."""

    def __init__(self, aws: Aws, bucket: str, prefix: str) -> None:
        self._aws = aws
        self._bucket = bucket
        self._key = f"{prefix}{STATE_KEY}"

    def load(self) -> Loaded:
        """Read the state; its age is the answer's `Date` less `Last-Modified`, both of S3's own clock."""
        place = f"s3://{self._bucket}/{self._key}"
        reply = self._aws.wire.ask("GET", self._bucket, self._key)
        if reply is not None and reply.status == _NOT_FOUND and _NOTHING_YET in reply.body and "date" in reply.headers:
            return _nothing_yet(reply.headers)
        if reply is not None and reply.status == _OK and reply.etag and reply.headers.keys() >= _DATED:
            return _loaded(place, reply.headers, reply.body)
        with self._aws.in_words("GetObject", place):
            try:
                answer = self._aws.tried(lambda: _read(self._aws, self._bucket, self._key))
            except refused() as error:
                # A bare 404 is anyone's; only S3 itself says that nothing was published yet.
                if code_of(error) == "NoSuchKey":
                    return _nothing_yet(error.response["ResponseMetadata"]["HTTPHeaders"])
                raise
        return _loaded(place, answer["ResponseMetadata"]["HTTPHeaders"], answer["Body"])

    def save(self, state: State, *, etag: str | None) -> str:
        """Write the state over the one with `etag`, or only where there is none; raise ConflictError otherwise."""
        # Level 6 makes it a twentieth smaller, and takes twice as long.
        body = gzip.compress(state.to_json().encode(), compresslevel=4, mtime=0)
        headers: dict[str, Any] = {"ContentType": "application/gzip", "CacheControl": "no-store"}
        if state.release and state.in_progress is None and not state.late:
            headers["Metadata"] = {RELEASE: state.release}
        try:
            return put_if(self._aws, self._bucket, self._key, body, headers=headers, etag=etag).etag
        except ConflictError as error:
            raise ConflictError(
                f"the published state at s3://{self._bucket}/{self._key} was written by another publish meanwhile",
                hint="run `castoff publish` again",
            ) from error


def put_if(aws: Aws, bucket: str, key: str, body: bytes, *, headers: dict[str, Any], etag: str | None) -> Stored:
    """Write an object if what stands there has `etag`; no ETag, or an empty one, asks that there be none.

    A write whose answer was lost is tried again and then finds itself: a refusal is looked into before it is believed.
    """
    reply = aws.wire.ask("PUT", bucket, key, headers=_said(headers, etag), body=body)
    if reply is not None and reply.status == _OK and reply.etag:
        return Stored(etag=reply.etag, version=reply.headers.get("x-amz-version-id"))
    condition: dict[str, Any] = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
    with aws.in_words("PutObject", f"s3://{bucket}/{key}"):
        try:
            return _stored(
                aws.tried(lambda: _marked(aws.s3.put_object(Bucket=bucket, Key=key, Body=body, **headers, **condition)))
            )
        except refused() as error:
            if code_of(error) not in _LOST | _TOGETHER | _ABSENT:
                raise
            found = _ours(aws, bucket, key, body)
            if found is None:
                raise _conflict(bucket, key, error, new=not etag) from error
            return found


def _said(headers: Mapping[str, Any], etag: str | None) -> dict[str, str]:
    """Return what botocore would make of these arguments on the wire."""
    condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
    plain = {_HEADERS[name]: text for name, text in headers.items() if name in _HEADERS}
    return plain | {f"x-amz-meta-{name}": text for name, text in headers.get("Metadata", {}).items()} | condition


def _loaded(place: str, headers: Mapping[str, str], body: bytes) -> Loaded:
    """Return the state in an answer; its ETag and its dates are in the headers."""
    try:
        state = State.from_json(gzip.decompress(body))
    except (DocumentError, OSError, EOFError, zlib.error) as error:
        raise PublishError(
            f"the published state at {place} cannot be read: {error}",
            hint="the bucket keeps its versions: restore the one before",
        ) from error
    now = parsedate_to_datetime(headers["date"])
    age = now - parsedate_to_datetime(headers["last-modified"])
    return Loaded(state, etag=headers["etag"], age=age.total_seconds(), now=now.timestamp())


def _nothing_yet(headers: Mapping[str, str]) -> Loaded:
    """Return the empty state as of when S3 said that there is none."""
    if "date" not in headers:
        raise StrangeAnswerError
    return Loaded(State(), etag=None, age=0.0, now=parsedate_to_datetime(headers["date"]).timestamp())


def _ours(aws: Aws, bucket: str, key: str, body: bytes) -> Stored | None:
    """Return what stands at a key if it is what was just sent: no two writes have the same bytes."""
    try:
        answer = aws.tried(lambda: _read(aws, bucket, key))
    except refused() as error:
        if code_of(error) in _ABSENT:
            return None
        raise
    return _stored(answer) if answer["Body"] == body else None


def _read(aws: Aws, bucket: str, key: str) -> Mapping[str, Any]:
    """Read an object whole: its body comes after the answer, and may break off."""
    answer: Mapping[str, Any] = aws.s3.get_object(Bucket=bucket, Key=key)
    body = answer["Body"].read()
    dated = "LastModified" in answer and "date" in answer["ResponseMetadata"]["HTTPHeaders"]
    if len(body) != answer.get("ContentLength") or not dated:
        raise StrangeAnswerError
    return _marked({**answer, "Body": body})


def _marked(answer: Answered) -> Answered:
    """Return an answer whose ETag is whole: one that was cut within its headers looks like a good one."""
    etag = answer.get("ETag", "")
    if len(etag) < len('""') + 1 or not (etag.startswith('"') and etag.endswith('"')):
        raise StrangeAnswerError
    return answer


def _stored(answer: Mapping[str, Any]) -> Stored:
    return Stored(etag=answer["ETag"], version=answer.get("VersionId"))


def _conflict(bucket: str, key: str, error: ClientError, *, new: bool = False) -> ConflictError:
    if code_of(error) in _TOGETHER:
        return ConflictError(
            f"s3://{bucket}/{key} is being written by something else at this very moment",
            hint="find what else writes into castoff's prefixes, then publish again",
        )
    if new:
        return ConflictError(
            f"s3://{bucket}/{key} is not what the last publish left there",
            hint="there was something before castoff: look at it; `castoff publish --adopt` writes over it",
        )
    return ConflictError(
        f"s3://{bucket}/{key} is not what the last publish left there",
        hint="run `castoff publish --repair`: it looks at what stands there, shows what it would do, and mends it",
    )
