"""No secret and no money in anything said, written, sent or logged: the sweep at a harbour's end would see it."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from support.projects import Ran
from support.said import unsay
from support.sweep import MONEY, secrets_of, sweep

from castoff.cloud.account import account_in
from castoff.cloud.facts import load_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.harbour import Harbour
    from support.sweep import Secrets


@pytest.fixture(scope="module")
def secrets(harbour: Harbour) -> Secrets:
    """Return what nobody may see."""
    return secrets_of(harbour)


@pytest.fixture(scope="module")
def client(harbour: Harbour) -> Callable[[str], Any]:
    """Return a function that makes clients of whoever may do all."""
    facts = load_facts(harbour.project.root / ".castoff" / "cloud.json")
    assert facts
    account = account_in(facts, "admin")
    return lambda service: account.session.client(service, **account.options)  # type: ignore[call-overload]


def service_key(secrets: Secrets) -> str:
    """Return the key that opens ShipCaptainCrew."""
    return next(value for name, value in secrets.kept.items() if "#service_key" in name)


def test_every_kind_of_secret_is_known(secrets: Secrets) -> None:
    """Keys of services, cookies, tickets and uploads, and whatever is lent: the cloud itself says which there are."""
    names = " ".join(secrets.kept)

    for kind in ("scc#service_key", "dashboard#token", "upload-signer#secret_access_key", "session token of publisher"):
        assert kind in names
    assert all(f"secret key of {who}" in names for who in ("admin", "publisher", "edge"))


def test_a_harbour_shows_none_of_them(harbour: Harbour, secrets: Secrets) -> None:
    """After a publish nothing shows; closing, every harbour asks the same of all that happened in it."""
    assert sweep(harbour, secrets) == []


@pytest.mark.parametrize("what", ["key", "money"])
@pytest.mark.parametrize("where", ["said", "GuestBucket", "OpsBucket", "StateBucket", "log", "release"])
def test_one_that_shows_is_found_wherever_it_shows(
    harbour: Harbour, secrets: Secrets, client: Callable[[str], Any], where: str, what: str
) -> None:
    """Planted in each place, a key and a sum are found there; what is told of it repeats neither."""
    value = service_key(secrets) if what == "key" else MONEY
    words = json.dumps({"error": f"refused: {value}!"})

    with planted(harbour, client, where, words):
        found = sweep(harbour, secrets)

    assert len(found) == 1, found
    assert ("#service_key" in found[0]) if what == "key" else found[0].endswith("shows what guests paid")
    assert value not in found[0]


@contextmanager
def planted(harbour: Harbour, client: Callable[[str], Any], where: str, words: str) -> Iterator[None]:
    """Let words stand somewhere for a while."""
    if where == "said":
        Ran(0, words, "")
        yield
        unsay(words)
    elif where == "release":
        path = harbour.project.root / "build" / "release.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(words, "utf-8")
        yield
        path.unlink()
    elif where == "log":
        group = {"logGroupName": "/planted"}
        logs = client("logs")
        logs.create_log_group(**group)
        logs.create_log_stream(**group, logStreamName="one")
        event = {"timestamp": int(time.time() * 1000), "message": words}
        logs.put_log_events(**group, logStreamName="one", logEvents=[event])
        yield
        logs.delete_log_group(**group)
    else:
        place = {"Bucket": harbour.project.facts["outputs"][where], "Key": "planted/history.json.gz"}
        client("s3").put_object(**place, Body=gzip.compress(words.encode()))
        yield
        client("s3").delete_object(**place)
