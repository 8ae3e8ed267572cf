"""Pages as reviewed, and what a fault in a layout says."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.example import ROOT, charter_of, example, example_pages, projected, projector, renderer, with_booking

from castoff.build import assemble
from castoff.contract.slots import SERIAL_MARK
from castoff.fleet.sources import read_sources
from castoff.pages.keys import charter_pages
from castoff.pages.theme import ThemeFile, load_theme
from castoff.problems import ProblemsError
from castoff.wishes import NO_TARGET, Wishes

if TYPE_CHECKING:
    from castoff.pages.keys import Page
    from castoff.pages.render import Renderer

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("CASTOFF_UPDATE") == "1"
BOOKING = "xhqgmdh"


@pytest.mark.parametrize(
    "path",
    [
        "guest/g/boatsetter-may30.html",
        "guest/g/boatsetter-may30.ics",
        "guest/g/xhqgmdh.html",
        "guest/g/xhqgmdh-crew.html",
        "guest/g/xhqgmdh-crew.ics",
        "guest/g/jada-guest-c7rm4qx.html",
        "guest/g/c7rm4qx-crew.html",
        "guest/g/jada-guest-r9fjt5k.html",
        "guest/g/jada-guest-r9fjt5k.ics",
        "guest/castoff/404.html",
        "guest/castoff/thanks.html",
        "ops/ops/index.html",
    ],
)
def test_pages_are_as_reviewed(path: str) -> None:
    """A page is, byte for byte, the one that was reviewed; CASTOFF_UPDATE=1 writes what is to be reviewed next."""
    body = example_pages()[path]
    golden = GOLDEN / path
    if UPDATE:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(body)

    reviewed = golden.read_bytes()

    assert body.decode().splitlines() == reviewed.decode().splitlines()
    assert body == reviewed


def test_every_page_carries_the_serial_once() -> None:
    """The mark that makes two writings of a key differ stands in each page and calendar file, once."""
    counts = {path: body.count(SERIAL_MARK.encode()) for path, body in example_pages().items()}

    assert set(counts.values()) == {1}


def test_rendering_again_gives_the_same_bytes() -> None:
    """Neither the order of pages nor what was rendered before changes a page."""
    pages = [page for projection in projected(example()).values() for page in charter_pages(projection)]
    first, second = renderer(example()), renderer(example())

    forwards = {page.key: first.render(page) for page in pages}
    backwards = {page.key: second.render(page) for page in reversed(pages)}

    assert forwards == backwards


def test_what_people_write_is_never_markup() -> None:
    """Angle brackets and quotes in any text of a booking are shown, not obeyed."""
    hostile = "<script>alert(1)</script>\"'<img src=x onerror=alert(1)>"
    booking = charter_of(example(), BOOKING).booking
    charter = with_booking(
        charter_of(example(), BOOKING),
        requests=hostile,
        notes=hostile,
        guests=booking.guests.model_copy(update={"lead": f"Dana {hostile}", "allergies": (hostile,)}),
    )

    pages = [renderer(example()).render(page) for page in charter_pages(projector(example()).project(charter))]

    assert not [page for page in pages if b"<script>" in page or b"<img src=x" in page]
    assert any(b"&lt;script&gt;" in page for page in pages)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "{{ view.revenue }}",
            (
                "layouts/guest.html:2:9: guest has no `revenue` [layout-error]\n"
                "  hint: it has `slug`, `address`, `phase`, `cancelled`, `lead`, `guests`, `times`, `changes`, "
                "`sun`, `vessel`, `dock`, `captain`, `waiver`, `requests`, `photos`"
            ),
        ),
        (
            "{{ nothing }}",
            (
                "layouts/guest.html:2:4: there is no `nothing` [layout-error]\n"
                "  hint: a layout has `asset`, `fragment`, `names`, `origin_mark`, `serial_mark`, `site`, `view`"
            ),
        ),
        ("{{ sit.phone }}", "layouts/guest.html:2:4: there is no `sit` [layout-error]\n  hint: did you mean `site`?"),
        (
            "{% if %}",
            (
                "layouts/guest.html:2:1: expected an expression, got `end of statement block` [layout-syntax]\n"
                "  hint: look at its brackets, quotes and ends of blocks"
            ),
        ),
        (
            '{% include "gone.html" %}',
            (
                "layouts/guest.html:2:13: there is no layout `gone.html` [missing-layout]\n"
                "  hint: write layouts/gone.html, or correct the name"
            ),
        ),
        (
            "  {{ asset('castof.css') }}",
            (
                "layouts/guest.html:2:3: there is no asset `castof.css`; did you mean `castoff.css`? [layout-error]\n"
                "  hint: look at what this line asks for"
            ),
        ),
        (
            "{{ 1 / 0 }}",
            ("layouts/guest.html:2:1: division by zero [layout-error]\n  hint: look at what this line asks for"),
        ),
        (
            "{% for one in range(1000000000) %}{% endfor %}",
            (
                "layouts/guest.html:2:1: a range of 1,000,000,000 is longer than any page [layout-error]\n"
                "  hint: look at what this line asks for"
            ),
        ),
    ],
)
def test_an_error_in_a_layout_is_a_problem_at_its_line(line: str, problem: str) -> None:
    """Whatever is wrong in an operator's layout, the words name its file and line, and there is no traceback."""
    with pytest.raises(ProblemsError) as raised:
        renderer_with("guest.html", f"<!doctype html>\n{line}\n").render(_guest_page())

    assert [str(found) for found in raised.value.problems] == [problem]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{% include "guest/dock.html" %}', "this layout includes itself, by way of others or at once"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "brackets or blocks stand in each other too deep to be read"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "a macro calls itself, by way of others or at once"),
    ],
    ids=["itself", "brackets", "a macro"],
)
def test_what_goes_too_deep_is_named(text: str, words: str) -> None:
    """Only a layout that does include itself is said to."""
    with pytest.raises(ProblemsError) as raised:
        renderer_with("guest/dock.html", text).render(_guest_page())

    assert [found.words for found in raised.value.problems] == [words]


