"""The dashboard's calendar: one entry per booking, and a feed that a calendar program reads."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from support.calendars import first_events, lines_of, second_events

from castoff.contract.calendar import plain
from lambdas.dashboard.entry import Entry
from lambdas.dashboard.feed import feed

YEAR = (datetime(1900, 1, 3), datetime(2199, 12, 1))  # noqa: DTZ001 - the offset is drawn beside it
NOW = datetime(2024, 5, 28, 12, tzinfo=UTC)
PLAIN = {"date": "2024-05-30", "event_type": "charter", "booking_id": "xhqgmdh"}
FULL = PLAIN | {
    "title": "Jada, Dana R., 6 guests",
    "starts": "2024-05-30T09:00:00-07:00",
    "ends": "2024-05-30T12:00:00-07:00",
    "vessel": "Jada",
    "dock": "Sheraton Marina",
    "captain": "Ana Ruiz",
    "crew": ["Ben Ito", "Cora Lind"],
    "guest_count": 6,
    "status": "confirmed",
    "source": "boatsetter",
    "guest_page": "https://queenofsandiego.com/g/jada-guest-xhqgmdh",
    "crew_page": "https://queenofsandiego.com/g/xhqgmdh-crew",
}
FINANCE = {"revenue": 840.75, "captain_fee": 150, "crew_cost": 250.0, "net_to_captain": 289.41}


def entries(dashboard: TestClient, query: str = "") -> list[Any]:
    """Return the calendar's entries without what the service adds."""
    found = dashboard.get(f"/calendar{query}").json()["entries"]
    return [{name: entry[name] for name in entry if name not in {"revision", "updated"}} for entry in found]


def test_the_plain_body_is_enough(dashboard: TestClient) -> None:
    """Day, kind and booking make an entry, and the same again leaves one."""
    answers = [dashboard.post("/calendar", json=PLAIN) for _ in range(2)]

    assert [(answer.status_code, answer.json()["revision"]) for answer in answers] == [(200, 1), (200, 1)]
    assert entries(dashboard) == [PLAIN]


def test_an_entry_is_replaced_whole(dashboard: TestClient) -> None:
    """What is sent is what stands: a change raises the revision, and what is left out is gone."""
    first = dashboard.put("/calendar/xhqgmdh", json=FULL)
    second = dashboard.put("/calendar/xhqgmdh", json=PLAIN | {"title": "Jada"})

    assert [answer.json()["revision"] for answer in (first, second)] == [1, 2]
    assert entries(dashboard) == [PLAIN | {"title": "Jada"}]


def test_another_day_moves_the_entry(dashboard: TestClient) -> None:
    """A booking that moves to another day leaves nothing on the old one."""
    dashboard.put("/calendar/xhqgmdh", json=FULL)
    dashboard.put("/calendar/xhqgmdh", json=FULL | {"date": "2024-06-02"})

    assert entries(dashboard, "?to=2024-05-31") == []
    assert entries(dashboard) == entries(dashboard, "?from=2024-06-01") == [FULL | {"date": "2024-06-02"}]


def test_money_stands_only_while_it_is_sent(dashboard: TestClient, dynamodb: Any, table_name: str) -> None:
    """Figures are stored as they were sent, and the next entry without them leaves none behind."""
    dashboard.put("/calendar/xhqgmdh", json=FULL | {"finance": FINANCE})
    with_money = entries(dashboard)
    again = dashboard.put("/calendar/xhqgmdh", json=FULL | {"finance": FINANCE}).json()["revision"]
    fed = dashboard.get("/calendar.ics").text
    dashboard.put("/calendar/xhqgmdh", json=FULL)

    assert with_money == [FULL | {"finance": FINANCE}]
    assert again == 1
    assert "840.75" not in fed
    assert entries(dashboard) == [FULL]
    assert "840.75" not in str(dynamodb.scan(TableName=table_name)["Items"])


def test_a_removed_entry_is_gone(dashboard: TestClient) -> None:
    """Removing twice is removing once; an entry that comes back goes on counting its revisions."""
    dashboard.put("/calendar/xhqgmdh", json=FULL)

    removed = [dashboard.delete("/calendar/xhqgmdh") for _ in range(2)]

    assert [answer.json() for answer in removed] == [{"booking_id": "xhqgmdh", "removed": True}] * 2
    assert entries(dashboard) == entries(dashboard, "?booking_id=xhqgmdh") == []
    assert dashboard.delete("/calendar/abcdefg").status_code == 404
    assert dashboard.put("/calendar/xhqgmdh", json=FULL).json()["revision"] == 3


def test_entries_are_found_by_day_and_booking(dashboard: TestClient) -> None:
    """A range includes both its days, in order; a booking is found by its id, within a range if one is given."""
    for booking, day in (("ccccccc", "2024-06-03"), ("aaaaaaa", "2024-06-01"), ("bbbbbbb", "2024-06-02")):
        dashboard.post("/calendar", json=PLAIN | {"booking_id": booking, "date": day})

    def found(query: str) -> list[str]:
        return [entry["booking_id"] for entry in entries(dashboard, query)]

    assert found("") == ["aaaaaaa", "bbbbbbb", "ccccccc"]
    assert found("?from=2024-06-02") == ["bbbbbbb", "ccccccc"]
    assert found("?to=2024-06-02") == ["aaaaaaa", "bbbbbbb"]
    assert found("?from=2024-06-02&to=2024-06-02") == ["bbbbbbb"]
    assert found("?booking_id=ccccccc") == ["ccccccc"]
    assert found("?booking_id=ccccccc&to=2024-06-02") == []


