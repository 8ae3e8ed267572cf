"""The builder: whoever asks gets what the files made at that moment, and nobody waits for more than that."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from castoff.build import Build
from castoff.contract.release import Booking, File, Release, Site
from castoff.preview.builder import Builder, Built
from castoff.preview.stamps import Stamps
from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.contract.state import PublishedBooking

NOW = datetime(2024, 5, 28, 19, tzinfo=UTC)
WRONG = Problem("castoff.yaml", 1, 1, "wrong", "wrong")
PATIENCE = 10.0


@dataclass
class Project:
    """A project that is one word: its files, what builds it, and the clock; a build lasts until `gate` is open."""

    word: str = "one"
    changed: int = 0
    """When the word was last changed, in nanoseconds since 1970: long ago, unless a test says otherwise."""
    now: datetime = NOW
    standing: bool = True
    problem: bool = False
    next: str | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    told: list[Built] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    def look(self) -> Stamps:
        """Return the word as the stamp of a file."""
        return Stamps({self.word: (0,)}, {}, self.changed)

    def same(self, then: Stamps, now: Stamps) -> bool:
        """Tell whether the word is the same."""
        return then.files == now.files

    def make(self, clock: datetime, kept: Mapping[str, PublishedBooking]) -> tuple[Build | None, tuple[Problem, ...]]:
        """Build a page that holds the word; `wrong` has a problem, `broken` breaks the build itself."""
        word = self.word
        self.calls.append((word, tuple(kept)))
        self.begun.set()
        assert self.gate.wait(PATIENCE)
        match "wrong" if self.problem else word:
            case "wrong":
                return None, (WRONG,)
            case "broken":
                raise ZeroDivisionError("nothing goes into nothing")
            case _:
                return _built(word, clock - timedelta(days=self.standing), self.next), ()

    def clock(self) -> datetime:
        """Return the instant."""
        return self.now


def _built(word: str, as_of: datetime, change: str | None) -> Build:
    file = File(Site.GUEST, "g/page.html", word, len(word), "text/html", "no-store", "abcdefg")
    booking = Booking("abcdefg", "confirmed", word, "", change, "", "", None, None, {})
    release = Release(
        generator="",
        target="",
        commit="",
        as_of=as_of.isoformat(),
        next_run="",
        files={file.path: file},
        crew={},
        bookings={booking.id: booking},
        next="2024-05-29T00:00:00+00:00",
    )
    return Build(release, {file.path: word.encode()}, {})


@pytest.fixture
def project() -> Project:
    """Return a project of one word."""
    return Project()


@pytest.fixture
def builder(project: Project) -> Iterator[Builder]:
    """Return a builder of that project, started."""
    started = Builder(make=project.make, files=project, clock=project.clock, tell=project.told.append)
    started.start()
    yield started
    project.gate.set()
    started.close()


def word_of(builder: Builder, *, patience: float = PATIENCE) -> str:
    """Return the word that a request gets to see."""
    shown = builder.fresh(patience=patience)
    assert shown is not None
    assert shown.pages is not None
    return shown.pages.bodies["guest/g/page.html"].decode()


def test_the_first_request_waits_for_the_first_build(builder: Builder) -> None:
    """There is nothing half built to be seen."""
    assert word_of(builder) == "one"


def test_a_change_before_a_request_is_in_its_answer(project: Project, builder: Builder) -> None:
    """Without any event of the system: a request looks at the files itself."""
    words = [word_of(builder)]
    for project.word in ("two", "three"):
        words.append(word_of(builder))

    assert words == ["one", "two", "three"]


def test_without_a_change_nothing_is_built(project: Project, builder: Builder) -> None:
    """Requests and events that find the files as they were cost a look."""
    word_of(builder)
    for _ in range(5):
        builder.nudge()
        word_of(builder)

    assert len(project.calls) == 1


def test_a_change_during_a_build_starts_another(project: Project, builder: Builder) -> None:
    """A request that comes after it waits for the second build; one that came before is answered by the first."""
    word_of(builder)
    project.word = "two"
    project.gate.clear()
    project.begun.clear()
    builder.nudge()
    assert project.begun.wait(PATIENCE)
    project.word = "three"
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(word_of(builder)))
    asking.start()
    time.sleep(0.05)
    project.gate.set()
    asking.join(PATIENCE)

    assert answers == ["three"]
    assert [word for word, _ in project.calls] == ["one", "two", "three"]


def test_a_burst_of_events_is_one_build(project: Project, builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saving a file is several events in a row; the build waits until it is quiet, however slow this machine is."""
    word_of(builder)
    monkeypatch.setattr("castoff.preview.builder.QUIET", 0.5)
    monkeypatch.setattr("castoff.preview.builder.BURST", PATIENCE)
    for letter in "abcdefgh":
        project.word, project.changed = letter, time.time_ns()
        builder.nudge()
        time.sleep(0.02)

    assert word_of(builder) == "h"
    assert [word for word, _ in project.calls] == ["one", "h"]


def test_a_file_that_never_rests_keeps_nobody_waiting(project: Project, builder: Builder) -> None:
    """A log that is written into a folder of the project all the time delays builds for a moment, not for ever."""
    word_of(builder)
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            project.word, project.changed = f"{time.time_ns()}", time.time_ns()
            time.sleep(0.002)

    writing = threading.Thread(target=write)
    writing.start()
    shown = builder.fresh(patience=PATIENCE)
    ended.set()
    writing.join()

    assert shown is not None


