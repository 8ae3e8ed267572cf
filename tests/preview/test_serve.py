"""`castoff serve` as it is run: whatever was written before a request is in its answer, and Ctrl-C ends it at once."""

from __future__ import annotations

import re
import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest
from preview.running import BOOKING, CREW, GUEST, Running, edit, lay_out, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a preview of the example, which each test leaves as it was."""
    with serving(lay_out(tmp_path_factory.mktemp("serve") / "project")) as found:
        yield found


def _edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda root: edit(root, path, old, new)


def _layout(root: Path) -> None:
    (root / "layouts" / "guest").mkdir(parents=True)
    (root / "layouts" / "guest" / "footer.html").write_text("<footer>Fair winds from all of us</footer>\n")


def _stylesheet(root: Path) -> None:
    (root / "layouts" / "assets").mkdir(parents=True)
    (root / "layouts" / "assets" / "castoff.css").write_text("body{color:rebeccapurple}\n")


def _picture(root: Path) -> None:
    (root / "content" / "pictures" / "jada.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')


EDITS: list[tuple[str, Callable[[Path], None], str, str]] = [
    ("a booking", _edit(BOOKING, "one guest uses a cane", "one guest uses two canes"), GUEST, "two canes"),
    ("a booking's notes", _edit(BOOKING, "Guest count: 6, Dock", "Bring a lamp, Dock"), CREW, "Bring a lamp"),
    ("a vessel", _edit("content/vessels/jada.md", "name: Jada", "name: Jade"), GUEST, "Jade"),
    ("a dock", _edit("content/docks/sheraton-marina.md", "slip: C-14", "slip: D-15"), GUEST, "D-15"),
    ("the captain", _edit("content/crew/captain-001.md", "name: Maya", "name: Mina"), CREW, "Call Mina"),
    ("a checklist", _edit("content/checklists/departure.md", "Fuel above half", "Fuel above a third"), CREW, "a third"),
    ("a snippet", _edit("content/guest/what-to-bring.md", "title:", "title: Not to forget\n#"), GUEST, "Not to forget"),
    ("settings", _edit("castoff.yaml", "name: Queen of San Diego", "name: King of San Diego"), GUEST, "King of"),
    ("a layout", _layout, GUEST, "Fair winds from all of us"),
    ("the board", _edit(BOOKING, "lead: Dana R.", "lead: Zora Q."), "/ops/", "Zora Q."),
]


@pytest.mark.parametrize(("change", "path", "words"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_an_edit_shows(project: Path, running: Running, change: Callable[[Path], None], path: str, words: str) -> None:
    """A file of any kind, once it is written, is in the very next answer; taken back, it is gone from the next."""
    shutil.rmtree(running.root)
    shutil.copytree(project, running.root)
    before = _show(running, path)
    change(running.root)

    after = _show(running, path)

    assert words not in before
    assert words in after


@pytest.mark.parametrize("change", [_stylesheet, _picture])
def test_an_edit_of_what_pages_are_made_with_shows(
    project: Path, running: Running, change: Callable[[Path], None]
) -> None:
    """A style or a picture has another name when it has other bytes; pages name the new one, and it is there."""
    shutil.rmtree(running.root)
    shutil.copytree(project, running.root)
    before = set(_assets(running))
    change(running.root)

    after = set(_assets(running))

    assert len(after - before) == 1
    assert all(running.ask(name).status == 200 for name in after | before)


def test_a_request_right_after_a_write_is_never_stale(running: Running) -> None:
    """Fifty times, without a pause: texts of one length, one written over the other, each in the next answer."""
    stale = []
    original = (running.root / BOOKING).read_text("utf-8")
    for number in range(50):
        words = f"lamp number {number:03}"
        (running.root / BOOKING).write_text(original.replace("one guest uses a cane", words))
        if words not in running.page(GUEST):
            stale.append(number)
    (running.root / BOOKING).write_text(original)

    assert stale == []


def test_no_answer_is_of_two_builds(running: Running) -> None:
    """While a word on every page changes over and over, each page that is asked for has it everywhere or nowhere."""
    original = (running.root / "castoff.yaml").read_text("utf-8")
    ended = threading.Event()
    mixed: list[str] = []

    def read() -> None:
        while not ended.is_set():
            page = running.page(GUEST)
            names = {name for name in ("Queen of San Diego", "Baron of San Diego") if name in page}
            if len(names) != 1:
                mixed.append(page)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(12):
        name = ("Baron of San Diego", "Queen of San Diego")[turn % 2]
        (running.root / "castoff.yaml").write_text(original.replace("Queen of San Diego", name))
        time.sleep(0.05)
    ended.set()
    for reader in readers:
        reader.join()
    (running.root / "castoff.yaml").write_text(original)

    assert mixed == []


def _show(running: Running, path: str) -> str:
    if path == CREW:
        return running.crew_page()
    return _board(running) if path == "/ops/" else running.page(path)


def _board(running: Running) -> str:
    """Return the board as whoever came by the home page sees it."""
    entry = str(running.ask("/__castoff/board").header("location"))
    host, _, path = entry.removeprefix("http://").partition("/")
    cookie = str(running.ask(f"/{path}", host=host.partition(":")[0]).header("set-cookie")).partition(";")[0]
    response = running.ask("/ops/", host="ops.localhost", headers=(("cookie", cookie),))
    assert response.status == 200
    return response.body.decode()


def _assets(running: Running) -> list[str]:
    return re.findall(r'(?:href|src)="(/castoff/[^"]+)"', running.page(GUEST))
