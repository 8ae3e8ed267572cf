"""What `castoff serve` runs and what it says: a line for each build, and for phones an address with its code."""

from __future__ import annotations

import ipaddress
import threading
import traceback
import webbrowser
from datetime import datetime
from typing import TYPE_CHECKING

from castoff.build import try_out
from castoff.cli.forms import EmbeddedSigner
from castoff.cli.terminal import fail, result, say
from castoff.cloud.place import place_of
from castoff.cloud.sources import own_sources
from castoff.contract.counts import counted
from castoff.fleet.settings import Addresses
from castoff.preview.agenda import next_page
from castoff.preview.codes import code_lines, network_address, origin
from castoff.preview.listening import NoSuchAddressError, RefusedError, TakenError, listen
from castoff.preview.serving import Parts, serve
from castoff.problems import Severity
from castoff.wishes import NO_TARGET, Wishes

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path

    from castoff.build import Build
    from castoff.contract.state import PublishedBooking
    from castoff.preview.builder import Built, Make
    from castoff.preview.shown import Shown
    from castoff.problems import Problem


def preview(
    root: Path, *, host: str | None, port: int | None, as_of: datetime | None, browse: bool, quiet: bool
) -> None:
    """Serve a project until Ctrl-C; `browse` opens the home page, `quiet` leaves out builds that are well."""
    sockets, bound = _listen(host, port)
    addresses = Addresses(guest=f"http://localhost:{bound}", ops=f"http://ops.localhost:{bound}")
    network = network_address(host) if host else None
    phones = origin(network, bound) if network else None
    result(addresses.guest)
    if host and not ipaddress.ip_address(host).is_loopback:
        invite(phones)
    if browse:
        # A browser that is slow to start must not keep the preview waiting, nor one that never does.
        threading.Thread(target=webbrowser.open, args=(addresses.guest,), daemon=True).start()
    parts = Parts(
        root=root,
        make=maker(root, as_of=as_of, addresses=addresses),
        code=own_sources().function.read_text("utf-8"),
        signer=EmbeddedSigner(place_of(root)),
        addresses=addresses,
        network=phones,
        tell=Teller(phones=phones, quiet=quiet).tell,
        say=say,
    )
    serve(parts, sockets)


def maker(root: Path, *, as_of: datetime | None, addresses: Addresses) -> Make:
    """Return what builds a project as it stands: for no target, as a check does, so that it finds the same problems."""

    def make(clock: datetime, kept: Mapping[str, PublishedBooking]) -> tuple[Build | None, tuple[Problem, ...]]:
        return try_out(root, Wishes(target=NO_TARGET, clock=clock, as_of=as_of, addresses=addresses, kept=kept))

    return make


def invite(phones: str | None) -> None:
    """Say where phones find the preview, and what that means."""
    if phones is None:
        say("this computer is in no network, so no phone will find it")
        return
    say(f"for phones in this network: {phones}")
    say("anyone in it who has a guest page's address can read that page")
    say("crew pages, the board and the home page stay on this computer")


class Teller:
    """Tells of builds; where phones are let in, it draws the code of a guest page as soon as there is one."""

    def __init__(self, *, phones: str | None, quiet: bool) -> None:
        self._phones = phones
        self._quiet = quiet
        self._stopped = False

    def tell(self, built: Built) -> None:
        """Tell of a build."""
        if built.error is not None:
            say("".join(traceback.format_exception(built.error)).rstrip())
        if built.shown.stopped or self._stopped or not self._quiet:
            say(build_line(built, at=datetime.now().astimezone()))
        self._stopped = built.shown.stopped
        page = next_page(built.shown) if self._phones else None
        if page is not None:
            say(f"{self._phones}{page}\n{code_lines(f'{self._phones}{page}')}")
            self._phones = None


def build_line(built: Built, *, at: datetime) -> str:
    """Return a build in a line: when, how long it took, how much there is, what is wrong."""
    shown = built.shown
    parts = [f"{at:%H:%M:%S}", f"{built.seconds * 1000:5.0f} ms"]
    if shown.pages is not None and not shown.stopped:
        parts.append(f"{counted(len(shown.pages.files), 'file')}, {counted(shown.pages.rendered, 'booking')} anew")
    if shown.report:
        parts.append(f"{shown.summary}: {_first(shown)}" if shown.stopped else shown.summary)
    return "  ".join(parts)


def _listen(host: str | None, port: int | None) -> tuple[list[socket.socket], int]:
    try:
        return listen(host, port)
    except TakenError as error:
        fail(str(error), hint="name another with `--port`, or leave it to castoff")
    except NoSuchAddressError as error:
        fail(str(error), hint="`--host 0.0.0.0` listens on every address that it has")
    except RefusedError as error:
        fail(str(error))


def _first(shown: Shown) -> str:
    """Return the first line of what is wrong; where a page cannot be made, of what keeps it from being made."""
    stopping = [str(problem) for problem in shown.problems if problem.severity is Severity.ERROR]
    return (stopping or [shown.report])[0].partition("\n")[0]
