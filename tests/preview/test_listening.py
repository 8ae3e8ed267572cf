"""Where the preview listens: the port that was asked for or none, otherwise the next that is free."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import ExitStack, closing

import pytest
from preview.running import free_port

from castoff.preview.codes import code_lines, code_picture, network_address, origin
from castoff.preview.listening import TRIES, NoSuchAddressError, RefusedError, TakenError, addresses_of, listen


def test_a_port_that_is_taken_is_refused() -> None:
    """Whoever names a port gets that one or is told."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(TakenError, match=f"^port {port} is taken$"):
            listen(None, port)


def test_without_a_port_the_next_free_one_is_taken() -> None:
    """Two previews side by side: the second stands beside the first, on both kinds of loopback address."""
    usual = free_port()

    with ExitStack() as opened:
        first, one = listen(None, None, usual=usual)
        second, other = listen(None, None, usual=usual)
        for found in (*first, *second):
            opened.enter_context(closing(found))

        assert one == usual
        assert one < other < one + TRIES
        assert {found.getsockname()[1] for found in second} == {other}
        assert all(found.getsockname()[0] in ("127.0.0.1", "::1") for found in (*first, *second))


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        (None, ["127.0.0.1", "::1"]),
        ("127.0.0.1", ["127.0.0.1", "::1"]),
        ("0.0.0.0", ["0.0.0.0", "::1"]),  # noqa: S104 - nothing listens
        ("::", ["127.0.0.1", "::"]),
        ("192.0.2.7", ["127.0.0.1", "::1", "192.0.2.7"]),
    ],
)
def test_the_home_page_is_always_there(host: str | None, addresses: list[str]) -> None:
    """Whatever else is listened on, loopback is among it; the address of a whole network includes it."""
    assert addresses_of(host) == addresses


def test_another_machine_s_address_is_refused() -> None:
    """A wrong address is told as one, and not as a port that is taken."""
    with pytest.raises(NoSuchAddressError, match=r"^this machine has no address `192\.0\.2\.1`$"):
        listen("192.0.2.1", free_port())


def test_the_address_in_the_network_is_one_that_others_can_use() -> None:
    """A phone is not told loopback, which would be the phone itself."""
    assert network_address("192.0.2.7") == "192.0.2.7"
    assert network_address("2001:db8::7") == "2001:db8::7"
    assert [network_address(host) for host in ("127.0.0.1", "127.0.0.9", "::1", "fe80::7")] == [None] * 4
    assert not str(network_address("0.0.0.0")).startswith("127.")  # noqa: S104 - nothing listens


def test_the_address_in_the_network_is_of_the_kind_that_is_listened_on() -> None:
    """A server on every IPv6 address is not announced at an IPv4 one, where nobody listens."""
    assert ":" in (network_address("::") or ":")
    assert ":" not in (network_address("0.0.0.0") or "")  # noqa: S104 - nothing listens


def test_an_address_stands_in_brackets_where_it_has_colons() -> None:
    """Without them a browser takes its end for the port."""
    assert origin("192.0.2.7", 4747) == "http://192.0.2.7:4747"
    assert origin("2001:db8::7", 4747) == "http://[2001:db8::7]:4747"


def test_what_the_system_refuses_is_told_in_its_words() -> None:
    """Only a port that is in use is told as taken; this address lacks the name of its interface."""
    with pytest.raises(RefusedError, match=r"^cannot listen on `fe80::7`, port \d+: .+") as refused:
        listen("fe80::7", free_port())
    told = refused.value.__cause__

    assert isinstance(told, OSError)
    assert told.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL)
    assert str(refused.value).endswith(os.strerror(told.errno or 0).lower())


def test_codes_are_drawn_for_cameras_in_the_page_and_at_the_terminal() -> None:
    """A page gets a picture, a terminal half blocks."""
    picture = code_picture("http://192.0.2.7:4747/g/page")

    assert picture.startswith(b"<svg")
    assert b"<script" not in picture
    assert len(code_lines("http://192.0.2.7:4747/g/page").splitlines()) > 10
