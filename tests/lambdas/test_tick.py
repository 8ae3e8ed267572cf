"""The tick: what waits is sent, the day before is seen to once, and nothing twice, whatever breaks or comes at once."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.mailroom import FaultyMailbox

from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Delete, Key, Put, Step, Table
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.debts import Debts
from lambdas.shipcaptaincrew.eve import Eve
from lambdas.shipcaptaincrew.letters import Letter
from lambdas.shipcaptaincrew.mailbox import NotSentError, SesMailbox, UnknownSendingError
from lambdas.shipcaptaincrew.pace import MARGIN, Stroll
from lambdas.shipcaptaincrew.tick import Tally, Tick, metric_line

ONCE = {"Idempotency-Key": "event:xhqgmdh"}
THROTTLED = NotSentError("TooManyRequestsException")
Mails = Callable[..., list[Any]]
Clock = dict[str, datetime]


@pytest.fixture
def ses(sesv2: Any) -> SesMailbox:
    """Return the real mailbox."""
    return SesMailbox(lambda: sesv2, sender=("Queen of San Diego", "crew@example.com"))


def tick(scc: TestClient) -> Tally:
    """Let the scheduler call once."""
    tally: Tally = scc.app.state.service.tick.run()  # type: ignore[attr-defined]  # the app that the client holds
    return tally


def at(text: str) -> datetime:
    """Return an instant of the week of the charter, at the dock."""
    return datetime.fromisoformat(f"2024-05-{text}:00-07:00")


def subjects(mails: list[Any]) -> list[str]:
    """Return what mails are about, without boat and time."""
    return [mail["Subject"].partition(":")[0] for mail in mails]


def states(table: Table) -> dict[str, str]:
    """Return where each mail of the outbox stands, by its key without the event."""
    return {
        mail["sk"].partition("#")[2]: f"{mail['state']} {mail.get('reason', '')}".strip()
        for mail in table.partition("outbox")
    }


@pytest.mark.usefixtures("crew")
def test_what_was_refused_is_sent_by_the_tick(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], mails: Mails, table: Table
) -> None:
    """Mails that SES refused go out with the next tick, and then nothing is left to be looked at."""
    make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3)).post("/event", json=charter, headers=ONCE)
    waiting = (len(mails()), len(table.partition("open")))

    tallies = [tick(make_scc()) for _ in range(2)]

    assert waiting == (0, 1)
    assert tallies == [Tally(pending=0, claimed=0, events=1), Tally(pending=0, claimed=0, events=0)]
    assert subjects(mails()) == ["Crew call"] * 3
    assert table.partition("open") == []


class DyingTable(Table):
    """A table whose process ends right after the commit that carries an event's mails."""

    def write(self, *steps: Step) -> None:
        """Write, and never come back from it."""
        super().write(*steps)
        if any(step.label == "event" for step in steps) and any(step.label == "mail" for step in steps):
            raise RuntimeError("the process ends here")


@pytest.mark.usefixtures("crew")
def test_what_was_never_claimed_is_sent_by_the_tick(
    make_scc: Callable[..., TestClient], charter: dict[str, Any], dynamodb: Any, table_name: str, mails: Mails
) -> None:
    """Of an event whose creator died before the first mail, the crew hears within a quarter of an hour."""
    dying = make_scc(storage=DyingTable(lambda: dynamodb, table_name))

    assert dying.post("/event", json=charter, headers=ONCE).status_code == 500
    tick(make_scc())

    assert subjects(mails()) == ["Crew call"] * 3


@pytest.mark.usefixtures("crew")
def test_what_was_claimed_is_not_sent_by_the_tick(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], mails: Mails
) -> None:
    """Killed between claim and answer, a mail is counted by each tick and sent by none."""
    make_scc(mailbox=FaultyMailbox(ses, UnknownSendingError())).post("/event", json=charter, headers=ONCE)

    tallies = [tick(make_scc()) for _ in range(3)]

    assert tallies == [Tally(pending=0, claimed=1, events=1)] * 3
    assert len(mails()) == 2


def test_two_ticks_at_once_send_once(
    make_scc: Callable[..., TestClient], event: dict[str, Any], hours: Clock, mails: Mails
) -> None:
    """However many ticks come at the same moment, each reminder and summary is written and sent once."""
    assert event
    hours["now"] = at("29T18:05")
    clients = [make_scc() for _ in range(6)]
    together = Barrier(len(clients))

    def run(scc: TestClient) -> Tally:
        together.wait()
        return tick(scc)

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(run, clients))

    assert sorted(subjects(mails())) == ["At a glance"] + ["Crew call"] * 3 + ["Reminder"] * 3


