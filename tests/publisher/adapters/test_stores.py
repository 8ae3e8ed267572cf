"""obstore's first try at an object: a plain yes is taken, everything else is left to who knows better; many at once."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from benchmarks.season import ROOT
from castoff.cli.releasing import embedded_target
from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.glance import live_release
from publisher.adapters.http import Http
from publisher.adapters.patience import Patience
from publisher.adapters.s3 import S3Objects, S3States
from publisher.adapters.stores import Stores, Way, as_obstore, told_way
from publisher.folder import digest_of
from publisher.target import Access, Credentials, ServiceTarget, SiteTarget, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from castoff.cloud.facts import Facts
    from publisher.adapters.http import Answer
    from publisher.ports import Stored

ID: Final = "x-amz-request-id: 4442587FB7D0A2F9\r\n"
WELL: Final = f'HTTP/1.1 200 OK\r\n{ID}ETag: "abc"\r\nContent-Length: 0\r\n\r\n'
REFUSED: Final = "HTTP/1.1 412 No\r\nContent-Length: 0\r\n\r\n"
HTML: Final = {"Content-Type": "text/html", "Cache-Control": "no-store"}


def target_at(endpoint: str) -> Target:
    """Return a target there, which tells whose credentials to take."""
    return Target(
        name="local",
        sites={Site.GUEST: SiteTarget("", "guests", ""), Site.OPS: SiteTarget("", "ops", "")},
        state="s3://state/",
        scc=ServiceTarget("", ""),
        dashboard=ServiceTarget("", ""),
        region="us-west-2",
        endpoint=endpoint,
        credentials=Credentials("key", "sesame"),
    )


def aws_at(endpoint: str) -> Aws:
    """Return the clients of such a target."""
    return Aws(target_at(endpoint), clock=SystemClock(), patience=Patience(connect=1.0, read=1.0))


@dataclass
class Heard:
    """What one connection was told, and where it listened."""

    url: str = ""
    request: str = ""


@dataclass
class Answering:
    """A server that answers its first connection as it is told, and nobody after that."""

    answer: str
    heard: Heard = field(default_factory=Heard)

    def __enter__(self) -> Heard:
        """Listen."""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.heard.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self.heard

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        connection, _ = self._server.accept()
        with connection:
            self.heard.request = connection.recv(65536).decode()
            connection.sendall(self.answer.encode())


def put(stores: Stores, *, key: str = "g/x.html", etag: str | None = None) -> Stored | None:
    """Write a page, by the first try alone."""
    return stores.put("guests", key, b"x", attributes=HTML, etag=etag)


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
        ("without an ETag", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        ("half an ETag", WELL.replace('"abc"', '"ab')),
        ("led elsewhere", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login\r\nContent-Length: 0\r\n\r\n"),
        ("not HTTP", "220 mail.example.com ESMTP\r\n\r\n"),
    ],
)
def test_anything_but_a_plain_yes_is_none(description: str, answer: str) -> None:
    """Asked once: whoever asked asks again, by the client that knows why."""
    with Answering(answer) as heard:
        assert put(aws_at(heard.url).stores) is None, description


@pytest.mark.parametrize("key", ["/g/x.html", "g/", "g//x.html", "g/../x.html"])
def test_a_key_that_obstore_would_write_otherwise_is_none_of_its(standin: str, key: str) -> None:
    """It leaves out slashes and will have no empty part: botocore writes what is asked for."""
    assert put(aws_at(standin).stores, key=key) is None


def test_who_cannot_be_asked_is_none() -> None:
    """No region, no credentials, nobody there: botocore says in words which it was."""

    def lost() -> Way:
        raise LookupError

    assert put(Stores(lost, Patience())) is None
    assert put(aws_at("http://127.0.0.1:9").stores) is None
    assert Stores(lost, Patience()).attributes("state", "state.json.gz") is None


@pytest.mark.parametrize(
    ("bucket", "in_path", "url"),
    [
        ("guests", False, "https://guests.s3.us-west-2.amazonaws.com"),
        ("guests.example.com", False, "https://s3.us-west-2.amazonaws.com"),
        ("guests", True, "https://s3.us-west-2.amazonaws.com"),
    ],
)
def test_buckets_are_named_as_botocore_names_them(bucket: str, url: str, *, in_path: bool) -> None:
    """Before the host, unless that is embedded, or its certificate would not fit."""
    way = Way("https://s3.us-west-2.amazonaws.com", "us-west-2", dict, in_path=in_path)  # type: ignore[arg-type]

    assert way.to(bucket) == url


def test_only_what_is_told_whole_needs_no_botocore() -> None:
    """A role is asked for, a region and credentials looked for: botocore does that."""
    whole = target_at("http://127.0.0.1:9")

    assert told_way(whole) is not None
    for less in ({"endpoint": None}, {"region": None}, {"credentials": None}, {"access": Access(role="arn")}):
        assert told_way(replace(whole, **less)) is None  # type: ignore[arg-type]


def test_the_environment_leads_nowhere_else(standin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tools are told by variables is not what a target says."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of somebody else")

    assert put(aws_at(standin).stores) is not None


def test_credentials_that_botocore_finds_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A role's end while a publish goes on, so obstore has them for minutes only; those of a target are for good."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "found")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    lent = Credentials("key", "sesame")

    with Answering(WELL) as heard:
        aws = Aws(replace(target_at(heard.url), credentials=None), clock=SystemClock(), patience=Patience())
        stored = put(aws.stores)

    assert stored is not None
    assert "Credential=found/" in heard.request
    ends = as_obstore(lent, refresh=True)["expires_at"]
    assert ends is not None
    assert ends - datetime.now(UTC) <= timedelta(minutes=10)
    assert as_obstore(lent)["expires_at"] is None


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


def test_the_embedded_s3_takes_it_as_botocore_reads_it(cloud: Facts) -> None:
    """Under the publisher's role: type, caching and metadata stand there; the same key is not new a second time."""
    aws = Aws(embedded_target("local", cloud), clock=SystemClock(), patience=Patience())
    bucket, key = aws.target.sites[Site.GUEST].bucket, f"g/{secrets.token_hex(4)}.html"

    stored = aws.stores.put(bucket, key, b"one", attributes={**HTML, "release": "abc"}, etag=None)
    again = aws.stores.put(bucket, key, b"two", attributes=HTML, etag=None)
    found = aws.s3.head_object(Bucket=bucket, Key=key)

    assert stored is not None
    assert again is None
    assert (found["ETag"], found["ContentType"], found["CacheControl"]) == (stored.etag, "text/html", "no-store")
    assert found["Metadata"] == {"release": "abc"}
    assert aws.stores.put(bucket, key, b"three", attributes=HTML, etag=stored.etag) is not None


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
    aws = aws_at(url)
    return aws.stores.read("state", "state.json.gz", aws.http)


