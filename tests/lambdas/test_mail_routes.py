"""The operator's look into the outbox: where each mail stands, and sending again only at a word."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.mailroom import FaultyMailbox

from lambdas.shipcaptaincrew.mailbox import NotSentError, SesMailbox, UnknownSendingError

ONCE = {"Idempotency-Key": "event:xhqgmdh"}
AGAIN = {"Idempotency-Key": "resend-1"}
Mails = Callable[..., list[Any]]
Clock = dict[str, datetime]


@pytest.fixture
def ses(sesv2: Any) -> SesMailbox:
    """Return the real mailbox."""
    return SesMailbox(lambda: sesv2, sender=("", "crew@example.com"))


@pytest.fixture
def doubtful(
    make_scc: Callable[..., TestClient], crew: dict[str, str], ses: SesMailbox, charter: dict[str, Any], hours: Clock
) -> str:
    """Leave the captain's call claimed and never confirmed, some minutes ago, and return its id."""
    assert crew
    scc = make_scc(mailbox=FaultyMailbox(ses, UnknownSendingError()))
    scc.post("/event", json=charter, headers=ONCE)
    hours["now"] += timedelta(minutes=5)
    [mail] = scc.get("/mail?state=claimed").json()["mails"]
    return str(mail["mail_id"])


def stands(scc: TestClient, mail_id: str) -> str:
    """Return where a mail stands."""
    found = {mail["mail_id"]: mail["state"] for mail in scc.get("/mail").json()["mails"]}
    return str(found[mail_id])


def test_mails_are_listed_by_where_they_stand(
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    charter: dict[str, Any],
    crew: dict[str, str],
    hours: Clock,
) -> None:
    """What is in doubt, waits or went out is listed, all or of one booking, without an address or a word of it."""
    refused = NotSentError("TooManyRequestsException")
    scc = make_scc(mailbox=FaultyMailbox(ses, UnknownSendingError(), refused))
    created = scc.post("/event", json=charter, headers=ONCE)
    event_id = scc.get("/events?booking_id=xhqgmdh").json()["events"][0]["event_id"]

    def listed(query: str) -> list[tuple[str, str]]:
        answer = scc.get(f"/mail{query}")
        assert answer.status_code == 200
        assert not any(address in answer.text for address in crew.values())
        return [(mail["member_id"], mail["state"]) for mail in answer.json()["mails"]]

    every = [("captain-001", "claimed"), ("crew-001", "pending"), ("crew-002", "sent")]
    assert created.status_code == 201
    assert listed("") == every
    assert listed("?booking_id=xhqgmdh") == every
    assert listed("?booking_id=abcdefg") == []
    assert [listed(f"?state={state}") for _, state in every] == [[one] for one in every]
    assert listed("?state=lapsed") == []
    assert listed("?state=claimed&booking_id=xhqgmdh") == every[:1]
    assert scc.get("/mail?state=claimed").json()["mails"][0] == {
        "mail_id": f"{event_id}.00000001.captain-001",
        "booking_id": "xhqgmdh",
        "event_id": event_id,
        "member_id": "captain-001",
        "kind": "invited",
        "state": "claimed",
        "since": hours["now"].isoformat(),
    }


def test_strangers_see_no_mail(scc: TestClient, doubtful: str) -> None:
    """All routes want the service key, and ask for it before anything else."""
    answers = [
        scc.get("/mail", headers={"X-Service-Key": "wrong"}),
        scc.post(f"/mail/{doubtful}/resend", headers={"X-Service-Key": "wrong"}),
        scc.post(f"/mail/{doubtful}/arrived", headers={"X-Service-Key": "wrong"}),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_questions_that_make_no_sense(scc: TestClient) -> None:
    """A state that is none, a booking that is none, a mail that is none: each is refused by its name."""
    answers = [
        scc.get("/mail?state=lost"),
        scc.get("/mail?booking_id=../etc"),
        scc.get("/mail?next=nowhere"),
        scc.get("/mail?limit=0"),
        scc.post("/mail/ev-nothing.00000001.crew-001/resend", headers=AGAIN),
        scc.post("/mail/nothing/resend", headers=AGAIN),
        scc.post("/mail/ev-nothing.00000001.crew-001/resend"),
    ]

    assert [(answer.status_code, answer.json()["field"]) for answer in answers] == [
        (422, "state"),
        (422, "booking_id"),
        (422, "next"),
        (422, "limit"),
        (404, "mail_id"),
        (422, "mail_id"),
        (400, "Idempotency-Key"),
    ]


def test_a_word_sends_again_once(scc: TestClient, doubtful: str, mails: Mails) -> None:
    """The same word however often is one mail, with a link of its own; another word finds that it was sent."""
    answers = [scc.post(f"/mail/{doubtful}/resend", headers=AGAIN) for _ in range(3)]
    another = scc.post(f"/mail/{doubtful}/resend", headers={"Idempotency-Key": "resend-2"})

    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(200, "sent")] * 3
    assert (another.status_code, another.json()["error"]) == (409, "mail_sent")
    assert [mail["Subject"] for mail in mails("captain-001")] == ["Crew call: Jada, Thu, May 30, 8 AM"]