def test_the_day_before(
    make_scc: Callable[..., TestClient], event: dict[str, Any], hours: Clock, mails: Mails, table: Table
) -> None:
    """Nothing before the hour; then a reminder to each with a fresh link, and in the evening the captain's summary."""
    assert event
    scc = make_scc()
    told = []
    for moment in ("28T23:59", "29T09:59", "29T10:00", "29T10:15", "29T17:59", "29T18:00", "29T23:45", "30T07:00"):
        hours["now"] = at(moment)
        tick(scc)
        told.append((moment, subjects(mails()[3:])))

    reminders = ["Reminder"] * 3
    assert told == [
        ("28T23:59", []),
        ("29T09:59", []),
        ("29T10:00", reminders),
        ("29T10:15", reminders),
        ("29T17:59", reminders),
        ("29T18:00", [*reminders, "At a glance"]),
        ("29T23:45", [*reminders, "At a glance"]),
        ("30T07:00", [*reminders, "At a glance"]),
    ]
    assert table.partition("open") == []
    links = {mail["BodyText"].partition("?token=")[2][:43] for mail in mails()}
    assert len(links) == 7


@pytest.mark.usefixtures("crew")
def test_a_reminder_opens_the_page(
    scc: TestClient, charter: dict[str, Any], hours: Clock, token_of: Callable[[str], str]
) -> None:
    """The link of a reminder lets its reader in, long after that of the call has run out."""
    hours["now"] = at("25T09:00")
    scc.post("/event", json=charter, headers=ONCE)
    old = token_of("crew-001")
    hours["now"] = at("29T10:00")
    tick(scc)
    hours["now"] = at("30T06:00")

    answers = [scc.post("/crew/xhqgmdh", data={"token": token}) for token in (old, token_of("crew-001"))]

    assert [answer.status_code == 303 for answer in answers] == [False, True]


@pytest.mark.usefixtures("crew")
def test_the_summary_says_what_a_captain_asks(
    scc: TestClient, charter: dict[str, Any], hours: Clock, mails: Mails
) -> None:
    """Guests, requests, crew and weather as they stand that evening, and no money."""
    forecast = "https://forecast.weather.gov/MapClick.php?lat=32.72&lon=-117.21"
    notes = "One guest uses a cane.\nRevenue: $840.75"
    created = scc.post("/event", json=charter | {"forecast": forecast, "notes": notes}, headers=ONCE).json()
    scc.patch(f"/events/{created['event_id']}", json={"guest_count": 9})
    hours["now"] = at("29T18:00")

    tick(scc)

    [summary] = [mail for mail in mails("captain-001") if mail["Subject"].startswith("At a glance")]
    for words in ("Guests:    9\n", "Crew:      Ben Ito, Cora Lind\n", "One guest uses a cane.", forecast):
        assert words in summary["BodyText"]
    assert "840" not in summary["BodyText"] + summary["BodyHtml"]
    assert [mail["Subject"] for mail in mails("crew-001") if mail["Subject"].startswith("At a glance")] == []


@pytest.mark.usefixtures("crew")
def test_who_was_called_lately_is_not_reminded(
    scc: TestClient, charter: dict[str, Any], hours: Clock, mails: Mails, table: Table
) -> None:
    """A charter booked the evening before sends its call, the summary, and no reminder, then or at night."""
    hours["now"] = at("29T17:00")
    scc.post("/event", json=charter, headers=ONCE)

    for moment in ("29T17:15", "29T18:00", "29T23:45"):
        hours["now"] = at(moment)
        tick(scc)

    assert subjects(mails("crew-001")) == ["Crew call"]
    assert subjects(mails("captain-001")) == ["Crew call", "At a glance"]
    assert states(table)["reminder-2024-05-30#crew-001"] == "lapsed told_lately"


