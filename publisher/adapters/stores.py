"""The first try at an object in S3, by libcurl: thousands at once, at a fraction of what an SDK costs.

Only a plain yes is taken from here. Whatever else happens is None, and then botocore asks: it knows how to try again,
where else to ask, and what a refusal means.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from urllib.parse import quote

import pycurl

from publisher.adapters.answers import SIGNS, Answer
from publisher.ports import Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publisher.adapters.patience import Patience
    from publisher.target import Credentials, Target

T = TypeVar("T")

_METADATA: Final = "x-amz-meta-"
_NO_HEADERS: Final[Mapping[str, str]] = {}
_NOT_ASKED: Final = "Expect:"
"""A large body is sent without asking whether it may be: whoever does not know the question is a second late."""

_LISTENS: Final = 0.25
"""Seconds of waiting for an answer, after which Ctrl-C is heard."""


@dataclass(frozen=True, slots=True)
class Way:
    """How S3 is reached: buckets named in the path, or else before the host; `authorities` is a file of whom to trust.

    `credentials` are asked for at each request, since those of a role are lent anew while a publish goes on.
    """

    endpoint: str
    region: str
    credentials: Callable[[], Credentials]
    in_path: bool
    authorities: str | None = None

    def to(self, bucket: str, key: str) -> str:
        """Return where an object is: a certificate for names before a host does not fit names with dots.

        Raises ValueError for a key that no URL can name: `.` and `..` are steps there.
        """
        steps = key.split("/")
        if "." in steps or ".." in steps:
            raise ValueError(key)
        named = quote(key, safe="/-._~")
        if self.in_path or "." in bucket:
            return f"{self.endpoint}/{bucket}/{named}"
        scheme, _, host = self.endpoint.partition("://")
        return f"{scheme}://{bucket}.{host}/{named}"


def told_way(target: Target) -> Way | None:
    """Return the way that a target tells whole, as an embedded one does; None where botocore has to find it."""
    lent = target.credentials
    if target.endpoint is None or target.region is None or lent is None or target.access.role:
        return None
    if not target.endpoint.startswith("http:"):
        return None  # whom to trust is botocore's to say
    return Way(target.endpoint, target.region, lambda: lent, in_path=True)


class Stores:
    """The buckets of one target; any number of threads may ask at once. `way` may raise, and then nobody is asked."""

    def __init__(self, way: Callable[[], Way], patience: Patience) -> None:
        self._find_way = way
        self._patience = patience
        self._way: Way | None = None
        self._lock = Lock()
        self._idle: list[Line[None]] = []

    def line(self) -> Line[T]:
        """Return what asks many things at once, in one thread."""
        return Line(self._found_way, self._patience)

    def put(self, bucket: str, key: str, body: bytes, *, headers: Mapping[str, str], etag: str | None) -> Stored | None:
        """Write an object over the one with `etag`, or where None stands only if there is none."""
        return stored(self._ask("PUT", bucket, key, headers={**headers, **condition(etag)}, body=body))

    def metadata(self, bucket: str, key: str) -> dict[str, str] | None:
        """Return an object's metadata by one request; None where there is none, or where it cannot be told."""
        answer = self._ask("HEAD", bucket, key)
        if answer is None or answer.status != HTTPStatus.OK:
            return None
        named = answer.headers.items()
        return {name.removeprefix(_METADATA): text for name, text in named if name.startswith(_METADATA)}

    def read(self, bucket: str, key: str) -> Answer | None:
        """Return an object with S3's headers, or with no body S3's word that there is none; None for all else."""
        answer = self._ask("GET", bucket, key)
        if answer is None or "date" not in answer.headers:
            return None
        if answer.status == HTTPStatus.NOT_FOUND and b"<Code>NoSuchKey</Code>" in answer.body:
            return replace(answer, body=b"")
        whole = answer.headers.get("content-length") == str(len(answer.body))
        known = "last-modified" in answer.headers and _is_whole(answer.headers.get("etag", ""))
        return answer if answer.status == HTTPStatus.OK and answer.body and whole and known else None

    def _ask(
        self, method: str, bucket: str, key: str, *, headers: Mapping[str, str] = _NO_HEADERS, body: bytes = b""
    ) -> Answer | None:
        """Ask once; None where no answer of S3's came."""
        with self._lock:
            line: Line[None] = self._idle.pop() if self._idle else self.line()
        try:
            line.begin(None, method, bucket, key, headers=headers, body=body)
            while not (ended := line.ended(_LISTENS)):
                pass
        except Exception:  # noqa: BLE001 - whatever it was, botocore meets it, too, and says it in words
            return None
        self._idle.append(line)
        return ended[0][1]

    def _found_way(self) -> Way:
        with self._lock:
            if self._way is None:
                self._way = self._find_way()
            return self._way


