"""The outbox: however sending ends, nobody is mailed twice by itself, and nobody is forgotten."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service.table import Delete, Key, Step, Table
from lambdas.shipcaptaincrew.letters import Letter
from lambdas.shipcaptaincrew.mailbox import Mailbox, NotSentError, SesMailbox, UnknownSendingError

ONCE = {"Idempotency-Key": "event:xhqgmdh"}
Mails = Callable[..., list[Any]]


class FaultyMailbox:
    """A mailbox that raises what it is told to, one fault a letter, and then sends."""

    def __init__(self, inner: Mailbox, *faults: Exception | None) -> None:
        self._inner = inner
        self._faults = list(faults)

    def send(self, letter: Letter, *, to: str) -> None:
        """Raise the next fault, or send."""
        fault = self._faults.pop(0) if self._faults else None
        if fault is not None:
            raise fault
        self._inner.send(letter, to=to)


@pytest.fixture
def ses(sesv2: Any) -> SesMailbox:
    """Return the real mailbox."""
    return SesMailbox(lambda: sesv2, sender=("", "crew@example.com"))


def states(table: Table) -> list[str]:
    """Return where the mails of a table stand."""
    return [mail["state"] for mail in table.partition("outbox")]


@pytest.mark.usefixtures("crew")
def test_a_refused_mail_is_tried_again(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], table: Table, mails: Mails
) -> None:
    """When SES refuses a mail the call is done all the same, and the same call again sends that one alone."""
    scc = make_scc(mailbox=FaultyMailbox(ses, None, NotSentError("TooManyRequestsException")))

    first = scc.post("/event", json=charter, headers=ONCE)
    after_first = (states(table), len(mails()))
    second = scc.post("/event", json=charter, headers=ONCE)

    assert (first.status_code, first.json()) == (201, second.json())
    assert after_first == (["sent", "pending", "sent"], 2)
    assert (second.status_code, states(table), len(mails())) == (201, ["sent"] * 3, 3)


@pytest.mark.usefixtures("crew")
def test_an_unanswered_mail_is_never_sent_again(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], table: Table, mails: Mails
) -> None:
    """A mail of which nobody knows whether it went out stays claimed, and the others go out."""
    scc = make_scc(mailbox=FaultyMailbox(ses, UnknownSendingError()))

    answers = [scc.post("/event", json=charter, headers=ONCE).status_code for _ in range(3)]

    assert answers == [201, 201, 201]
    assert states(table) == ["claimed", "sent", "sent"]
    assert len(mails()) == 2


@pytest.mark.usefixtures("crew")
def test_a_crash_while_sending_forgets_nobody(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], table: Table, mails: Mails
) -> None:
    """After a crash in the midst of a mail, that one stays claimed and the call again sends the rest."""
    scc = make_scc(mailbox=FaultyMailbox(ses, None, RuntimeError("the process ends here")))

    first = scc.post("/event", json=charter, headers=ONCE)
    after_first = states(table)
    second = scc.post("/event", json=charter, headers=ONCE)

    assert (first.status_code, first.json()["error"]) == (500, "internal")
    assert "process ends" not in first.text
    assert after_first == ["sent", "claimed", "pending"]
    assert (second.status_code, states(table), len(mails())) == (201, ["sent", "claimed", "sent"], 2)


class DyingTable(Table):
    """A table whose process ends right after its first commit."""

    def write(self, *steps: Step) -> None:
        """Write, and never come back from a transaction that carries mails."""
        super().write(*steps)
        if any(step.label == "mail" for step in steps) and len(steps) > 2:
            raise RuntimeError("the process ends here")


@pytest.mark.usefixtures("crew")
def test_a_crash_after_the_commit_forgets_nobody(
    make_scc: Callable[..., TestClient],
    charter: dict[str, Any],
    dynamodb: Any,
    table_name: str,
    mails: Mails,
) -> None:
    """An event that was stored by a process that then died calls its crew when the same call comes again."""
    dying = make_scc(storage=DyingTable(lambda: dynamodb, table_name))

    first = dying.post("/event", json=charter, headers=ONCE)
    after_first = len(mails())
    second = make_scc().post("/event", json=charter, headers=ONCE)

    assert (first.status_code, after_first) == (500, 0)
    assert (second.status_code, len(mails())) == (201, 3)


def test_a_crash_after_a_change_forgets_nobody(
    make_scc: Callable[..., TestClient], event: dict[str, Any], dynamodb: Any, table_name: str, mails: Mails
) -> None:
    """The same change again, though it changes nothing any more, sends the mails that its first call left."""
    path, change = f"/events/{event['event_id']}", {"dock": "Harbor Island"}
    dying = make_scc(storage=DyingTable(lambda: dynamodb, table_name))

    first = dying.patch(path, json=change)
    after_first = len(mails())
    second = make_scc().patch(path, json=change)

    assert (first.status_code, after_first) == (500, 3)
    assert (second.json()["revision"], len(mails())) == (2, 6)


@pytest.mark.parametrize("status", ["scheduled", "cancelled"])
def test_a_look_again_sends_what_is_left(
    make_scc: Callable[..., TestClient], ses: SesMailbox, event: dict[str, Any], mails: Mails, status: str
) -> None:
    """A change without a field fences out older publishes, sends what is pending, and answers the event as it is."""
    path = f"/events/{event['event_id']}"
    refusing = make_scc(mailbox=FaultyMailbox(ses, *[NotSentError("TooManyRequestsException")] * 3))
    left = refusing.patch(path, json={"dock": "Harbor Island", "status": status}, headers={"X-Castoff-Serial": "18"})
    before = len(mails())

    looks = [make_scc().patch(path, json={}, headers={"X-Castoff-Serial": "20"}) for _ in range(2)]
    older = make_scc().patch(path, json={"guest_count": 9}, headers={"X-Castoff-Serial": "19"})

    stands = event | {"dock": "Harbor Island", "status": status, "revision": 2}
    assert (left.status_code, before) == (200, 3)
    assert [(look.status_code, look.json()) for look in looks] == [(200, stands)] * 2
    assert len(mails()) == 6
    assert (older.status_code, older.json()["error"]) == (409, "stale_serial")


@pytest.mark.usefixtures("crew")
def test_what_is_pending_lapses_with_the_charter(
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    charter: dict[str, Any],
    hours: dict[str, datetime],
    table: Table,
) -> None:
    """A mail that could not be sent before the charter was over is not sent after it."""
    scc = make_scc(mailbox=FaultyMailbox(ses, *[NotSentError("TooManyRequestsException")] * 3))
    scc.post("/event", json=charter, headers=ONCE)
    hours["now"] = datetime.fromisoformat("2024-05-31T00:00:00-07:00")

    answer = scc.post("/event", json=charter, headers=ONCE)

    assert (answer.status_code, states(table)) == (201, ["lapsed"] * 3)


@pytest.mark.usefixtures("crew")
def test_who_left_is_not_mailed(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], table: Table, mails: Mails
) -> None:
    """A mail that waits for someone who has left since lapses."""
    scc = make_scc(mailbox=FaultyMailbox(ses, *[NotSentError("TooManyRequestsException")] * 3))
    scc.post("/event", json=charter, headers=ONCE)
    scc.delete("/crew-members/crew-001")

    scc.post("/event", json=charter, headers=ONCE)

    assert states(table) == ["sent", "lapsed", "sent"]
    assert mails("crew-001") == []


class BusyMailbox:
    """A mailbox that does something else in the midst of its first letter, and then sends."""

    def __init__(self, inner: Mailbox, other: Callable[[], object]) -> None:
        self._inner = inner
        self._other: Callable[[], object] | None = other

    def send(self, letter: Letter, *, to: str) -> None:
        """Let the other happen once, and send."""
        if self._other is not None:
            other, self._other = self._other, None
            other()
        self._inner.send(letter, to=to)


@pytest.mark.usefixtures("crew")
def test_nothing_overtakes_a_mail_on_its_way(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], table: Table, mails: Mails
) -> None:
    """Called off while a call is with SES, that reader hears the call first; who was not called yet hears nothing."""

    def cancel() -> None:
        scc = make_scc()
        [event] = scc.get("/events?booking_id=xhqgmdh").json()["events"]
        assert scc.delete(f"/events/{event['event_id']}").status_code == 200
        told.append(len(mails()))

    told: list[int] = []
    busy = make_scc(mailbox=BusyMailbox(ses, cancel))

    created = busy.post("/event", json=charter, headers=ONCE)
    make_scc().post("/event", json=charter, headers=ONCE)

    assert (created.status_code, told) == (201, [0])
    assert [mail["Subject"].partition(":")[0] for mail in mails()] == ["Crew call", "Cancelled"]
    assert states(table) == ["sent", "lapsed", "lapsed", "sent", "lapsed", "lapsed"]


@pytest.mark.usefixtures("crew")
def test_who_was_never_called_is_not_called_off(
    make_scc: Callable[..., TestClient], ses: SesMailbox, charter: dict[str, Any], table: Table, mails: Mails
) -> None:
    """A charter whose call never went out is called off in silence: nobody is told of what they never heard of."""
    refusing = make_scc(mailbox=FaultyMailbox(ses, None, *[NotSentError("TooManyRequestsException")] * 2))
    event = refusing.post("/event", json=charter, headers=ONCE).json()

    make_scc().delete(f"/events/{event['event_id']}")

    assert [mail["Subject"].partition(":")[0] for mail in mails()] == ["Crew call", "Cancelled"]
    assert [mail.get("reason") for mail in table.partition("outbox")] == [
        None,
        *["event_cancelled"] * 2,
        None,
        *["never_called"] * 2,
    ]


def test_who_was_called_long_ago_is_called_off(
    make_scc: Callable[..., TestClient], ses: SesMailbox, event: dict[str, Any], table: Table, mails: Mails
) -> None:
    """Whose call is not kept in the outbox any more hears that it is off, though a later mail never went out."""
    table.write(*[Delete(Key(item["pk"], item["sk"])) for item in table.partition("outbox")])
    path = f"/events/{event['event_id']}"
    make_scc(mailbox=FaultyMailbox(ses, *[NotSentError("TooManyRequestsException")] * 3)).patch(
        path, json={"dock": "Harbor Island"}
    )

    make_scc().delete(path)

    assert [mail["Subject"].partition(":")[0] for mail in mails()] == ["Crew call"] * 3 + ["Cancelled"] * 3


def test_ses_refuses_by_its_own_word(cloud: str, sesv2: Any, ses: SesMailbox) -> None:
    """A sender that SES does not know is a refusal with SES's code, so certainly not sent."""
    assert cloud
    unknown = SesMailbox(lambda: sesv2, sender=("", "crew@elsewhere.example.org"))

    with pytest.raises(NotSentError) as refusal:
        unknown.send(Letter("subject", "text", "html"), to="ana@example.com")

    assert refusal.value.code == "MessageRejected"
    ses.send(Letter("subject", "text", "html"), to="nobody@example.com")
