"""The wire to S3: what is plainly well is taken, everything else is left to who knows better; any number at once."""

from __future__ import annotations

import hashlib
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pytest

from benchmarks.season import ROOT
from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.glance import is_live
from publisher.adapters.patience import Patience
from publisher.adapters.s3 import S3Objects, S3States
from publisher.folder import digest_of
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publisher.adapters.wire import Reply

ID: Final = "x-amz-request-id: 4442587FB7D0A2F9\r\n"
WELL: Final = f'HTTP/1.1 200 OK\r\n{ID}ETag: "abc"\r\nContent-Length: 0\r\n\r\n'


def aws_at(endpoint: str) -> Aws:
    """Return the clients of a target there."""
    target = Target(
        name="local",
        sites={Site.GUEST: SiteTarget("", "guests", ""), Site.OPS: SiteTarget("", "ops", "")},
        state="s3://state/",
        scc=ServiceTarget("", ""),
        dashboard=ServiceTarget("", ""),
        region="us-west-2",
        endpoint=endpoint,
        credentials=Credentials("key", "sesame"),
    )
    return Aws(target, clock=SystemClock(), patience=Patience(connect=1.0, read=1.0))


def asked(answer: str) -> Reply | None:
    """Return what the wire makes of one answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer.encode())

        thread = threading.Thread(target=serve)
        thread.start()
        reply = aws_at(f"http://127.0.0.1:{server.getsockname()[1]}").wire.ask("PUT", "guests", "g/x.html", body=b"x")
        thread.join()
        return reply


@pytest.fixture
def standin() -> Iterator[str]:
    """Run the benchmarks' S3."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from shore import standin  # noqa: PLC0415 - benchmarks load each other by names of their own

    try:
        with standin(far=False) as shore:
            yield shore.endpoint
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def test_an_answer_that_came_whole_is_taken() -> None:
    """With its status, its headers and its body, whether that comes with its length or piece by piece."""
    well = asked(WELL)
    refused = asked(
        f"HTTP/1.1 404 Not Found\r\n{ID}Transfer-Encoding: chunked\r\n\r\n4\r\n<a>b\r\n2\r\n!!\r\n0\r\n\r\n"
    )

    assert well is not None
    assert (well.status, well.etag, well.body) == (200, '"abc"', b"")
    assert refused is not None
    assert (refused.status, refused.etag, refused.body) == (404, None, b"<a>b!!")


@pytest.mark.parametrize(
    ("description", "answer"),
    [
        ("hung up on", ""),
        ("cut within the headers", WELL[:-20]),
        ("cut within the body", f"HTTP/1.1 200 OK\r\n{ID}Content-Length: 9\r\n\r\nhalf"),
        ("without a length", f"HTTP/1.1 200 OK\r\n{ID}\r\n"),
        ("not of S3", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        ("not HTTP", "220 mail.example.com ESMTP\r\n\r\n"),
    ],
)
def test_anything_else_is_none(description: str, answer: str) -> None:
    """Whoever asked asks once more, by the client that knows why."""
    assert asked(answer) is None, description


def test_half_an_etag_is_none() -> None:
    """One that was cut would be taken for that of the next write."""
    reply = asked(WELL.replace('"abc"', '"ab'))

    assert reply is not None
    assert reply.etag is None


def test_many_at_once_get_each_their_own_answer(standin: str) -> None:
    """Thousands of objects from dozens of threads: each ETag is that of the body that was sent."""
    objects = S3Objects(aws := aws_at(standin), aws.target.sites)
    bodies = {f"g/{number}.html": f"page {number}".encode() for number in range(1200)}

    def put(key: str) -> str:
        kind = {"content_type": "text/html", "cache_control": "no-store"}
        return objects.put(Site.GUEST, key, bodies[key], etag=None, **kind).etag

    with ThreadPoolExecutor(40) as pool:
        etags = dict(zip(bodies, pool.map(put, bodies), strict=True))

    assert etags == {key: f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"' for key, body in bodies.items()}
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket="guests")
    assert {item["Key"]: item["ETag"] for page in pages for item in page["Contents"]} == etags


def test_a_release_that_is_live_is_known_by_one_look(standin: str, tmp_path: Path) -> None:
    """Only the very same, and only while nobody is at work on another and nothing of it is in doubt."""
    (tmp_path / "release.json").write_text("{}")
    aws = aws_at(standin)
    states = S3States(aws, "state", "")

    def looks(state: State, etag: str | None) -> tuple[str, bool]:
        return states.save(state, etag=etag), is_live(tmp_path, aws.target)

    assert not is_live(tmp_path, aws.target)
    etag, other = looks(State(serial=1, release="another"), None)
    etag, same = looks(State(serial=2, release=digest_of(tmp_path)), etag)
    etag, doubted = looks(State(serial=3, release=digest_of(tmp_path), late={"guest/g/x.html": 2}), etag)
    _, unknown = looks(State(serial=4), etag)

    assert (other, same, doubted, unknown) == (False, True, False, False)
