"""Feeds: each with a key of its own, which is shown once, read by its holder alone, and ended at once."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.dashboard.feeds import MOST, POLLS
from lambdas.service.table import Key, Table, Update

ENTRY = {"date": "2024-05-30", "event_type": "charter", "booking_id": "xhqgmdh", "title": "Jada, Dana R."}


@pytest.fixture
def program(dashboard: TestClient) -> TestClient:
    """Return a calendar program: it knows an address and no token."""
    return TestClient(dashboard.app)


@pytest.fixture
def made(dashboard: TestClient) -> dict[str, str]:
    """Make a feed."""
    answer = dashboard.post("/calendar/feeds", json={"label": "Ana's phone"})
    assert answer.status_code == 201
    feed: dict[str, str] = answer.json()
    return feed


def listed(dashboard: TestClient) -> list[dict[str, Any]]:
    """Return the feeds as the operator sees them."""
    feeds: list[dict[str, Any]] = dashboard.get("/calendar/feeds").json()["feeds"]
    return feeds


def test_a_feed_opens_by_its_address_alone(dashboard: TestClient, program: TestClient, made: dict[str, str]) -> None:
    """The path that making it answers is all that a program needs, and nobody keeps what it says in between."""
    dashboard.post("/calendar", json=ENTRY)

    answer = program.get(made["path"])

    assert answer.status_code == 200
    assert "SUMMARY:Jada\\, Dana R." in answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert made["path"] == f"/calendar.ics?key={made['key']}"


def test_a_key_is_shown_once_and_kept_nowhere(
    dashboard: TestClient, program: TestClient, made: dict[str, str], *, dynamodb: Any, table_name: str, caplog: Any
) -> None:
    """Neither the list nor the table nor a log line holds it, nor the half of it that is secret."""
    caplog.set_level("DEBUG", logger="lambdas")
    secret = made["key"].partition(".")[2]

    program.get(made["path"])
    program.get(f"{made['path']}x")
    shown = listed(dashboard)
    stored = str(dynamodb.scan(TableName=table_name)["Items"])

    assert shown == [{"id": made["id"], "label": "Ana's phone", "made": made["made"], "used": "2024-05-28"}]
    assert secret not in stored
    assert secret not in caplog.text


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(lambda _: None, id="none"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda key: key[:-1], id="a letter short"),
        pytest.param(lambda key: f"{key[:-1]}{'B' if key[-1] == 'A' else 'A'}", id="another last letter"),
        pytest.param(lambda key: f"{secrets.token_hex(6)}.{key.partition('.')[2]}", id="another feed's id"),
        pytest.param(lambda key: f"{key.partition('.')[0]}.{secrets.token_urlsafe(32)}", id="a guess"),
        pytest.param(lambda key: key.upper(), id="capitals"),
        pytest.param(lambda key: f"{key}\n", id="a line's end"),
        pytest.param(lambda _: "schlüssel", id="not ASCII"),
        pytest.param(lambda _: "a" * 8000, id="very long"),
        pytest.param(lambda _: "../feeds", id="a path"),
    ],
)
def test_a_wrong_key_shows_nothing(program: TestClient, made: dict[str, str], key: Callable[[str], str | None]) -> None:
    """Whatever is not exactly the key is 401, told in the same words, and echoed nowhere."""
    given = key(made["key"])

    answer = program.get("/calendar.ics", params={} if given is None else {"key": given})

    assert answer.status_code == 401
    assert answer.json() == {
        "error": "unauthorized",
        "detail": "this address is not, or no longer, one of a feed",
        "field": "key",
    }
    assert answer.headers["cache-control"] == "no-store"


def test_the_token_is_no_key(dashboard: TestClient, made: dict[str, str]) -> None:
    """The feed's route is open to the world, so the token that writes is not asked for there, nor taken."""
    token = dashboard.headers["X-Dashboard-Token"]

    answers = [dashboard.get("/calendar.ics"), dashboard.get("/calendar.ics", params={"key": token})]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert made


def test_a_revoked_feed_is_shut_at_once(dashboard: TestClient, program: TestClient, made: dict[str, str]) -> None:
    """The next read after the revocation is refused, others go on, and revoking what is not there is told."""
    other = dashboard.post("/calendar/feeds", json={"label": "Ben's phone"}).json()
    assert program.get(made["path"]).status_code == 200

    revoked = dashboard.delete(f"/calendar/feeds/{made['id']}")

    assert (revoked.status_code, revoked.json()) == (200, {"id": made["id"], "revoked": True})
    assert program.get(made["path"]).status_code == 401
    assert program.get(other["path"]).status_code == 200
    assert [feed["label"] for feed in listed(dashboard)] == ["Ben's phone"]
    again = dashboard.delete(f"/calendar/feeds/{made['id']}")
    assert (again.status_code, again.json()["error"]) == (404, "feed_unknown")


