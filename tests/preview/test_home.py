"""The home page and what is shut: every booking, the chosen one's pages, and nobody in who should not be."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from preview.running import BOOKING, CREW, GUEST, PROGRAM, ROOT, Running, edit, free_port, lay_out, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a preview of the example that nobody edits."""
    with serving(lay_out(tmp_path_factory.mktemp("home") / "project")) as found:
        yield found


def test_every_booking_is_listed(running: Running) -> None:
    """Each with its time, vessel, guest and status, linked by its id."""
    page = running.page("/")
    listed = re.findall(r'<a href="/\?booking=([a-z0-9]{7})" ', page)

    assert sorted(listed) == sorted(path.stem for path in (ROOT / "bookings").glob("*.yaml"))
    assert page.index("Tuesday, May 28") < page.index("Thursday, May 30")
    assert '<span class="tag">hold</span>' in page
    assert '<span class="tag">draft</span>' in page
    assert '<span class="tag">cancelled</span>' in page


def test_the_chosen_booking_is_framed(running: Running) -> None:
    """Guest and crew page side by side, with links to open each alone, the calendar files and the board."""
    page = running.page("/?booking=xhqgmdh")

    assert '<a href="/?booking=xhqgmdh" aria-current="true"' in page
    assert page.count("aria-current") == 1
    assert re.findall(r'<iframe src="([^"]+)"', page) == [GUEST, CREW]
    for link in (GUEST, CREW, f"{GUEST}.ics", f"{CREW}.ics", "/__castoff/board"):
        assert f'<a href="{link}"' in page
    assert "bookings/xhqgmdh.yaml" in page


def test_a_draft_has_no_pages(running: Running) -> None:
    """It is listed and can be chosen; the page says what it takes, and frames nothing."""
    draft = next(path.stem for path in (ROOT / "bookings").glob("*.yaml") if "status: draft" in path.read_text())
    page = running.page(f"/?booking={draft}")

    assert "<iframe" not in page
    assert "A draft leaves no trace" in page
    assert running.ask(f"/?booking={draft}").header("set-cookie") is None


def test_a_new_booking_waits_for_the_project(project: Path) -> None:
    """An error elsewhere stops the build: the pages of a booking that is in order itself are to come, and not gone."""
    with serving(project) as running:
        running.page("/")
        edit(project, BOOKING, "captain: captain-001", "captian: captain-001")
        booking = (project / "bookings" / "c7rm4qx.yaml").read_text("utf-8")
        booking = booking.replace("c7rm4qx", "n3wb00k").replace("starts: 2024-05", "starts: 2024-07")
        (project / "bookings" / "n3wb00k.yaml").write_text(booking, "utf-8")
        page = running.page("/?booking=n3wb00k")

        assert "Its pages come when the project is in order." in page
        assert "Its pages are gone" not in page


@pytest.mark.parametrize("asked", ["zzzzzzz", "%3Cscript%3E", "../etc", ""])
def test_a_booking_that_is_not_there_is_said_to_be_so(running: Running, asked: str) -> None:
    """The page is there all the same, and repeats nothing that could not be a booking."""
    page = running.page(f"/?booking={asked}")

    assert ("There is no booking <code>zzzzzzz</code>" in page) == (asked == "zzzzzzz")
    assert "<script>" not in page
    assert "etc" not in page


def test_what_stands_in_files_is_escaped(project: Path) -> None:
    """A guest's name is text, whatever it looks like, and so is what a problem repeats of a file."""
    edit(project, BOOKING, "vessel: jada ", 'vessel: "<script>alert(1)</script>" ')
    with serving(project) as running:
        page = running.page("/?booking=xhqgmdh")

        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page


def test_nothing_is_kept_and_frames_are_allowed(running: Running) -> None:
    """No answer may be kept by a browser, and none forbids the home page to frame it."""
    for path in ("/", GUEST, f"{GUEST}.ics", CREW, "/__castoff/page.js", "/nowhere"):
        response = running.ask(path)

        assert response.header("cache-control") == "no-store", path
        assert response.header("x-frame-options") is None, path
        assert "frame-ancestors 'none'" not in str(response.header("content-security-policy")), path


def test_the_gate_is_shut_without_a_pass(running: Running) -> None:
    """A crew page sends to its login, which here leads to the home page, whether there is such a booking or not."""
    for booking in ("xhqgmdh", "zzzzzzz"):
        response = running.ask(f"/g/{booking}-crew")
        door = running.page(str(response.header("location")))

        assert (response.status, response.header("location")) == (302, f"/crew/{booking}")
        assert f'href="{running.home}/?booking={booking}"' in door
    assert "Crew call" in running.crew_page()


