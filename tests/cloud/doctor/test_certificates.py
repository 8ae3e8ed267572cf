"""Certificates: how long they are good for, as ACM holds them and as a browser gets to see them."""

from __future__ import annotations

import ssl
import subprocess
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from support.patients import NOW, SITES, patient

from castoff.cloud.doctor import certificates
from castoff.cloud.doctor.finding import Verdict
from castoff.cloud.doctor.handshake import present

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GUEST = SITES[0]

LEFT: list[tuple[timedelta, Verdict, str]] = [
    (timedelta(days=90), Verdict.OK, "good until 2024-08-26, 90 more days"),
    (timedelta(days=29), Verdict.WARN, "29 more days"),
    (timedelta(days=6), Verdict.WRONG, "6 more days"),
    (timedelta(seconds=-1), Verdict.WRONG, "the certificate of queenofsandiego.com expired on 2024-05-28"),
]


@pytest.mark.parametrize(("left", "verdict", "words"), LEFT)
def test_how_long_a_certificate_is_good(left: timedelta, verdict: Verdict, words: str) -> None:
    """A month ahead it should have been renewed, a week ahead somebody has to."""
    ends = (NOW + left + timedelta(seconds=0.5)).strftime("%b %d %H:%M:%S %Y GMT")

    found = certificates.presented(GUEST)(patient(present=lambda _host: {"notAfter": ends}), {})

    assert (found.verdict, words in found.words) == (verdict, True), found


def test_what_no_browser_takes_is_wrong() -> None:
    """With the reason, as the handshake gave it."""
    found = certificates.presented(GUEST)(patient(present=lambda _host: "its name is not known"), {})

    assert (found.verdict, found.words) == (Verdict.WRONG, "queenofsandiego.com: its name is not known")


def test_embedded_sites_have_none() -> None:
    """Which is said, and is no fault."""
    here = patient(embedded=True)

    for look in (certificates.presented(GUEST), certificates.held(GUEST)):
        assert look(here, {}).words == "not looked at: plain HTTP, on this machine only"


@contextmanager
def tls(folder: Path) -> Iterator[tuple[int, Path]]:
    """Run a TLS server with a certificate of its own for `localhost`, good for two days."""
    key, held = folder / "key.pem", folder / "cert.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    words += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(held)]
    subprocess.run(words, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held, key)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that goes away is what is tried
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port, held
        finally:
            server.shutdown()
            thread.join()


def test_what_a_host_presents(tmp_path: Path, free_port: Callable[[], int]) -> None:
    """The certificate where a browser would go on, and the reason where it would not."""
    with tls(tmp_path) as (port, held):
        trusted = ssl.create_default_context(cafile=str(held))
        shown = present("localhost", port=port, trusted=trusted)
        stranger = present("localhost", port=port)
    nobody = present("localhost", port=free_port())

    assert not isinstance(shown, str)
    assert ssl.cert_time_to_seconds(shown["notAfter"]) > NOW.timestamp()
    assert stranger == "browsers refuse its certificate: self-signed certificate"
    assert nobody == "no connection: Connection refused"
    assert present("nobody.invalid") == "its name is not known"
