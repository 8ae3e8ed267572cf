"""What a plan says of mails beforehand is what ShipCaptainCrew sends: edit by edit, by the real app and its table."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.releases import booking, make

from castoff.contract.mails import Kind, Mail, members_of
from castoff.contract.plan import CancelEvent, CreateEvent, UpdateEvent
from castoff.contract.release import Booking
from castoff.contract.state import PublishedBooking, PublishedEvent, State
from publisher.events import event_fields
from publisher.planning.diff import diff

Mails = Callable[..., list[Any]]
Edit = Callable[[Booking], Booking | None]

KEY = "xhqgmdh"
SUBJECTS = {
    "Crew call": Kind.CALL,
    "Changed": Kind.CHANGED,
    "Sails after all": Kind.REINSTATED,
    "Cancelled": Kind.CANCELLED,
    "Not needed": Kind.NOT_NEEDED,
}
"""What stands before the colon of a mail's subject, and what a plan calls it."""


def _with(**fields: Any) -> Edit:
    return lambda wanted: replace(wanted, event={**(wanted.event or {}), **fields})


def _cancelled(wanted: Booking) -> Booking:
    return replace(wanted, status="cancelled", event=None)


def _gone(_: Booking) -> None:
    return None


LATER = _with(date="2024-05-30T10:00:00-07:00", call_time="2024-05-30T09:00:00-07:00")
EDITS: dict[str, tuple[Edit, ...]] = {
    "new": (),
    "time moved": (LATER,),
    "only the crew call moved": (_with(call_time="2024-05-30T07:30:00-07:00"),),
    "longer": (_with(duration_hours=4.5),),
    "another dock": (_with(dock="Shelter Island"),),
    "another boat": (_with(event_name="Sea Lark"),),
    "captain swapped": (_with(captain_id="crew-003"),),
    "captain and crew change places": (_with(captain_id="crew-001", crew_ids=["captain-001", "crew-002"]),),
    "member added": (_with(crew_ids=["crew-001", "crew-002", "crew-003"]),),
    "member removed": (_with(crew_ids=["crew-001"]),),
    "one member for another": (_with(crew_ids=["crew-001", "crew-003"]),),
    "member for another, and later": (lambda wanted: _with(crew_ids=["crew-003"])(LATER(wanted) or wanted),),
    "notes only": (_with(notes="Bring ice."),),
    "guests only": (_with(guest_count=4),),
    "nothing": (lambda wanted: wanted,),
    "cancelled": (_cancelled,),
    "cancelled and back": (_cancelled, lambda wanted: wanted),
    "cancelled and back with another member": (_cancelled, _with(crew_ids=["crew-001", "crew-003"])),
    "removed file": (_gone,),
    "removed and back": (_gone, lambda wanted: wanted),
    "over meanwhile": (_with(date="2024-05-28T08:00:00-07:00", call_time="2024-05-28T07:00:00-07:00"),),
}
"""What happens to a charter, step by step, each seen from what it first was; after the last, both are held together."""


@pytest.mark.parametrize("name", EDITS)
def test_what_a_plan_foretells_is_sent(
    name: str, tmp_path: Path, scc: TestClient, crew: dict[str, str], mails: Mails
) -> None:
    """Whom the plan says, and nobody else, gets a mail, and of the kind that the plan says."""
    service = _Service(scc)
    state = State()
    foretold: list[Mail] = []
    sent: Counter[Mail] = Counter()

    for step, edit in enumerate((lambda wanted: wanted, *EDITS[name])):
        wanted = edit(booking(KEY))
        if wanted is not None and name == "over meanwhile" and step:
            wanted = replace(wanted, ends="2024-05-28T11:00:00-07:00")
        folder = make(tmp_path / str(step), *([wanted] if wanted else []))
        known = _sent(crew, mails)
        plan = diff(folder.release, state, private={})
        event = next((one for one in plan.actions if isinstance(one, CreateEvent | UpdateEvent | CancelEvent)), None)
        foretold = list(event.mails) if event else []
        state = service.applied(state, event, wanted)
        sent = _sent(crew, mails) - known

    assert sent == Counter(foretold)


class _Service:
    """The real app, told what a plan says as the publisher would tell it."""

    def __init__(self, scc: TestClient) -> None:
        self._scc = scc

    def applied(
        self, state: State, action: CreateEvent | UpdateEvent | CancelEvent | None, wanted: Booking | None
    ) -> State:
        """Return the state once an action is done, and the booking as it was wanted."""
        before = state.bookings.get(KEY)
        event = before.event if before else None
        payload = dict(wanted.event or {}) if wanted else {}
        match action:
            case CreateEvent():
                answer = self._scc.post("/event", json=payload, headers={"Idempotency-Key": f"event:{KEY}"})
                event = _published(answer.json())
            case UpdateEvent():
                changes = {name: ({"status": "scheduled"} | payload)[name] for name in action.changed}
                event = _published(self._scc.patch(f"/events/{action.event}", json=changes).json())
            case CancelEvent():
                event = _published(self._scc.delete(f"/events/{action.event}").json())
            case None:
                pass
        status, ends = (wanted.status, wanted.ends) if wanted else ("removed", before.ends if before else "")
        return replace(state, bookings={KEY: PublishedBooking("", status, ends, since=1, event=event)})


def _published(value: Mapping[str, Any]) -> PublishedEvent:
    facts = {name: value[name] for name in value if name not in {"event_id", "revision", "status"}}
    return PublishedEvent(value["event_id"], value["revision"], value["status"], event_fields(facts), members_of(value))


def _sent(crew: dict[str, str], mails: Mails) -> Counter[Mail]:
    """Return how often each member was told what."""
    return Counter((member, SUBJECTS[mail["Subject"].partition(":")[0]]) for member in crew for mail in mails(member))