def test_the_board_opens_by_a_link_that_is_good_once(running: Running) -> None:
    """The home page's link brings a pass to the other host; the same link again, or none, leads nowhere."""
    entry = str(running.ask("/__castoff/board").header("location"))
    path = entry.removeprefix(f"http://ops.localhost:{running.port}")
    first = running.ask(path, host="ops.localhost")
    second = running.ask(path, host="ops.localhost")
    cookie = str(first.header("set-cookie"))

    assert (first.status, first.header("location")) == (303, "/ops/")
    assert cookie.startswith("__Host-ops=1.")
    assert running.ask("/ops/", host="ops.localhost", headers=(("cookie", cookie.partition(";")[0]),)).status == 200
    assert second.status == 403
    assert second.header("set-cookie") is None
    assert running.ask("/ops/", host="ops.localhost").header("location") == "/crew/ops"
    assert "/__castoff/board" in running.ask("/crew/ops", host="ops.localhost").body.decode()


def test_the_sites_are_told_apart_by_host(running: Running) -> None:
    """The board is at the ops site alone, guests at the guest site alone, and the home page at the guest site."""
    assert running.ask(GUEST, host="guest.localhost").status == 200
    assert running.ask(GUEST, host="127.0.0.1").status == 200
    assert running.ask(GUEST, host="ops.localhost").status == 404
    assert running.ask("/", host="ops.localhost").header("location") == "/ops/"


@pytest.mark.parametrize("path", ["/", GUEST, "/__castoff/news?known=", "/__castoff/board", "/__castoff/page.js"])
def test_a_foreign_name_gets_nothing(running: Running, path: str) -> None:
    """Whoever points a name of theirs to this machine reads nothing of the preview through a visitor's browser."""
    response = running.ask(path, host="evil.example")

    assert response.status == 421
    assert b"Jada" not in response.body
    assert response.header("set-cookie") is None


def test_as_of_another_instant(project: Path) -> None:
    """Pages and list are those of that instant, whatever the clock and the settings say."""
    with serving(project, "--as-of", "2024-05-30 09:30") as running:
        assert "Fair winds" in running.page(GUEST)
        assert "As it is on Thursday, May 30, 9:30 AM" in running.page("/")


def test_a_clock_that_runs(project: Path) -> None:
    """Without `as_of` anywhere the preview is of now."""
    edit(project, "castoff.yaml", "as_of:", "# as_of:")
    with serving(project) as running:
        page = running.page("/")
        now = datetime.now(ZoneInfo("America/Los_Angeles"))

        assert f"{now:%B} {now.day}, " in page
        assert "where the clock stands still" not in page


def test_no_booking_at_all(project: Path) -> None:
    """A project on its first day has a home page that says what comes next."""
    shutil.rmtree(project / "bookings")
    (project / "bookings").mkdir()
    with serving(project) as running:
        assert "Nothing is booked" in running.page("/")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_of_this_computer_alone_is_for_no_phone(project: Path, host: str) -> None:
    """Nobody is told of phones, and no code is drawn, neither at the terminal nor in the page."""
    with serving(project, "--host", host) as running:
        page = running.page("/?booking=xhqgmdh")
        edit(project, BOOKING, "lead: Dana R.", "lead: Robin R.")
        running.page(GUEST)
        said = [running.said(), running.said()]

        assert "code.svg" not in page
        assert all(" ms  " in line for line in said), said


def test_a_port_that_is_taken_is_told(project: Path) -> None:
    """Whoever names a port is told that it is taken; whoever names none gets the next one."""
    with serving(project) as running:
        done = subprocess.run(
            [PROGRAM, "-C", str(project), "serve", "--port", str(running.port)],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: port {running.port} is taken\n  hint: name another with `--port`, or leave it to castoff\n"
    )
    assert free_port() != running.port


def test_without_its_packages_it_says_what_to_install(project: Path) -> None:
    """Previews need an extra: whoever has not installed it is told which package is missing, and how to get it."""
    program = "import sys; sys.modules['uvicorn'] = None; from castoff.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "-C", str(project), "serve"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: there is no package `uvicorn`\n  hint: install castoff with what previews need: `castoff[preview]`\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "everyone"], "`everyone` is not an address; `0.0.0.0` is every one of this computer"),
        (["--as-of", "soon"], "`soon` is not an instant"),
        (["--port", "0"], "0 is not in the range"),
    ],
)
def test_what_cannot_be_meant_is_refused(project: Path, words: list[str], told: str) -> None:
    """Before anything is served."""
    done = subprocess.run(
        [PROGRAM, "-C", str(project), "serve", *words], capture_output=True, text=True, check=False, timeout=30
    )

    assert done.returncode in (1, 2)
    assert told in done.stderr
