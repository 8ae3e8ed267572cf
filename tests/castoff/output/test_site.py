"""Built sites of every kind, all of them in order: the example from phase to phase, projects with warnings, themes."""

from __future__ import annotations

import re
import shutil
import sys
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from support.built import BASE, UNDER_WAY
from support.example import ROOT

from castoff.build import check
from castoff.output.page import NoParserError
from castoff.output.site import at_its_source, check_site, site_problems
from castoff.pages.theme import load_theme
from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path

INVALID = BASE.parent
CLOCK = datetime(2024, 5, 28, 19, tzinfo=UTC)
CASES = sorted(folder.name for folder in INVALID.iterdir() if folder != BASE)
PHASES = {
    # by one charter of the example, on May 30 from 9 to 12 in California; others are in other phases at the time
    "weeks before": datetime(2024, 4, 20, 19, tzinfo=UTC),
    "as the form is about to open": datetime(2024, 5, 29, 4, tzinfo=UTC),
    "on the day": datetime(2024, 5, 30, 12, tzinfo=UTC),
    "boarding": datetime(2024, 5, 30, 15, 50, tzinfo=UTC),
    "under way": datetime(2024, 5, 30, 17, tzinfo=UTC),
    "after": datetime(2024, 5, 30, 20, tzinfo=UTC),
    "uploads closed": datetime(2024, 6, 20, 12, tzinfo=UTC),
    "retention passed": datetime(2024, 9, 30, 12, tzinfo=UTC),
}
STYLE = ".brand { letter-spacing: 0 }"
HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HASHED = (
    (ROOT / "layouts" / "base.html")
    .read_text("utf-8")
    .replace("style-src 'self'", f"style-src 'self' 'sha256-{HASH}'")
    .replace("</head>", f"<style>{STYLE}</style>\n</head>")
)


@pytest.mark.parametrize("as_of", PHASES.values(), ids=PHASES)
def test_the_example_is_in_order_in_every_phase(as_of: datetime) -> None:
    """No page, no calendar and no asset of any phase has a fault."""
    assert site_problems(ROOT, clock=CLOCK, as_of=as_of) == ()


@pytest.mark.parametrize("case", CASES)
def test_what_a_warning_lets_through_is_in_order(case: str, tmp_path: Path) -> None:
    """What is built in spite of a warning has no fault of its own; where nothing is built, nothing more is told."""
    lay_out(case, tmp_path / "project")

    told = check(tmp_path / "project", clock=CLOCK)
    found = check_site(tmp_path / "project", clock=CLOCK)

    assert [problem for problem in found if problem not in told and problem.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("made", "source"),
    [
        ("guest/castoff/upload.0123456789.js", "castoff/layouts/assets/upload.js:3:7"),
        ("ops/castoff/lark.0123456789.svg", "content/pictures/lark.svg:3:7"),
        ("guest/castoff/castoff.0123456789.css", "castoff/layouts/assets/castoff.css:1:1"),
        ("guest/g/lark.html", "guest/g/lark.html:3:7"),
    ],
)
def test_what_is_wrong_with_an_asset_is_told_of_its_source(made: str, source: str) -> None:
    """Nobody looks for a file by its hash; a style sheet has colours of the brand above its own lines."""
    problem = at_its_source(Problem(made, 3, 7, "words", "rule"), load_theme(BASE))

    assert f"{problem.path}:{problem.line}:{problem.column}" == source


