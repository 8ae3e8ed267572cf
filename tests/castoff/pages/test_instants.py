"""Every instant at which a charter's files change is known beforehand, wherever its clocks are and whatever they do."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from support.example import charter_of, example, renderer, with_booking

from castoff.fleet.model import Cancellation, Status
from castoff.fleet.settings import Retention, Uploads, addresses
from castoff.pages.keys import charter_pages
from castoff.pages.phase import CharterPhase, course_of
from castoff.pages.projection import Projection, Projector
from castoff.reading.zones import later, zone

if TYPE_CHECKING:
    from castoff.fleet.charter import Charter
    from castoff.fleet.settings import Settings
    from castoff.pages.render import Renderer

SECOND = timedelta(seconds=1)
STARTS = (
    *("2024-03-10T10:00", "2024-11-03T08:30", "2024-11-03T09:30"),  # clocks go on and back in California
    *("2024-04-06T15:00", "2024-10-05T15:30"),  # by half an hour in Lord Howe
    *("2024-03-31T01:00", "2024-10-27T00:30"),  # in Ireland
    *("2024-03-10T05:00", "2024-11-03T04:30", "2024-09-08T04:00", "2024-04-07T03:00"),  # at midnight: Havana, Santiago
    *("2024-12-31T23:59", "2025-01-01T00:00", "2024-02-29T08:00", "2024-02-28T23:30", "2099-12-31T20:00"),
)
ZONES = (
    *("America/Los_Angeles", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Havana"),
    *("America/Santiago", "Pacific/Apia", "UTC"),
)
CANCELLED = Cancellation.model_validate({"on": "2024-05-28", "why": "weather"})


@dataclass(frozen=True)
class Case:
    """A charter of its own settings."""

    charter: Charter
    settings: Settings

    def projection(self, as_of: datetime) -> Projection:
        """Return what its audiences see at an instant."""
        fleet = replace(example(), settings=self.settings)
        sites = addresses(self.settings.targets["production"])
        return Projector(fleet, addresses=sites, as_of=as_of).project(self.charter)

    def files(self, as_of: datetime) -> dict[str, tuple[bytes, Any]]:
        """Return its files at an instant, pages and calendars, with their slots."""
        pages = charter_pages(self.projection(as_of))
        return {page.key: (press().render(page), page.slots) for page in pages}


@lru_cache(maxsize=1)
def press() -> Renderer:
    """Return what renders the example's pages."""
    return renderer(example())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a charter: near the nights in which clocks change, over midnight or days long, with odd settings."""
    at = zone(draw(st.sampled_from(ZONES)))
    hours = st.integers(0, 60).map(lambda hours: timedelta(hours=hours))
    starts = datetime.fromisoformat(draw(st.sampled_from(STARTS))).replace(tzinfo=UTC)
    starts = (starts + timedelta(minutes=draw(st.integers(-180, 180)))).astimezone(at)
    status = draw(st.sampled_from([Status.CONFIRMED, Status.CANCELLED]))
    cancelled = CANCELLED if status is Status.CANCELLED else None
    charter = replace(
        with_booking(charter_of(example(), "xhqgmdh"), status=status, cancelled=cancelled),
        starts=starts,
        ends=later(starts, timedelta(minutes=draw(st.integers(1, 2000)))),
        boards=later(starts, -timedelta(minutes=draw(st.sampled_from([0, 15, 90, 1500])))),
        calls=later(starts, -timedelta(minutes=draw(st.integers(0, 600)))),
    )
    uploads = Uploads.model_construct(opens=draw(hours), closes=draw(hours) * 6, next_run=draw(hours) + SECOND)
    retention = Retention.model_construct(pages=draw(hours) * 12)
    changed = {"timezone": at.key, "uploads": uploads, "retention": retention}
    return Case(charter, example().settings.model_copy(update=changed))


@given(case=cases(), minutes=st.lists(st.integers(-150 * 60, 800 * 60), min_size=4, max_size=8), share=st.floats(0, 1))
def test_between_two_changes_no_byte_changes(case: Case, minutes: list[int], share: float) -> None:
    """Pages, calendar files, slots and what goes to the services are one until the instant that was named."""
    lasts = case.charter.ends.astimezone(UTC) - case.charter.starts.astimezone(UTC)
    probes = [later(case.charter.starts, timedelta(minutes=one)) for one in minutes]
    probes += [
        case.charter.ends,
        later(case.charter.ends, lasts),
        *course_of(case.charter, case.settings).one_of_each(),
    ]

    for as_of in probes:
        projection, files = case.projection(as_of), case.files(as_of)
        until = projection.next_change or as_of + timedelta(days=4000)
        for moment in (
            later(as_of, (until.astimezone(UTC) - as_of.astimezone(UTC)) * (share / 2)),
            later(until, -SECOND),
        ):
            again = case.projection(moment)

            assert case.files(moment) == files
            assert (again.standing, again.next_change) == (projection.standing, projection.next_change)
            assert (again.event, again.calendar, again.carry) == (
                projection.event,
                projection.calendar,
                projection.carry,
            )


@given(case=cases())
def test_at_each_change_something_does(case: Case) -> None:
    """No instant is named in vain: there the standing is another, and at the last one the pages are gone."""
    instants = course_of(case.charter, case.settings).one_of_each()

    for instant in instants[1:]:
        before, after = case.projection(later(instant, -SECOND)), case.projection(instant)

        assert before.next_change == instant
        assert before.standing != after.standing
    assert case.projection(instants[-1]).next_change is None
    assert case.files(instants[-1]) == {}


class Words(HTMLParser):
    """The words of a page, in lower case, as they are read where no script runs."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.feed(page.decode())

    def handle_data(self, data: str) -> None:
        """Note what is said."""
        self.said.update(re.findall(r"[a-z]+", data.lower()))


@given(case=cases())
def test_no_page_says_by_itself_what_time_makes_false(case: Case) -> None:
    """A page may lie there for days, so none says `today` but by a script that looks at a clock."""
    course = course_of(case.charter, case.settings)
    pages = [page for instant in course.one_of_each() for page in charter_pages(case.projection(instant))]

    told = {word for page in pages if page.template for word in Words(press().render(page)).said}

    assert told & {"today", "tomorrow", "tonight", "now", "yesterday", "currently", "soon", "ago"} == set()


def test_the_day_begins_with_the_day_of_boarding() -> None:
    """Who boards at ten to midnight is to come that day, not the next one."""
    at = zone("America/Los_Angeles")
    starts = datetime(2024, 5, 31, 0, 5, tzinfo=at)
    charter = replace(
        charter_of(example(), "xhqgmdh"),
        starts=starts,
        ends=later(starts, timedelta(hours=3)),
        boards=later(starts, -SECOND * 900),
    )

    course = course_of(charter, example().settings)

    assert course.shown(course.today) == datetime(2024, 5, 30, tzinfo=at)
    assert course.standing(datetime(2024, 5, 30, 12, tzinfo=at)).charter is CharterPhase.TODAY
