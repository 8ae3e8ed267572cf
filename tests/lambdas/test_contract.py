"""The clauses that an operator's own services are tried by, against ours: what we ask of others, we keep."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from publisher.clauses import calendar, crew_service
from publisher.clauses.clause import Tried, Verdict, try_clauses
from publisher.clauses.crew_trial import NAME, CrewTrial, tidy
from publisher.clauses.reply import Key, Reply

BOOKING = "castoff-contract-0ddba11"


@dataclass
class Asks:
    """One of our services, asked in this process."""

    caller: TestClient
    header: str

    def __call__(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: Key = Key.RIGHT,
        serial: int | None = None,
        request: str | None = None,
    ) -> Reply:
        """Ask with the right key, a wrong one, or none."""
        given = {Key.RIGHT: self.caller.headers[self.header], Key.WRONG: "another key", Key.NONE: ""}[key]
        headers = {self.header: given} | ({"X-Castoff-Serial": str(serial)} if serial is not None else {})
        headers |= {"Idempotency-Key": request} if request else {}
        answer = self.caller.request(method, path, json=body, headers=headers)
        return Reply(answer.status_code, answer.json())


@pytest.fixture
def crew_trial(scc: TestClient, hours: dict[str, Any]) -> CrewTrial:
    """Begin a run against our ShipCaptainCrew, a crew member included."""
    return CrewTrial(Asks(scc, "X-Service-Key"), BOOKING, 1_716_900_000, hours["now"], members=True)


def outcome(found: list[Tried]) -> dict[str, str]:
    """Return what does not hold, with what was expected and seen."""
    return {one.name: f"{one.expected}: {one.seen}" for one in found if one.verdict is not Verdict.HELD}


def test_our_crew_service_keeps_every_clause(crew_trial: CrewTrial) -> None:
    """With a table of the embedded cloud behind it, and none of them untried."""
    found = list(try_clauses(NAME, crew_service.CLAUSES, crew_trial))

    assert outcome(found) == {}


def test_our_dashboard_keeps_every_clause(dashboard: TestClient) -> None:
    """With a table of the embedded cloud behind it, and none of them untried."""
    trial = calendar.CalendarTrial(Asks(dashboard, "X-Dashboard-Token"), BOOKING, 1_716_900_000)

    found = list(try_clauses(calendar.NAME, calendar.CLAUSES, trial))

    assert outcome(found) == {}


def test_a_run_leaves_a_cancelled_event_and_mails_nobody(
    crew_trial: CrewTrial,
    scc: TestClient,
    departures: Any,
    mails: Callable[..., list[Any]],
) -> None:
    """Nothing is said to anybody, and what stays is cancelled."""
    before = len(mails())

    list(try_clauses(NAME, crew_service.CLAUSES, crew_trial))

    assert list(tidy(crew_trial)) == []
    (event,) = scc.get(f"/events?booking_id={BOOKING}").json()["events"]
    assert (event["status"], event["captain_id"], event["crew_ids"]) == ("cancelled", "", [])
    assert scc.get(f"/mail?booking_id={BOOKING}").json()["mails"] == []
    assert len(mails()) == before
    assert list(departures.noted) == [f"{BOOKING}-member"]


def test_an_event_that_names_nobody(scc: TestClient, charter: dict[str, Any]) -> None:
    """It may have no captain and no crew; a crew without a captain is refused."""
    key = {"Idempotency-Key": "event:xhqgmdh"}
    nobody = charter | {"captain_id": "", "crew_ids": []}

    refused = scc.post("/event", json=charter | {"captain_id": ""}, headers=key)
    created = scc.post("/event", json=nobody, headers=key)

    assert (refused.status_code, refused.json()["field"]) == (422, "captain_id")
    assert (created.status_code, created.json()["captain_id"]) == (201, "")
