"""Conflicts: one vessel booked twice at the same time, seen in lists, entries and the feed."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from lambdas.dashboard.conflicts import MOST, find_conflicts

ZONE = ZoneInfo("America/Los_Angeles")
DAY = "2024-05-30"


def charter(booking: str, starts: str | None = "09:00", ends: str | None = "12:00", **more: Any) -> dict[str, Any]:
    """Return the facts of a charter that day aboard Jada, at no certain time where there is none."""
    entry = {"booking_id": booking, "event_type": "charter", "date": DAY, "vessel": "Jada"}
    named = {"starts": starts, "ends": ends}
    times = {name: f"{DAY}T{clock}:00-07:00" for name, clock in named.items() if clock}
    return {name: value for name, value in {**entry, **times, **more}.items() if value is not None}


WHOLE_DAY = {"starts": None, "ends": None}
IN_CONFLICT = {"aaaaaaa": ("bbbbbbb",), "bbbbbbb": ("aaaaaaa",)}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        pytest.param({}, {}, IN_CONFLICT, id="the same time"),
        pytest.param({}, {"starts": "11:59", "ends": "15:00"}, IN_CONFLICT, id="a minute in common"),
        pytest.param({}, {"starts": "10:00", "ends": "11:00"}, IN_CONFLICT, id="one within the other"),
        pytest.param({}, {"starts": "12:00", "ends": "15:00"}, {}, id="one after the other"),
        pytest.param({}, {"vessel": "Alma"}, {}, id="two vessels"),
        pytest.param({"vessel": None}, {"vessel": None}, {}, id="no vessel"),
        pytest.param({}, {"status": "Cancelled"}, {}, id="cancelled, in capitals"),
        pytest.param({}, {"status": "canceled"}, {}, id="canceled"),
        pytest.param({}, {"vessel": "jada "}, IN_CONFLICT, id="a vessel spelt in two ways"),
        pytest.param({}, {"status": "cancelled"}, {}, id="one is cancelled"),
        pytest.param({}, {"status": "hold"}, IN_CONFLICT, id="one is a hold"),
        pytest.param({}, WHOLE_DAY, IN_CONFLICT, id="a day without times"),
        pytest.param({}, {**WHOLE_DAY, "date": "2024-05-31"}, {}, id="the day after"),
        pytest.param(
            {"starts": "22:00", "ends": "23:30"},
            {**WHOLE_DAY, "date": "2024-05-31"},
            {},
            id="late, by the docks' clock",
        ),
        pytest.param(
            {"ends": None, "starts": None}, {**WHOLE_DAY, "event_type": "maintenance"}, IN_CONFLICT, id="two days"
        ),
    ],
)
def test_two_entries_are_in_conflict_or_not(one: Any, other: Any, found: Any) -> None:
    """A vessel is in one place at a time; what is cancelled, or begins as another ends, is in nobody's way."""
    entries = [charter("aaaaaaa", **one), charter("bbbbbbb", **other)]

    assert [find_conflicts(order, ZONE) for order in permutations(entries)] == [found, found]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40), st.sampled_from(["Jada", "Alma"])), max_size=25))
def test_conflicts_are_those_of_every_pair(drawn: list[tuple[int, int, str]]) -> None:
    """The quick way finds what comparing each with each finds, and both sides of it."""
    begin = datetime(2024, 5, 30, tzinfo=UTC)
    spans = [(begin + timedelta(hours=at), begin + timedelta(hours=at + 1 + lasts), name) for at, lasts, name in drawn]
    entries = [
        charter(f"b{number:02}", vessel=name) | {"starts": starts.isoformat(), "ends": ends.isoformat()}
        for number, (starts, ends, name) in enumerate(spans)
    ]

    found = find_conflicts(entries, ZONE)

    for number, (starts, ends, name) in enumerate(spans):
        others = [
            f"b{at:02}"
            for at, (a, b, of) in enumerate(spans)
            if at != number and of == name and a < ends and starts < b
        ]
        told = found.get(f"b{number:02}", ())
        assert set(told) <= set(others)
        assert len(told) == min(len(others), MOST)


def test_ten_thousand_at_once_are_told_quickly() -> None:
    """Whoever books one vessel ten thousand times for one hour hears of twenty conflicts each, in about a second."""
    entries = [charter(f"b{number:05}") for number in range(10_000)]

    found = find_conflicts(entries, ZONE)

    assert {len(others) for others in found.values()} == {MOST}
    assert len(found) == len(entries)


def sent(dashboard: TestClient, booking: str, **more: Any) -> dict[str, Any]:
    """Write an entry and return its answer."""
    answer = dashboard.put(f"/calendar/{booking}", json=charter(booking, **more))
    assert answer.status_code == 200, answer.text
    entry: dict[str, Any] = answer.json()
    return entry


def test_answers_name_conflicts_on_both_sides(dashboard: TestClient) -> None:
    """Whoever writes the second sees it at once, whoever reads either sees it, and it ends with its cause."""
    first = sent(dashboard, "aaaaaaa")
    second = sent(dashboard, "bbbbbbb", starts="11:00", ends="14:00")
    both = dashboard.get("/calendar").json()["entries"]
    alone = dashboard.get("/calendar?booking_id=aaaaaaa").json()["entries"]
    sent(dashboard, "bbbbbbb", starts="11:00", ends="14:00", status="cancelled")
    after = dashboard.get("/calendar").json()["entries"]

    assert [entry["conflicts"] for entry in (first, second, *both, *alone)] == [
        *([], ["aaaaaaa"]),
        *(["bbbbbbb"], ["aaaaaaa"]),
        ["bbbbbbb"],
    ]
    assert [entry["conflicts"] for entry in after] == [[], []]


def test_a_conflict_reaches_beyond_the_page(dashboard: TestClient) -> None:
    """What began on a day before the range, or stands on another page, is found as well."""
    long = {"date": "2024-05-22", "starts": "2024-05-22T09:00:00-07:00", "ends": "2024-05-31T09:00:00-07:00"}
    dashboard.put("/calendar/longone", json=charter("longone") | long)
    sent(dashboard, "aaaaaaa")
    sent(dashboard, "bbbbbbb")

    ranged = dashboard.get("/calendar?from=2024-05-30&to=2024-05-30&limit=1").json()

    assert [entry["conflicts"] for entry in ranged["entries"]] == [["bbbbbbb", "longone"]]
    assert ranged["next"] == "2024-05-30#bbbbbbb"


def test_the_feed_shows_a_conflict(dashboard: TestClient) -> None:
    """A phone shows it in the line that is read, and says with whom beneath."""
    sent(dashboard, "aaaaaaa", title="Jada, Dana R.")
    sent(dashboard, "bbbbbbb", title="Jada, Kim O.")
    path = dashboard.post("/calendar/feeds", json={"label": "Ana"}).json()["path"]

    text = dashboard.get(path).text.replace("\r\n ", "")

    assert "SUMMARY:Conflict: Jada\\, Dana R." in text
    assert "DESCRIPTION:Conflict: the vessel is booked for bbbbbbb at the same time\\n" in text
