"""Nothing shows where it must not, and where something does, the check sees it."""

from __future__ import annotations

import base64
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import DrawnProject, projects

from castoff.build import Build, assemble
from castoff.cli.private import check_privacy, said
from castoff.fleet.settings import EMBEDDED
from castoff.fleet.sources import Sources, read_sources
from castoff.pages.theme import Theme, ThemeFile, load_theme
from castoff.privacy.fields import FIELDS
from castoff.privacy.leaks import leaks, rounds, with_figures
from castoff.privacy.traces import traces
from castoff.problems import Problem, stops
from castoff.reading.reader import read
from castoff.wishes import NO_TARGET, Wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[3]
CLOCK: Final = datetime(2024, 5, 28, 19, tzinfo=UTC)
WISHES: Final = Wishes(target=NO_TARGET, clock=CLOCK, addresses=EMBEDDED, workers=1)
BOOKING: Final = "xhqgmdh"
SEED: Final = 7


def example(*, bookings: Sequence[str] = (BOOKING, "c7rm4qx")) -> Sources:
    """Return the files of the example with some of its bookings."""
    sources = read_sources(ROOT)
    return replace(sources, bookings={key: sources.bookings[key] for key in bookings})


def makes(sources: Sources, *, theme: Theme | None = None, wishes: Wishes = WISHES) -> Any:
    """Return the build of these files."""
    return assemble(sources, theme or load_theme(ROOT), wishes)


def value(sources: Sources, *steps: str | int, booking: str = BOOKING) -> str:
    """Return what a booking's file says."""
    document, _ = read(sources.bookings[booking].decode(), "")
    found: Any = document and document.fields.values
    for step in steps:
        found = found[step]
    return str(found)


def revenue(sources: Sources) -> str:
    """Return the figure that nobody is to see."""
    return value(sources, "finance", "revenue")


def found_by(spoil: Callable[[Build, Sources], Build], sources: Sources | None = None) -> list[Problem]:
    """Return what the check says of builds that are spoiled so."""

    def make(files: Sources) -> tuple[Build | None, tuple[Problem, ...]]:
        built, problems = makes(files)
        return built and spoil(built, files), problems

    return [*leaks(sources or example(), make, said, seed=SEED)]


def with_body(built: Build, path: str, add: str) -> Build:
    """Return the build with something added to one of its bodies."""
    return replace(built, bodies={**built.bodies, path: built.bodies[path] + add.encode()})


def with_booking(built: Build, **fields: Any) -> Build:
    """Return the build with some of what its release says of a booking changed."""
    bookings = {**built.release.bookings, BOOKING: replace(built.release.bookings[BOOKING], **fields)}
    return replace(built, release=replace(built.release, bookings=bookings))


GUEST: Final = "guest/g/boatsetter-may30.html"
CREW: Final = f"guest/g/{BOOKING}-crew.html"
MONEY: Final[list[tuple[str, Callable[[Build, Sources], Build], str]]] = [
    ("on the guest page", lambda built, files: with_body(built, GUEST, revenue(files)), f"build/public/{GUEST}"),
    (
        "on the crew page, with commas",
        lambda built, files: with_body(built, CREW, f"{float(revenue(files)):,.2f}"),
        f"build/public/{CREW}",
    ),
    (
        "on the board, encoded",
        lambda built, files: with_body(built, "ops/ops/index.html", base64.b64encode(revenue(files).encode()).decode()),
        "build/public/ops/ops/index.html",
    ),
    (
        "in a calendar file, folded",
        lambda built, files: with_body(built, "guest/g/boatsetter-may30.ics", "\r\n ".join(revenue(files))),
        "build/public/guest/g/boatsetter-may30.ics",
    ),
    (
        "in the crew call",
        lambda built, files: with_booking(built, event={"notes": revenue(files)}),
        "build/release.json",
    ),
    (
        "in the calendar entry",
        lambda built, files: with_booking(built, calendar={"title": revenue(files)}),
        "build/release.json",
    ),
    ("in the state", lambda built, files: with_booking(built, carry={"seen": revenue(files)}), "build/release.json"),
    ("in the release", lambda built, files: with_booking(built, next=revenue(files)), "build/release.json"),
    (
        "in another file",
        lambda built, files: with_body(built, "guest/castoff/thanks.html", revenue(files)),
        "build/public/guest/castoff/thanks.html",
    ),
]


