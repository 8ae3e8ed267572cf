"""Whoever leaves is outside at once: every link, cookie and way to another is dead when the answer is there."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

import pytest
from edge.engines import FUNCTION, Ask, Held, asked_for, in_edge
from fastapi.testclient import TestClient

from castoff.edge.messages import Request
from lambdas.service.table import Key, Step, Table, Update
from lambdas.service.wire import Item

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


class Interrupted(Table):
    """A table in which something happens once, after so many of its reads."""

    def __init__(self, table: Table, happens: Callable[[], object]) -> None:
        """Pass on to a table; nothing happens before `reads` is set."""
        self._inner = table
        self._happens = happens
        self.reads: int | None = None

    def get(self, key: Key) -> Item | None:
        """Read, and let it happen when its turn has come."""
        found = self._inner.get(key)
        if self.reads is not None:
            self.reads -= 1
            if self.reads == 0:
                self._happens()
        return found

    def __getattr__(self, name: str) -> Any:
        """Pass on all else."""
        return getattr(self._inner, name)

    def partition(self, pk: str, **limits: Any) -> Any:
        """Pass on."""
        return self._inner.partition(pk, **limits)

    def write(self, *steps: Step) -> None:
        """Pass on."""
        self._inner.write(*steps)

    def update(self, step: Update) -> None:
        """Pass on."""
        self._inner.update(step)


@pytest.mark.parametrize("reads", range(1, 9))
def test_being_taken_off_between_any_two_steps_of_a_login(
    *,
    scc: TestClient,
    make_scc: Callable[..., TestClient],
    event: dict[str, Any],
    table: Table,
    token_of: TokenOf,
    opens: Callable[[str, str], bool],
    reads: int,
) -> None:
    """Whenever in a login its member is taken off the charter: no cookie, or one that the edge refuses."""
    off = []

    def take_off() -> None:
        off.append(scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-002"]}).status_code)

    storage = Interrupted(table, take_off)
    slow = make_scc(storage=storage)
    storage.reads = reads

    cookie = press(slow, token_of("crew-001"))

    assert off in ([200], [])
    if not off:
        take_off()
    assert cookie is None or not opens("/g/xhqgmdh-crew", cookie)


def test_a_link_asked_for_while_one_is_taken_off(
    *,
    scc: TestClient,
    make_scc: Callable[..., TestClient],
    event: dict[str, Any],
    table: Table,
    token_of: TokenOf,
    departures: Any,
    opens: Callable[[str, str], bool],
) -> None:
    """Whatever is asked for and spent in the midst of it, and whoever breaks down: by the answer nothing opens."""
    cookies = []

    def slip_in() -> None:
        scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})
        cookies.append(press(scc, token_of("crew-001")))

    for reads in range(2, 10):
        scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-001", "crew-002"]})
        storage = Interrupted(table, slip_in)
        slow = make_scc(storage=storage)
        storage.reads, departures.failing = reads, 1

        tries = [slow.patch(f"/events/{event['event_id']}", json={"crew_ids": []}).status_code for _ in range(3)]

        assert tries[-1] == 200
        assert [cookie for cookie in cookies if cookie is not None and opens("/g/xhqgmdh-crew", cookie)] == []
    assert any(cookies)


@pytest.mark.usefixtures("event")
def test_whoever_changes_boats_gets_in(
    *,
    scc: TestClient,
    event: dict[str, Any],
    charter: dict[str, Any],
    token_of: TokenOf,
    opens: Callable[[str, str], bool],
) -> None:
    """Called to another charter, then taken off this one, as a publish does it: the new link opens, nothing old."""
    before = press(scc, token_of("crew-001"))
    scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})
    unused = token_of("crew-001")
    other = charter | {"booking_id": "abcdefg", "crew_page": "http://guest.localhost:8080/g/abcdefg-crew"}
    scc.post("/event", json=other | {"crew_ids": ["crew-001"]}, headers={"Idempotency-Key": "event:abcdefg"})
    called = token_of("crew-001")

    scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-002"]})

    after = press(scc, called, "abcdefg")
    assert after is not None
    assert opens("/g/abcdefg-crew", after)
    assert not opens("/g/xhqgmdh-crew", str(before))
    assert press(scc, unused) is None


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize("leaving", ["gone", "another address", "no longer ops"])
def test_links_of_before_tenures_die_as_they_did(
    *,
    scc: TestClient,
    event: dict[str, Any],
    crew: dict[str, str],
    table: Table,
    token_of: TokenOf,
    leaving: str,
) -> None:
    """A member and a link of an older release: good after being taken off another charter, void after leaving."""
    body = {"name": "Ben Ito", "role": "ops", "email": crew["crew-001"]}
    scc.put("/crew-members/crew-001", json=body)
    scc.post("/crew-members/crew-001/link", json={"subject": "ops"})
    token = token_of("crew-001")
    digest = hashlib.sha256(token.encode()).hexdigest()
    for key in (Key("member#crew-001", "member"), Key(f"link#{digest}", "link")):
        table.write(Update(key, "SET #epoch = :epoch REMOVE #tenure", values={"epoch": 3}))
    scc.patch(f"/events/{event['event_id']}", json={"crew_ids": []})

    match leaving:
        case "gone":
            scc.delete("/crew-members/crew-001")
            scc.put("/crew-members/crew-001", json=body)
        case "another address":
            scc.put("/crew-members/crew-001", json=body | {"email": crew["crew-003"]})
        case _:
            scc.put("/crew-members/crew-001", json=body | {"role": "crew"})
            scc.put("/crew-members/crew-001", json=body)

    assert press(scc, token, "ops") is None


@pytest.mark.usefixtures("event")
def test_a_link_of_before_tenures_is_good(
    scc: TestClient, event: dict[str, Any], table: Table, token_of: TokenOf
) -> None:
    """It outlasts being taken off, and being put back: its member is the same, at the same address."""
    token = token_of("crew-001")
    digest = hashlib.sha256(token.encode()).hexdigest()
    for key in (Key("member#crew-001", "member"), Key(f"link#{digest}", "link")):
        table.write(Update(key, "SET #epoch = :epoch REMOVE #tenure", values={"epoch": 3}))

    for crew_ids in ([], ["crew-001"]):
        scc.patch(f"/events/{event['event_id']}", json={"crew_ids": crew_ids})

    assert press(scc, token) is not None


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