def test_an_error_in_a_part_is_at_the_parts_line() -> None:
    """An error in a part that a page includes is said of the part."""
    with pytest.raises(ProblemsError) as raised:
        renderer_with("guest/dock.html", "<p>\n\n{{ view.slipp }}").render(_guest_page())

    assert [(found.path, found.line) for found in raised.value.problems] == [("layouts/guest/dock.html", 3)]


def test_a_layout_that_is_not_text_is_a_problem() -> None:
    """A layout that is not UTF-8 is a problem of that file."""
    with pytest.raises(ProblemsError) as raised:
        renderer_with("guest.html", b"\xff\xfe").render(_guest_page())

    assert [str(found) for found in raised.value.problems] == [
        "layouts/guest.html:1:1: the layout is not UTF-8 text [not-utf-8]\n  hint: save the file as UTF-8"
    ]


def test_a_layout_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """It is told of like any other file of the project, and stops a build: nobody's own page goes out as ours."""
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts/guest.html").symlink_to("/proc/self/mem")  # a file that opens, and fails when it is read
    theme = load_theme(tmp_path)

    built, problems = assemble(
        read_sources(ROOT), theme, Wishes(target=NO_TARGET, clock=datetime(2024, 5, 28, 19, tzinfo=UTC))
    )

    assert built is None
    assert [(found.path, found.rule, found.words) for found in problems if found.path.startswith("layouts/")] == [
        ("layouts/guest.html", "linked-file", "this link leads out of the project, and what is there is not committed")
    ]


def renderer_with(name: str, body: str | bytes) -> Renderer:
    """Return what renders the example with one layout of the operator's own."""
    theme = load_theme(ROOT)
    own = ThemeFile(f"layouts/{name}", body.encode() if isinstance(body, str) else body)
    return renderer(example(), replace(theme, files={**theme.files, name: own}))


def _guest_page() -> Page:
    return charter_pages(projected(example())[BOOKING])[0]