def test_a_moved_charter_is_reminded_of_on_its_own_eve(
    scc: TestClient, event: dict[str, Any], hours: Clock, mails: Mails
) -> None:
    """Moved within its day there is one reminder; moved to another day, another the day before that."""
    path = f"/events/{event['event_id']}"
    hours["now"] = at("29T10:00")
    tick(scc)
    scc.patch(path, json={"date": "2024-05-30T11:00:00-07:00"})
    hours["now"] = at("29T23:30")
    tick(scc)
    same_day = subjects(mails("crew-001"))
    scc.patch(path, json={"date": "2024-06-01T11:00:00-07:00", "call_time": "2024-06-01T10:00:00-07:00"})
    for moment in ("30T12:00", "31T12:00", "31T12:15"):
        hours["now"] = at(moment)
        tick(scc)

    assert same_day == ["Crew call", "Reminder", "Changed"]
    assert subjects(mails("crew-001"))[3:] == ["Changed", "Reminder"]
    assert mails("crew-001")[-1]["Subject"] == "Reminder: Jada, Sat, Jun 1, 10 AM"


def test_no_word_of_a_cancelled_charter(scc: TestClient, event: dict[str, Any], hours: Clock, mails: Mails) -> None:
    """Called off before the eve, it is not reminded of."""
    scc.delete(f"/events/{event['event_id']}")
    hours["now"] = at("29T18:00")

    tick(scc)

    assert subjects(mails("captain-001")) == ["Crew call", "Cancelled"]


def test_cancelled_after_the_reminder_was_written(
    *,
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    event: dict[str, Any],
    hours: Clock,
    mails: Mails,
    table: Table,
) -> None:
    """A reminder that waits while its charter is called off is never sent."""
    hours["now"] = at("29T10:00")
    waiting = tick(make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3)))
    hours["now"] = at("29T10:10")
    make_scc().delete(f"/events/{event['event_id']}")
    hours["now"] = at("29T10:15")

    tick(make_scc())

    assert waiting.pending == 3
    assert subjects(mails("crew-001")) == ["Crew call", "Cancelled"]
    assert states(table)["reminder-2024-05-30#crew-001"] == "lapsed event_cancelled"


class OvertakenTable(Table):
    """A table in which somebody else does something right before the first write that has a step of a label."""

    def __init__(self, *given: Any, label: str, other: Callable[[], object]) -> None:
        super().__init__(*given)
        self._label = label
        self._other: Callable[[], object] | None = other

    def write(self, *steps: Step) -> None:
        """Let the other go first, once."""
        if self._other is not None and any(step.label == self._label for step in steps):
            other, self._other = self._other, None
            other()
        super().write(*steps)


def test_cancelled_while_the_reminder_goes_out(
    *,
    make_scc: Callable[..., TestClient],
    event: dict[str, Any],
    hours: Clock,
    mails: Mails,
    dynamodb: Any,
    table_name: str,
) -> None:
    """Called off in the very moment of a claim, by a call that dies then, it is not reminded of, but called off."""
    hours["now"] = at("29T10:00")
    dying = make_scc(storage=DyingTable(lambda: dynamodb, table_name))

    def cancel() -> None:
        assert dying.delete(f"/events/{event['event_id']}").status_code == 500

    tick(make_scc(storage=OvertakenTable(lambda: dynamodb, table_name, label="link", other=cancel)))
    tick(make_scc())

    assert sorted(subjects(mails())) == ["Cancelled"] * 3 + ["Crew call"] * 3


def test_a_tick_that_is_overtaken_writes_nothing_twice(
    *,
    make_scc: Callable[..., TestClient],
    event: dict[str, Any],
    hours: Clock,
    mails: Mails,
    dynamodb: Any,
    table_name: str,
) -> None:
    """A tick that has seen no reminder yet, and finds them written and sent as it writes its own, sends none."""
    assert event
    hours["now"] = at("29T10:00")
    other = make_scc()
    storage = OvertakenTable(lambda: dynamodb, table_name, label="mail", other=lambda: tick(other))

    tick(make_scc(storage=storage))

    assert sorted(subjects(mails())) == ["Crew call"] * 3 + ["Reminder"] * 3


