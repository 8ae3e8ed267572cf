"""The contract's clauses against services that keep them, and against each way in which one may not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.contracted import BOOKING, Contracted, Fault, serve

from publisher.clauses import calendar, crew_service
from publisher.clauses.clause import Clause, Tried, Verdict, must, try_clauses
from publisher.clauses.crew_trial import NAME
from publisher.clauses.run import run
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.clauses.reply import Asks, Reply

BREAKS: dict[Fault, set[str]] = {
    Fault.NONE: set(),
    Fault.SENDS_TWICE: {"sent-once"},
    Fault.NO_IDEMPOTENCY: {"same-answer", "one-event", "sent-once", "other-body"},
    Fault.LOSES_HEADER: {"right-key", "right-token"},
    Fault.HTML: {"no-key", "wrong-key", "right-key", "no-token", "wrong-token", "right-token"},
    Fault.OPEN: {"no-key", "wrong-key", "no-token", "wrong-token"},
    Fault.ANY_KEY: {"wrong-key", "wrong-token"},
    Fault.NO_FENCE: {"fence", "calendar-fence"},
    Fault.LATE_FENCE: {"fence-by-look"},
    Fault.KEEPS_MONEY: {"money"},
    Fault.TAKES_OTHER_BODY: {"other-body", "read"},
    Fault.FORGETS: {"one-event"},
    Fault.KEEPS_EVENTS: {"cancelled"},
    Fault.NO_FILTER: {"filtered"},
    Fault.CREATES_AGAIN: {"plain", "written"},
}


def tried(service: Contracted, *, members: bool = False) -> tuple[dict[str, Tried], list[str]]:
    """Run the contract, and return each clause as it came out, and what was left."""
    found: dict[str, Tried] = {}
    left: list[str] = []

    def tell(one: Tried) -> None:
        name = one.name if one.service == NAME or one.name != "fence" else "calendar-fence"
        found[name] = one

    run(service.services(), told=tell, left=left.append, members=members)
    return found, left


@pytest.fixture
def sound() -> Iterator[Contracted]:
    """Run services that keep every promise."""
    with serve() as service:
        yield service


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_each_break_is_seen_and_named(fault: Fault) -> None:
    """A service that breaks one promise has that clause broken, and a sound one has none."""
    with serve(fault) as service:
        found, _ = tried(service)

    broken = {name for name, one in found.items() if one.verdict is Verdict.BROKEN}
    assert broken == BREAKS[fault]
    assert all(one.expected and one.seen for one in found.values() if one.verdict is Verdict.BROKEN)


def test_sound_services_hold_every_clause(sound: Contracted) -> None:
    """All of them are tried, but for the crew member that nobody asked for."""
    found, left = tried(sound)

    assert [name for name, one in found.items() if one.verdict is not Verdict.HELD] == ["member"]
    assert left == []


def test_nobody_is_named(sound: Contracted) -> None:
    """No event has captain or crew, no member is written, and all says what it is."""
    tried(sound)

    assert [(event["captain_id"], event["crew_ids"]) for event in sound.events.values()] == [("", [])]
    assert not [call for call in sound.asked if call.startswith("PUT /crew-members")]
    assert {event["booking_id"] for event in sound.events.values()} == {BOOKING}
    assert {event["date"][:4] for event in sound.events.values()} == {"2099"}


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.KEEPS_EVENTS])
def test_everything_is_taken_away_again(fault: Fault) -> None:
    """Whatever else a service does, no event stays scheduled and no entry stays."""
    with serve(fault) as service:
        tried(service)

    assert [event["event_id"] for event in service.events.values() if event["status"] != "cancelled"] == []
    assert service.entries == []


def test_what_cannot_be_taken_away_is_said() -> None:
    """By event and booking, so that it can be taken away by hand."""
    with serve(Fault.KEEPS_EVENTS) as service:
        _, left = tried(service)

    (event,) = service.events
    assert left == [f"event `{event}` of booking `{BOOKING}` is not cancelled: 405 method_not_allowed"]


def test_a_charter_that_somebody_enters_meanwhile_is_not_touched() -> None:
    """Where another booking's events are listed too: only what this run made is cancelled, and that is said."""
    with serve(Fault.NO_FILTER) as service:
        left: list[str] = []

        def enter(one: Tried) -> None:
            if one.name == "upload-form":
                service.events["real"] = {"event_id": "real", "booking_id": "xhqgmdh", "status": "scheduled"}

        run(service.services(), told=enter, left=left.append, members=False)

    assert {event["booking_id"]: event["status"] for event in service.events.values()} == {
        BOOKING: "cancelled",
        "xhqgmdh": "scheduled",
    }
    assert left == [f"ShipCaptainCrew lists 1 more for booking `{BOOKING}` that do not name it: left as they are"]