def test_what_has_arrived_is_closed(scc: TestClient, doubtful: str, mails: Mails) -> None:
    """When the reader has the mail, a word ends the doubt however often it comes: nothing is sent, nothing is open."""
    answers = [scc.post(f"/mail/{doubtful}/arrived") for _ in range(2)]
    tally = scc.app.state.service.tick.run()  # type: ignore[attr-defined]  # the app that the client holds
    resent = scc.post(f"/mail/{doubtful}/resend", headers=AGAIN)

    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(200, "sent")] * 2
    assert (tally.unsent, resent.json()["error"]) == (0, "mail_sent")
    assert mails("captain-001") == []


def test_what_cannot_have_arrived_is_not_closed(
    make_scc: Callable[..., TestClient], ses: SesMailbox, crew: dict[str, str], charter: dict[str, Any]
) -> None:
    """What may still be on its way, what SES refused and what has lapsed are no doubt that a word could end."""
    assert crew
    scc = make_scc(mailbox=FaultyMailbox(ses, UnknownSendingError(), NotSentError("MessageRejected")))
    scc.post("/event", json=charter, headers=ONCE)
    [doubtful, waits, _] = [mail["mail_id"] for mail in scc.get("/mail").json()["mails"]]

    early = [scc.post(f"/mail/{mail_id}/arrived").json()["error"] for mail_id in (doubtful, waits)]
    scc.delete("/crew-members/crew-001")
    scc.post("/event", json=charter, headers=ONCE)
    late = [scc.post(f"/mail/{mail_id}/arrived").json()["error"] for mail_id in (waits, "ev-none.00000001.crew-001")]

    assert (early, late) == (["mail_in_flight", "mail_waits"], ["mail_lapsed", "mail_unknown"])


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        pytest.param({}, 12, id="all"),
        pytest.param({"state": "pending"}, 4, id="open ones"),
        pytest.param({"state": "sent"}, 8, id="closed ones"),
        pytest.param({"booking_id": "xhqgmd1"}, 3, id="of a booking"),
    ],
)
def test_a_list_comes_in_pages(
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    crew: dict[str, str],
    charter: dict[str, Any],
    *,
    asked: dict[str, str],
    count: int,
) -> None:
    """However small the pages, together they hold each mail that the list holds, once and in its order."""
    assert crew
    for number in range(4):
        one = charter | {"booking_id": f"xhqgmd{number}"}
        scc = make_scc(mailbox=FaultyMailbox(ses, NotSentError("MessageRejected")))
        scc.post("/event", json=one, headers={"Idempotency-Key": one["booking_id"]})
    whole = make_scc().get("/mail", params=asked).json()
    found: list[Any] = []
    place, pages = "", 0

    while place or not pages:
        page = make_scc().get("/mail", params={**asked, "limit": 2, "next": place}).json()
        assert len(page["mails"]) <= 2
        found += page["mails"]
        place, pages = page.get("next", ""), pages + 1

    assert "next" not in whole
    assert found == whole["mails"]
    assert len(found) == count


def test_a_charter_that_moved_is_not_over(scc: TestClient, doubtful: str, hours: Clock, mails: Mails) -> None:
    """A call to a charter that was moved to another week stays in doubt when the old day is over, and can be sent."""
    moved = {"date": "2024-06-05T09:00:00-07:00", "call_time": "2024-06-05T08:00:00-07:00"}
    scc.patch(f"/events/{doubtful.partition('.')[0]}", json=moved)
    hours["now"] += timedelta(days=3)

    tally = scc.app.state.service.tick.run()  # type: ignore[attr-defined]  # the app that the client holds
    answer = scc.post(f"/mail/{doubtful}/resend", headers=AGAIN)

    assert (tally.claimed, answer.status_code) == (1, 200)
    assert mails("captain-001")[-1]["Subject"] == "Crew call: Jada, Wed, Jun 5, 8 AM"


