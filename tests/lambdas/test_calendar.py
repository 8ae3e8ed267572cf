"""The dashboard's calendar: one entry per booking, and a feed that a calendar program reads."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from support.calendars import first_events, lines_of, second_events

from castoff.contract.calendar import plain
from lambdas.dashboard.calendar import Calendar as DashboardCalendar
from lambdas.dashboard.entry import Entry
from lambdas.dashboard.feed import feed, whole_feed
from lambdas.dashboard.paging import page_of, wire_size
from lambdas.service.table import Table

MONEY_TOKEN = "the-token-of-who-sees-money-in-this-test"
OWN = {"revision", "updated", "conflicts"}
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


def entries(dashboard: TestClient, query: str = "", **headers: str) -> list[Any]:
    """Return the calendar's entries without what the service adds."""
    found = dashboard.get(f"/calendar{query}", headers=headers).json()["entries"]
    return [{name: entry[name] for name in entry if name not in OWN} for entry in found]


@pytest.fixture
def fed(dashboard: TestClient) -> Callable[[], Response]:
    """Return what reads a feed made for this test."""
    path = dashboard.post("/calendar/feeds", json={"label": "Ana's phone"}).json()["path"]
    return lambda: dashboard.get(path, headers={"X-Dashboard-Token": ""})


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
    moved = {"date": "2024-06-02", "starts": "2024-06-02T09:00:00-07:00", "ends": "2024-06-02T12:00:00-07:00"}
    dashboard.put("/calendar/xhqgmdh", json=FULL | moved)

    assert entries(dashboard, "?to=2024-05-31") == []
    assert entries(dashboard) == entries(dashboard, "?from=2024-06-01") == [FULL | moved]


def test_money_stands_only_while_it_is_sent(dashboard: TestClient, dynamodb: Any, table_name: str) -> None:
    """Figures are stored as they were sent, and the next entry without them leaves none behind."""
    dashboard.put("/calendar/xhqgmdh", json=FULL | {"finance": FINANCE})
    with_money = entries(dashboard, **{"X-Dashboard-Token": MONEY_TOKEN})
    again = dashboard.put("/calendar/xhqgmdh", json=FULL | {"finance": FINANCE}).json()["revision"]
    dashboard.put("/calendar/xhqgmdh", json=FULL)

    assert with_money == [FULL | {"finance": FINANCE}]
    assert again == 1
    assert entries(dashboard, **{"X-Dashboard-Token": MONEY_TOKEN}) == [FULL]
    assert "840.75" not in str(dynamodb.scan(TableName=table_name)["Items"])