def test_the_captain_replaced_the_evening_before(
    make_scc: Callable[..., TestClient], ses: SesMailbox, event: dict[str, Any], hours: Clock, mails: Mails
) -> None:
    """The summary that waits for who was captain lapses, and who is captain now gets theirs."""
    hours["now"] = at("29T10:00")
    tick(make_scc())
    hours["now"] = at("29T18:00")
    tick(make_scc(mailbox=FaultyMailbox(ses, THROTTLED)))
    swapped = {"captain_id": "crew-003", "crew_ids": ["captain-001", "crew-002"]}
    make_scc().patch(f"/events/{event['event_id']}", json=swapped)
    hours["now"] = at("29T18:15")

    tick(make_scc())

    assert subjects(mails("captain-001")) == ["Crew call", "Reminder", "Changed"]
    assert subjects(mails("crew-003")) == ["Crew call", "At a glance"]
    assert "Crew:      Ana Ruiz, Cora Lind\n" in mails("crew-003")[-1]["BodyText"]


def test_an_older_mail_goes_first(
    make_scc: Callable[..., TestClient], ses: SesMailbox, event: dict[str, Any], mails: Mails
) -> None:
    """While an older mail to somebody is refused, nothing newer overtakes it."""
    path = f"/events/{event['event_id']}"
    make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3)).patch(path, json={"dock": "Harbor Island"})
    make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3)).patch(path, json={"dock": "Shelter Island"})
    held = len(mails())

    tick(make_scc())

    docks = [mail["BodyText"].partition("Dock:")[2].partition("\n")[0].strip() for mail in mails("crew-001")]
    assert held == 3
    assert docks == ["Sheraton Marina", "Harbor Island", "Shelter Island"]


@pytest.mark.usefixtures("crew")
def test_a_throttling_ses_is_let_be(
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    charter: dict[str, Any],
    pauses: list[float],
    mails: Mails,
) -> None:
    """A tick waits between mails, longer after each throttling, and stops after three in a row; the next goes on."""
    for number in range(4):
        one = charter | {"booking_id": f"xhqgmd{number}"}
        scc = make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3))
        scc.post("/event", json=one, headers={"Idempotency-Key": one["booking_id"]})
    throttling = FaultyMailbox(ses, None, *[THROTTLED] * 9)

    first = tick(make_scc(mailbox=throttling))
    second = tick(make_scc())

    assert (first, len(throttling.asked)) == (Tally(pending=11, claimed=0, events=4), 4)
    assert pauses[:3] == [0.1, 1.0, 2.0]
    assert (second.unsent, len(mails())) == (0, 12)


def test_a_pace_ends() -> None:
    """So many mails and no more go out in one tick."""
    pace = Stroll(most=2, apart=0.1, pause=lambda _: None)

    assert [pace.ready() for _ in range(4)] == [True, True, False, False]


def test_a_killed_tick_is_taken_up_by_the_next(
    make_scc: Callable[..., TestClient], ses: SesMailbox, event: dict[str, Any], hours: Clock, mails: Mails
) -> None:
    """Ended in the midst of a mail, that one is left in doubt and the others are sent by the next tick."""
    assert event
    hours["now"] = at("29T10:00")
    dying = make_scc(mailbox=FaultyMailbox(ses, None, KeyboardInterrupt()))

    with pytest.raises(KeyboardInterrupt):
        tick(dying)
    left = tick(make_scc())

    assert left == Tally(pending=0, claimed=1, events=1)
    assert subjects(mails()).count("Reminder") == 2


@pytest.mark.usefixtures("crew")
def test_a_doubt_ends_with_the_charter(
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    charter: dict[str, Any],
    hours: Clock,
    table: Table,
) -> None:
    """Once the charter is over nothing waits any more: what was never confirmed has lapsed, and says so."""
    make_scc(mailbox=FaultyMailbox(ses, UnknownSendingError(), THROTTLED)).post("/event", json=charter, headers=ONCE)
    hours["now"] = at("30T12:00")

    tallies = [tick(make_scc()) for _ in range(2)]

    assert [tally.unsent for tally in tallies] == [0, 0]
    assert sorted(states(table).values()) == ["lapsed charter_over", "lapsed never_confirmed", "sent"]
    assert table.partition("open") == []


def test_the_metric_is_one_line(hours: Clock) -> None:
    """What CloudWatch counts is what somebody has to look at: in doubt, late, where nothing arrives, and faults."""
    tally = Tally(pending=9, claimed=1, events=2, overdue=2, bounced=4, faults=8)

    line = metric_line(tally, function="castoff-scc", now=hours["now"])

    read = json.loads(line)
    [metric] = read["_aws"]["CloudWatchMetrics"]
    assert "\n" not in line
    assert (metric["Namespace"], metric["Metrics"][0]["Name"], metric["Dimensions"]) == (
        "castoff",
        "UnsentMail",
        [["Function"]],
    )
    assert (read["UnsentMail"], read["Function"]) == (15, "castoff-scc")
    assert read["_aws"]["Timestamp"] == int(hours["now"].timestamp() * 1000)


