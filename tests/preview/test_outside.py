"""What a phone in the same network sees: guest pages and what they need, and nothing else of anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from preview.running import BOOKING, CREW, GUEST, ROOT, edit

from castoff.cli.preview import Teller, build_line, invite, maker
from castoff.edge.messages import Request, Response
from castoff.fleet.settings import Addresses
from castoff.preview.builder import Builder, Built
from castoff.preview.forms import UnsignedError
from castoff.preview.serving import Parts, preview_of
from castoff.preview.stamps import ProjectFiles
from castoff.preview.visitor import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from castoff.contract.slots import Form, Slot
    from castoff.preview.server import Preview

ADDRESSES = Addresses(guest="http://localhost:4747", ops="http://ops.localhost:4747")
PHONES = "http://192.0.2.7:4747"


class Nobody:
    """Someone who signs nothing."""

    def present(self) -> str | None:
        """Say that nobody is here."""
        return None

    def sign(self, slot: Slot) -> Form:
        """Refuse."""
        raise UnsignedError(slot.name)


@dataclass(frozen=True)
class Served:
    """A preview and its builder."""

    preview: Preview
    builder: Builder

    def ask(self, target: str, *, viewer: str = "192.0.2.20", host: str = "192.0.2.7:4747") -> Response:
        """Ask as a phone does, or as someone else."""
        path, _, query = target.partition("?")
        return self.preview.respond(Request(method="GET", host=host, path=path, query=query, viewer=viewer))

    def here(self, target: str) -> Response:
        """Ask as the operator does."""
        return self.ask(target, viewer="127.0.0.1", host="localhost:4747")


@pytest.fixture
def served(project: Path) -> Iterator[Served]:
    """Return a preview that phones find, without a server before it."""
    make = maker(project, as_of=None, addresses=ADDRESSES)
    parts = Parts(
        root=project,
        make=make,
        code=(ROOT / "cloudfront_function.js").read_text("utf-8"),
        signer=Nobody(),
        addresses=ADDRESSES,
        network=PHONES,
        tell=lambda _built: None,
        say=lambda _words: None,
    )
    builder = Builder(make=make, files=ProjectFiles(project), clock=lambda: datetime.now(UTC), tell=parts.tell)
    builder.start()
    yield Served(preview_of(parts, builder), builder)
    builder.close()


def test_guest_pages_are_seen(served: Served) -> None:
    """A guest page, its calendar file, its assets, and the script that loads it again."""
    page = served.ask(GUEST)
    style = re.findall(r'href="(/castoff/castoff[^"]+)"', page.body.decode())[0]

    assert page.status == 200
    assert "Your charter" in page.body.decode()
    assert [served.ask(path).status for path in (style, f"{GUEST}.ics", "/__castoff/page.js")] == [200, 200, 200]


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/?booking=xhqgmdh", "/__castoff/board", "/__castoff/home.js", f"/__castoff/code.svg?page={GUEST}"),
        *("/__castoff/enter?token=x", "/castoff.yaml", "/bookings/xhqgmdh.yaml"),
    ],
)
@pytest.mark.parametrize("host", ["192.0.2.7:4747", "localhost:4747", "ops.localhost:4747"])
def test_nothing_else_is(served: Served, path: str, host: str) -> None:
    """No home page, no way to the board, no file: under no name that a phone could claim."""
    response = served.ask(path, host=host)

    assert response.status == 404
    assert response.header("set-cookie") is None
    assert b"bookings/" not in response.body


@pytest.mark.parametrize("path", [CREW, f"{CREW}.html", f"{CREW}.ics", "/ops/", "/G/XHQGMDH-CREW", "/g/xhqgmdh%2Dcrew"])
def test_the_gate_stays_shut(served: Served, path: str) -> None:
    """Crew pages and the board lead to a door that says where they open, and names no way in."""
    response = served.ask(path)
    while response.status in (301, 302):
        response = served.ask(str(response.header("location")))

    assert response.status == 200
    assert "on the computer that it runs on, and nowhere else" in response.body.decode()
    assert "<a " not in response.body.decode()


def test_words_of_files_are_not_told(served: Served, project: Path) -> None:
    """Whoever is outside sees the page of before, and is not told what a file says wrongly."""
    served.here(GUEST)
    edit(project, BOOKING, "captain: captain-001", "captian: captain-001")
    page = served.ask(GUEST)
    shown = served.builder.shown

    assert page.status == 200
    assert "captian" in served.preview.news(shown, Visit.HOME)["report"]
    assert served.preview.news(shown, Visit.OUTSIDE)["report"] == ""
    assert served.preview.news(shown, Visit.OUTSIDE)["summary"] == ""


@pytest.fixture
def broken(project: Path) -> None:
    """Break the settings before anything is built."""
    (project / "castoff.yaml").write_text("brand: {secret: word\n")


@pytest.mark.usefixtures("broken")
def test_without_a_page_nothing_is_told_outside(served: Served) -> None:
    """Before the first good build a phone gets a page that says that there is none yet."""
    outside, inside = served.ask(GUEST), served.here(GUEST)

    assert (outside.status, inside.status) == (503, 503)
    assert b"castoff.yaml" in inside.body
    assert b"castoff.yaml" not in outside.body


def test_a_code_is_drawn_for_the_guest_s_page_alone(served: Served) -> None:
    """The home page shows a code beside the guest's page; a crew page stays shut on a phone, so it has none."""
    page = served.here("/?booking=xhqgmdh").body.decode()

    assert re.findall(r'src="(/__castoff/code[^"]+)"', page) == [f"/__castoff/code.svg?page={GUEST}"]
    assert served.here(f"/__castoff/code.svg?page={GUEST}").body.startswith(b"<svg")


@pytest.mark.parametrize("page", ["https://evil.example", "/g/nobody-0000000", "/g/" + "a" * 4000, "/ops/index", ""])
def test_no_code_is_drawn_for_what_is_no_page(served: Served, page: str) -> None:
    """A code of ours leads to a page of ours; what would fit into no code is one more page that is not there."""
    served.here("/")

    assert served.here(f"/__castoff/code.svg?page={page}").status == 404


def test_who_lets_phones_in_is_told_what_that_means(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """The terminal names the address, says who can read what, and draws the code of the next guest page once."""
    served.here("/")
    teller = Teller(phones=PHONES, quiet=True)
    invite(PHONES)
    for _ in range(2):
        teller.tell(Built(served.builder.shown, 0.01))
    told = capsys.readouterr().err

    assert f"for phones in this network: {PHONES}\n" in told
    assert "anyone in it who has a guest page's address can read that page" in told
    assert told.count(f"{PHONES}/g/") == 1
    assert f"{PHONES}/g/jada-guest-c7rm4qx\n" in told
    assert "█" in told or "▄" in told


def test_a_build_is_told_in_a_line(served: Served) -> None:
    """When, how long it took, how much there is."""
    served.here("/")
    line = build_line(Built(served.builder.shown, 0.0123), at=datetime(2024, 5, 28, 9, 5, 7).astimezone())

    assert re.fullmatch(r"09:05:07     12 ms  \d+ files, \d+ bookings anew", line)
