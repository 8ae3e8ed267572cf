"""What there is to render, at which key, with which headers; and the board."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from support.example import charter_of, example, instant, projected, projector, with_booking

from castoff.contract.release import Site
from castoff.fleet.settings import addresses
from castoff.pages.board import board
from castoff.pages.keys import charter_pages, site_pages

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.pages.views import BoardView

BOOKING = "xhqgmdh"
PUBLIC = "max-age=0, must-revalidate, s-maxage=86400, stale-if-error=86400"


def test_a_charter_has_these_pages() -> None:
    """Guest page, calendar files, crew page and pages that go on, each with its headers, all of the booking."""
    pages = charter_pages(projected(example())[BOOKING])

    assert [(page.key, page.template, page.cache_control, page.content_type) for page in pages] == [
        ("g/boatsetter-may30.html", "guest.html", PUBLIC, "text/html; charset=utf-8"),
        ("g/boatsetter-may30.ics", None, PUBLIC, "text/calendar; charset=utf-8"),
        ("g/xhqgmdh-crew.html", "crew.html", "no-store", "text/html; charset=utf-8"),
        ("g/xhqgmdh-crew.ics", None, "no-store", "text/calendar; charset=utf-8"),
        ("g/xhqgmdh.html", "forward.html", PUBLIC, "text/html; charset=utf-8"),
        ("g/jada-may30.html", "forward.html", PUBLIC, "text/html; charset=utf-8"),
    ]
    assert {(page.site, page.booking) for page in pages} == {(Site.GUEST, BOOKING)}


def test_a_page_never_goes_on_to_itself() -> None:
    """An alias that is the slug, or a slug that is the id, makes no second page at the same key."""
    charter = with_booking(charter_of(example(), BOOKING), aliases=("boatsetter-may30",))

    pages = charter_pages(projector(example()).project(charter))

    assert [page.template for page in pages if page.key == "g/boatsetter-may30.html"] == ["guest.html"]
    assert len({page.key for page in pages}) == len(pages)


def test_a_retired_charter_has_no_pages() -> None:
    """Once retention says so, a charter has no page, and until then it has all of them."""
    charter, retention = charter_of(example(), BOOKING), example().settings.retention.pages
    end = charter.ends + retention

    kept = charter_pages(projector(example(), as_of=end - timedelta(minutes=1)).project(charter))
    gone = charter_pages(projector(example(), as_of=end).project(charter))

    assert len(kept) == 6
    assert gone == ()


def test_the_board_is_for_the_operator_and_plain_pages_for_both_sites() -> None:
    """The board is on the ops site and never stored; what is not found and thanks are on both."""
    pages = site_pages({"ops/index.html": _board(), "ops/2024-07.html": _board()})

    assert [(page.site.value, page.key, page.cache_control) for page in pages] == [
        ("ops", "ops/index.html", "no-store"),
        ("ops", "ops/2024-07.html", "no-store"),
        ("guest", "castoff/404.html", PUBLIC),
        ("guest", "castoff/thanks.html", PUBLIC),
        ("ops", "castoff/404.html", PUBLIC),
        ("ops", "castoff/thanks.html", PUBLIC),
    ]


def test_the_board_goes_by_day() -> None:
    """Bookings stand on their day by their starts; each day says when it is today; drafts and holds are not there."""
    view = _board()

    assert [(day.day, day.past, [entry.starts for entry in day.entries]) for day in view.days] == [
        ("Saturday, May 25, 2024", True, ["1 PM"]),
        ("Tuesday, May 28, 2024", False, ["10:30 AM", "5:30 PM"]),
        ("Thursday, May 30, 2024", False, ["9 AM"]),
        ("Saturday, June 1, 2024", False, ["10 AM", "5 PM"]),
        ("Sunday, June 2, 2024", False, ["11 AM"]),
        ("Wednesday, June 5, 2024", False, ["3 PM"]),
    ]
    assert (view.days[1].begins_iso, view.days[1].ends_iso) == (
        "2024-05-28T00:00:00-07:00",
        "2024-05-29T00:00:00-07:00",
    )


@pytest.mark.parametrize(("days", "shown"), [(6, True), (8, False)])
def test_the_board_forgets_after_a_week(days: int, shown: bool) -> None:  # noqa: FBT001 - a table's column
    """A charter that is over stays on the board for a week."""
    end = charter_of(example(), BOOKING).ends

    view = _board(later=end + timedelta(days=days) - _now())

    assert ("Thursday, May 30, 2024" in [day.day for day in view.days]) is shown


def _now() -> datetime:
    return instant(example())


def _board(*, later: timedelta = timedelta()) -> BoardView:
    rows = {booking: projection.carry.board for booking, projection in projected(example()).items()}
    sites = addresses(example().settings.targets["production"])
    return board(rows, as_of=_now() + later).sheets[0].view(sites)
