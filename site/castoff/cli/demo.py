"""`castoff demo`: an example site around this very hour, published to an embedded cloud of its own and served here."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import urllib3

from castoff.cli.errors import told
from castoff.cli.project import load_settings, this_instant
from castoff.cli.publishing import publish_project
from castoff.cli.releasing import addresses_of, open_project
from castoff.cli.terminal import Progress, fail, result, say
from castoff.cloud import embedded
from castoff.cloud.place import Place, place_of
from castoff.cloud.sources import own_example, own_sources
from castoff.contract.tickets import OPS
from castoff.example import moved_bookings, moved_settings
from castoff.folder import UnwritableFolderError
from publisher.adapters.http import locate
from publisher.adapters.world import connect
from publisher.errors import PublishError
from publisher.publish import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.cli.releasing import Project
    from castoff.cloud.facts import Facts
    from publisher.publish import Done

_SHOWN: Final = "xhqgmdh"
"""The booking whose pages the demo points at."""

_OPS_MEMBER: Final = "ops-001"
"""Who gets a link to the ops board."""

_OURS: Final = tuple(
    word
    for setting in (
        "user.name=castoff demo",
        "user.email=demo@example.com",
        "commit.gpgsign=false",
        f"core.hooksPath={os.devnull}",
    )
    for word in ("-c", setting)
)
"""What git is told for the demo's own commit: nobody is asked for a key, and nobody's hooks look at it."""


@click.command()
@click.option("--once", is_flag=True, help="Publish, ask every page once, and end: for CI.")
@click.pass_obj
def command(directory: str, *, once: bool) -> None:
    """Try everything at once: an example site, published to an embedded cloud and served here.

    \b
    Example:
      castoff demo
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, _break_off)
    progress = Progress()
    folder = Path(directory).resolve() / ".castoff" / "demo"
    with told(progress):
        progress.step("laying out the example site")
        with _writing(folder):
            embedded.stop(Place(folder))
            lay_out(folder)
        with _cloud(folder, progress) as facts:
            project = open_project(folder, target="local", as_of=None)
            done = _publish(project, progress)
            connect(project.destination()).crew.send_link(_OPS_MEMBER, subject=OPS)
            progress.clear()
            pages = _pages(facts, done)
            _show(pages)
            if once:
                _ask(pages)
                return
            say("\nCtrl-C ends it all")
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
            say("ending")


def _break_off(*_: object) -> None:
    raise KeyboardInterrupt


def lay_out(folder: Path) -> None:
    """Write the example site, its bookings moved to lie around now, into a new repository with one commit."""
    shutil.rmtree(folder, ignore_errors=True)
    example = own_example()
    settings = load_settings(example)
    before = settings.standing_clock
    if before is None:
        fail("the example's clock does not stand still", hint="its castoff.yaml needs `as_of`")
    texts = {path.name: path.read_text("utf-8") for path in sorted((example / "bookings").glob("*.yaml"))}
    (folder / "bookings").mkdir(parents=True)
    for name, text in moved_bookings(texts, before=before, now=this_instant(), zone=settings.zone).items():
        (folder / "bookings" / name).write_text(text, "utf-8")
    (folder / "castoff.yaml").write_text(moved_settings((example / "castoff.yaml").read_text("utf-8")), "utf-8")
    (folder / ".gitignore").write_text(".castoff/\nbuild/\n", "utf-8")
    shutil.copytree(example / "content", folder / "content")
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "-m", "The example site")):
        _git(folder, *words)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnwritableFolderError(folder, error) from error


def _git(folder: Path, *words: str) -> None:
    try:
        subprocess.run(  # noqa: S603 - fixed words
            ["git", *_OURS, *words],  # noqa: S607 - the operator's own git
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise PublishError("git is not installed", hint="install git") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [f"git {words[0]}"]
        raise PublishError(
            f"git refuses: {said[0]}", hint="mend what it names, then run `castoff demo` again"
        ) from error


@contextmanager
def _cloud(folder: Path, progress: Progress) -> Iterator[Facts]:
    """Run a cloud of the demo's own on ports that are free, and end it with everything it started."""
    place = place_of(folder)
    wishes = embedded.Wishes(port=_free(4566), edge_port=_free(8080))
    try:
        yield embedded.start(place, own_sources(), wishes=wishes, environment=os.environ, progress=progress)
    finally:
        embedded.stop(place)


def _free(wanted: int) -> int:
    """Return the port that is wanted, or another one where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _publish(project: Project, progress: Progress) -> Done:
    terms = Terms(commits=project.git, confirm=lambda _plan: True)
    return publish_project(project, terms=terms, progress=progress)


_TO_LOGIN: Final = 302


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page to look at; `status` is what it answers to someone who comes without a cookie."""

    name: str
    url: str
    status: int = 200


def _pages(facts: Facts, done: Done) -> list[_Shown]:
    release = done.folder.release
    booking = release.bookings[_SHOWN]
    sends_photos = next(file.booking for file in release.files.values() if file.slots and file.booking)
    seen = addresses_of(facts)
    desk = seen.guest.replace("guest.", "desk.")
    return [
        _Shown("guest page", booking.guest_url),
        _Shown("photos", f"{release.bookings[sends_photos].guest_url}#photos-title"),
        _Shown("crew page", booking.crew_url, _TO_LOGIN),
        _Shown("ops board", f"{seen.ops}/ops/", _TO_LOGIN),
        _Shown("mailbox", f"{desk}/mail"),
        _Shown("calendar", f"{desk}/calendar"),
    ]


def _show(pages: list[_Shown]) -> None:
    say("published; open in a browser:\n")
    for page in pages:
        result(f"  {page.name:<10}  {page.url}")
    say("\ncrew page and ops board let in who comes by the link in their mail: it is in the mailbox")


def _ask(pages: list[_Shown]) -> None:
    pool = urllib3.PoolManager()
    for page in pages:
        where, host = locate(page.url, endpoint=None)
        status = pool.request("GET", where, headers={"Host": host}, redirect=False).status
        if status != page.status:
            fail(f"the {page.name} at {page.url} answered {status}, not {page.status}")
    say("\nevery page answers")
