"""Objects and the published state in S3: every write conditional on the ETag that was read."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from castoff.contract.document import DocumentError
from castoff.contract.state import State
from publisher.adapters.answers import StrangeAnswerError, code_of, is_absent, whole
from publisher.adapters.glance import RELEASE, STATE_KEY
from publisher.adapters.stores import condition, stored
from publisher.errors import ConflictError, PublishError
from publisher.ports import End, Loaded, Stored
from publisher.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.contract.release import Site
    from publisher.adapters.answers import Answered
    from publisher.adapters.aws import Aws
    from publisher.adapters.stores import Line
    from publisher.ports import Doing, Write
    from publisher.target import SiteTarget

_LOST: Final = {"PreconditionFailed", "412"}
_TOGETHER: Final = {"ConditionalRequestConflict", "409"}

_AGAIN: Final = 256
"""Threads for what is asked again: as many as there may be writes under way, so that none waits and begins too late."""


class S3Objects:
    """The sites' buckets."""

    def __init__(self, aws: Aws, sites: Mapping[Site, SiteTarget]) -> None:
        self._aws = aws
        self._sites = sites

    def put(self, write: Write) -> Stored:
        """Write an object; raise ConflictError where there stands what should not."""
        bucket = self._sites[write.site].bucket
        return put_if(self._aws, bucket, write.key, write.body, headers=_headers(write), etag=write.etag)

    def writes(self) -> Doing[Write, Stored]:
        """Return what writes many objects at once."""
        return _Writes(self._aws, self._sites)

    def delete(self, site: Site, key: str, *, etag: str) -> None:
        """Delete the object with `etag`; one that is gone already is well."""
        bucket = self._sites[site].bucket
        with self._aws.in_words("DeleteObject", f"s3://{bucket}/{key}"):
            try:
                self._aws.tried(lambda: self._aws.s3.delete_object(Bucket=bucket, Key=key, IfMatch=etag))
            except ClientError as error:
                if is_absent(error):
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
            except ClientError as error:
                if is_absent(error):
                    return None
                raise


class _Writes:
    """Objects on their way, thousands by libcurl; a thread for each of those few that libcurl got no plain yes for."""

    def __init__(self, aws: Aws, sites: Mapping[Site, SiteTarget]) -> None:
        self._sites = sites
        self._aws = aws
        self._line: Line[Write] = aws.stores.line()
        self._again: Threads[tuple[Write, float], Stored] = Threads(self._put_again, _AGAIN)
        self._left = 0

    def begin(self, write: Write) -> None:
        """Begin to write an object."""
        bucket, headers = self._sites[write.site].bucket, {**_said(_headers(write)), **condition(write.etag)}
        try:
            self._line.begin(write, "PUT", bucket, write.key, headers=headers, body=write.body)
        except Exception:  # noqa: BLE001 - whatever it was, botocore meets it, too, and says it in words
            self._begin_again(write, 0.0)

    def ended(self, seconds: float) -> list[End[Write, Stored]]:
        """Return which have ended since the last look, as soon as one has, or so many seconds after."""
        found = []
        if self._left:
            ended = self._again.ended(0.0 if self._line.is_busy else seconds)
            self._left -= len(ended)
            found = [End(end.piece[0], end.came, end.piece[1] + end.seconds) for end in ended]
        for write, answer, took in self._line.ended(0.0 if found else seconds):
            came = stored(answer)
            if came is None:
                self._begin_again(write, took)
            else:
                found.append(End(write, came, took))
        return found

    def close(self) -> None:
        """Hang up, and wait for the threads."""
        self._line.close()
        self._again.close()

    def _begin_again(self, write: Write, took: float) -> None:
        self._left += 1
        self._again.begin((write, took))

    def _put_again(self, piece: tuple[Write, float]) -> Stored:
        write, _ = piece
        bucket = self._sites[write.site].bucket
        return _put_again(self._aws, bucket, write.key, write.body, headers=_headers(write), etag=write.etag)


class S3States:
    """The published state in its bucket."""

    def __init__(self, aws: Aws, bucket: str, prefix: str) -> None:
        self._aws = aws
        self._bucket = bucket
        self._key = f"{prefix}{STATE_KEY}"

    def load(self) -> Loaded:
        """Read the state; its age is the answer's `Date` less `Last-Modified`, both of S3's own clock."""
        place = f"s3://{self._bucket}/{self._key}"
        found = self._aws.stores.read(self._bucket, self._key)
        if found is not None:
            return _loaded(place, found.headers, found.body) if found.body else _nothing_yet(found.headers)
        with self._aws.in_words("GetObject", place):
            try:
                answer = self._aws.tried(lambda: _read(self._aws, self._bucket, self._key))
            except ClientError as error:
                # A bare 404 is anyone's; only S3 itself says that nothing was published yet.
                if code_of(error) == "NoSuchKey":
                    return _nothing_yet(error.response["ResponseMetadata"]["HTTPHeaders"])
                raise
        return _loaded(place, answer["ResponseMetadata"]["HTTPHeaders"], answer["Body"])

    def again(self, loaded: Loaded) -> Loaded:
        """Return the state as it is by now: thousands of bookings are megabytes, and a look is none."""
        with self._aws.in_words("HeadObject", f"s3://{self._bucket}/{self._key}"):
            try:
                answer = self._aws.tried(lambda: _dated(self._aws.s3.head_object(Bucket=self._bucket, Key=self._key)))
            except ClientError as error:
                if not is_absent(error):
                    raise
                return self.load()
        if answer["ETag"] != loaded.etag:
            return self.load()
        age, now = _times(answer["ResponseMetadata"]["HTTPHeaders"])
        return replace(loaded, age=age, now=now)

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
    found = aws.stores.put(bucket, key, body, headers=_said(headers), etag=etag)
    return found or _put_again(aws, bucket, key, body, headers=headers, etag=etag)


