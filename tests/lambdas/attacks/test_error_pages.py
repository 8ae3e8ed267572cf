"""What people get when something goes wrong: for each status a page that says what to do, kept and framed by nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service.table import Key, Table, Update
from lambdas.shipcaptaincrew import pages

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = "T" * 43


class Broken:
    """A table in which everything breaks, in words that are nobody's business."""

    def __getattr__(self, name: str) -> Any:
        """Break."""
        raise RuntimeError(f"{name}: hush")


def used_up(table: Table, name: str, now: datetime) -> None:
    """Use a limit up."""
    values = {"many": 1000, "end": int((now + timedelta(hours=1)).timestamp())}
    table.update(Update(Key(f"limit#{name}", "limit"), "SET #count = :many, #expires_at = :end", values=values))


WRONG: dict[str, tuple[int, str, str, Callable[[TestClient], Any]]] = {
    "no booking's id": (410, "This address is not ours", "open the link", lambda scc: scc.get("/crew/a%20b")),
    "no link of ours": (
        410,
        "This link is not ours",
        "mail you a new link",
        lambda scc: scc.post("/crew/xhqgmdh", data={"token": TOKEN}),
    ),
    "no page": (404, "That did not work", "open the link", lambda scc: scc.get("/crew/xhqgmdh/page")),
    "no method": (405, "That did not work", "open the link", lambda scc: scc.put("/crew/xhqgmdh")),
    "too large": (
        413,
        "That did not work",
        "open the link",
        lambda scc: scc.post("/crew/xhqgmdh", content=b"a" * 70_000, headers=FORM),
    ),
    "too many tries": (
        429,
        "Too many tries",
        "Turn Wi-Fi off",
        lambda scc: scc.post(
            "/crew/tries", data={"token": TOKEN}, headers={"CloudFront-Viewer-Address": "192.0.2.1:1"}
        ),
    ),
    "too many wishes": (
        429,
        "Too many tries",
        "Turn Wi-Fi off",
        lambda scc: scc.post("/crew/xhqgmdh/link", headers={"CloudFront-Viewer-Address": "192.0.2.1:1"}),
    ),
}


def is_a_page(answer: Any, status: int, heading: str, words: str) -> None:
    """Check what every page of a refusal has."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{heading}</h1>" in answer.text
    assert words in answer.text
    assert {name: answer.headers.get(name) for name in pages.HEADERS} == pages.HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert [name for name in ("set-cookie", "server", "x-powered-by") if name in answer.headers] == []
    assert [word for word in ("hush", "Traceback", ".py", TOKEN, '"error"') if word in answer.text] == []


@pytest.mark.parametrize(("status", "heading", "words", "ask"), WRONG.values(), ids=WRONG)
def test_each_status_has_its_page(
    *,
    scc: TestClient,
    table: Table,
    hours: dict[str, datetime],
    status: int,
    heading: str,
    words: str,
    ask: Callable[[TestClient], Any],
) -> None:
    """The status is the right one, the page says what to do, and nothing of what was sent is in it."""
    for name in ("tries-network#192.0.2.1", "link-network#192.0.2.1"):
        used_up(table, name, hours["now"])

    answer = ask(scc)

    is_a_page(answer, status, heading, words)
    assert ("retry-after" in answer.headers) is (status == 429)


def test_a_fault_of_ours_is_a_page(make_scc: Callable[..., TestClient]) -> None:
    """500 says whose fault it is and what to do, and nothing of what happened; a program gets JSON."""
    broken: Any = Broken()
    scc = make_scc(storage=broken)

    pressed = scc.post("/crew/xhqgmdh", data={"token": TOKEN})
    called = scc.get("/events?booking_id=xhqgmdh")

    is_a_page(pressed, 500, "Something broke here", "open the link")
    assert (called.status_code, called.json()["error"]) == (500, "internal")


def test_a_part_that_is_slow_is_a_page(make_scc: Callable[..., TestClient]) -> None:
    """503 says to try again, in words and in its header, for people and for programs."""
    scc = make_scc(origin_secret="castoff/nowhere")

    looked = scc.get("/crew/xhqgmdh")

    is_a_page(looked, 503, "One moment", "try again")
    assert looked.headers["retry-after"] == "2"


def test_programs_get_json(scc: TestClient) -> None:
    """Outside the crew's own pages every refusal stays JSON of three members, kept by nobody."""
    answers = [
        scc.get("/crew"),
        scc.get("/crewx"),
        scc.put("/event"),
        scc.post("/g/PRESIGN", content=b"{}"),
        scc.get("/events/ev-none"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 405, 415, 404]
    assert [set(answer.json()) for answer in answers] == [{"error", "detail", "field"}] * 5
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
