"""What is said once: when a booking is published first, and never by a check that returns every night."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from castoff.build import build, check
from castoff.contract.state import PublishedBooking
from castoff.wishes import Wishes

BASE = Path(__file__).resolve().parents[1] / "invalid/_base"
BOOKING = (BASE / "bookings/a7kq4wt.yaml").read_text(encoding="utf-8")
CLOCK = datetime(2024, 5, 28, 19, tzinfo=UTC)
WISHES = Wishes(target="local", clock=CLOCK, publishing=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project without bookings."""
    folder = Path(shutil.copytree(BASE, tmp_path / "project"))
    (folder / "bookings/a7kq4wt.yaml").unlink()
    with (folder / "castoff.yaml").open("a", encoding="utf-8") as text:
        text.write("targets: {local: {embedded: yes}}\n")
    return folder


def write(project: Path, booking: str, *, day: str = "2024-06-02", add: str = "", **fields: str) -> None:
    """Write a booking that differs from the base's in these lines."""
    text = BOOKING.replace("a7kq4wt", booking).replace("2024-06-01", day)
    for name, value in fields.items():
        [line] = [line for line in text.splitlines() if line.startswith(f"{name}:")]
        text = text.replace(line, f"{name}: {value}")
    text = text.replace("source:", f"{add}source:")
    (project / f"bookings/{booking}.yaml").write_text(text, encoding="utf-8")


def said(project: Path, wishes: Wishes = WISHES) -> str:
    """Return what a build says of a project, as a terminal shows it."""
    return "".join(f"{problem}\n" for problem in build(project, wishes)[1])


def known(project: Path) -> dict[str, PublishedBooking]:
    """Return what a state would keep of the bookings, once they are published."""
    made, problems = build(project, WISHES)
    assert made is not None, problems
    return {
        one.id: PublishedBooking(one.input, one.status, one.ends, carry=one.carry)
        for one in made.release.bookings.values()
    }


FIRSTS = {
    "public-slug": (
        {"booking": "b7kq4wt", "add": "slug: lark-danas-party\naliases: [danas-birthday, danas-party-b7kq4wt]\n"},
        (
            "bookings/b7kq4wt.yaml:2:7: warning: `lark-danas-party` and `danas-birthday` can be guessed, and the"
            " guest's page with them [public-slug]\n"
            "  hint: put `b7kq4wt` into the slug, or keep it if anybody may read that page\n"
        ),
    ),
    "public-slug of an alias": (
        {"booking": "c7kq4wt", "add": "slug: danas-party-c7kq4wt\naliases: [lark-june2]\n"},
        (
            "bookings/c7kq4wt.yaml:3:11: warning: `lark-june2` can be guessed, and the guest's page with it"
            " [public-slug]\n"
            "  hint: remove it when nobody goes by it any more, or keep it if anybody may read that page\n"
        ),
    ),
    "guessable-id": (
        {"booking": "lark001"},
        (
            "bookings/lark001.yaml:1:5: warning: id `lark001` can be guessed, and the guest's page with it: it has the"
            " vessel's name and a number in it [guessable-id]\n"
            "  hint: let `castoff new` draw the next one\n"
        ),
    ),
    "long-past": (
        {"booking": "d7kq4wt", "day": "2023-06-01"},
        (
            "bookings/d7kq4wt.yaml:6:1: warning: this charter was over on Thursday, June 1, 2023, and has no page any"
            " more [long-past]\n"
            "  hint: check the year\n"
        ),
    ),
    "far-ahead": (
        {"booking": "e7kq4wt", "day": "2042-06-01"},
        (
            "bookings/e7kq4wt.yaml:6:9: warning: this charter starts in more than two years, in 2042 [far-ahead]\n"
            "  hint: check the year\n"
        ),
    ),
    "long-charter": (
        {"booking": "f7kq4wt", "duration": "30h"},
        (
            "bookings/f7kq4wt.yaml:7:11: warning: this charter takes 30h, which is more than a day [long-charter]\n"
            "  hint: check the duration: `3h` are three hours\n"
        ),
    ),
}


