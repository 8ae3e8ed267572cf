"""The published state's JSON form."""

from __future__ import annotations

from castoff.contract.state import (
    Holder,
    InProgress,
    Intents,
    Published,
    PublishedBooking,
    PublishedEvent,
    PublishedFile,
    State,
)

STATE = State(
    serial=7,
    target="production",
    commit="c0ffee",
    files={
        "guest/g/jada.html": PublishedFile("0" * 64, '"etag"', "h", "v1", "2024-06-01T00:00:00+00:00", "xhqgmdh", 5),
        "ops/ops/index.html": PublishedFile(None, '"etag"'),
    },
    bookings={
        "xhqgmdh": PublishedBooking(
            input="abc",
            status="confirmed",
            ends="2024-05-30T12:00:00-07:00",
            event=PublishedEvent("e-1", 2, "scheduled", {"dock": "d1"}, ("captain-001", "crew-001")),
            calendar="c1",
            carry={"revision": 3},
            facts={"starts": "2024-05-30 09:00"},
        ),
        "bbbbbbb": PublishedBooking(input="", status="cancelled", ends="2024-05-30T12:00:00-07:00"),
    },
    crew={"crew-001": "digest"},
    history=(Published(7, "c0ffee", "2024-05-28T19:00:00+00:00", 12, "publish", {"new": 2, "mailed": 4}),),
    in_progress=InProgress(
        holder=Holder("boot", 12, "345", "a machine, process 12"),
        commit="c0ffee",
        lease=0.5,
        intents=Intents(("guest/g/jada.html",), ("crew-001",), ("xhqgmdh",), ("xhqgmdh",)),
        renewed=2,
        as_of="2024-05-28T12:00:00-07:00",
        token="0f",
    ),
    as_of="2024-05-28T11:00:00-07:00",
    late={"guest/g/gone.html": 6},
)


def test_state_survives_its_json() -> None:
    """Written and read again, with and without a publish at work, the state is the same value."""
    assert State.from_json(STATE.to_json()) == STATE
    assert State.from_json(State().to_json()) == State()