THEMES: list[tuple[str, dict[str, str | bytes], tuple[str, ...]]] = [
    # files of the operator's own, and what is said of them beyond what `check` says
    ("a footer", {"layouts/guest/footer.html": "<footer><p>{{ view.brand }}</p></footer>"}, ()),
    ("a footer as Windows writes it", {"layouts/guest/footer.html": b"<footer>\r\n<p>x</p>\r\n</footer>\r\n"}, ()),
    (
        "a link to a site of theirs",
        {"layouts/guest/footer.html": '<footer><a href="https://sails.example.com/">x</a></footer>'},
        ("`https://sails.example.com/` leads to `sails.example.com`, which no settings, booking or content names",),
    ),
    (
        "a link to a site that content names too",
        {
            "layouts/guest/footer.html": '<footer><a href="https://sails.example.com/">x</a></footer>',
            "castoff.yaml": b"# https://sails.example.com is ours\n" + (BASE / "castoff.yaml").read_bytes(),
        },
        (),
    ),
    (
        "a page that is given to another site, though content names it",
        {
            "layouts/guest/footer.html": '<meta property="og:url" content="https://sails.example.com/">',
            "castoff.yaml": b"# https://sails.example.com is theirs\n" + (BASE / "castoff.yaml").read_bytes(),
        },
        ("`<meta>` gives the page to `sails.example.com`, which is not yours",),
    ),
    ("a style with its hash", {"layouts/base.html": HASHED}, ()),
    (
        "a style sheet",
        {"layouts/assets/castoff.css": "body { background: url('mark.svg') }"},
        ("`mark.svg` leads to nothing: the release has no such file; so in 1 more file",),
    ),
    (
        "a sign that could act",
        {"layouts/assets/mark.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'},
        ("the picture holds a `<script>`; so in 1 more file",),
    ),
    (
        "a script of a stranger's",
        {"layouts/guest/footer.html": '<footer><script src="https://cdn.example.org/x.js"></script></footer>'},
        ("`<script>` takes something from `cdn.example.org`, which would see every guest",),
    ),
    (
        "a style without its hash",
        {"layouts/guest/footer.html": f"<footer><style>{STYLE}</style></footer>"},
        ("the policy does not let this `<style>` in: no hash of it stands in `style-src`",),
    ),
    (
        "a handler",
        {"layouts/guest/footer.html": '<footer><button onclick="x()">x</button></footer>'},
        ("`onclick` holds a script, which the page's policy forbids",),
    ),
    (
        "an address by hand",
        {
            "layouts/guest/footer.html": '<footer><a href="http://guest.localhost:8080/castoff/thanks.html">x</a></footer>'
        },
        ("`http://guest.localhost:8080/castoff/thanks.html` is an address of your own computer",),
    ),
    (
        "an element that is not closed",
        {"layouts/guest/footer.html": "<footer><p>x</footer><div>"},
        ("`</body>` stands before `</div>` of the `<div>` in line N",),
    ),
    ("words in another language", {"layouts/guest/footer.html": "<footer><p lang=ar dir=rtl>مرحبا</p></footer>"}, ()),
]


@pytest.mark.parametrize(("files", "expected"), [row[1:] for row in THEMES], ids=[row[0] for row in THEMES])
def test_an_operators_own_layout_is_judged(
    files: dict[str, str | bytes], expected: tuple[str, ...], tmp_path: Path
) -> None:
    """What a layout of the operator's own does to pages is told of the page, and what it does well is not."""
    root = shutil.copytree(BASE, tmp_path / "project")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())

    found = site_problems(root, clock=UNDER_WAY)

    assert tuple(re.sub(r"line \d+", "line N", problem.words) for problem in found) == expected


def test_without_the_parser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is an extra, asked for where it is needed and not before."""
    monkeypatch.setitem(sys.modules, "justhtml", None)

    with pytest.raises(NoParserError, match="what reads built pages is not installed"):
        check_site(BASE, clock=CLOCK)


def lay_out(case: str, folder: Path) -> None:
    """Make a case's project, as tests/castoff/test_invalid.py does."""
    shutil.copytree(BASE, folder)
    removed = INVALID / case / "removed.txt"
    for path in removed.read_text().split() if removed.exists() else ():
        (folder / path).unlink()
        with suppress(OSError):
            (folder / path).parent.rmdir()
    shutil.copytree(INVALID / case, folder, dirs_exist_ok=True)
