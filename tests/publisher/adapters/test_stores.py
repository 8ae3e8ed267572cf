"""libcurl's first try at an object: a plain yes is taken, everything else is left to who knows better; many at once."""

from __future__ import annotations

import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from support.answering import ID, WELL, Answering, aws_at, target_at

from benchmarks.season import ROOT
from castoff.cli.releasing import embedded_target
from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.glance import live_release
from publisher.adapters.patience import Patience
from publisher.adapters.s3 import S3Objects, S3States
from publisher.adapters.stores import Stores, Way, stored
from publisher.errors import ConflictError, PublishError
from publisher.folder import digest_of
from publisher.ports import Stored, Write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from castoff.cloud.facts import Facts
    from publisher.adapters.answers import Answer
    from publisher.ports import Objects

REFUSED: Final = f"HTTP/1.1 412 No\r\n{ID}Content-Length: 0\r\n\r\n"
HTML: Final = {"Content-Type": "text/html", "Cache-Control": "no-store"}


def etag_of(body: bytes) -> str:
    """Return the ETag that S3 gives a body."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def put(stores: Stores, *, key: str = "g/x.html", etag: str | None = None) -> Stored | None:
    """Write a page, by the first try alone."""
    return stores.put("guests", key, b"x", headers=HTML, etag=etag)


@pytest.mark.parametrize(
    ("etag", "condition"), [(None, "if-none-match: *"), ('"0a1b"', 'if-match: "0a1b"')], ids=["new", "over another"]
)
def test_a_put_is_one_conditional_request(etag: str | None, condition: str) -> None:
    """With its headers, signed, to the bucket's path; the ETag of the answer is what stands there now."""
    with Answering(WELL) as heard:
        stored = put(aws_at(heard.url).stores, etag=etag)

    request = heard.request.lower()
    assert stored is not None
    assert stored.etag == '"abc"'
    assert request.startswith("put /guests/g/x.html http/1.1")
    for header in (condition, "content-type: text/html", "cache-control: no-store", "credential=key/"):
        assert header in request
    assert "sesame" not in request