def test_money_is_shown_to_its_holders_alone(
    dashboard: TestClient, fed: Callable[[], Response], caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever may write sees no figure again: in no answer, no list, no feed, no refusal and no line of a log."""
    caplog.set_level("DEBUG", logger="lambdas")
    canaries = FINANCE | {"revenue": 918273.75}
    wrong = canaries | {"captain_fee": "918273.75 to the captain"}

    answers = [
        dashboard.put("/calendar/xhqgmdh", json=FULL | {"finance": canaries}),
        dashboard.post("/calendar", json=FULL | {"finance": canaries}),
        dashboard.post("/calendar", json=FULL | {"finance": wrong}),
        dashboard.put("/calendar/abcdefg", json=FULL | {"finance": canaries}),
        dashboard.get("/calendar"),
        dashboard.get("/calendar?booking_id=xhqgmdh"),
        fed(),
        dashboard.delete("/calendar/xhqgmdh"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422, 422, 200, 200, 200, 200]
    assert not [answer.text for answer in answers if "918273" in answer.text or '"finance":' in answer.text]
    assert "918273" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/calendar/xhqgmdh", PLAIN),
        ("POST", "/calendar", PLAIN),
        ("DELETE", "/calendar/xhqgmdh", None),
        ("POST", "/calendar/feeds", {"label": "mine"}),
        ("GET", "/calendar/feeds", None),
        ("DELETE", "/calendar/feeds/abcdef012345", None),
    ],
)
def test_who_sees_money_changes_nothing(dashboard: TestClient, method: str, path: str, body: Any) -> None:
    """The token that shows money only reads."""
    dashboard.headers["X-Dashboard-Token"] = MONEY_TOKEN

    answer = dashboard.request(method, path, json=body)

    assert (answer.status_code, answer.json()["error"]) == (403, "read_only")
    assert entries(dashboard) == []


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
        pytest.param("/calendar/xhqgmdh", {"date": "9999-12-31"}, "date", id="a day after which there is none"),
        pytest.param("/calendar/xhqgmdh", {"date": "2024-06-01"}, None, id="starts on another day"),
        pytest.param("/calendar/xhqgmdh", {"ends": "2024-06-10T09:00:00-07:00"}, None, id="longer than any charter"),
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


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=yesterday", "from"),
        ("?to=2024-02-30", "to"),
        ("?from=1999-12-31", "from"),
        ("?to=2101-01-01", "to"),
        ("?from=2024-06-02&to=2024-06-01", "to"),
        ("?from=２０２４-06-02", "from"),
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?next=2024-06-02", "next"),
        ("?next=2024-06-02%23a/b", "next"),
        ("?booking_id=a/b", "booking_id"),
    ],
)
def test_a_range_is_checked(dashboard: TestClient, query: str, field: str) -> None:
    """Days that are none, days in the wrong order and pages that are none are refused by name."""
    answer = dashboard.get(f"/calendar{query}")

    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (422, "invalid_field", field)


def test_pages_hold_each_entry_once(dashboard: TestClient) -> None:
    """Whoever follows `next` has read every entry once, in order, and the last page names none."""
    days = [f"2024-06-{day:02}" for day in (3, 1, 2, 2, 5, 4, 2)]
    for number, day in enumerate(days):
        dashboard.post("/calendar", json=PLAIN | {"booking_id": f"abcdef{number}", "date": day})

    found, pages, query = [], 0, {"from": "2024-06-02", "to": "2024-06-04", "limit": "2"}
    while True:
        answer = dashboard.get("/calendar", params=query).json()
        found += [(entry["date"], entry["booking_id"]) for entry in answer["entries"]]
        pages += 1
        if "next" not in answer:
            break
        query["next"] = answer["next"]

    wanted = [(day, f"abcdef{number}") for number, day in enumerate(days) if "2024-06-02" <= day <= "2024-06-04"]
    assert found == sorted(wanted)
    assert pages == 3


def test_a_place_beyond_the_range_is_its_end(dashboard: TestClient) -> None:
    """A `next` that lies behind the last day finds nothing, as it should, and no fault."""
    answer = dashboard.get("/calendar?to=2024-06-01&next=2024-06-02%23abcdefg")

    assert (answer.status_code, answer.json()) == (200, {"entries": []})


def test_ten_thousand_entries_are_answered_in_pieces(table: Table, hours: dict[str, datetime]) -> None:
    """A busy year, each text as long as it may be and of letters that cost most: no answer outgrows Lambda's limit."""
    calendar = DashboardCalendar(table, now=lambda: hours["now"], zone=ZoneInfo("America/Los_Angeles"))
    lines = dict.fromkeys(("title", "vessel", "dock", "captain", "status", "source"), "⛵😀" * 100)
    longest = {**PLAIN, **lines, "crew": ["⛵😀" * 100] * 20}
    entries = [
        Entry({**longest, "booking_id": f"b{number:05}", "date": f"2024-{1 + number // 840:02}-28"}, 1, NOW)
        for number in range(10_000)
    ]

    page = page_of(entries[:1000], None, money=False)
    text = whole_feed(entries[:6000], more=None)

    assert calendar.between(date(2024, 1, 1), date(2024, 12, 31), most=10) == ([], None)
    assert wire_size(json.dumps(page)) < 6_000_000
    assert 0 < len(page["entries"]) < 1000
    assert page["next"] == entries[len(page["entries"])].place
    assert wire_size(text) < 6_000_000
    assert str(first_events(text)[-1]["SUMMARY"]) == "More charters follow: this calendar ends here"


def test_the_feed_is_read_by_a_calendar_program(
    dashboard: TestClient, fed: Callable[[], Response], hours: dict[str, datetime]
) -> None:
    """The feed names time, place and people of each charter, without a scheduled time the whole day."""
    dashboard.put("/calendar/xhqgmdh", json=FULL)
    dashboard.post("/calendar", json=PLAIN | {"booking_id": "abcdefg", "date": "2024-06-01"})
    dashboard.post("/calendar", json=PLAIN | {"booking_id": "longago", "date": "2024-02-01"})

    answer = fed()

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
    entries = [_drawn(f"abcde{number:02}", dict(facts)) for number, facts in enumerate(found)]

    text = feed(entries)

    first, second = first_events(text), second_events(text)
    assert [str(event["UID"]) for event in first] == [event.uid for event in second]
    assert [event.summary for event in second] == [plain(entry.facts.get("title") or "charter") for entry in entries]
    for entry, one, other in zip(entries, first, second, strict=True):
        assert one.start == other.dtstart
        if "starts" in entry.facts:
            assert one.start == datetime.fromisoformat(entry.facts["starts"])


def _drawn(booking: str, facts: dict[str, Any]) -> Entry:
    if "times" in facts:
        wall, offset, minutes = facts.pop("times")
        starts = wall.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
        facts |= {"starts": starts.isoformat(), "ends": (starts + timedelta(minutes=minutes)).isoformat()}
    return Entry(PLAIN | {"booking_id": booking} | facts, 1, NOW)