def test_the_link_sent_again_opens(scc: TestClient, doubtful: str, token_of: Callable[[str], str]) -> None:
    """What is sent again lets its reader in."""
    scc.post(f"/mail/{doubtful}/resend", headers=AGAIN)

    assert scc.post("/crew/xhqgmdh", data={"token": token_of("captain-001")}).status_code == 303


@pytest.mark.parametrize(
    "keys", [["one"] * 8, [f"key-{number}" for number in range(8)]], ids=["one word", "many words"]
)
def test_words_at_once_send_once(
    make_scc: Callable[..., TestClient], doubtful: str, keys: list[str], mails: Mails
) -> None:
    """Of eight calls at the same moment one sends, whether they bring one key or a key each."""
    clients, together = [make_scc() for _ in keys], Barrier(len(keys))

    def ask(scc: TestClient, key: str) -> int:
        together.wait()
        return int(scc.post(f"/mail/{doubtful}/resend", headers={"Idempotency-Key": key}).status_code)

    with ThreadPoolExecutor(len(keys)) as pool:
        statuses = sorted(pool.map(ask, clients, keys))

    assert len(mails("captain-001")) == 1
    assert statuses[0] == 200
    assert set(statuses) <= {200, 409}


def test_what_may_still_be_on_its_way_is_let_be(
    make_scc: Callable[..., TestClient], ses: SesMailbox, crew: dict[str, str], charter: dict[str, Any], mails: Mails
) -> None:
    """A mail that was claimed this very minute is not sent beside the one that may just be going out."""
    assert crew
    scc = make_scc(mailbox=FaultyMailbox(ses, UnknownSendingError()))
    scc.post("/event", json=charter, headers=ONCE)
    [mail] = scc.get("/mail?state=claimed").json()["mails"]

    answer = scc.post(f"/mail/{mail['mail_id']}/resend", headers=AGAIN)

    assert (answer.status_code, answer.json()["error"], answer.headers["Retry-After"]) == (409, "mail_in_flight", "60")
    assert mails("captain-001") == []


@pytest.mark.parametrize(
    ("fault", "expected", "left"),
    [
        pytest.param(UnknownSendingError(), (502, "mail_unconfirmed"), "claimed", id="silent"),
        pytest.param(NotSentError("MessageRejected"), (503, "mail_pending"), "pending", id="refusing"),
    ],
)
def test_a_word_may_fail_too(
    *,
    make_scc: Callable[..., TestClient],
    ses: SesMailbox,
    doubtful: str,
    fault: Exception,
    expected: tuple[int, str],
    left: str,
) -> None:
    """SES silent again leaves the doubt, SES refusing puts it back among what waits; the same word sends no second."""
    scc = make_scc(mailbox=FaultyMailbox(ses, fault))

    answer = scc.post(f"/mail/{doubtful}/resend", headers=AGAIN)
    same = scc.post(f"/mail/{doubtful}/resend", headers=AGAIN)

    assert (answer.status_code, answer.json()["error"]) == expected
    assert (same.status_code, same.json()["state"], stands(scc, doubtful)) == (200, left, left)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"status": "cancelled"}, "the charter has been cancelled since", id="called off"),
        pytest.param({"captain_id": "crew-003"}, "the crew member is not aboard any more", id="taken off"),
    ],
)
def test_what_is_not_true_any_more_is_not_sent_again(
    scc: TestClient, doubtful: str, mails: Mails, change: dict[str, str], words: str
) -> None:
    """A call to a charter that is called off, or to whom it does not call any more, is refused with the reason."""
    scc.patch(f"/events/{doubtful.partition('.')[0]}", json=change)
    before = len(mails("captain-001"))

    answer = scc.post(f"/mail/{doubtful}/resend", headers=AGAIN)

    assert (answer.status_code, answer.json()["error"]) == (409, "mail_outdated")
    assert answer.json()["detail"].endswith(words)
    assert len(mails("captain-001")) == before


def test_what_is_sent_again_says_how_things_stand(scc: TestClient, doubtful: str, mails: Mails) -> None:
    """A call that is sent again after a change tells the dock as it is now."""
    scc.patch(f"/events/{doubtful.partition('.')[0]}", json={"guest_count": 11})

    scc.post(f"/mail/{doubtful}/resend", headers=AGAIN)

    assert "Guests:    11\n" in mails("captain-001")[-1]["BodyText"]