def _put_again(aws: Aws, bucket: str, key: str, body: bytes, *, headers: dict[str, Any], etag: str | None) -> Stored:
    """Write an object by botocore."""
    only: dict[str, Any] = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
    with aws.in_words("PutObject", f"s3://{bucket}/{key}"):
        for others in (_TOGETHER, set[str]()):  # who was writing as well may have been this one's own first attempt
            try:
                return _stored(
                    aws.tried(lambda: _marked(aws.s3.put_object(Bucket=bucket, Key=key, Body=body, **headers, **only)))
                )
            except ClientError as error:
                if code_of(error) not in _LOST | _TOGETHER and not is_absent(error):
                    raise
                found = _ours(aws, bucket, key, body)
                if found is not None:
                    return found
                if code_of(error) not in others:
                    raise _conflict(bucket, key, error, new=not etag) from error
        raise AssertionError  # the last refusal was believed


def listed(aws: Aws, bucket: str, prefix: str, *, after: str = "") -> Iterator[Mapping[str, Any]]:
    """Yield the objects below a prefix, by the alphabet: one request for each thousand."""
    while True:
        with aws.in_words("ListObjectsV2", f"s3://{bucket}/{prefix}"):
            more: Any = {"StartAfter": after} if after else {}
            answer = aws.tried(
                lambda more=more: _page_of_list(aws.s3.list_objects_v2(Bucket=bucket, Prefix=prefix, **more))  # type: ignore[misc]
            )
        found = answer.get("Contents", [])
        yield from found
        if not answer.get("IsTruncated"):
            return
        after = found[-1]["Key"]


def _page_of_list(answer: Answered) -> Answered:
    """Return a page of a listing that is whole: where more follows, it names at least one object."""
    if answer.get("IsTruncated") and not answer.get("Contents"):
        raise StrangeAnswerError
    return whole(answer, "KeyCount")


def _said(headers: Mapping[str, Any]) -> dict[str, str]:
    """Return these arguments of botocore's as HTTP has them."""
    metadata = {f"x-amz-meta-{name}": text for name, text in headers.get("Metadata", {}).items()}
    return {"Content-Type": headers["ContentType"], "Cache-Control": headers["CacheControl"], **metadata}


def _headers(write: Write) -> dict[str, Any]:
    return {"ContentType": write.content_type, "CacheControl": write.cache_control}


def _loaded(place: str, headers: Mapping[str, str], body: bytes) -> Loaded:
    """Return the state in an answer; its ETag and its dates are in the headers."""
    try:
        state = State.from_json(gzip.decompress(body))
    except (DocumentError, OSError, EOFError, zlib.error) as error:
        raise PublishError(
            f"the published state at {place} cannot be read: {error}",
            hint="the bucket keeps its versions: restore the one before",
        ) from error
    age, now = _times(headers)
    return Loaded(state, etag=headers["etag"], age=age, now=now)


def _times(headers: Mapping[str, str]) -> tuple[float, float]:
    """Return how old an object is, and when that was, in seconds by S3's clock."""
    now = parsedate_to_datetime(headers["date"])
    return (now - parsedate_to_datetime(headers["last-modified"])).total_seconds(), now.timestamp()


def _nothing_yet(headers: Mapping[str, str]) -> Loaded:
    """Return the empty state as of when S3 said that there is none."""
    if "date" not in headers:
        raise StrangeAnswerError
    return Loaded(State(), etag=None, age=0.0, now=parsedate_to_datetime(headers["date"]).timestamp())


def _ours(aws: Aws, bucket: str, key: str, body: bytes) -> Stored | None:
    """Return what stands at a key if it is what was just sent: no two writes have the same bytes."""
    try:
        answer = aws.tried(lambda: _read(aws, bucket, key))
    except ClientError as error:
        if is_absent(error):
            return None
        raise
    return _stored(answer) if answer["Body"] == body else None


def _read(aws: Aws, bucket: str, key: str) -> Mapping[str, Any]:
    """Read an object whole: its body comes after the answer, and may break off."""
    answer: Mapping[str, Any] = aws.s3.get_object(Bucket=bucket, Key=key)
    body = answer["Body"].read()
    if len(body) != answer.get("ContentLength"):
        raise StrangeAnswerError
    return _dated({**answer, "Body": body})


def _dated(answer: Answered) -> Answered:
    """Return an answer that says how old the object is."""
    if "LastModified" not in answer or "date" not in answer["ResponseMetadata"]["HTTPHeaders"]:
        raise StrangeAnswerError
    return _marked(answer)


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
