"""The way to S3: where its buckets are, whose word is trusted, and that a request is signed as S3 wants it."""

from __future__ import annotations

import hashlib
import re
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import pytest
import trustme
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from botocore.httpsession import get_cert_path
from support.answering import WELL, Answering, aws_at, target_at

from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.patience import Patience
from publisher.adapters.stores import Stores, Way, told_way
from publisher.target import Access, Credentials

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.ports import Stored

HTML: Final = {"Content-Type": "text/html", "Cache-Control": "no-store"}
SIGNED: Final = re.compile(r"(\w+)=([^,\s]+)")


def put(stores: Stores) -> Stored | None:
    """Write a page, by the first try alone."""
    return stores.put("guests", "g/x.html", b"x", headers=HTML, etag=None)


@pytest.mark.parametrize("key", ["g/x.html", "/g//x/", "g/a b+c=d&e?.html", "g/Ünïcode~(1)'!*.html", "g/100%25.html"])
@pytest.mark.parametrize("token", [None, "lent/for+a=while"])
def test_a_request_is_signed_as_botocore_signs_it(key: str, token: str | None) -> None:
    """Every header that is sent but for what a proxy may change, under the key that was meant."""
    with Answering(WELL) as heard:
        way = Way(heard.url, "us-west-2", lambda: Credentials("key", "sesame", token), in_path=True)
        headers = {**HTML, "x-amz-meta-release": "abc"}
        Stores(lambda: way, Patience()).put("guests", key, b"a page", headers=headers, etag='"0a1b"')
    first, *lines = heard.request.partition("\r\n\r\n")[0].split("\r\n")
    sent = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines)}
    signed = dict(SIGNED.findall(sent["authorization"]))
    path = first.split(" ")[1]

    again = AWSRequest("PUT", f"{heard.url}{path}", data=b"a page")
    for name in signed["SignedHeaders"].split(";"):
        again.headers[name] = sent[name]
    again.context["timestamp"] = sent["x-amz-date"]
    signer = S3SigV4Auth(BotoCredentials("key", "sesame", token), "s3", "us-west-2")
    text = signer.string_to_sign(again, signer.canonical_request(again))

    assert unquote(path) == f"/guests/{key}"
    assert signed["Signature"] == signer.signature(text, again)
    assert sent.get("x-amz-security-token") == token
    assert sent["x-amz-content-sha256"] == hashlib.sha256(b"a page").hexdigest()
    assert {*sent} - {*signed["SignedHeaders"].split(";")} == {
        "authorization",
        "user-agent",
        "accept",
        "content-length",
    }


@pytest.mark.parametrize(
    ("bucket", "in_path", "url"),
    [
        ("guests", False, "https://guests.s3.us-west-2.amazonaws.com/g/x.html"),
        ("guests.example.com", False, "https://s3.us-west-2.amazonaws.com/guests.example.com/g/x.html"),
        ("guests", True, "https://s3.us-west-2.amazonaws.com/guests/g/x.html"),
    ],
)
def test_buckets_are_named_as_botocore_names_them(bucket: str, url: str, *, in_path: bool) -> None:
    """Before the host, unless that is embedded, or its certificate would not fit."""
    way = Way("https://s3.us-west-2.amazonaws.com", "us-west-2", dict, in_path=in_path)  # type: ignore[arg-type]

    assert way.to(bucket, "g/x.html") == url


def test_only_what_is_told_whole_needs_no_botocore() -> None:
    """A role is asked for, a region, credentials and whom to trust looked for: botocore does that."""
    whole = target_at("http://127.0.0.1:9")

    assert told_way(whole) is not None
    for less in (
        {"endpoint": None},
        {"endpoint": "https://127.0.0.1:9"},
        {"region": None},
        {"credentials": None},
        {"access": Access(role="arn")},
    ):
        assert told_way(replace(whole, **less)) is None  # type: ignore[arg-type]


def test_the_environment_leads_nowhere_else(standin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tools are told by variables is not what a target says."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of somebody else")

    assert put(aws_at(standin).stores) is not None


def test_credentials_that_botocore_finds_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a target has none of its own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "found")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)

    with Answering(WELL) as heard:
        aws = Aws(replace(target_at(heard.url), credentials=None), clock=SystemClock(), patience=Patience())
        found = put(aws.stores)

    assert found is not None
    assert "Credential=found/" in heard.request


