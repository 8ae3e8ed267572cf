"""Where a charter and its photos stand at an instant, and when that changes: to the second, whatever clocks do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.example import charter_of, example

from castoff.fleet.settings import Retention, Settings, Uploads
from castoff.pages.phase import CharterPhase, Standing, UploadPhase, course_of
from castoff.reading.zones import later, zone

DOCK = zone("America/Los_Angeles")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Charter:
    """A charter as far as phases know it."""

    boards: datetime
    starts: datetime
    ends: datetime
    cancelled: bool = False


def charter(starts: str, *, hours: int = 3) -> Charter:
    """Return a charter that starts at an instant of UTC, as the dock's clock shows it."""
    instant = datetime.fromisoformat(starts).replace(tzinfo=UTC).astimezone(DOCK)
    return Charter(later(instant, timedelta(minutes=-15)), instant, later(instant, timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("when", "phase", "photos", "until_next"),
    [
        (timedelta(days=-2), CharterPhase.BEFORE, UploadPhase.BEFORE, timedelta(hours=10)),
        (timedelta(hours=-38, seconds=-1), CharterPhase.BEFORE, UploadPhase.BEFORE, SECOND),
        (timedelta(hours=-38), CharterPhase.BEFORE, UploadPhase.OPEN, timedelta(hours=29)),
        (timedelta(hours=-9), CharterPhase.TODAY, UploadPhase.OPEN, timedelta(hours=8, minutes=45)),
        (timedelta(minutes=-15), CharterPhase.BOARDING, UploadPhase.OPEN, timedelta(minutes=15)),
        (timedelta(minutes=-1), CharterPhase.BOARDING, UploadPhase.OPEN, timedelta(minutes=1)),
        (timedelta(), CharterPhase.UNDER_WAY, UploadPhase.OPEN, timedelta(hours=3)),
        (timedelta(hours=3), CharterPhase.OVER, UploadPhase.OPEN, timedelta(days=14)),
        (timedelta(days=14, hours=3, seconds=-1), CharterPhase.OVER, UploadPhase.OPEN, SECOND),
        (timedelta(days=14, hours=3), CharterPhase.OVER, UploadPhase.CLOSED, timedelta(days=76)),
        (timedelta(days=90, hours=3), CharterPhase.RETIRED, UploadPhase.NONE, None),
    ],
)
def test_phases_follow_the_clock(
    when: timedelta, phase: CharterPhase, photos: UploadPhase, until_next: timedelta | None
) -> None:
    """A phase begins at its instant, a form stands a night before it is of use, and the next change is the next one."""
    example_charter, settings = charter_of(example(), "xhqgmdh"), example().settings
    as_of = example_charter.starts + when

    following = course_of(example_charter, settings).next_change(as_of)

    assert course_of(example_charter, settings).standing(as_of) == Standing(phase, photos)
    assert (following and following - as_of) == until_next


def test_a_cancelled_charter_asks_for_no_photos() -> None:
    """Neither a form nor a word of one, and no change because of them."""
    lost = replace(charter("2024-05-30 16:00"), cancelled=True)

    standings = {course_of(lost, Settings.model_construct()).standing(instant).photos for instant in all_around(lost)}

    assert standings == {UploadPhase.NONE}
    assert course_of(lost, Settings.model_construct()).next_change(lost.starts) == lost.ends


def all_around(found: Charter) -> list[datetime]:
    """Return instants from long before a charter until long after it."""
    return [found.starts + timedelta(hours=hours) for hours in range(-100, 24 * 100, 7)]


def test_pages_that_go_take_the_window_with_them() -> None:
    """Where retention is the shorter, nobody is told that sending goes on once the page is gone."""
    settings = Settings.model_construct(retention=Retention.model_construct(pages=timedelta(days=3)))
    found = charter("2024-05-30 16:00")

    assert course_of(found, settings).closes == (found.ends + timedelta(days=3)).timestamp()
    assert UploadPhase.CLOSED not in {
        course_of(found, settings).standing(instant).photos for instant in all_around(found)
    }


@pytest.mark.parametrize(
    ("description", "starts", "opens", "closes"),
    [
        ("an ordinary day", "2024-05-30 16:00", "2024-05-29T21:00:00-07:00", "2024-06-13T12:00:00-07:00"),
        ("clocks go forward in between", "2024-03-10 16:00", "2024-03-09T20:00:00-08:00", "2024-03-24T12:00:00-07:00"),
        (
            "opens in the hour that comes twice",
            "2024-11-03 21:30",
            "2024-11-03T01:30:00-08:00",
            "2024-11-17T16:30:00-08:00",
        ),
        (
            "clocks go back before it closes",
            "2024-10-25 16:00",
            "2024-10-24T21:00:00-07:00",
            "2024-11-08T11:00:00-08:00",
        ),
        ("over the end of the year", "2024-12-31 18:00", "2024-12-30T22:00:00-08:00", "2025-01-14T13:00:00-08:00"),
    ],
)
def test_a_window_is_of_real_hours(description: str, starts: str, opens: str, closes: str) -> None:
    """Twelve hours before the start and fourteen times twenty-four after the end, whatever clocks do in between."""
    course = course_of(charter(starts), Settings.model_construct())

    assert [course.shown(instant).isoformat() for instant in (course.opens, course.closes)] == [opens, closes], (
        description
    )


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    """Between a start in the second of them and one in the first lies an hour, though clocks show the same."""
    second = charter("2024-11-03 09:30")
    settings = Settings.model_construct()

    before = course_of(second, settings).standing(later(second.starts, -timedelta(minutes=15)))
    after = course_of(second, settings).standing(second.starts)

    assert (second.starts.fold, before.charter, after.charter) == (1, CharterPhase.BOARDING, CharterPhase.UNDER_WAY)


@given(
    minutes=st.integers(min_value=0, max_value=2 * 365 * 24 * 60),
    boards=st.integers(min_value=0, max_value=24 * 60),
    lasts=st.integers(min_value=1, max_value=100),
    opens=st.integers(min_value=0, max_value=72),
    closes=st.integers(min_value=0, max_value=400),
    stays=st.integers(min_value=0, max_value=400),
    next_run=st.integers(min_value=1, max_value=200),
    lost=st.sampled_from([{}, {"cancelled": True}]),
)
def test_nothing_changes_between_two_changes(  # noqa: PLR0917 - hypothesis names them
    minutes: int, boards: int, lasts: int, opens: int, closes: int, stays: int, next_run: int, lost: dict[str, bool]
) -> None:
    """From a change until the next the standing is one; it differs at each, and the last is the last."""
    first = (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(DOCK)
    found = Charter(later(first, timedelta(minutes=-boards)), first, later(first, timedelta(hours=lasts)), **lost)
    settings = Settings.model_construct(
        uploads=Uploads.model_construct(
            opens=timedelta(hours=opens), closes=timedelta(hours=closes), next_run=timedelta(hours=next_run)
        ),
        retention=Retention.model_construct(pages=timedelta(hours=stays)),
    )

    instants = course_of(found, settings).one_of_each()

    for instant, following in zip(instants, (*instants[1:], None), strict=True):
        assert course_of(found, settings).next_change(instant) == following
        if following is not None:
            last = later(following, -SECOND)
            assert course_of(found, settings).standing(instant) == course_of(found, settings).standing(last)
            assert course_of(found, settings).standing(last) != course_of(found, settings).standing(following)
    assert course_of(found, settings).standing(instants[-1]) == Standing(CharterPhase.RETIRED, UploadPhase.NONE)
