"""The fence: what a newer publish has seen, an older one can no longer touch."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service.table import Step, Table

ONCE = {"Idempotency-Key": "event:xhqgmdh"}
MEMBER = {"name": "Ana Ruiz", "role": "captain", "email": "ana@example.com"}
ENTRY = {"date": "2024-05-30", "event_type": "charter", "booking_id": "xhqgmdh"}


def serial(number: int) -> dict[str, str]:
    """Return the header of a publish."""
    return {"X-Castoff-Serial": str(number)}


def test_an_older_publish_is_refused(
    scc: TestClient, event: dict[str, Any], charter: dict[str, Any], mails: Callable[..., list[Any]]
) -> None:
    """Once serial 20 was seen for a booking, 19 can neither change, cancel, create nor read, and 20 still can."""
    path = f"/events/{event['event_id']}"
    assert scc.patch(path, json={"guest_count": 7}, headers=serial(20)).status_code == 200

    refused = [
        scc.patch(path, json={"dock": "Harbor Island"}, headers=serial(19)),
        scc.delete(path, headers=serial(19)),
        scc.get(path, headers=serial(19)),
        scc.get("/events?booking_id=xhqgmdh", headers=serial(19)),
        scc.post("/event", json=charter, headers=ONCE | serial(19)),
    ]

    assert {(answer.status_code, answer.json()["error"]) for answer in refused} == {(409, "stale_serial")}
    assert scc.get(path, headers=serial(20)).json() == event | {"guest_count": 7, "revision": 2}
    assert len(mails()) == 3


@pytest.mark.parametrize("reading", ["by id", "by booking", "nothing to change"])
def test_a_newer_look_is_enough(scc: TestClient, event: dict[str, Any], reading: str) -> None:
    """A newer publish that only looked, and found all well, is not overtaken by an older one that wakes up."""
    path = f"/events/{event['event_id']}"
    match reading:
        case "by id":
            scc.get(path, headers=serial(20))
        case "by booking":
            scc.get("/events?booking_id=xhqgmdh", headers=serial(20))
        case _:
            scc.patch(path, json={}, headers=serial(20))

    assert scc.patch(path, json={"dock": "Harbor Island"}, headers=serial(19)).status_code == 409


def test_a_publish_that_wakes_up_within_its_call_is_refused(
    make_scc: Callable[..., TestClient], event: dict[str, Any], dynamodb: Any, table_name: str
) -> None:
    """A newer publish that comes between an older one's look and its write keeps that write from happening."""
    path = f"/events/{event['event_id']}"
    newer = make_scc()

    class SleepyTable(Table):
        """A table before whose revision writes a newer publish comes by."""

        def write(self, *steps: Step) -> None:
            """Let the newer publish look, then write."""
            if any(step.label == "event" for step in steps):
                newer.get(path, headers=serial(20))
            super().write(*steps)

    older = make_scc(storage=SleepyTable(lambda: dynamodb, table_name))

    answer = older.patch(path, json={"dock": "Harbor Island"}, headers=serial(19))

    assert (answer.status_code, answer.json()["error"]) == (409, "stale_serial")
    assert newer.get(path).json() == event


@pytest.mark.usefixtures("crew")
def test_bookings_are_fenced_each_for_itself(scc: TestClient, charter: dict[str, Any]) -> None:
    """What was seen for one booking fences no other."""
    other = charter | {"booking_id": "abcdefg"}

    first = scc.post("/event", json=charter, headers=ONCE | serial(20))
    second = scc.post("/event", json=other, headers={"Idempotency-Key": "event:abcdefg"} | serial(19))

    assert [first.status_code, second.status_code] == [201, 201]


def test_calls_without_a_serial_are_not_fenced(scc: TestClient, event: dict[str, Any]) -> None:
    """A person's own call carries no serial and goes through."""
    path = f"/events/{event['event_id']}"
    scc.get(path, headers=serial(20))

    assert scc.patch(path, json={"guest_count": 7}).status_code == 200


def test_members_are_fenced(scc: TestClient) -> None:
    """A crew member written by a newer publish is neither changed nor let go by an older one."""
    path = "/crew-members/captain-001"
    scc.put(path, json=MEMBER, headers=serial(20))

    changed = scc.put(path, json=MEMBER | {"name": "Old Name"}, headers=serial(19))
    gone = scc.delete(path, headers=serial(19))
    other = scc.put("/crew-members/crew-001", json=MEMBER, headers=serial(19))

    assert [answer.status_code for answer in (changed, gone, other)] == [409, 409, 200]
    assert scc.put(path, json=MEMBER, headers=serial(20)).json()["name"] == "Ana Ruiz"


def test_the_calendar_is_fenced(dashboard: TestClient) -> None:
    """An entry written or looked at by a newer publish is left alone by an older one."""
    dashboard.put("/calendar/xhqgmdh", json=ENTRY, headers=serial(18))
    dashboard.get("/calendar?booking_id=xhqgmdh", headers=serial(20))

    refused = [
        dashboard.put("/calendar/xhqgmdh", json=ENTRY | {"title": "old"}, headers=serial(19)),
        dashboard.post("/calendar", json=ENTRY | {"title": "old"}, headers=serial(19)),
        dashboard.delete("/calendar/xhqgmdh", headers=serial(19)),
    ]

    assert {answer.status_code for answer in refused} == {409}
    assert "title" not in dashboard.get("/calendar").json()["entries"][0]


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "9" * 40, "²"])
def test_an_odd_serial_is_refused(scc: TestClient, text: str) -> None:
    """A serial that is no whole number is refused, not passed over."""
    answer = scc.get("/events?booking_id=xhqgmdh", headers={b"X-Castoff-Serial": text.encode()})

    assert (answer.status_code, answer.json()["field"]) == (422, "X-Castoff-Serial")