@pytest.mark.parametrize(("spoil", "path"), [row[1:] for row in MONEY], ids=[row[0] for row in MONEY])
def test_a_figure_that_shows_is_seen_and_named_but_never_said(spoil: Any, path: str) -> None:
    """Whoever prints revenue is told in which file, and of which booking."""
    problems = found_by(spoil)

    assert (path, "privacy-leak") in {(problem.path, problem.rule) for problem in problems}
    words = next(problem.words for problem in problems if problem.path == path)
    assert words.startswith(f"`finance.revenue` of bookings/{BOOKING}.yaml changes the ")
    assert not any(character.isdigit() for character in words.replace(BOOKING, ""))


def test_a_figure_that_only_decides_is_seen() -> None:
    """A badge for good customers holds no figure, and tells of one."""
    problems = found_by(lambda built, files: with_body(built, GUEST, "gold" * (float(revenue(files)) > 1000)))

    assert [(problem.path, problem.words) for problem in problems] == [
        (f"build/public/{GUEST}", f"`finance` of bookings/{BOOKING}.yaml changes the guest page")
    ]


def test_figures_where_there_were_none_are_seen() -> None:
    """A page that says whether a booking has a price at all."""
    sources = example()
    body = sources.bookings[BOOKING].partition(b"finance:")[0]
    bare = replace(sources, bookings={**sources.bookings, BOOKING: body})

    problems = found_by(
        lambda built, files: with_body(built, GUEST, "!" * (b"finance" in files.bookings[BOOKING])), bare
    )

    assert [problem.path for problem in problems] == [f"build/public/{GUEST}"]


@pytest.mark.parametrize("what", ["castoff plan", "castoff build", "a summary"])
def test_a_figure_in_what_is_said_is_seen(what: str) -> None:
    """A line of a log, a plan, the summary of a job."""
    sources: list[Sources] = []

    def make(files: Sources) -> tuple[Build | None, tuple[Problem, ...]]:
        sources.append(files)
        built, problems = makes(files)
        return built, problems

    def tell(built: Build, problems: Sequence[Problem]) -> dict[str, str]:
        texts = said(built, problems)
        return {**texts, what: f"{texts.get(what, '')}\nsold for {revenue(sources[-1])}"}

    problems = [*leaks(example(), make, tell, seed=SEED)]

    assert {(problem.path, problem.rule) for problem in problems} == {(what, "privacy-leak")}


WORDS: Final[list[tuple[str, Callable[[Build, Sources], Build], str, str]]] = [
    (
        "allergies on the guest page",
        lambda built, files: with_body(built, GUEST, value(files, "guests", "allergies", 0)),
        f"`allergies` of bookings/{BOOKING}.yaml shows in the guest page",
        f"build/public/{GUEST}",
    ),
    (
        "a guest's last name on the board",
        lambda built, files: with_body(built, "ops/ops/index.html", value(files, "guests", "lead")),
        f"`lead guest: the rest of the name` of bookings/{BOOKING}.yaml shows in the board",
        "build/public/ops/ops/index.html",
    ),
    (
        "notes of one booking on another's page",
        lambda built, files: with_body(built, "guest/g/c7rm4qx-crew.html", value(files, "notes")),
        f"`notes` of bookings/{BOOKING}.yaml shows in the crew page",
        "build/public/guest/g/c7rm4qx-crew.html",
    ),
    (
        "money out of notes in the crew call",
        lambda built, files: with_booking(built, event={"notes": value(files, "notes")}),
        f"`notes: lines about money` of bookings/{BOOKING}.yaml shows in the crew call",
        "build/release.json",
    ),
    (
        "a mail address of the crew on a page",
        lambda built, files: with_body(built, CREW, files.content["content/crew/crew-001.md"].decode()),
        "`crew: mail address` of content/crew/crew-001.md shows in the crew page",
        f"build/public/{CREW}",
    ),
    (
        "a phone in a calendar file",
        lambda built, files: with_body(
            built, f"guest/g/{BOOKING}-crew.ics", files.content["content/crew/crew-001.md"].decode()
        ),
        "`crew: phone` of content/crew/crew-001.md shows in the crew calendar",
        f"build/public/guest/g/{BOOKING}-crew.ics",
    ),
    (
        "where a secret is kept",
        lambda built, files: with_body(built, GUEST, (files.settings or b"").decode()),
        "`where secrets are kept: ShipCaptainCrew` of castoff.yaml shows in the guest page",
        f"build/public/{GUEST}",
    ),
]