def test_an_answer_about_another_booking_is_not_this_runs_event(sound: Contracted) -> None:
    """A service that answers a wish with an event of somebody's has it neither changed nor cancelled."""
    real = {"event_id": "real", "booking_id": "xhqgmdh", "status": "scheduled", "revision": 1}
    sound.events["real"] = dict(real)
    sound.answers["POST /event"] = 201, real

    found, left = tried(sound)

    assert found["created"].seen == "an event of another booking"
    assert (sound.events, left) == ({"real": real}, [])


@pytest.mark.parametrize("lost", ["DELETE /events", "GET /events", "every"])
def test_a_key_that_is_lost_on_the_way_leaves_the_rest_tried(sound: Contracted, lost: str) -> None:
    """Each thing is taken away by itself: what cannot be is named, and no other is left for it."""
    services, over, left = sound.services(), [False], list[str]()

    def note(one: Tried) -> None:
        over[0] = (one.service, one.name) == ("dashboard", "written")
        if over[0]:
            raise KeyboardInterrupt

    def ask(asks: Asks) -> Asks:
        def once(method: str, path: str, *rest: Any, **more: Any) -> Reply:
            if over[0] and (lost == "every" or f"{method} {path}".startswith(lost)):
                raise PublishError("the session is over")
            return asks(method, path, *rest, **more)

        return once

    with pytest.raises(KeyboardInterrupt):
        run(
            replace(services, crew=ask(services.crew), calendar=ask(services.calendar)),
            told=note,
            left=left.append,
            members=False,
        )

    (event,) = sound.events
    kept = f"event `{event}` of booking `{BOOKING}` is not cancelled: no answer: the session is over"
    entry = f"the entry of booking `{BOOKING}` may be left in the dashboard: no answer: the session is over"
    assert left == {"DELETE /events": [kept], "GET /events": [], "every": [kept, entry]}[lost]
    assert bool(sound.entries) is (lost == "every")


def test_taking_away_that_is_broken_off_says_so(sound: Contracted) -> None:
    """Ctrl-C a second time: the last line names the booking, since nobody knows what is left."""
    services, left = sound.services(), list[str]()

    def ask(method: str, path: str, *rest: Any, **more: Any) -> Reply:
        if method == "DELETE":
            raise KeyboardInterrupt
        return services.calendar(method, path, *rest, **more)

    with pytest.raises(KeyboardInterrupt):
        run(replace(services, calendar=ask), told=lambda _: None, left=left.append, members=False)

    assert left == [f"what it made for booking `{BOOKING}`, in part: taking it away was broken off"]


@pytest.mark.parametrize("after", range(1, 30, 4))
def test_broken_off_it_takes_away_what_it_made(sound: Contracted, after: int) -> None:
    """Ctrl-C at any clause: what was made until then is gone, and the break goes on."""
    count = 0

    def break_off(_: Tried) -> None:
        nonlocal count
        count += 1
        if count == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(sound.services(), told=break_off, left=pytest.fail, members=False)

    assert [event for event in sound.events.values() if event["status"] != "cancelled"] == []
    assert sound.entries == []


def test_a_lost_key_is_told_from_a_wrong_service() -> None:
    """The line says that it is answered as without a key, and nothing after it is tried."""
    with serve(Fault.LOSES_HEADER) as service:
        found, _ = tried(service)

    assert found["right-key"].seen == "401 unauthorized, as without a key: it is wrong, or lost on the way"
    assert found["created"].verdict is Verdict.UNTRIED
    assert found["created"].seen == "it needs `right-key`"
    assert service.events == {}


def test_a_page_in_place_of_json_is_said() -> None:
    """A 200 with HTML is no answer of a service's."""
    with serve(Fault.HTML) as service:
        found, _ = tried(service)

    assert found["right-key"].seen == "200 with text/html that is not a JSON object"


def test_figures_are_in_no_line() -> None:
    """A service that keeps the line about revenue has it in its answer, and not in ours."""
    with serve(Fault.KEEPS_MONEY) as service:
        found, _ = tried(service)

    assert found["money"].verdict is Verdict.BROKEN
    assert "840" not in str([one.to_json() for one in found.values()])


def test_a_clause_needs_those_before_it() -> None:
    """One that does not hold keeps its dependants from being tried, and those theirs."""

    def breaks(_: None) -> None:
        must(False, expected="this", seen="that")  # noqa: FBT003 - it is what is tried

    clauses = (
        Clause("first", "it breaks", breaks),
        Clause("second", "it holds", lambda _: None, ("first",)),
        Clause("third", "it holds", lambda _: None, ("second",)),
        Clause("fourth", "it holds", lambda _: None),
    )

    found = [one.verdict.value for one in try_clauses("service", clauses, None)]

    assert found == ["broken", "not tried", "not tried", "held"]


@pytest.mark.parametrize("clauses", [crew_service.CLAUSES, calendar.CLAUSES], ids=["crew", "calendar"])
def test_clauses_come_after_what_they_need(clauses: tuple[Clause[None], ...]) -> None:
    """Each name is given once, and stands behind every one that it needs."""
    names = [clause.name for clause in clauses]

    assert len(names) == len({*names})
    for number, clause in enumerate(clauses):
        assert {*clause.needs} <= {*names[:number]}