@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        pytest.param("/calendar/abcdefg", {}, "booking_id", id="another booking in the path"),
        pytest.param("/calendar/xhqgmdh", {"date": "30 May"}, "date", id="no day"),
        pytest.param("/calendar/xhqgmdh", {"date": "2024-02-30"}, "date", id="a day that is not"),
        pytest.param("/calendar/xhqgmdh", {"title": "a\r\nb"}, "title", id="two lines"),
        pytest.param("/calendar/xhqgmdh", {"finance": {"revenue": "a lot"}}, "finance.revenue", id="no figure"),
        pytest.param("/calendar/xhqgmdh", {"finance": {"revenue": 1e300}}, "finance.revenue", id="huge figure"),
        pytest.param("/calendar/xhqgmdh", {"captian": "Ana"}, "captian", id="unknown field"),
        pytest.param("/calendar/xhqgmdh", {"ends": "2024-05-30T08:00:00-07:00"}, None, id="ends before it starts"),
    ],
)
def test_each_field_is_checked(dashboard: TestClient, path: str, *, changes: dict[str, Any], field: str | None) -> None:
    """An entry that is not what it should be is refused by the name of its field, and nothing is stored."""
    answer = dashboard.put(path, json=FULL | changes)

    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (422, "invalid_field", field)
    assert entries(dashboard) == []


def test_the_feed_is_read_by_a_calendar_program(dashboard: TestClient, hours: dict[str, datetime]) -> None:
    """The feed names time, place and people of each charter, without a scheduled time the whole day."""
    dashboard.put("/calendar/xhqgmdh", json=FULL)
    dashboard.post("/calendar", json=PLAIN | {"booking_id": "abcdefg", "date": "2024-06-01"})
    dashboard.post("/calendar", json=PLAIN | {"booking_id": "longago", "date": "2024-03-01"})

    answer = dashboard.get("/calendar.ics")

    events: Any = Calendar.from_ical(answer.content).walk("VEVENT")
    timed, whole = events
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert timed["UID"] == "xhqgmdh-ops@calendar.castoff.invalid"
    assert timed["DTSTART"].dt == datetime(2024, 5, 30, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert timed["DTSTAMP"].dt == hours["now"]
    assert (timed["SUMMARY"], timed["LOCATION"]) == ("Jada, Dana R., 6 guests", "Sheraton Marina")
    assert "Crew: Ben Ito, Cora Lind" in timed["DESCRIPTION"]
    assert (whole["DTSTART"].dt, whole["DTEND"].dt) == (date(2024, 6, 1), date(2024, 6, 2))


def test_the_feed_keeps_its_lines() -> None:
    """Every line ends in CRLF and holds at most 75 octets, whatever is in it."""
    facts = PLAIN | {"title": "Ünïcödé, ⛵; \\ " * 20, "dock": "x" * 300}

    text = feed([Entry(facts, 1, NOW)])

    lines = text.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in b"".join(lines)
    assert first_events(text)[0]["SUMMARY"] == facts["title"]


@pytest.mark.parametrize(
    ("facts", "status", "busy"),
    [
        ({"status": "confirmed"}, "CONFIRMED", "OPAQUE"),
        ({"status": "hold"}, "TENTATIVE", "OPAQUE"),
        ({"status": "cancelled"}, "CANCELLED", "TRANSPARENT"),
        ({}, "CONFIRMED", "OPAQUE"),
    ],
)
def test_the_feed_says_what_becomes_of_a_charter(facts: dict[str, Any], status: str, busy: str) -> None:
    """A hold is not certain yet, and what is cancelled takes no time; nobody's phone rings for it."""
    text = feed([Entry(PLAIN | facts, 3, NOW)])

    event = first_events(text)[0]

    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == (status, busy, 2)
    assert str(event["SUMMARY"]).startswith("Cancelled: ") == (status == "CANCELLED")
    assert "VALARM" not in text
    assert "METHOD" not in text


def test_the_feed_is_asked_for_often() -> None:
    """Both ways of saying so stand in it: some programs ask once a week otherwise."""
    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"} <= set(lines_of(feed([])))


def test_the_feed_leads_to_a_page_that_opens() -> None:
    """The address of an entry is the guest's page: the crew's opens for the charter's own crew alone."""
    event = first_events(feed([Entry(FULL, 1, NOW)]))[0]

    assert event["URL"] == FULL["guest_page"]
    assert f"Crew page: {FULL['crew_page']}" in event["DESCRIPTION"]


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                **{name: st.text(max_size=120) for name in ("title", "dock", "vessel", "captain", "status", "source")},
                "crew": st.lists(st.text(max_size=60), max_size=3),
                "guest_count": st.integers(0, 1000),
                "times": st.tuples(st.datetimes(YEAR[0], YEAR[1]), st.integers(-840, 840), st.integers(0, 5000)),
            },
        ),
        max_size=4,
    )
)
def test_two_programs_read_any_feed(found: list[dict[str, Any]]) -> None:
    """Whatever entries say, both read as many events, at their instants, with their words."""
    entries = [_entry(f"abcde{number:02}", dict(facts)) for number, facts in enumerate(found)]

    text = feed(entries)

    first, second = first_events(text), second_events(text)
    assert [str(event["UID"]) for event in first] == [event.uid for event in second]
    assert [event.summary for event in second] == [plain(entry.facts.get("title") or "charter") for entry in entries]
    for entry, one, other in zip(entries, first, second, strict=True):
        assert one.start == other.dtstart
        if "starts" in entry.facts:
            assert one.start == datetime.fromisoformat(entry.facts["starts"])


def _entry(booking: str, facts: dict[str, Any]) -> Entry:
    if "times" in facts:
        wall, offset, minutes = facts.pop("times")
        starts = wall.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
        facts |= {"starts": starts.isoformat(), "ends": (starts + timedelta(minutes=minutes)).isoformat()}
    return Entry(PLAIN | {"booking_id": booking} | facts, 1, NOW)
