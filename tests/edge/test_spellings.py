"""Every spelling of a private address, with and without a cookie: in both engines, and before the real bucket."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

import pytest
from edge.cookies import HELD, line, value
from edge.engines import (
    FUNCTION,
    Ask,
    Held,
    asked_for,
    in_cloudfronts_form,
    in_edge,
    in_njs,
    stopped_clock,
)
from edge.spellings import HONEST, spellings
from hypothesis import given
from hypothesis import strategies as st

from castoff.contract.tickets import OPS
from castoff.edge.messages import Request, Response
from castoff.edge.origins import object_key
from castoff.edge.sites import CloudSites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.conftest import Front

    from castoff.edge.server import Responder

CODE: Final = stopped_clock(FUNCTION.read_text())
TABLE: Final = spellings()
HOSTS: Final = ("guest.localhost", "ops.localhost")
SECRET: Final = b"gate code 4711"
OBJECTS: Final = {
    "/g/xhqgmdh-crew": "g/xhqgmdh-crew.html",
    "/g/xhqgmdh-crew.html": "g/xhqgmdh-crew.html",
    "/g/xhqgmdh-crew.ics": "g/xhqgmdh-crew.ics",
    "/ops/": "ops/index.html",
    "/ops/index.html": "ops/index.html",
    "/ops/2024-05": "ops/2024-05.html",
    "/ops/2024-05.html": "ops/2024-05.html",
}
BOTH: Final = f"{line(value())}; {line(value(subject=OPS), subject=OPS)}"


def is_private(path: str) -> bool:
    """Say whether S3 would read one of the private keys out of a path."""
    return object_key(path) in OBJECTS.values()


def test_table_is_long_and_knows_each_address() -> None:
    """There are at least 300 spellings, and what they are spellings of is what stands in the bucket."""
    assert len(TABLE) == len(set(TABLE.values()))
    assert len(TABLE) >= 300
    assert set(OBJECTS) == set(HONEST)


@pytest.mark.parametrize("cookie", [None, BOTH], ids=["no cookie", "both cookies"])
def test_engines_agree(cookie: str | None) -> None:
    """For every spelling njs comes to the very end that the edge's engine comes to, word for word."""
    asks = [Ask(asked_for(target, cookie=cookie), Held(HELD)) for target in TABLE.values()]

    njs = in_njs(CODE, asks)

    for (what, target), ask, told in zip(TABLE.items(), asks, njs, strict=True):
        ours = in_cloudfronts_form(in_edge(CODE, ask))
        assert {name: told.value[name] for name in ours if name in told.value} == ours, (what, target)
        assert told.asked == ask.store.asked, (what, target)


@pytest.mark.parametrize("what", TABLE)
def test_no_spelling_reaches_a_private_object(what: str) -> None:
    """Without a cookie the function never lets a path through that the bucket reads as a private key."""
    result = in_edge(CODE, Ask(asked_for(TABLE[what]), Held(HELD)))

    assert isinstance(result, Response) or not is_private(result.path), result


@pytest.mark.parametrize("address", HONEST)
def test_honest_addresses_open(address: str) -> None:
    """With its cookie each address leads to its object, and the bucket reads that key."""
    result = in_edge(CODE, Ask(asked_for(address, cookie=BOTH), Held(HELD)))

    assert isinstance(result, Request)
    assert object_key(result.path) == OBJECTS[address]


LETTERS: Final = "/.\\%;~#gops-crewhtmlicsGOPSCREW25\0\t\n \xe9"
PIECES: Final = (
    "/g/ /ops /crew/ /castoff/ -crew .html .ics xhqgmdh index 2024-05 .. %2e %2F %252f %5c %0a %00 %3f %c0%af"
)
SIGNS: Final = st.sampled_from([*LETTERS, *PIECES.split()])


@given(st.lists(SIGNS, max_size=12).map("".join))
def test_no_path_at_all_reaches_a_private_object(path: str) -> None:
    """Whatever is written, what is let through without a cookie is nobody's page but everyone's."""
    result = in_edge(CODE, Ask(Request(method="GET", host="h", path=f"/{path}"), Held({})))

    if isinstance(result, Request):
        key = object_key(result.path) or ""
        assert not key.startswith("ops/")
        assert not (key.startswith("g/") and "-crew." in key)