class Line(Generic[T]):
    """Requests under way together, all in the thread that asks for their ends: libcurl turns from one to the other.

    A thread for each would cost more than the request does. While nobody asks for their ends nothing moves, and what
    came too long ago is given up.
    """

    def __init__(self, way: Callable[[], Way], patience: Patience) -> None:
        self._way = way
        self._patience = patience
        self._multi = pycurl.CurlMulti()
        self._idle: list[_Exchange] = []
        self._busy: dict[pycurl.Curl, tuple[_Exchange, T]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether any is under way."""
        return bool(self._busy)

    def begin(
        self, piece: T, method: str, bucket: str, key: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> None:
        """Begin to ask, known by `piece` from then on; raises whatever keeps it from being asked."""
        way = self._way()
        exchange = self._idle.pop() if self._idle else _Exchange(self._patience)
        exchange.prepare(method, way, bucket, key, headers=headers, body=body)
        self._busy[exchange.handle] = (exchange, piece)
        self._multi.add_handle(exchange.handle)

    def ended(self, seconds: float) -> list[tuple[T, Answer | None, float]]:
        """Return which have ended, with S3's answer, None where none came whole, and after how many seconds.

        Returns as soon as one has, or so many seconds after.
        """
        self._multi.perform()
        found = self._over()
        if not found and self._busy:
            self._multi.select(seconds)
            self._multi.perform()
            found = self._over()
        return found

    def close(self) -> None:
        """Hang up on what is still under way: it may have happened, or may not."""
        for handle in self._busy:
            self._multi.remove_handle(handle)
        self._busy.clear()
        self._multi.close()

    def _over(self) -> list[tuple[T, Answer | None, float]]:
        _, well, broken = self._multi.info_read()
        return [
            *(self._end(handle, is_whole=True) for handle in well),
            *(self._end(handle, is_whole=False) for handle, *_ in broken),
        ]

    def _end(self, handle: pycurl.Curl, *, is_whole: bool) -> tuple[T, Answer | None, float]:
        exchange, piece = self._busy.pop(handle)
        self._multi.remove_handle(handle)
        self._idle.append(exchange)
        return piece, exchange.answer() if is_whole else None, handle.getinfo(pycurl.TOTAL_TIME)


class _Exchange:
    """A handle of libcurl's, over which one request is made after the other; it keeps its connection open."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._lines: list[bytes] = []
        self._body: list[bytes] = []
        self._set: tuple[str, Way, Credentials] | None = None
        self.handle = pycurl.Curl()

    def prepare(self, method: str, way: Way, bucket: str, key: str, *, headers: Mapping[str, str], body: bytes) -> None:
        """Make ready for a request; libcurl signs it when it is made, by the clock of that moment."""
        handle, credentials = self.handle, way.credentials()
        self._lines.clear()
        self._body.clear()
        if self._set != (method, way, credentials):
            self._set = (method, way, credentials)
            self._set_up(method, way, credentials)
        named = [_line(name, text) for name, text in headers.items()]
        if credentials.token:
            named.append(_line("X-Amz-Security-Token", credentials.token))
        if method == "PUT":
            named.append(_NOT_ASKED)
        handle.setopt(pycurl.URL, way.to(bucket, key))
        handle.setopt(pycurl.HTTPHEADER, named)
        if method == "PUT":
            handle.setopt(pycurl.POSTFIELDS, body)

    def _set_up(self, method: str, way: Way, credentials: Credentials) -> None:
        """Set what requests have in common; the handle's connection stays."""
        handle, patience = self.handle, self._patience
        handle.reset()
        handle.setopt(pycurl.AWS_SIGV4, f"aws:amz:{way.region}:s3")
        handle.setopt(pycurl.USERNAME, credentials.key)
        handle.setopt(pycurl.PASSWORD, credentials.secret)
        handle.setopt(pycurl.USERAGENT, "castoff")
        handle.setopt(pycurl.HEADERFUNCTION, self._lines.append)
        handle.setopt(pycurl.WRITEFUNCTION, self._body.append)
        handle.setopt(pycurl.NOSIGNAL, 1)  # timeouts by signals are for programs of one thread
        handle.setopt(pycurl.CONNECTTIMEOUT_MS, round(1000 * patience.connect))
        handle.setopt(pycurl.TIMEOUT_MS, round(1000 * patience.read))  # of it all: what takes longer, botocore asks for
        if way.authorities:
            handle.setopt(pycurl.CAINFO, os.fsencode(way.authorities))
        if method == "PUT":
            handle.setopt(pycurl.CUSTOMREQUEST, method)
        else:
            handle.setopt(pycurl.NOBODY, method == "HEAD")

    def answer(self) -> Answer | None:
        """Return the answer that came, if it is S3's own and its headers are whole: an empty line ends them."""
        headers: dict[str, str] = {}
        if not self._lines or self._lines[-1].strip():
            return None
        for line in self._lines:
            name, colon, text = line.decode("latin-1").partition(":")
            if colon:
                headers[name.lower()] = text.strip()
            elif name.startswith("HTTP/"):
                headers.clear()  # what came before was on the way to it
        if not SIGNS & headers.keys():
            return None
        return Answer(self.handle.getinfo(pycurl.RESPONSE_CODE), b"".join(self._body), headers)


def _line(name: str, text: str) -> str:
    """Return a header; raise ValueError for one that would be sent as another, or not at all."""
    if not (text and text.isascii() and text.isprintable()):
        raise ValueError(text)
    return f"{name}: {text}"


def condition(etag: str | None) -> dict[str, str]:
    """Return the header by which a write asks what stands there."""
    return {"If-Match": etag} if etag else {"If-None-Match": "*"}


def stored(answer: Answer | None) -> Stored | None:
    """Return what stands there after a write; None for anything but a plain yes."""
    if answer is None or answer.status != HTTPStatus.OK:
        return None
    etag = answer.headers.get("etag", "")
    return Stored(etag, answer.headers.get("x-amz-version-id")) if _is_whole(etag) else None


def _is_whole(etag: str) -> bool:
    return len(etag) > len('""') and etag.startswith('"') and etag.endswith('"')
