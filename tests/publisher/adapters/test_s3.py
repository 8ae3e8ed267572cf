"""Objects and state in the embedded S3, under the publisher's own role: conditional, or not at all."""

from __future__ import annotations

import gzip
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from castoff.cli.releasing import embedded_target
from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.patience import Patience
from publisher.adapters.s3 import S3Objects, S3States
from publisher.errors import ConflictError, PublishError
from publisher.ports import Write
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target

if TYPE_CHECKING:
    from support.service import Service

    from castoff.cloud.facts import Facts
    from publisher.ports import Stored

HEADERS = {"content_type": "text/html", "cache_control": "no-store"}


@pytest.fixture
def aws(cloud: Facts) -> Aws:
    """Return the clients of the embedded target."""
    return Aws(embedded_target("local", cloud), clock=SystemClock(), patience=Patience())


@pytest.fixture
def objects(aws: Aws) -> S3Objects:
    """Return the sites' buckets."""
    return S3Objects(aws, aws.target.sites)


@pytest.fixture
def key() -> str:
    """Return a key that no other test uses."""
    return f"g/{secrets.token_hex(4)}.html"


def put(objects: S3Objects, key: str, body: bytes, etag: str | None) -> Stored:
    """Write a page."""
    return objects.put(Write(Site.GUEST, key, body, **HEADERS, etag=etag))


def test_new_object_is_written_where_there_is_none(objects: S3Objects, key: str) -> None:
    """What is written stands there with its ETag."""
    stored = put(objects, key, b"one", None)

    found = objects.head(Site.GUEST, key)
    assert found is not None
    assert found.etag == stored.etag


@pytest.mark.parametrize("etag", [None, '"00000000000000000000000000000000"'])
def test_object_that_is_another_is_not_overwritten(objects: S3Objects, key: str, etag: str | None) -> None:
    """Neither as new nor over an ETag that it no longer has."""
    put(objects, key, b"one", None)

    with pytest.raises(ConflictError, match="is not what the last publish left there"):
        put(objects, key, b"two", etag)


def test_write_whose_answer_was_lost_finds_itself(objects: S3Objects, key: str) -> None:
    """Sent again with the same bytes, a write that did happen counts as done."""
    first = put(objects, key, b"one", None)

    assert put(objects, key, b"one", None).etag == first.etag


def test_vanished_object_is_not_written_over_its_old_etag(objects: S3Objects, key: str) -> None:
    """Something removed it: that is for the operator to know."""
    stored = put(objects, key, b"one", None)
    objects.delete(Site.GUEST, key, etag=stored.etag)

    with pytest.raises(PublishError):
        put(objects, key, b"two", stored.etag)


def test_a_bare_404_is_anyones(service: Service) -> None:
    """A proxy that has lost its way does not say that a page is gone: it may be in public still."""
    service.answers = [(404, b"")]
    site = SiteTarget("https://guest.example.com", "a-bucket", "E1GUEST")
    api = ServiceTarget("https://crew.example.com", "env:NOTHING")
    target = Target(
        name="local",
        sites={Site.GUEST: site, Site.OPS: site},
        state="s3://a-bucket/",
        scc=api,
        dashboard=api,
        region="us-west-2",
        endpoint=service.url,
        credentials=Credentials("AKIAEXAMPLE", "a-secret-that-opens-nothing"),
    )
    objects = S3Objects(Aws(target, clock=SystemClock(), patience=Patience(tries=1)), target.sites)

    for ask in (lambda: objects.delete(Site.GUEST, "g/x.html", etag='"e"'), lambda: objects.head(Site.GUEST, "g/x")):
        with pytest.raises(PublishError, match="was answered 404"):
            ask()


def test_delete_is_conditional_and_may_be_repeated(objects: S3Objects, key: str) -> None:
    """Only what we left there is deleted; what is gone is well."""
    stored = put(objects, key, b"one", None)

    with pytest.raises(ConflictError):
        objects.delete(Site.GUEST, key, etag='"00000000000000000000000000000000"')
    objects.delete(Site.GUEST, key, etag=stored.etag)
    objects.delete(Site.GUEST, key, etag=stored.etag)

    assert objects.head(Site.GUEST, key) is None


def test_refusal_names_call_bucket_and_key(objects: S3Objects, aws: Aws) -> None:
    """Outside the publisher's prefixes the role says no, and the error says where."""
    bucket = aws.target.sites[Site.GUEST].bucket

    with pytest.raises(PublishError) as refused:
        put(objects, "private/x.html", b"one", None)

    assert refused.value.words.startswith(f"PutObject on s3://{bucket}/private/x.html was answered 403 AccessDenied")


def test_state_is_written_by_compare_and_swap(aws: Aws) -> None:
    """Two who read the same state: the second to write is told; an age comes from S3's own clock."""
    bucket = aws.target.state.removeprefix("s3://").rstrip("/")
    states = S3States(aws, bucket, f"{secrets.token_hex(4)}/")
    first = states.load()
    states.save(State(serial=1), etag=first.etag)

    with pytest.raises(ConflictError):
        states.save(State(serial=2), etag=first.etag)

    loaded = states.load()
    assert (first.state, first.etag, loaded.state) == (State(), None, State(serial=1))
    assert 0 <= loaded.age < 60
    assert states.again(loaded).state is loaded.state
    assert states.again(first) == states.load()
    states.save(replace(loaded.state, serial=3), etag=loaded.etag)
    assert states.load().state.serial == 3


@pytest.mark.parametrize(
    "damage", [b"", b"not gzip", gzip.compress(b"{}", mtime=0), gzip.compress(b"{}" * 99, mtime=0)[:-9] + b"123456789"]
)
def test_damaged_state_is_said_with_what_to_do(aws: Aws, damage: bytes) -> None:
    """A state that cannot be read stops everything, names its place and where the one before is."""
    bucket = aws.target.state.removeprefix("s3://").rstrip("/")
    prefix = f"{secrets.token_hex(4)}/"
    aws.s3.put_object(Bucket=bucket, Key=f"{prefix}state.json.gz", Body=damage)

    with pytest.raises(PublishError, match="cannot be read") as refused:
        S3States(aws, bucket, prefix).load()

    assert refused.value.hint == "the bucket keeps its versions: restore the one before"
