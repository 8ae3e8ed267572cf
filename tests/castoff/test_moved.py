"""The example site moved in time: as sound around any hour as around its own, with a charter under way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from castoff.example import moved_bookings, moved_settings
from castoff.fleet.charters import parse_project
from castoff.fleet.settings import parse_settings
from castoff.fleet.sources import read_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from castoff.fleet.charter import Charter

ZONE = ZoneInfo("America/Los_Angeles")
HOURS = [
    ("noon in summer", "2026-07-14T19:00:00+00:00"),
    ("midnight at the dock", "2026-11-21T08:00:00+00:00"),
    ("late evening", "2026-11-21T07:59:00+00:00"),
    ("the hour that is skipped in spring", "2027-03-14T10:30:00+00:00"),
    ("the hours that come twice in autumn", "2026-11-01T09:30:00+00:00"),
    ("charters half an hour after clocks changed", "2026-11-01T11:30:00+00:00"),
    ("the last day of the year", "2026-12-31T20:00:00+00:00"),
    ("a leap day", "2028-02-29T20:00:00+00:00"),
]


@pytest.fixture
def charters(checkout: Path) -> Callable[[datetime], tuple[Charter, ...]]:
    """Return a function that gives the example's charters around an instant."""
    sources = read_sources(checkout)
    settings = parse_settings((sources.settings or b"").decode(), "castoff.yaml").value
    assert settings is not None
    before = settings.standing_clock
    assert before is not None

    def around(now: datetime) -> tuple[Charter, ...]:
        texts = {name: text.decode() for name, text in sources.bookings.items()}
        bookings = moved_bookings(texts, before=before, now=now, zone=ZONE)
        moved = moved_settings((sources.settings or b"").decode())
        project = type(sources)(
            settings=moved.encode(),
            bookings={name: text.encode() for name, text in bookings.items()},
            content=sources.content,
            pictures=sources.pictures,
            problems=(),
        )
        fleet, problems = parse_project(project)
        assert problems == ()
        assert fleet is not None
        assert fleet.settings.as_of is None
        return fleet.charters

    return around


@pytest.mark.parametrize(("description", "now"), HOURS, ids=[row[0] for row in HOURS])
def test_example_is_sound_around_any_hour(
    charters: Callable[[datetime], tuple[Charter, ...]], description: str, now: str
) -> None:
    """No problem, one charter under way, one within a week to come, two on one day, one cancelled, one on hold."""
    instant = datetime.fromisoformat(now).astimezone(UTC)

    found = charters(instant)

    sailing = [charter for charter in found if charter.booking.status == "confirmed"]
    days = [charter.starts.date() for charter in sailing]
    assert [charter.id for charter in sailing if charter.starts <= instant < charter.ends] == ["c7rm4qx"], description
    assert any(3 < (charter.starts - instant).days < 10 for charter in sailing)
    assert len(set(days)) < len(days)
    assert {"cancelled", "hold"} < {str(charter.booking.status) for charter in found}