@pytest.mark.parametrize(
    ("description", "answer"),
    [
        ("a refusal", REFUSED),
        ("a fault of S3", REFUSED.replace("412", "500")),
        ("hung up on", ""),
        ("cut within the headers", WELL[:-20]),
        ("without an ETag", f"HTTP/1.1 200 OK\r\n{ID}Content-Length: 5\r\n\r\nhello"),
        ("a proxy's yes", WELL.replace(ID, "")),
        ("a yes that breaks off", WELL.replace("Content-Length: 0", "Content-Length: 9")),
        ("half an ETag", WELL.replace('"abc"', '"ab')),
        ("led elsewhere", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login\r\nContent-Length: 0\r\n\r\n"),
        ("not HTTP", "220 mail.example.com ESMTP\r\n\r\n"),
    ],
)
def test_anything_but_a_plain_yes_is_none(description: str, answer: str) -> None:
    """Asked once: whoever asked asks again, by the client that knows why; alone or among many."""
    with Answering(answer) as heard:
        assert put(aws_at(heard.url).stores) is None, description
    with Answering(answer) as heard, closing(aws_at(heard.url).stores.line()) as line:
        line.begin("x", "PUT", "guests", "g/x.html", headers=HTML, body=b"x")
        while not (ended := line.ended(0.1)):
            pass

    assert [(piece, stored(answer)) for piece, answer, _ in ended] == [("x", None)], description


@pytest.mark.parametrize("key", ["g/../x.html", "./x.html", "g/."])
def test_a_key_that_is_a_way_through_folders_is_none_of_its(standin: str, key: str) -> None:
    """No URL can name it: botocore does what can be done."""
    assert put(aws_at(standin).stores, key=key) is None


def test_who_cannot_be_asked_is_none() -> None:
    """No region, no credentials, nobody there: botocore says in words which it was."""

    def lost() -> Way:
        raise LookupError

    assert put(Stores(lost, Patience())) is None
    assert put(aws_at("http://127.0.0.1:9").stores) is None
    assert Stores(lost, Patience()).metadata("state", "state.json.gz") is None


def page(number: int) -> Write:
    """Return a page that is not there yet."""
    return Write(Site.GUEST, f"g/{number}.html", f"page {number}".encode(), "text/html", "no-store", etag=None)


def written(objects: Objects, pages: Iterable[Write], *, at_once: int) -> dict[str, Stored | BaseException]:
    """Write pages, and return what came of each by its key."""
    left, came, busy = deque(pages), {}, 0
    with closing(objects.writes()) as writes:
        while left or busy:
            while left and busy < at_once:
                writes.begin(left.popleft())
                busy += 1
            for end in writes.ended(0.1):
                came[end.piece.key] = end.came
                busy -= 1
    return came


def test_many_at_once_get_each_their_own_answer(standin: str) -> None:
    """Each ETag is that of the body that was sent, by one thread or by dozens."""
    objects = S3Objects(aws := aws_at(standin), aws.target.sites)
    pages = {(write := page(number)).key: write for number in range(1200)}
    etags = {key: etag_of(write.body) for key, write in pages.items()}

    came = written(objects, list(pages.values())[:800], at_once=64)
    with ThreadPoolExecutor(40) as pool:
        came |= zip(list(pages)[800:], pool.map(objects.put, list(pages.values())[800:]), strict=True)

    assert {key: stored.etag for key, stored in came.items() if isinstance(stored, Stored)} == etags
    listed = aws.s3.get_paginator("list_objects_v2").paginate(Bucket="guests")
    assert {item["Key"]: item["ETag"] for part in listed for item in part["Contents"]} == etags


def test_what_many_are_refused_is_looked_into_one_by_one(standin: str) -> None:
    """One's own earlier try is found again by its bytes, and another's is a conflict; the rest goes on meanwhile."""
    objects = S3Objects(aws := aws_at(standin), aws.target.sites)
    objects.put(page(1))
    objects.put(replace(page(2), body=b"of somebody else"))

    came = written(objects, map(page, range(9)), at_once=4)

    conflict = came.pop("g/2.html")
    assert isinstance(conflict, ConflictError)
    assert "s3://guests/g/2.html" in str(conflict)
    expected = {f"g/{number}.html": etag_of(page(number).body) for number in range(9) if number != 2}
    assert {key: stored.etag for key, stored in came.items() if isinstance(stored, Stored)} == expected


def test_where_nobody_is_there_each_of_many_says_so() -> None:
    """Asked again by botocore, with its patience and in its words."""
    aws = Aws(target_at("http://127.0.0.1:9"), clock=SystemClock(), patience=Patience(tries=1))

    came = written(S3Objects(aws, aws.target.sites), map(page, range(3)), at_once=3)

    assert len(came) == 3
    assert all("PutObject" in str(error) for error in came.values())


def test_letting_go_of_many_waits_for_no_answer() -> None:
    """Whoever gives up does not sit out a silent server."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        aws = Aws(target_at(f"http://127.0.0.1:{silent.getsockname()[1]}"), clock=SystemClock(), patience=Patience())
        writes = S3Objects(aws, aws.target.sites).writes()
        writes.begin(page(1))
        ended = writes.ended(0.05)
        started = time.monotonic()
        writes.close()
        took = time.monotonic() - started

    assert ended == []
    assert took < Patience().read / 2


def test_what_took_long_the_first_time_was_not_quick() -> None:
    """Else whoever counts how quick answers are would send more and more into a jammed line."""
    patience = Patience(connect=0.2, read=0.3, tries=1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = target_at(f"http://127.0.0.1:{silent.getsockname()[1]}")
        aws = Aws(target, clock=SystemClock(), patience=patience)
        with closing(S3Objects(aws, target.sites).writes()) as writes:
            writes.begin(page(1))
            while not (ended := writes.ended(0.1)):
                pass

    assert isinstance(ended[0].came, PublishError)
    assert ended[0].seconds > 1.9 * patience.read


def test_an_answer_is_waited_for_as_long_as_patience_says() -> None:
    """Not for as long again as a connection may take: what comes after that is another's to ask for."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = target_at(f"http://127.0.0.1:{silent.getsockname()[1]}")
        aws = Aws(target, clock=SystemClock(), patience=Patience(connect=5.0, read=0.3))
        started = time.monotonic()
        assert put(aws.stores) is None
        took = time.monotonic() - started

    assert 0.3 <= took < 2.5


def test_ctrl_c_is_heard_while_s3_says_nothing() -> None:
    """Long before patience is at its end."""
    heard: list[float] = []
    before = signal.signal(signal.SIGALRM, lambda *_: heard.append(time.monotonic()))
    try:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            aws = Aws(
                target_at(f"http://127.0.0.1:{silent.getsockname()[1]}"),
                clock=SystemClock(),
                patience=Patience(read=3.0),
            )
            started = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            assert put(aws.stores) is None
            ended = time.monotonic()
    finally:
        signal.signal(signal.SIGALRM, before)

    assert heard[0] - started < 2.0 < ended - started


def test_the_embedded_s3_takes_it_as_botocore_reads_it(cloud: Facts) -> None:
    """Under the publisher's role: type, caching and metadata stand there; the same key is not new a second time."""
    aws = Aws(embedded_target("local", cloud), clock=SystemClock(), patience=Patience())
    bucket, key = aws.target.sites[Site.GUEST].bucket, f"g/{secrets.token_hex(4)}.html"

    stored = aws.stores.put(bucket, key, b"one", headers={**HTML, "x-amz-meta-release": "abc"}, etag=None)
    again = aws.stores.put(bucket, key, b"two", headers=HTML, etag=None)
    found = aws.s3.head_object(Bucket=bucket, Key=key)

    assert stored is not None
    assert again is None
    assert (found["ETag"], found["ContentType"], found["CacheControl"]) == (stored.etag, "text/html", "no-store")
    assert found["Metadata"] == {"release": "abc"}
    assert aws.stores.put(bucket, key, b"three", headers=HTML, etag=stored.etag) is not None


def test_a_release_that_is_live_is_known_by_one_look(standin: str, tmp_path: Path) -> None:
    """Only the very same, and only while nobody is at work on another and nothing of it is in doubt."""
    (tmp_path / "release.json").write_text("{}")
    aws = aws_at(standin)
    states = S3States(aws, "state", "")

    def looks(state: State, etag: str | None) -> tuple[str, str | None]:
        return states.save(state, etag=etag), live_release(aws.target)

    assert live_release(aws.target) is None
    etag, whole = looks(State(serial=2, release=digest_of(tmp_path)), None)
    etag, doubted = looks(State(serial=3, release=digest_of(tmp_path), late={"guest/g/x.html": 2}), etag)
    _, unknown = looks(State(serial=4), etag)

    assert (whole, doubted, unknown) == (digest_of(tmp_path), None, None)


DATED: Final = "Date: Tue, 28 May 2024 12:00:00 GMT\r\nLast-Modified: Tue, 28 May 2024 11:59:00 GMT\r\n"
READ: Final = f'HTTP/1.1 200 OK\r\n{ID}{DATED}ETag: "abc"\r\nContent-Length: 5\r\n\r\nstate'
NOT_THERE: Final = f"HTTP/1.1 404 No\r\n{ID}{DATED}Content-Length: 37\r\n\r\n<Error><Code>NoSuchKey</Code></Error>"


def read(url: str) -> Answer | None:
    """Read the state, by the first try alone."""
    return aws_at(url).stores.read("state", "state.json.gz")


def test_a_read_is_one_signed_request() -> None:
    """Body, ETag and both dates are S3's own; so is its word that there is nothing."""
    with Answering(READ) as heard:
        found = read(heard.url)
    with Answering(NOT_THERE) as missed:
        missing = read(missed.url)

    assert found is not None
    assert (found.body, found.headers["etag"]) == (b"state", '"abc"')
    assert found.headers["date"] == "Tue, 28 May 2024 12:00:00 GMT"
    assert heard.request.startswith("GET /state/state.json.gz HTTP/1.1")
    assert "Authorization: AWS4-HMAC-SHA256 Credential=key/" in heard.request
    assert "sesame" not in heard.request
    assert missing is not None
    assert missing.body == b""


@pytest.mark.parametrize(
    ("description", "answer"),
    [
        ("a fault of S3", READ.replace("200 OK", "503 Slow")),
        ("hung up on", ""),
        ("a body that breaks off", READ[:-2]),
        ("no body", READ.replace("Content-Length: 5", "Content-Length: 0").removesuffix("state")),
        ("a body whose end nobody tells", READ.replace("Content-Length: 5\r\n", "")),
        ("a body that was packed on the way", READ.replace("Content-Length: 5", "Content-Encoding: gzip")),
        ("a proxy's page", READ.replace(ID, "")),
        ("without S3's clock", READ.replace("\r\nDate: ", "\r\nX-Date: ")),
        ("without an age", READ.replace("Last-Modified", "X-Modified")),
        ("half an ETag", READ.replace('"abc"', '"ab')),
        ("no such bucket", NOT_THERE.replace("NoSuchKey", "NoSuchBuc")),
        ("nothing there, says a proxy", NOT_THERE.replace(ID, "")),
    ],
)
def test_no_plain_answer_to_a_read_is_none(description: str, answer: str) -> None:
    """A state that did not come whole must never be taken for one that is not there; botocore finds out what it was."""
    with Answering(answer) as heard:
        assert read(heard.url) is None, description


def test_state_of_an_embedded_target_waits_for_no_sdk(standin: str) -> None:
    """To read, write, look again and read: none of it takes half a second for botocore and a client."""
    program = (
        "import sys\n"
        "from castoff.contract.state import State\n"
        "from publisher.adapters.world import connect\n"
        "from publisher.publish import publish\n"
        "from support.answering import target_at\n"
        f"states = connect(target_at({standin!r})).states\n"
        "first = states.load()\n"
        "states.save(State(serial=2), etag=first.etag)\n"
        "print(first.etag, states.load().state.serial, {'botocore.config', 'botocore.client'} & {*sys.modules})"
    )
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))

    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )

    assert said.stdout == "None 2 set()\n"


def test_a_look_at_an_embedded_target_waits_for_no_sdk() -> None:
    """Importing botocore takes a quarter of a second, as long as everything else of a publish of nothing."""
    program = "import sys, publisher.adapters.glance; print({'botocore', 'boto3', 'urllib3'} & {*sys.modules})"

    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout == "set()\n"
