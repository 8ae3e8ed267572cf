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


def test_credentials_are_those_of_the_moment(standin: str) -> None:
    """Each request asks for them."""
    asked = []

    def lent() -> Credentials:
        asked.append(len(asked))
        return Credentials("key", "sesame", "for a while")

    stores = Stores(lambda: Way(standin, "us-west-2", lent, in_path=True), Patience())
    assert put(stores) is not None
    assert stores.metadata("guests", "g/x.html") == {}

    assert asked == [0, 1]


def test_a_read_goes_the_way_that_the_environment_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy it is the proxy that is asked, as botocore does."""
    way = Way("https://s3.us-west-2.amazonaws.com", "us-west-2", lambda: Credentials("key", "sesame"), in_path=True)

    with Answering("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert Stores(lambda: way, Patience()).read("state", "state.json.gz") is None

    assert proxy.request.startswith("CONNECT s3.us-west-2.amazonaws.com:443 HTTP/1.1")


@pytest.mark.parametrize("is_trusted", [True, False])
def test_only_who_is_trusted_is_told_anything(tmp_path: Path, *, is_trusted: bool) -> None:
    """A certificate of no authority that is known ends it before anything was said."""
    ours, theirs = trustme.CA(), trustme.CA()
    keys = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.issue_cert("127.0.0.1").configure_cert(keys)
    (ours if is_trusted else theirs).cert_pem.write_to_path(str(tmp_path / "known.pem"))

    with Answering(WELL, keys) as heard:
        known = str(tmp_path / "known.pem")
        way = Way(heard.url, "us-west-2", lambda: Credentials("key", "sesame"), in_path=True, authorities=known)
        stored = put(Stores(lambda: way, Patience()))

    assert (stored is not None, heard.request.startswith("PUT /guests/g/x.html")) == (is_trusted, is_trusted)