def test_credentials_are_those_of_the_moment() -> None:
    """A role's end while a publish goes on: the next request is signed by what is lent by then, over the same line."""
    lent = [Credentials("first", "sesame", "one"), Credentials("second", "open", "two")]

    with Answering(WELL, times=2) as heard:
        stores = Stores(
            lambda: Way(heard.url, "us-west-2", lambda: lent[len(heard.requests)], in_path=True), Patience()
        )
        assert put(stores) is not None
        assert put(stores) is not None

    keys = [re.findall(r"Credential=(\w+)/|X-Amz-Security-Token: (\w+)", request) for request in heard.requests]
    assert keys == [[("first", ""), ("", "one")], [("second", ""), ("", "two")]]


def test_a_read_goes_the_way_that_the_environment_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy it is the proxy that is asked, as botocore does."""
    way = Way("https://s3.us-west-2.amazonaws.com", "us-west-2", lambda: Credentials("key", "sesame"), in_path=True)

    with Answering("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert Stores(lambda: way, Patience()).read("state", "state.json.gz") is None

    assert proxy.request.startswith("CONNECT s3.us-west-2.amazonaws.com:443 HTTP/1.1")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Content-Type", "text/html\r\nx-amz-acl: public-read"),
        ("Cache-Control", "no-store\n"),
        ("Cache-Control", ""),
        ("x-amz-meta-release", "été"),
    ],
)
def test_a_header_that_would_be_another_is_not_sent(standin: str, name: str, text: str) -> None:
    """Nor one that libcurl would leave out: botocore says what is wrong with it."""
    way = Way(standin, "us-west-2", lambda: Credentials("key", "sesame"), in_path=True)

    assert Stores(lambda: way, Patience()).put("guests", "g/x.html", b"x", headers={name: text}, etag=None) is None


def test_a_large_body_is_sent_without_asking_first(standin: str) -> None:
    """Whoever does not answer the question would be waited for, a second for each photo."""
    body = b"x" * 1_200_000
    way = Way(standin, "us-west-2", lambda: Credentials("key", "sesame"), in_path=True)

    found = Stores(lambda: way, Patience()).put("guests", "a.jpg", body, headers=HTML, etag=None)

    assert found is not None
    with Answering(WELL) as heard:
        way = Way(heard.url, "us-west-2", lambda: Credentials("key", "sesame"), in_path=True)
        Stores(lambda: way, Patience(connect=0.2, read=0.2)).put("guests", "a.jpg", body, headers=HTML, etag=None)
    assert "expect" not in heard.request.lower()


def test_an_answer_counts_and_not_what_came_before_it() -> None:
    """A server may say that it listens before it answers."""
    with Answering(f'HTTP/1.1 100 Continue\r\nETag: "zzz"\r\n\r\n{WELL}') as heard:
        way = Way(heard.url, "us-west-2", lambda: Credentials("key", "sesame"), in_path=True)
        found = put(Stores(lambda: way, Patience()))

    assert found is not None
    assert found.etag == '"abc"'


@pytest.mark.parametrize("is_trusted", [True, False])
def test_only_who_is_trusted_is_told_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_trusted: bool
) -> None:
    """By the authorities that botocore is told of; a certificate of no other ends it before anything was said."""
    ours, theirs = trustme.CA(), trustme.CA()
    keys = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.issue_cert("127.0.0.1").configure_cert(keys)
    known = tmp_path / "autorités.pem"
    (ours if is_trusted else theirs).cert_pem.write_to_path(str(known))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(known))

    with Answering(WELL, keys) as heard:
        stored = put(aws_at(heard.url).stores)

    assert (stored is not None, heard.request.startswith("PUT /guests/g/x.html")) == (is_trusted, is_trusted)


def test_without_a_word_of_authorities_they_are_those_of_botocore(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no machine trusts less by libcurl than it does by botocore."""
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    target = replace(target_at("https://127.0.0.1:9"), endpoint=None)

    way = Aws(target, clock=SystemClock(), patience=Patience())._found_way()

    assert way.authorities == get_cert_path(True)  # noqa: FBT003 - botocore's
    assert way.to("guests", "g/x.html") == "https://guests.s3.us-west-2.amazonaws.com/g/x.html"
