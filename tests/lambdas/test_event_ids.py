"""Event ids: every one that is given out can be asked for, changed and cancelled."""

import re
import secrets
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from lambdas.service.fields import EventId, Identifier

_BOOKING = TypeAdapter(Identifier)
_EVENT = TypeAdapter(EventId)


@pytest.mark.parametrize("length", [1, 52, 53, 64])
def test_an_event_can_be_changed_however_long_its_bookings_id(
    scc: TestClient, charter: dict[str, Any], crew: dict[str, str], length: int
) -> None:
    """The answer's own event_id leads back to it, also where the booking's id is as long as one may be."""
    assert len(crew) > 0
    booking = secrets.token_hex(32)[:length]
    body = charter | {"booking_id": booking, "crew_page": f"http://guest.localhost:8080/g/{booking}-crew"}
    made = scc.post("/event", json=body, headers={"Idempotency-Key": f"event:{booking}"})

    path = f"/events/{made.json()['event_id']}"
    answers = [scc.get(path), scc.patch(path, json={"guest_count": 9}), scc.delete(path)]

    assert [made.status_code, *(answer.status_code for answer in answers)] == [201, 200, 200, 200]
    assert answers[-1].json()["status"] == "cancelled"


@given(booking=st.from_regex(re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"), fullmatch=True))
def test_every_bookings_event_has_an_id_that_is_one(booking: str) -> None:
    """What is made of any booking's id is an event's id."""
    event_id = f"ev-{_BOOKING.validate_python(booking)}-{secrets.token_hex(4)}"

    assert _EVENT.validate_python(event_id) == event_id


@pytest.mark.parametrize("text", ["", "-ev", "ev/1", "ev 1", "é", "e" * 81])
def test_what_is_no_events_id_is_refused(text: str) -> None:
    """Ids stay short, and of signs that need no escape in an address."""
    with pytest.raises(ValidationError, match="1 to 80 letters, digits, dashes or underscores"):
        _EVENT.validate_python(text)