def test_polling_is_cheap(dashboard: TestClient, program: TestClient, made: dict[str, str]) -> None:
    """A program that has the file is told so without it, until an entry changes; a HEAD tells of it without it, too."""
    dashboard.post("/calendar", json=ENTRY)
    first = program.get(made["path"])
    tag = first.headers["etag"]

    same = [program.get(made["path"], headers={"If-None-Match": name}) for name in (tag, f'"old", W/{tag}', "*")]
    head = program.head(made["path"])
    dashboard.post("/calendar", json=ENTRY | {"title": "Jada, Kim O."})
    changed = program.get(made["path"], headers={"If-None-Match": tag})

    assert [(answer.status_code, answer.content, answer.headers["etag"]) for answer in same] == [(304, b"", tag)] * 3
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-length"] == str(len(first.content))
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_a_feed_looks_three_months_back_and_two_years_ahead(
    dashboard: TestClient, program: TestClient, made: dict[str, str]
) -> None:
    """What is long over or far away stands in the calendar, and not in what every phone keeps a copy of."""
    for day in ("2024-02-27", "2024-02-28", "2026-05-29", "2026-05-30"):
        dashboard.post("/calendar", json=ENTRY | {"booking_id": f"b{day}", "date": day})

    uids = re.findall(r"UID:b(\S+)-ops@", program.get(made["path"]).text)

    assert uids == ["2024-02-28", "2026-05-29"]


def test_the_day_of_use_is_written_once_a_day(
    dashboard: TestClient, program: TestClient, made: dict[str, str], *, hours: dict[str, datetime], table: Table
) -> None:
    """The list says on which day a feed was last read, by the docks' clock; further reads of a day write nothing."""
    never = listed(dashboard)[0]["used"]
    program.get(made["path"])
    first = listed(dashboard)[0]["used"]
    table.update(Update(Key("feeds", made["id"]), "SET #used = :mark", values={"mark": f"{first} marked"}))
    program.get(made["path"])
    same_day = listed(dashboard)[0]["used"]
    hours["now"] += timedelta(days=1)
    program.get(made["path"])

    assert (never, first, same_day) == (None, "2024-05-28", "2024-05-28 marked")
    assert listed(dashboard)[0]["used"] == "2024-05-29"


def test_who_reads_too_often_is_told_to_wait(
    dashboard: TestClient, program: TestClient, made: dict[str, str], hours: dict[str, datetime]
) -> None:
    """Beyond a limit of its own a feed rests for a while; neither another one nor a guesser has a part in it."""
    other = dashboard.post("/calendar/feeds", json={"label": "Ben's phone"}).json()
    for _ in range(3):
        program.get(f"{made['path'][:-3]}abc")

    reads = [program.get(made["path"]).status_code for _ in range(POLLS.most)]
    late = program.get(made["path"])

    assert set(reads) == {200}
    assert (late.status_code, late.json()["error"]) == (429, "too_many_requests")
    assert int(late.headers["retry-after"]) > 0
    assert program.get(other["path"]).status_code == 200
    hours["now"] += POLLS.span
    assert program.get(made["path"]).status_code == 200


def test_feeds_are_not_without_number(dashboard: TestClient) -> None:
    """There are fifty at most, so that a list is an answer and a forgotten one is seen."""
    made = [dashboard.post("/calendar/feeds", json={"label": f"phone {number}"}) for number in range(MOST + 1)]

    assert [answer.status_code for answer in made] == [201] * MOST + [409]
    assert made[-1].json()["error"] == "too_many_feeds"
    assert len(listed(dashboard)) == MOST


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "label"),
        ({"label": ""}, 422, "label"),
        ({"label": "a\r\nb"}, 422, "label"),
        ({"label": "x" * 201}, 422, "label"),
        ({"label": 7}, 422, "label"),
        ({"label": "mine", "key": "chosen"}, 422, "key"),
    ],
)
def test_a_label_is_a_line(dashboard: TestClient, body: Any, status: int, field: str) -> None:
    """Whoever makes a feed says whose it is, in a line, and nothing about its key."""
    answer = dashboard.post("/calendar/feeds", json=body)

    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert listed(dashboard) == []
