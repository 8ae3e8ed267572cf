"""Events: created once, changed by what is different, cancelled once, and never from the past."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service.table import Delete, Key, Step, Table

ONCE = {"Idempotency-Key": "event:xhqgmdh"}
Mails = Callable[..., list[Any]]


def subjects(mails: list[Any]) -> list[str]:
    """Return what mails say on the outside."""
    return [mail["Subject"] for mail in mails]


def test_creation_answers_with_the_event(event: dict[str, Any], charter: dict[str, Any]) -> None:
    """A new event is answered with its id, its first revision and every fact that was sent."""
    added = {name: event[name] for name in event if name not in charter}

    assert {name: event[name] for name in charter} == charter
    assert added == {"event_id": event["event_id"], "status": "scheduled", "revision": 1}


def test_creation_calls_everyone_once(event: dict[str, Any], crew: dict[str, str], mails: Mails) -> None:
    """The captain and each of the crew get one call, and nobody else gets any."""
    called = {member_id: subjects(mails(member_id)) for member_id in crew}

    invitation = ["Crew call: Jada, Thu, May 30, 8 AM"]
    assert event["revision"] == 1
    assert called == {"captain-001": invitation, "crew-001": invitation, "crew-002": invitation, "crew-003": []}


def test_twenty_at_once_make_one_event(
    scc: TestClient, crew: dict[str, str], charter: dict[str, Any], mails: Mails
) -> None:
    """Twenty calls at the same moment with one key make one event and one mail each, and all get one answer."""
    assert crew

    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(scc.post, "/event", json=charter, headers=ONCE) for _ in range(20)]
        answers = [answer.result() for answer in asked]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(scc.get("/events", params={"booking_id": "xhqgmdh"}).json()["events"]) == 1
    assert [len(mails(member_id)) for member_id in ("captain-001", "crew-001", "crew-002")] == [1, 1, 1]


def test_an_event_that_the_table_lost_is_made_anew(
    scc: TestClient, table: Table, event: dict[str, Any], charter: dict[str, Any], mails: Mails
) -> None:
    """Of a table half restored a booking has no event; the same request makes one, calls the crew, and is kept."""
    table.write(Delete(Key(f"event#{event['event_id']}", "event")))

    none = scc.get("/events", params={"booking_id": "xhqgmdh"}).json()["events"]
    made = scc.post("/event", json={**charter, "dock": "Elsewhere"}, headers=ONCE)
    again = scc.post("/event", json={**charter, "dock": "Elsewhere"}, headers=ONCE)

    assert none == []
    assert (made.status_code, again.json()) == (201, made.json())
    assert made.json()["event_id"] != event["event_id"]
    assert [one["dock"] for one in scc.get("/events", params={"booking_id": "xhqgmdh"}).json()["events"]] == [
        "Elsewhere"
    ]
    assert [len(mails(member)) for member in ("captain-001", "crew-001", "crew-002")] == [2, 2, 2]


def test_a_lost_answer_is_given_again(
    scc: TestClient, event: dict[str, Any], charter: dict[str, Any], mails: Mails
) -> None:
    """The same key with the same body gets the same answer, and nobody is mailed again."""
    again = scc.post("/event", json=dict(reversed(charter.items())), headers=ONCE)

    assert (again.status_code, again.json()) == (201, event)
    assert len(mails()) == 3


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        pytest.param(3, "3", id="whole"),
        pytest.param(3.0, "3", id="whole, with a point"),
        pytest.param(10, "10", id="ten"),
        pytest.param(2.5, "2.5", id="a half"),
        pytest.param(2.33, "2.33", id="a third, as a release writes it"),
    ],
)
@pytest.mark.usefixtures("crew")
def test_hours_are_answered_as_they_were_sent(
    scc: TestClient, charter: dict[str, Any], sent: float, answered: str
) -> None:
    """Whole hours are answered as whole numbers and others with their point, at once and from the table."""
    created = scc.post("/event", json=charter | {"duration_hours": sent}, headers=ONCE)
    found = scc.get(f"/events/{created.json()['event_id']}")

    assert [re.findall(r'"duration_hours": ?([^,}]+)', answer.text) for answer in (created, found)] == [[answered]] * 2
    assert created.json()["duration_hours"] == sent


def test_creation_again_answers_what_is_true_now(
    scc: TestClient, event: dict[str, Any], charter: dict[str, Any], mails: Mails
) -> None:
    """The same key and body after changes gets the event as it stands; nothing is taken back, nobody is mailed."""
    path = f"/events/{event['event_id']}"
    changed = scc.patch(path, json={"dock": "Harbor Island"}).json()
    told = len(mails())

    again = scc.post("/event", json=charter, headers=ONCE)

    assert (again.status_code, again.json()) == (201, changed)
    assert (again.json()["dock"], again.json()["revision"]) == ("Harbor Island", 2)
    assert (scc.get(path).json(), len(mails())) == (changed, told)


def test_a_removed_booking_comes_back(
    scc: TestClient, event: dict[str, Any], charter: dict[str, Any], mails: Mails
) -> None:
    """Created again after its cancellation, an event says that it is cancelled; scheduled again, its crew is told."""
    path = f"/events/{event['event_id']}"
    cancelled = scc.delete(path).json()

    again = scc.post("/event", json=charter, headers=ONCE)
    told = len(mails())
    back = scc.patch(path, json={"status": "scheduled"})

    assert (again.status_code, again.json()) == (201, cancelled)
    assert (cancelled, told) == (event | {"status": "cancelled", "revision": 2}, 6)
    assert (back.status_code, back.json()) == (200, event | {"revision": 3})
    assert [subjects(mails(member_id))[-1].partition(":")[0] for member_id in ("captain-001", "crew-001")] == [
        "Sails after all",
        "Sails after all",
    ]
    assert len(mails()) == 9


@pytest.mark.usefixtures("event")
def test_one_key_is_for_one_body(scc: TestClient, charter: dict[str, Any], mails: Mails) -> None:
    """The same key with another body is refused, and nothing changes."""
    answer = scc.post("/event", json=charter | {"dock": "Harbor Island"}, headers=ONCE)

    assert (answer.status_code, answer.json()["error"]) == (422, "idempotency_mismatch")
    assert scc.get("/events?booking_id=xhqgmdh").json()["events"][0]["dock"] == "Sheraton Marina"
    assert len(mails()) == 3


@pytest.mark.usefixtures("event")
def test_a_booking_has_one_event(scc: TestClient, charter: dict[str, Any], mails: Mails) -> None:
    """Another key for a booking that has its event is refused."""
    answer = scc.post("/event", json=charter, headers={"Idempotency-Key": "other"})

    assert (answer.status_code, answer.json()["error"]) == (409, "event_exists")
    assert len(mails()) == 3


def test_two_keys_at_once_make_one_event(
    scc: TestClient, crew: dict[str, str], charter: dict[str, Any], mails: Mails
) -> None:
    """Of calls with different keys for one booking, one wins, and the others hear of its event."""
    assert crew

    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(scc.post, "/event", json=charter, headers={"Idempotency-Key": f"key-{number}"})
            for number in range(8)
        ]
        statuses = sorted(answer.result().status_code for answer in asked)

    assert statuses == [201] + [409] * 7
    assert len(mails()) == 3


@pytest.mark.usefixtures("crew")
def test_one_key_at_once_is_for_one_booking(
    make_scc: Callable[..., TestClient], charter: dict[str, Any], dynamodb: Any, table_name: str
) -> None:
    """Of two bookings that come with one key at the same moment, the second is refused and leaves no event."""
    quick = make_scc()
    other = charter | {"booking_id": "abcdefg"}

    class SlowTable(Table):
        """A table before whose first event another one is created."""

        def write(self, *steps: Step) -> None:
            """Let the other caller create its event, then write."""
            if any(step.label == "request" for step in steps):
                assert quick.post("/event", json=other, headers=ONCE).status_code == 201
            super().write(*steps)

    slow = make_scc(storage=SlowTable(lambda: dynamodb, table_name))

    answer = slow.post("/event", json=charter, headers=ONCE)

    assert (answer.status_code, answer.json()["error"]) == (422, "idempotency_mismatch")
    assert quick.get("/events?booking_id=xhqgmdh").json() == {"events": []}


def test_events_are_found(scc: TestClient, event: dict[str, Any]) -> None:
    """An event is found by its id and by its booking, and an unknown one by neither."""
    assert scc.get(f"/events/{event['event_id']}").json() == event
    assert scc.get("/events?booking_id=xhqgmdh").json() == {"events": [event]}
    assert scc.get("/events?booking_id=abcdefg").json() == {"events": []}
    assert scc.get("/events/ev-nothing").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nothing sent"),
        pytest.param({"dock": "Sheraton Marina", "guest_count": 6}, id="equal values"),
        pytest.param({"date": "2024-05-30T16:00:00+00:00"}, id="the same instant in another offset"),
        pytest.param({"duration_hours": 3.0}, id="the same number in another form"),
        pytest.param({"notes": "One guest uses a cane.\nRevenue: $840.75"}, id="only money added to the notes"),
        pytest.param({"status": "scheduled"}, id="already scheduled"),
        pytest.param({"booking_id": "xhqgmdh"}, id="its own booking"),
    ],
)
def test_equal_is_no_change(scc: TestClient, event: dict[str, Any], changes: dict[str, Any], mails: Mails) -> None:
    """Values that an event has already change nothing: no revision, no mail."""
    answer = scc.patch(f"/events/{event['event_id']}", json=changes)

    assert (answer.status_code, answer.json()) == (200, event)
    assert len(mails()) == 3


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"guest_count": 8}, id="guests"),
        pytest.param({"notes": "Two guests use canes."}, id="notes"),
        pytest.param({"crew_page": "http://guest.localhost:8080/g/xhqgmdh-crew2"}, id="page"),
        pytest.param({"crew_ids": ["crew-002", "crew-001"]}, id="order of the crew"),
    ],
)
def test_small_changes_are_quiet(scc: TestClient, event: dict[str, Any], changes: dict[str, Any], mails: Mails) -> None:
    """What is neither time nor boat nor dock nor crew is stored with a new revision, and nobody is mailed."""
    answer = scc.patch(f"/events/{event['event_id']}", json=changes)

    assert answer.json() == event | changes | {"revision": 2}
    assert len(mails()) == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"date": "2024-05-30T10:00:00-07:00"},
            "* Start moved from 9 AM to 10 AM\nCrew call unchanged: 8 AM\nDock unchanged: Sheraton Marina\n",
            id="start",
        ),
        pytest.param(
            {"call_time": "2024-05-30T07:30:00-07:00"},
            "* Crew call moved from 8 AM to 7:30 AM\nStart unchanged: 9 AM\n",
            id="call",
        ),
        pytest.param({"duration_hours": 2.5}, "* Length changed from 3 h to 2 h 30 min\n", id="duration"),
        pytest.param({"dock": "Harbor Island"}, "* Dock changed from Sheraton Marina to Harbor Island\n", id="dock"),
        pytest.param({"event_name": "Zoe"}, "* Boat changed from Jada to Zoe\n", id="boat"),
    ],
)
def test_changes_are_told_once(
    scc: TestClient, event: dict[str, Any], changes: dict[str, Any], words: str, mails: Mails
) -> None:
    """A change of time, boat or dock is mailed once to each, naming it; the same call again mails nobody."""
    answers = [scc.patch(f"/events/{event['event_id']}", json=changes) for _ in range(2)]

    assert [answer.json()["revision"] for answer in answers] == [2, 2]
    told = mails("crew-001")[1:]
    assert [words in mail["BodyText"] for mail in told] == [True]
    assert told[0]["Subject"].startswith(f"Changed: {changes.get('event_name', 'Jada')}, ")
    assert len(mails()) == 6


def test_crew_changes_reach_each_as_it_concerns_them(
    scc: TestClient, event: dict[str, Any], crew: dict[str, str], mails: Mails
) -> None:
    """Who joins is invited, who leaves is released, and the others, to whom nothing happened, hear nothing."""
    scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-001", "crew-003"]})

    assert {member_id: subjects(mails(member_id))[-1].partition(":")[0] for member_id in crew} == {
        "captain-001": "Crew call",
        "crew-001": "Crew call",
        "crew-002": "Not needed",
        "crew-003": "Crew call",
    }
    assert "token=" not in mails("crew-002")[-1]["BodyText"]
    assert len(mails()) == 5


def test_cancelling_is_told_once(scc: TestClient, event: dict[str, Any], mails: Mails) -> None:
    """A cancelled event stays to be seen, its crew is told once, and cancelling again changes nothing."""
    answers = [scc.delete(f"/events/{event['event_id']}") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json() for answer in answers] == [event | {"status": "cancelled", "revision": 2}] * 2
    assert subjects(mails("crew-001"))[1:] == ["Cancelled: Jada, Thu, May 30, 8 AM"]
    assert scc.delete("/events/ev-nothing").status_code == 404


def test_a_cancelled_event_changes_quietly_and_comes_back(scc: TestClient, event: dict[str, Any], mails: Mails) -> None:
    """Nobody hears of changes to a cancelled event; reinstated, all hear of it as it is now."""
    path = f"/events/{event['event_id']}"
    scc.delete(path)
    scc.patch(path, json={"dock": "Harbor Island"})
    before = len(mails())

    answer = scc.patch(path, json={"status": "scheduled"})

    assert (before, len(mails())) == (6, 9)
    assert (answer.json()["status"], answer.json()["revision"]) == ("scheduled", 4)
    assert subjects(mails("crew-002"))[-1] == "Sails after all: Jada, Thu, May 30, 8 AM"
    assert "Harbor Island" in mails("crew-002")[-1]["BodyText"]


def test_a_cancelled_event_comes_back_changed(scc: TestClient, event: dict[str, Any], mails: Mails) -> None:
    """Scheduled again together with changes, an event is one mail to each: back on, or called for the first time."""
    path = f"/events/{event['event_id']}"
    scc.delete(path)
    changes = {"dock": "Harbor Island", "date": "2024-05-30T10:00:00-07:00", "crew_ids": ["crew-002", "crew-003"]}

    answer = scc.patch(path, json={"status": "scheduled", **changes})

    assert answer.json() == event | changes | {"revision": 3}
    told = {member_id: mails(member_id)[-1] for member_id in ("captain-001", "crew-002", "crew-003")}
    when = "Jada, Thu, May 30, 8 AM"
    titles = [f"Sails after all: {when}", f"Sails after all: {when}", f"Crew call: {when}"]
    assert [title for mail in told.values() for title in subjects([mail])] == titles
    assert ["Harbor Island" in mail["BodyText"] for mail in told.values()] == [True] * 3
    assert ["/crew/xhqgmdh?token=" in mail["BodyText"] for mail in told.values()] == [True] * 3
    assert (subjects(mails("crew-001"))[-1].partition(":")[0], len(mails())) == ("Cancelled", 9)


def test_a_cancelled_event_stays_cancelled_when_changed(scc: TestClient, event: dict[str, Any], mails: Mails) -> None:
    """Changes that say nothing of the status are kept and leave a cancelled event cancelled, whoever they concern."""
    path = f"/events/{event['event_id']}"
    scc.delete(path)
    changes = {"date": "2024-05-30T10:00:00-07:00", "crew_ids": ["crew-003"]}

    answer = scc.patch(path, json=changes)

    assert answer.json() == event | changes | {"status": "cancelled", "revision": 3}
    assert (scc.get(path).json(), len(mails())) == (answer.json(), 6)


def test_the_past_is_not_called(
    scc: TestClient,
    crew: dict[str, str],
    charter: dict[str, Any],
    hours: dict[str, datetime],
    table: Table,
) -> None:
    """A charter that is over is stored, changed and cancelled without a mail."""
    assert crew
    hours["now"] = datetime.fromisoformat("2024-05-30T12:00:00-07:00")

    created = scc.post("/event", json=charter, headers=ONCE)
    changed = scc.patch(f"/events/{created.json()['event_id']}", json={"dock": "Harbor Island"})
    cancelled = scc.delete(f"/events/{created.json()['event_id']}")

    assert [answer.status_code for answer in (created, changed, cancelled)] == [201, 200, 200]
    assert table.partition("outbox") == []


def test_the_last_minute_still_counts(
    scc: TestClient,
    crew: dict[str, str],
    charter: dict[str, Any],
    hours: dict[str, datetime],
    mails: Mails,
) -> None:
    """A charter that ends in a second is not over yet."""
    assert crew
    hours["now"] = datetime.fromisoformat("2024-05-30T12:00:00-07:00") - timedelta(seconds=1)

    scc.post("/event", json=charter, headers=ONCE)

    assert len(mails()) == 3


def test_two_changes_at_once_both_hold(scc: TestClient, event: dict[str, Any], mails: Mails) -> None:
    """Changes to different fields at the same moment are both kept, each in a revision of its own."""
    path = f"/events/{event['event_id']}"
    changes = [{"guest_count": 8}, {"dock": "Harbor Island"}]

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(scc.patch, path, json=change) for change in changes]
        revisions = sorted(answer.result().json()["revision"] for answer in asked)

    stored = scc.get(path).json()
    assert revisions == [2, 3]
    assert (stored["guest_count"], stored["dock"]) == (8, "Harbor Island")
    assert len(mails()) == 6


@pytest.mark.usefixtures("crew")
def test_money_stays_home(
    scc: TestClient, charter: dict[str, Any], dynamodb: Any, table_name: str, mails: Mails
) -> None:
    """Lines about money in notes are neither answered nor stored nor mailed; the others are."""
    notes = "Bring the long line.\nRevenue: $840.75\nCaptain fee 150.00\nOne guest uses a cane."

    answer = scc.post("/event", json=charter | {"notes": notes}, headers=ONCE)

    stored = str(dynamodb.scan(TableName=table_name)["Items"])
    mailed = str(mails())
    assert answer.json()["notes"] == "Bring the long line.\nOne guest uses a cane."
    assert [figure in place for figure in ("840.75", "150.00") for place in (stored, mailed, answer.text)] == [
        False
    ] * 6
    assert "Bring the long line." in mailed


def test_a_booking_is_not_called_like_the_ops_site(
    scc: TestClient, crew: dict[str, str], charter: dict[str, Any]
) -> None:
    """Its links would lead to a door that admits none of its crew."""
    assert crew

    refused = scc.post("/event", json=charter | {"booking_id": "ops"}, headers=ONCE)

    assert (refused.status_code, refused.json()["field"]) == (422, "booking_id")


def test_a_stranger_cannot_be_called(scc: TestClient, crew: dict[str, str], charter: dict[str, Any]) -> None:
    """An event names only crew members that are known, and says which one is not."""
    assert crew

    captain = scc.post("/event", json=charter | {"captain_id": "captain-009"}, headers=ONCE)
    mate = scc.post("/event", json=charter | {"crew_ids": ["crew-009"]}, headers=ONCE)

    assert [(answer.status_code, answer.json()["field"]) for answer in (captain, mate)] == [
        (422, "captain_id"),
        (422, "crew_ids"),
    ]
    assert "`crew-009`" in mate.json()["detail"]