@pytest.mark.parametrize(("spoil", "words", "path"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_a_field_that_shows_where_it_may_not_is_seen(spoil: Any, words: str, path: str) -> None:
    """Each audience has its own fields, and each booking its own audience."""
    assert (path, words) in {(problem.path, problem.words) for problem in found_by(spoil)}


@pytest.mark.parametrize("days", [-30, -2, 0, 2, 5, 9, 40, 200])
def test_the_example_shows_nothing_that_it_must_not(days: int) -> None:
    """In whichever phase its charters stand, with money let through to the calendar or not."""
    sources = read_sources(ROOT)
    generous = replace(sources, settings=(sources.settings or b"").replace(b"finance: false", b"finance: true"))
    wishes = replace(WISHES, as_of=CLOCK + timedelta(days=days))

    found = [
        str(problem)
        for files in (sources, generous)
        for problem in leaks(files, partial(makes, wishes=wishes), said, seed=SEED + days)
    ]

    assert generous != sources
    assert found == []


@settings(max_examples=8)
@given(projects(most=3), st.integers(0, 10**6))
def test_a_drawn_project_shows_nothing_that_it_must_not(tmp_path_factory: Any, drawn: DrawnProject, seed: int) -> None:
    """Whatever its bookings say, and however they are written."""
    root = drawn.lay_out(tmp_path_factory.mktemp("drawn"))
    sources = read_sources(root)
    clock = datetime(2050, 1, 1, tzinfo=UTC)
    make = partial(assemble, theme=load_theme(root), wishes=replace(WISHES, clock=clock))
    assert not stops(make(sources)[1])

    assert [*leaks(sources, make, said, seed=seed)] == []


ATTEMPTS: Final = [
    "{{ view.finance }}",
    "{{ view.booking.finance.revenue }}",
    "{{ charter.booking.finance }}",
    "{{ booking.finance }}",
    "{{ finance }}",
    "{{ private }}",
    "{{ site.finance }}",
    "{{ self.finance }}",
    "{{ view.__class__.__mro__ }}",
    "{{ view.__class__.__init__.__globals__ }}",
    "{{ (view|attr('__class__')) }}",
    "{{ view.__slots__ }}",
    "{{ view }}",
    "{{ site }}",
    "{% for name in view %}{{ name }}{% endfor %}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ asset.__self__._theme }}",
    "{{ fragment.__func__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ view.notes }}{{ view.requests }}",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_layout_that_asks_for_money_gets_none(attempt: str) -> None:
    """Whatever it asks for by name is refused, or prints no figure: what it is handed leads to none."""
    theme = load_theme(ROOT)
    own = theme.files["crew.html"].body.replace(b"</main>", attempt.encode() + b"</main>", 1)
    spied = replace(theme, files={**theme.files, "crew.html": ThemeFile("layouts/crew.html", own)})
    assert own != theme.files["crew.html"].body
    garden = with_figures(example(), Random(SEED))  # noqa: S311 - marks, no secrets

    built, problems = makes(garden.sources, theme=spied)

    assert stops(problems) if built is None else [*traces(built.bodies[CREW], garden.marks, deep=True)] == []
    assert [*traces("\n".join(map(str, problems)).encode(), garden.marks, deep=True)] == []


def test_fields_of_one_place_are_planted_one_after_the_other() -> None:
    """Each field is in exactly one round, and no two of a round stand in one place."""
    planned = rounds(FIELDS)

    assert sorted(one.name for some in planned for one in some) == sorted(one.name for one in FIELDS)
    for some in planned:
        places = [(one.files, one.steps, one.role) for one in some]
        assert len(set(places)) == len(places)


def test_many_bookings_are_looked_at_in_parts() -> None:
    """A season that does not fit into memory is checked whole."""
    asked: list[Mapping[str, bytes]] = []

    def make(files: Sources) -> tuple[Build | None, tuple[Problem, ...]]:
        asked.append(files.bookings)
        built, problems = makes(files)
        return built, problems

    assert [*leaks(example(), make, said, seed=SEED, at_once=1)] == []
    assert {booking for bookings in asked for booking in bookings} == {BOOKING, "c7rm4qx"}
    assert max(map(len, asked)) == 1


def test_a_project_in_disorder_says_its_own_problems_alone(tmp_path: Path) -> None:
    """Nothing is known of what cannot be built."""
    root = Path(shutil.copytree(ROOT / "tests/invalid/_base", tmp_path / "project"))
    (root / "bookings/a7kq4wt.yaml").write_text("id: a7kq4wt\n", encoding="utf-8")

    rules = {problem.rule for problem in check_privacy(root, clock=CLOCK)}

    assert "missing-field" in rules
    assert "privacy-leak" not in rules