@pytest.mark.parametrize(("booking", "told"), FIRSTS.values(), ids=FIRSTS)
def test_it_is_said_by_a_publish_and_once(project: Path, booking: dict[str, str], told: str) -> None:
    """A published id never changes, and whoever means what they wrote need not read of it every night."""
    write(project, **booking)

    assert said(project) == told
    assert said(project, replace(WISHES, prior=known(project))) == ""
    assert said(project, replace(WISHES, prior=known(project), full=True)) == ""
    assert said(project, replace(WISHES, publishing=False)) == ""
    assert check(project, clock=CLOCK) == ()


@pytest.mark.parametrize("status", ["draft", "hold"])
def test_what_is_not_published_is_not_told_of(project: Path, status: str) -> None:
    """It has no page that anybody could find, and may change in every way until it has."""
    write(project, "lark001", add="slug: danas-party\n", duration="30h", status=status)

    assert said(project) == ""


def test_what_is_written_as_meant_is_not_told_of(project: Path) -> None:
    """A slug with a part that nobody guesses, a day, and two years, to the minute."""
    write(project, "d7kq4wt", add="slug: danas-wedding-x2k9vq4\n", day="2026-05-30", duration="24h")
    two_years = datetime(2026, 5, 30, 17, tzinfo=UTC) - timedelta(days=732)

    assert said(project, replace(WISHES, as_of=two_years)) == ""
    assert "[far-ahead]" in said(project, replace(WISHES, as_of=two_years - timedelta(minutes=1)))


def test_a_clock_that_stands_still_judges_no_year(project: Path) -> None:
    """An example's first booking is for a day to come, years after the example's, and so is what cancels it."""
    write(project, "e7kq4wt", day="2030-05-30")
    off = "cancelled: {on: 2030-05-28, why: weather}\n"
    write(project, "f7kq4wt", day="2030-06-03", status="cancelled", add=off)
    moving = said(project)
    with (project / "castoff.yaml").open("a", encoding="utf-8") as text:
        text.write("as_of: 2024-05-28 12:00\n")

    assert "[far-ahead]" in moving
    assert "[unlikely-day]" in moving
    assert said(project) == ""


def test_an_address_that_leads_nowhere_any_more_may_be_guessed(project: Path) -> None:
    """What is past retention has no page; only its year may be wrong."""
    write(project, "lark001", day="2023-06-01", add="slug: danas-party\n")

    assert [problem.rule for problem in build(project, WISHES)[1]] == ["long-past"]


def test_a_charter_is_long_past_when_its_page_goes(project: Path) -> None:
    """By the clock, ninety days after its end; one that was cancelled has no year to be wrong."""
    write(project, "b7kq4wt")
    write(project, "c7kq4wt", day="2024-06-04", status="cancelled", add="cancelled: {on: 2024-05-28, why: weather}\n")
    over = datetime(2024, 6, 2, 20, tzinfo=UTC)

    told = [said(project, replace(WISHES, as_of=over + timedelta(days=days))).count("[long-past]") for days in (89, 90)]

    assert told == [0, 1]


@pytest.mark.parametrize(("charters", "lines"), [(5, 5), (6, 1)])
def test_a_history_is_no_row_of_warnings(project: Path, charters: int, lines: int) -> None:
    """A few are slips, and each is named; an operator who brings last year's files reads one line of it."""
    for number in range(charters):
        write(project, f"{number}7kq4wt", day=f"2023-06-0{number + 1}")

    told = [problem.words for problem in build(project, WISHES)[1] if problem.rule == "long-past"]

    others = "" if lines > 1 else ", and 5 more like it"
    assert len(told) == lines
    assert told[0] == f"this charter was over on Thursday, June 1, 2023, and has no page any more{others}"
