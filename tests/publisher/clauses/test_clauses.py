"""The contract's clauses against services that keep them, and against each way in which one may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.contracted import BOOKING, Contracted, Fault, serve

from publisher.clauses import calendar, crew_service
from publisher.clauses.clause import Clause, Tried, Verdict, try_clauses
from publisher.clauses.run import run

if TYPE_CHECKING:
    from collections.abc import Iterator

BREAKS: dict[Fault, set[str]] = {
    Fault.NONE: set(),
    Fault.SENDS_TWICE: {"sent-once"},
    Fault.NO_IDEMPOTENCY: {"same-answer", "one-event", "sent-once", "other-body"},
    Fault.LOSES_HEADER: {"right-key", "right-token"},
    Fault.HTML: {"no-key", "wrong-key", "right-key", "no-token", "wrong-token", "right-token"},
    Fault.OPEN: {"no-key", "wrong-key", "no-token", "wrong-token"},
    Fault.NO_FENCE: {"fence", "calendar-fence"},
    Fault.LATE_FENCE: {"fence-by-look"},
    Fault.KEEPS_MONEY: {"money"},
    Fault.TAKES_OTHER_BODY: {"other-body", "read"},
    Fault.FORGETS: {"one-event"},
    Fault.KEEPS_EVENTS: {"cancelled"},
    Fault.CREATES_AGAIN: {"plain", "written"},
}


def tried(service: Contracted, *, members: bool = False) -> tuple[dict[str, Tried], list[str]]:
    """Run the contract, and return each clause as it came out, and what was left."""
    found: dict[str, Tried] = {}
    left: list[str] = []

    def tell(one: Tried) -> None:
        name = one.name if one.service == crew_service.NAME or one.name != "fence" else "calendar-fence"
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
        crew_service.must(False, expected="this", seen="that")  # noqa: FBT003 - it is what is tried

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
