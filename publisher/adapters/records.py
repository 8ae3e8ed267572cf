"""The records of publishes in S3, beside the state: `history/<serial>.json.gz`, each written once."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import DocumentError
from publisher.adapters.s3 import listed, put_if
from publisher.errors import ConflictError, PublishError
from publisher.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.adapters.aws import Aws

FOLDER: Final = "history/"
_DIGITS: Final = 12
"""Digits of a serial in its key, so that a listing, which goes by the alphabet, goes by time."""
_SUFFIX: Final = ".json.gz"


class S3Records:
    """The records in the bucket of the state."""

    def __init__(self, aws: Aws, bucket: str, prefix: str) -> None:
        self._aws = aws
        self._bucket = bucket
        self._folder = f"{prefix}{FOLDER}"

    def write(self, record: Record) -> None:
        """Write a record where there is none of its serial; the same one again is well, another is ConflictError."""
        body = gzip.compress(record.to_json().encode(), mtime=0)
        headers = {"ContentType": "application/gzip", "CacheControl": "no-store"}
        key = self._key(record.serial)
        try:
            put_if(self._aws, self._bucket, key, body, headers=headers, etag=None)
        except ConflictError as error:
            raise ConflictError(
                f"the record at s3://{self._bucket}/{key} was written by another publish",
                hint="run `castoff publish` again; what was done is known and is not done twice",
            ) from error

    def serials(self, *, after: int = 0) -> Sequence[int]:
        """Return the serials after one of which there are records, the oldest first: one request for each thousand."""
        objects = listed(self._aws, self._bucket, self._folder, after=self._key(after))
        names = [str(item["Key"]).removeprefix(self._folder).removesuffix(_SUFFIX) for item in objects]
        return [int(name) for name in names if name.isascii() and name.isdigit()]

    def read(self, serial: int) -> Record:
        """Return the record of a serial."""
        key = self._key(serial)
        place = f"s3://{self._bucket}/{key}"
        with self._aws.in_words("GetObject", place):
            body: bytes = self._aws.tried(lambda: self._got(key))["Body"]
        try:
            return Record.from_json(gzip.decompress(body))
        except (DocumentError, OSError, EOFError, zlib.error) as error:
            raise PublishError(
                f"the record at {place} cannot be read: {error}", hint="the bucket keeps its versions: restore it"
            ) from error

    def _got(self, key: str) -> dict[str, Any]:
        answer: Any = self._aws.s3.get_object(Bucket=self._bucket, Key=key)
        return {**answer, "Body": answer["Body"].read()}

    def _key(self, serial: int) -> str:
        return f"{self._folder}{serial:0{_DIGITS}}{_SUFFIX}"