def test_what_stays_broken_is_told_though_something_never_rests(project: Project, builder: Builder) -> None:
    """Doubt ends: files that change all the time do not keep a problem from being told."""
    word_of(builder)
    ended = threading.Event()
    project.problem = True

    def write() -> None:
        while not ended.is_set():
            project.word, project.changed = f"{time.time_ns()}", time.time_ns()
            time.sleep(0.002)

    writing = threading.Thread(target=write)
    writing.start()
    shown = builder.fresh(patience=PATIENCE)
    ended.set()
    writing.join()

    assert shown is not None
    assert shown.problems == (WRONG,)


def test_what_is_broken_while_it_is_written_is_not_shown(project: Project, builder: Builder) -> None:
    """A file found broken in its first moments is looked at again before anybody is told."""
    word_of(builder)
    project.word, project.changed = "wrong", time.time_ns()
    project.begun.clear()
    builder.nudge()
    assert project.begun.wait(PATIENCE)
    project.word, project.changed = "whole", time.time_ns()

    assert word_of(builder) == "whole"
    assert [built.shown.problems for built in project.told] == [(), ()]


def test_problems_leave_the_pages_as_they_were(project: Project, builder: Builder) -> None:
    """What is wrong is told, beneath it stands the last good page, and mended files make it go."""
    before = word_of(builder)
    project.word = "wrong"
    beneath = word_of(builder)
    problems = builder.shown.problems
    project.word = "two"
    after = word_of(builder)

    assert (before, beneath, after) == ("one", "one", "two")
    assert problems == (WRONG,)
    assert builder.shown.problems == ()


def test_problems_are_found_in_all_files(project: Project, builder: Builder) -> None:
    """An error among few files is told as a check tells it, which reads them all."""
    word_of(builder)
    project.word = "wrong"
    word_of(builder)

    assert project.calls == [("one", ()), ("wrong", ("abcdefg",)), ("wrong", ())]


def test_a_fault_of_ours_ends_nothing(project: Project, builder: Builder) -> None:
    """It is told in a line, and whole to whoever listens; the next build is made as if nothing had been."""
    word_of(builder)
    project.word = "broken"
    beneath = word_of(builder)
    report = builder.shown.report
    project.word = "two"

    assert beneath == "one"
    assert report == "castoff itself broke over these files: ZeroDivisionError: nothing goes into nothing"
    assert isinstance(project.told[-1].error, ZeroDivisionError)
    assert word_of(builder) == "two"


@pytest.mark.parametrize("error", [BrokenPipeError("the terminal is gone"), ZeroDivisionError("ours")])
def test_a_teller_that_fails_is_not_asked_again(project: Project, error: Exception) -> None:
    """With the terminal gone, pages are as fresh as before."""
    asked: list[Built] = []

    def tell(built: Built) -> None:
        asked.append(built)
        raise error

    builder = Builder(make=project.make, files=project, clock=project.clock, tell=tell)
    builder.start()
    words = [word_of(builder)]
    for project.word in ("two", "three"):
        words.append(word_of(builder))
    builder.close()

    assert words == ["one", "two", "three"]
    assert len(asked) == 1


def test_what_breaks_beside_a_build_leaves_the_builder_alive(project: Project) -> None:
    """Whoever asks is answered all the same, with the page of before, and the next build is made."""
    broken = threading.Event()

    def clock() -> datetime:
        if broken.is_set():
            raise ZeroDivisionError("nothing goes into nothing")
        return NOW

    builder = Builder(make=project.make, files=project, clock=clock, tell=project.told.append)
    builder.start()
    words = [word_of(builder)]
    broken.set()
    project.word = "two"
    words.append(word_of(builder))
    broken.clear()
    words.append(word_of(builder))
    builder.close()

    assert words == ["one", "one", "two"]


def test_patience_ends(project: Project, builder: Builder) -> None:
    """Whoever waits for a build that does not end goes away without one."""
    word_of(builder)
    project.gate.clear()
    project.word = "two"

    assert builder.fresh(patience=0.05) is None


def test_closing_lets_everybody_go(project: Project, builder: Builder) -> None:
    """Ctrl-C during a build leaves nobody waiting for it."""
    word_of(builder)
    project.gate.clear()
    project.word = "two"
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(builder.fresh(patience=PATIENCE)))
    asking.start()
    time.sleep(0.05)
    builder.close()
    asking.join(1)

    assert answers == [None]


@pytest.mark.parametrize(
    ("standing", "change", "passed", "builds"),
    [
        (False, "2024-05-28T20:00:00+00:00", timedelta(minutes=59), 1),
        (False, "2024-05-28T20:00:00+00:00", timedelta(minutes=60), 2),
        (False, None, timedelta(hours=4), 1),
        (False, None, timedelta(hours=5), 2),
        (True, "2024-05-28T20:00:00+00:00", timedelta(days=300), 1),
    ],
    ids=["before a change", "at a change", "the same day", "the next day", "a clock that stands still"],
)
def test_time_alone_makes_a_page_old(*, standing: bool, change: str | None, passed: timedelta, builds: int) -> None:
    """What words itself by the clock is built anew when its time has come, unless the clock stands still."""
    project = Project(standing=standing, next=change)
    builder = Builder(make=project.make, files=project, clock=project.clock, tell=project.told.append)
    builder.start()
    word_of(builder)
    project.now += passed
    word_of(builder)
    builder.close()

    assert len(project.calls) == builds