@pytest.mark.usefixtures("crew")
def test_what_waits_too_long_is_told(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], hours: Clock
) -> None:
    """A mail may wait for a tick or two; after half an hour it counts, however often it was tried in between."""
    make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3)).post("/event", json=charter, headers=ONCE)

    told = []
    for _ in range(3):
        hours["now"] += timedelta(minutes=15, seconds=1)
        tally = tick(make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3)))
        told.append((tally.pending, tally.unsent))

    assert told == [(3, 0), (3, 3), (3, 3)]


def test_a_doubtful_change_does_not_silence_the_reminder(
    make_scc: Callable[..., TestClient], ses: SesMailbox, event: dict[str, Any], hours: Clock, mails: Mails
) -> None:
    """Of whom nobody knows whether they heard of the change, they are reminded on the eve."""
    hours["now"] = at("29T08:00")
    silent = make_scc(mailbox=FaultyMailbox(ses, *[UnknownSendingError()] * 3))
    silent.patch(f"/events/{event['event_id']}", json={"date": "2024-05-30T10:00:00-07:00"})
    hours["now"] = at("29T10:15")

    tick(make_scc())

    assert sorted(subjects(mails())) == ["Crew call"] * 3 + ["Reminder"] * 3


def test_one_event_that_cannot_be_read_stops_no_other(
    *,
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    event: dict[str, Any],
    charter: dict[str, Any],
    hours: Clock,
    mails: Mails,
    table: Table,
) -> None:
    """What cannot be read of one charter of tomorrow is counted, and the mails of every other go out."""
    broken = table.get(Key(f"event#{event['event_id']}", "event"))
    assert broken is not None
    table.write(Put({name: value for name, value in broken.items() if name != "dock"}))
    hours["now"] = at("29T10:00")
    later = {"booking_id": "abcdefg", "date": "2024-06-20T09:00:00-07:00", "call_time": "2024-06-20T08:00:00-07:00"}
    other = make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3))
    other.post("/event", json=charter | later, headers={"Idempotency-Key": "event:abcdefg"})

    tally = tick(make_scc())

    assert (tally.faults, tally.unsent) == (1, 1)
    assert [mail["Subject"] for mail in mails()[3:]] == ["Crew call: Jada, Thu, Jun 20, 8 AM"] * 3


class ThrottledTable(Table):
    """A table in which nothing of one event, or of one partition, can be read."""

    def __init__(self, *given: Any, refuses: str) -> None:
        super().__init__(*given)
        self._refuses = refuses

    def partition(self, pk: str, *, first: str = "", last: str = "~", most: int | None = None) -> Sequence[Item]:
        """Refuse, or read."""
        if pk == self._refuses or first.startswith(f"{self._refuses}#"):
            raise UnavailableError("throttled")
        return super().partition(pk, first=first, last=last, most=most)


@pytest.mark.parametrize("refuses", ["xhqgmdh", "day#2024-05-30"])
def test_a_throttled_read_stops_no_other_mail(
    *,
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    crew: dict[str, str],
    charter: dict[str, Any],
    hours: Clock,
    mails: Mails,
    dynamodb: Any,
    table_name: str,
    refuses: str,
) -> None:
    """What one event, or the list of tomorrow's, does not answer is counted; the rest of the round is made."""
    assert crew
    hours["now"] = at("29T09:00")
    ids = {}
    for booking_id in ("xhqgmdh", "abcdefg"):
        scc = make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3))
        body = charter | {"booking_id": booking_id}
        ids[booking_id] = scc.post("/event", json=body, headers={"Idempotency-Key": booking_id}).json()["event_id"]
    hours["now"] = at("29T10:00")
    storage = ThrottledTable(lambda: dynamodb, table_name, refuses=ids.get(refuses, refuses))

    tally = tick(make_scc(storage=storage))

    assert tally.faults >= 1
    assert tally.unsent == tally.faults
    assert len(mails()) == (3 if refuses in ids else 6)