SHORT_WAY: Final = "if (!ODD.test(uri)) {\n        return uri;\n    }"
LONG_WAY: Final = CODE.replace(SHORT_WAY, "")
PLAIN: Final = st.text(alphabet="gopscrew/.-_~", max_size=20)


@given(PLAIN | st.lists(SIGNS, max_size=12).map("".join) | st.sampled_from(sorted(TABLE.values())))
def test_what_is_plain_is_not_folded_for_nothing(target: str) -> None:
    """A path that can be read in one way only is left as it is, which is what folding it would come to."""
    assert SHORT_WAY in CODE
    asks = [Ask(asked_for(f"/{target.removeprefix('/')}", cookie=BOTH), Held(HELD)) for _ in range(2)]

    assert in_edge(CODE, asks[0]) == in_edge(LONG_WAY, asks[1])


@pytest.fixture(scope="module")
def bucket(front: Front) -> Front:
    """Put every private object into both buckets, each with the secret in it, as if it could be kept for hours."""
    for site in ("Guest", "Ops"):
        front.put("castoff/404.html", "not here", site=site)
        for key in set(OBJECTS.values()):
            front.put(key, f"{SECRET.decode()} of {key}", site=site, cache="s-maxage=86400")
    return front


@pytest.fixture(scope="module")
def edges(bucket: Front) -> dict[str, Responder]:
    """Return the edge of each host, as the server opens them."""
    return dict(CloudSites(bucket.facts_file)())


def arrive(edge: Responder, target: str, *, host: str, cookie: str | None = None) -> Iterator[Response]:
    """Yield what a browser is told on its way: each redirect to another spelling, and the end of it."""
    for _ in range(4):
        response = edge.respond(asked_for(target, host=host, cookie=cookie))
        yield response
        if response.status != 301:
            return
        target = response.header("location") or ""
    raise AssertionError(f"no end of redirects: {target}")


@pytest.mark.parametrize("host", HOSTS)
def test_bucket_gives_nothing_away(host: str, bucket: Front, edges: dict[str, Responder]) -> None:
    """No spelling brings a byte of a private page, kept at the edge as it may be; most end at a login page."""
    for address in HONEST:
        list(arrive(edges[host], address, host=host, cookie=crew_and_ops(bucket)))

    ends = [(target, list(arrive(edges[host], target, host=host))) for target in TABLE.values()]

    leaks = [target for target, told in ends if any(SECRET in str(response).encode() for response in told)]
    logins = sum(told[-1].status == 302 for _, told in ends)
    assert leaks == []
    assert {told[-1].status for _, told in ends} == {302, 404}
    assert logins > 200


def crew_and_ops(front: Front) -> str:
    """Return what a browser sends whose owner sails the charter and runs the board."""
    return f"{front.cookie('xhqgmdh')}; {front.cookie(OPS)}"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("address", HONEST)
def test_bucket_gives_the_page_to_who_belongs(
    address: str, host: str, bucket: Front, edges: dict[str, Responder]
) -> None:
    """With its cookie each honest address is its page, and so is what leads there by a redirect."""
    expected = f"{SECRET.decode()} of {OBJECTS[address]}".encode()
    for target in (address, f"{address}?print=1", address.upper(), f"/{address}", f"/castoff/%2e%2e{address}"):
        *_, page = arrive(edges[host], target, host=host, cookie=crew_and_ops(bucket))

        assert (page.status, page.body) == (200, expected), target


def test_server_gives_nothing_away(bucket: Front) -> None:
    """Over HTTP, byte by byte as a stranger's own program sends it, no spelling brings a byte of a private page."""
    for what, target in TABLE.items():
        told = raw(bucket.edge_port, target)

        assert told.startswith(b"HTTP/1.1 "), what
        assert told.split(b" ")[1] in (b"301", b"302", b"400", b"404"), (what, told[:80])
        assert SECRET not in told, what


def raw(port: int, target: str) -> bytes:
    """Return all that is said to a target sent as it is."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        request = f"GET {target} HTTP/1.1\r\nHost: guest.localhost\r\nConnection: close\r\n\r\n"
        wire.sendall(request.encode("latin-1"))
        told = b""
        while part := wire.recv(65536):
            told += part
        return told
