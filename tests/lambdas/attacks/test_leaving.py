"""Whoever leaves is outside at once: every link, cookie and way to another is dead when the answer is there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

import pytest
from edge.engines import FUNCTION, Ask, Held, asked_for, in_edge
from fastapi.testclient import TestClient

from castoff.edge.messages import Request
from lambdas.service.table import Table

COOKIE_KEYS = {"key:c0000002": "c2" * 32, "key:c0000001": "c1" * 32}
TokenOf = Callable[[str], str]
CODE = f"{FUNCTION.read_text()}\nDate.now = function () {{ return {{now}}; }};\n"


@pytest.fixture
def opens(departures: Any, hours: dict[str, datetime]) -> Callable[[str, str], bool]:
    """Ask the edge's function, with what it was told of who left, whether a cookie opens a page."""

    def ask(page: str, line: str) -> bool:
        gone = {f"gone:{member_id}": str(epochs[-1]) for member_id, epochs in departures.noted.items()}
        code = CODE.replace("{now}", str(int(hours["now"].timestamp() * 1000)))
        return isinstance(in_edge(code, Ask(asked_for(page, cookie=line), Held(COOKIE_KEYS | gone))), Request)

    return ask


def press(scc: TestClient, token: str, subject: str = "xhqgmdh") -> str | None:
    """Press a button, and return what a browser sends from then on."""
    answer = scc.post(f"/crew/{subject}", data={"token": token})
    if "set-cookie" not in answer.headers:
        return None
    ((name, morsel),) = SimpleCookie(answer.headers["set-cookie"]).items()
    return f"{name}={morsel.value}"


def test_nothing_of_who_left_opens_anything(
    *,
    scc: TestClient,
    event: dict[str, Any],
    crew: dict[str, str],
    charter: dict[str, Any],
    mails: Any,
    token_of: TokenOf,
    opens: Callable[[str, str], bool],
) -> None:
    """Cookies of each booking and of the board, links used and unused, wishes for others: dead at the answer."""
    assert event
    scc.put("/crew-members/crew-001", json={"name": "Ben Ito", "role": "ops", "email": crew["crew-001"]})
    cookies = {"/g/xhqgmdh-crew": press(scc, token_of("crew-001"))}
    other = charter | {"booking_id": "abcdefg", "crew_page": "http://guest.localhost:8080/g/abcdefg-crew"}
    scc.post("/event", json=other, headers={"Idempotency-Key": "event:abcdefg"})
    cookies["/g/abcdefg-crew"] = press(scc, token_of("crew-001"), "abcdefg")
    scc.post("/crew-members/crew-001/link", json={"subject": "ops"})
    cookies["/ops/"] = press(scc, token_of("crew-001"), "ops")
    scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})
    unused = token_of("crew-001")
    before = {page: opens(page, str(cookie)) for page, cookie in cookies.items()}
    captains = press(scc, token_of("captain-001"), "abcdefg")

    gone = scc.delete("/crew-members/crew-001")

    told = len(mails())
    assert (gone.status_code, set(before.values())) == (200, {True})
    assert {page: opens(page, str(cookie)) for page, cookie in cookies.items()} == dict.fromkeys(cookies, False)
    assert press(scc, unused) is None
    for subject in ("xhqgmdh", "abcdefg", "ops"):
        scc.post(f"/crew/{subject}/link", data={"token": unused})
        scc.post(f"/crew/{subject}/link", data={"email": crew["crew-001"]})
    assert len(mails()) == told
    assert opens("/g/abcdefg-crew", str(captains))


@pytest.mark.parametrize("round_", range(3))
def test_a_login_in_the_midst_of_it(
    *,
    scc: TestClient,
    event: dict[str, Any],
    token_of: TokenOf,
    opens: Callable[[str, str], bool],
    round_: int,
) -> None:
    """Of logins at the same moment some may win, and by the answer the edge refuses the cookies of those, too."""
    assert (event["booking_id"], round_ < 3) == ("xhqgmdh", True)
    tokens = []
    for _ in range(6):
        scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})
        tokens.append(token_of("crew-001"))

    with ThreadPoolExecutor(8) as pool:
        pressed = [pool.submit(press, scc, token) for token in tokens[:3]]
        left = pool.submit(scc.delete, "/crew-members/crew-001")
        pressed += [pool.submit(press, scc, token) for token in tokens[3:]]
        cookies = [one.result() for one in pressed]

    assert left.result().status_code == 200
    assert [opens("/g/xhqgmdh-crew", cookie) for cookie in cookies if cookie is not None] == [
        False for cookie in cookies if cookie is not None
    ]
    assert [press(scc, token) for token in tokens] == [None] * 6


def test_a_login_between_the_two_steps_of_being_taken_off(
    *,
    scc: TestClient,
    event: dict[str, Any],
    departures: Any,
    token_of: TokenOf,
    opens: Callable[[str, str], bool],
) -> None:
    """A link asked for and spent once the edge knows, before the event does, opens nothing after the answer."""
    cookies = []

    def slip_in() -> None:
        departures.meanwhile = None
        scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})
        cookies.append(press(scc, token_of("crew-001")))

    departures.meanwhile = slip_in

    off = scc.patch(f"/events/{event['event_id']}", json={"crew_ids": []})

    [cookie] = cookies
    assert off.status_code == 200
    assert cookie is not None
    assert not opens("/g/xhqgmdh-crew", cookie)


@pytest.mark.usefixtures("event")
def test_until_the_edge_knows_nobody_is_told_that_it_is_done(
    scc: TestClient, departures: Any, table: Table, token_of: TokenOf, opens: Callable[[str, str], bool]
) -> None:
    """While the store fails the answer is 503 with when to ask again; links die at once, cookies by the next answer."""
    cookie = press(scc, token_of("crew-001"))
    scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})
    unused = token_of("crew-001")
    departures.failing = 1

    failed = scc.delete("/crew-members/crew-001")
    in_between = (press(scc, unused), opens("/g/xhqgmdh-crew", str(cookie)))
    again = scc.delete("/crew-members/crew-001")

    assert (failed.status_code, failed.headers["retry-after"]) == (503, "2")
    assert in_between == (None, True)
    assert (again.status_code, opens("/g/xhqgmdh-crew", str(cookie))) == (200, False)
    assert table.partition("member#crew-001")[0]["gone"] is True