def test_a_round_that_finds_nothing_is_told(
    make_scc: Callable[..., TestClient], event: dict[str, Any], dynamodb: Any, table_name: str
) -> None:
    """When not even the outbox can be read, the metric says so."""
    assert event
    storage = ThrottledTable(lambda: dynamodb, table_name, refuses="open")

    assert tick(make_scc(storage=storage)) == Tally(faults=1)


def test_preparing_leaves_time_for_sending(
    *,
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    event: dict[str, Any],
    hours: Clock,
    mails: Mails,
    table: Table,
) -> None:
    """An eve that takes all the time it has leaves what waited to be sent, and counts as no fault."""
    make_scc(mailbox=FaultyMailbox(ses, *[THROTTLED] * 3)).patch(
        f"/events/{event['event_id']}", json={"dock": "Harbor Island"}
    )
    hours["now"] = at("29T10:00")
    ours = make_scc().app.state.service  # type: ignore[attr-defined]  # the app that the client holds
    eve = Eve(table, ours.outbox.mails, zone=ours.ports.settings.zone, reminder_hour=10, summary_hour=18)
    debts, pause = Debts(table, ours.ports.departures), ours.ports.pause

    tally = Tick(ours.outbox, eve, debts, now=lambda: hours["now"], pause=pause, to_prepare=MARGIN / 2).run()

    assert tally == Tally(events=1)
    assert subjects(mails()) == ["Crew call"] * 3 + ["Changed"] * 3


@pytest.mark.parametrize("change", ["deleted", "moved"])
def test_who_left_in_the_moment_of_a_claim(
    *,
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    crew: dict[str, str],
    charter: dict[str, Any],
    mails: Mails,
    dynamodb: Any,
    table_name: str,
    token_of: Callable[[str], str],
    change: str,
) -> None:
    """Gone as their mail is claimed, nobody writes to them; with another address, it goes there, with a good link."""
    refused = FaultyMailbox(ses, NotSentError("MessageRejected"))
    make_scc(mailbox=refused).post("/event", json=charter | {"crew_ids": []}, headers=ONCE)
    old, new = crew["captain-001"], "new." + crew["captain-001"]
    body = {"name": "Ana Ruiz", "role": "captain", "email": new}

    def leave() -> None:
        scc = make_scc()
        left = (
            scc.delete("/crew-members/captain-001")
            if change == "deleted"
            else scc.put("/crew-members/captain-001", json=body)
        )
        assert left.status_code == 200

    tick(make_scc(storage=OvertakenTable(lambda: dynamodb, table_name, label="link", other=leave)))

    assert mails("captain-001") == []
    crew["captain-001"] = new
    assert old != new
    if change == "moved":
        assert make_scc().post("/crew/xhqgmdh", data={"token": token_of("captain-001")}).status_code == 303


def test_the_eve_is_that_of_the_crew_call(
    scc: TestClient, crew: dict[str, str], charter: dict[str, Any], hours: Clock, mails: Mails
) -> None:
    """A charter that starts after midnight is reminded of the day before its crew is called, late as that may be."""
    assert crew
    hours["now"] = at("28T09:00")
    night = {"date": "2024-05-31T00:30:00-07:00", "call_time": "2024-05-30T22:30:00-07:00"}
    scc.post("/event", json=charter | night, headers=ONCE)
    told = []
    for moment in ("28T23:45", "29T10:00", "29T18:00", "30T12:00", "30T18:00"):
        hours["now"] = at(moment)
        tick(scc)
        told.append(subjects(mails("captain-001")[1:]))

    assert told == [[], ["Reminder"], *[["Reminder", "At a glance"]] * 3]


class CountingMailbox:
    """A mailbox that keeps nothing but how often it was asked."""

    def __init__(self) -> None:
        self.count = 0

    def send(self, letter: Letter, *, to: str) -> None:
        """Count."""
        assert letter.text
        assert to
        self.count += 1


def test_an_event_of_before_is_found_with_its_next_change(
    make_scc: Callable[..., TestClient], event: dict[str, Any], hours: Clock, table: Table
) -> None:
    """An event stored before days were kept is reminded of once anything of it has changed."""
    table.write(Delete(Key("day#2024-05-30", event["event_id"])))
    mailbox = CountingMailbox()
    hours["now"] = at("29T10:00") - timedelta(hours=1)
    make_scc().patch(f"/events/{event['event_id']}", json={"guest_count": 7})
    hours["now"] = at("29T10:00")

    tick(make_scc(mailbox=mailbox))

    assert mailbox.count == 3