def test_a_read_is_one_signed_request() -> None:
    """Body, ETag and both dates are S3's own; so is its word that there is nothing."""
    with Answering(READ) as heard:
        found = read(heard.url)
    with Answering(NOT_THERE) as missed:
        missing = read(missed.url)

    assert found is not None
    assert (found.body, found.headers["etag"]) == (b"state", '"abc"')
    assert found.headers["date"] == "Tue, 28 May 2024 12:00:00 GMT"
    assert heard.request.startswith("GET /state/state.json.gz?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=key%2F")
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


def test_a_read_goes_no_other_way_than_botocore_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy nobody is asked straight: that would be waited for in vain."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    way = Way("https://127.0.0.1", "us-west-2", lambda: as_obstore(Credentials("key", "sesame")), in_path=True)
    asked: list[str] = []

    class Nobody(Http):
        def ask(self, _method: str, url: str, **_: object) -> str:  # type: ignore[override]
            asked.append(url)
            return "nothing came"

    http = Nobody(endpoint=None, clock=SystemClock(), patience=Patience())
    assert Stores(lambda: way, Patience()).read("state", "state.json.gz", http) is None
    assert asked == []

    monkeypatch.delenv("HTTPS_PROXY")
    assert Stores(lambda: way, Patience()).read("state", "state.json.gz", http) is None
    assert [url.partition("?")[0] for url in asked] == ["https://127.0.0.1/state/state.json.gz"]


def test_state_of_an_embedded_target_waits_for_no_sdk(standin: str) -> None:
    """To read, write, look again and read: none of it takes half a second for botocore and a client."""
    program = (
        "import sys\n"
        "from castoff.contract.state import State\n"
        "from publisher.adapters.world import connect\n"
        "from publisher.publish import publish\n"
        "from tests.publisher.adapters.test_stores import target_at\n"
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
